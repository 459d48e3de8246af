"""manage.py import_blockers FILE --project CODE --as USER [--dry-run | --template]."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from documents.intake.blocker_rows import BLOCKER_COLUMNS, read_blocker_list
from documents.render.template_xlsx import write_template
from documents.services.blocker_lists import take_blockers
from projects.ledger.selectors.projects import project_by_code
from registry.web.commands import LedgerCommand, actor_named


class Command(LedgerCommand):
    help = "导入堵点清单：每行一个堵点，不能登记的逐行说明，已有的不重复登记"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="堵点清单，.xlsx 或 .csv")
        parser.add_argument("--project", required=True, help="项目编号")
        parser.add_argument("--as", dest="username", required=True, help="以谁的名义（登录名）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--template", action="store_true", help="把空白模板写到 FILE")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        path = Path(options["file"])
        actor = actor_named(options["username"])
        project = project_by_code(actor, options["project"])
        if options["template"]:
            path.write_bytes(write_template(BLOCKER_COLUMNS, title=f"{project.name}堵点清单", sheet_name="堵点"))
            return {"message": f"已写出模板{path.name}"}, 0
        if not path.is_file():
            raise CommandError(f"找不到文件{path}。请核对路径。")
        rows = read_blocker_list(path, expected_project=project.code)
        taken = take_blockers(actor=actor, project=project, rows=rows, is_trial=options["dry_run"])
        facts = {
            "file": path.name,
            "rows_present": len(rows),
            "added": len(taken.numbers),
            "unchanged": len(taken.same),
            "refused": len(taken.refused),
            "numbers": [] if options["dry_run"] else taken.numbers,
            "row_errors": [{"row": row, "message": f"第 {row} 行：{why}"} for row, why in taken.refused],
        }
        return facts, 1 if taken.refused else 0

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "row_errors" not in facts:
            return super().words(facts)
        counts = f"登记{facts['added']}个，已有{facts['unchanged']}个，退回{facts['refused']}个"
        return [counts, *(one["message"] for one in facts["row_errors"])]
