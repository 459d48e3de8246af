"""`manage.py verify_audit`: recompute every chain of the trail and name each link that does not hold."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from registry.audit.anchors import AnchorFault, anchor_faults
from registry.audit.selectors import Fault, chain_faults, heads
from registry.store.commands import RegistryCommand, add_json
from registry.store.root import project_by_code_unscoped


class Command(RegistryCommand):
    help = "核验操作记录链：逐条重算，指出被改动、删除、插入、调换的记录。退出码：0 完好，1 有问题，2 参数有误。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--project", default="", help="只核验一个项目（项目编号）")
        parser.add_argument("--anchor", default="", help="另存的锚点文件；不写时核对本机的锚点文件")
        add_json(parser, "json")

    def handle(self, *args: Any, **options: Any) -> None:
        chain = self._chain(options["project"])
        with transaction.atomic():
            faults = list(chain_faults(chain=chain))
            faults += [Fault(fault.chain, fault.seq, fault.what) for fault in self._anchored(options["anchor"], chain)]
            anchors = heads(chain=chain)
        if options["json"]:
            result = {
                "chains": len(anchors),
                "acts": sum(head.seq for head in anchors),
                "heads": [{"chain": head.chain, "seq": head.seq, "hash": head.hash} for head in anchors],
                "faults": [{"chain": fault.chain, "seq": fault.seq, "what": fault.what} for fault in faults],
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            for fault in faults:
                self.stdout.write(f"链{fault.chain} 第{fault.seq}号：{fault.what}")
            self.stdout.write(
                f"核验{len(anchors)}条链、{sum(head.seq for head in anchors)}条记录，{len(faults)}处不符。"
            )
        if faults:
            raise SystemExit(1)

    def _anchored(self, file: str, chain: int | None) -> Iterator[AnchorFault]:
        if file and not Path(file).is_file():
            raise CommandError(f"找不到锚点文件{file}。请核对路径。", returncode=2)
        return anchor_faults(Path(file) if file else None, chain=chain)

    def _chain(self, code: str) -> int | None:
        if not code:
            return None
        project = project_by_code_unscoped(code)
        if project is None:
            raise CommandError(f"没有项目{code}。请核对项目编号。", returncode=2)
        return int(project.pk)
