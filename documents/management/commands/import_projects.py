"""manage.py import_projects FILE --as USER [--dry-run]."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from documents.intake.project_rows import read_project_list
from projects.ledger.services.projects import take_in_project
from registry.kernel.errors import DomainError
from registry.web.commands import LedgerCommand, actor_named


class Command(LedgerCommand):
    help = "导入项目清单：每行一个项目，不能纳入的逐行说明"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="项目清单，.xlsx 或 .csv")
        parser.add_argument("--as", dest="username", required=True, help="以谁的名义（登录名）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"找不到文件{path}。请核对路径。")
        actor = actor_named(options["username"])
        added, errors = 0, []
        for row in read_project_list(path):
            try:
                if row.error:
                    raise DomainError(row.error)
                if not options["dry_run"]:
                    take_in_project(actor=actor, **row.words)
                added += 1
            except DomainError as refusal:
                errors.append({"row": row.row, "message": f"第 {row.row} 行：{refusal.message}"})
        return {"file": path.name, "added": added, "refused": len(errors), "row_errors": errors}, 1 if errors else 0

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "row_errors" not in facts:
            return super().words(facts)
        return [f"纳入{facts['added']}个，退回{facts['refused']}个", *(e["message"] for e in facts["row_errors"])]
