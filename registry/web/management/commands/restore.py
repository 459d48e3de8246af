"""manage.py restore FILE: into an empty installation, every entry proven by its hash first."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.store.backup import read_backup
from registry.store.canary import wrong_keys
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "从备份恢复到空的数据目录；恢复前逐个核对校验值"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="备份的 .zip 文件")

    needs_database = False  # an empty one is what it wants
    needs_keys = False  # the data that come may be another key file's: said after they came

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        count = read_backup(Path(options["file"]))
        what = wrong_keys() if Path(settings.KEY_FILE).exists() else f"{settings.KEY_FILE}不存在"
        if what:
            return {
                "entries": count,
                "key": what,
                "message": f"已恢复{count}个文件，但现在的密钥文件不是这份备份的：{what}。请先放回备份时的密钥文件，再启动。",
            }, 1
        return {"entries": count, "message": f"已恢复{count}个文件，密钥文件相符。请运行 check_ledger 核对。"}, 0
