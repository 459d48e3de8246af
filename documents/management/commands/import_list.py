"""manage.py import_list KIND FILE [--project CODE] --as USER [--dry-run | --template]."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from documents.render.template_xlsx import write_template
from documents.services.work_lists import LISTS, REFUSED, VERDICTS, read_upload, rows_present, take_list
from projects.ledger.selectors.projects import project_by_code
from registry.web.commands import LedgerCommand, actor_named


class Command(LedgerCommand):
    help = "导入项目、楼栋、环节、堵点、承诺函清单：不能登记的逐行说明，已有的不重复登记"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "kind", choices=sorted(LISTS), help="清单的种类：projects、buildings、steps、blockers、letters"
        )
        parser.add_argument("file", help="清单，.xlsx 或 .csv")
        parser.add_argument("--project", default="", help="项目编号（项目清单不填）")
        parser.add_argument("--as", dest="username", required=True, help="以谁的名义（登录名）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--template", action="store_true", help="把空白模板写到 FILE")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        path, kind = Path(options["file"]), LISTS[options["kind"]]
        actor = actor_named(options["username"])
        if bool(options["project"]) == (kind.name == "projects"):
            raise CommandError("项目清单不带--project，其他清单要用--project写明项目编号。")
        project = project_by_code(actor, options["project"]) if options["project"] else None
        if options["template"]:
            path.write_bytes(
                write_template(
                    kind.columns, title=f"{project.name if project else ''}{kind.label}清单", sheet_name=kind.label,
                    example={**kind.example, **({"project": project.code} if project else {})}, rules=kind.rules,
                )
            )  # fmt: skip
            return {"message": f"已写出模板{path.name}"}, 0
        if not path.is_file():
            raise CommandError(f"找不到文件{path}。请核对路径。")
        lines = read_upload(kind, project, path.read_bytes(), path.name)
        found = take_list(actor=actor, project=project, kind=kind, lines=lines, is_trial=options["dry_run"])
        counts = {name: sum(len(one.rows) for one in found if one.verdict == name) for name, _, _ in VERDICTS}
        facts = {
            "file": path.name,
            "rows_present": rows_present(found),
            **counts,
            "said": [{"rows": list(one.rows), "verdict": one.verdict, "said": one.said} for one in found],
        }
        return facts, 1 if counts[REFUSED] else 0

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "said" not in facts:
            return super().words(facts)
        counts = "，".join(f"{label}{facts[name]}行" for name, label, _ in VERDICTS)
        told = (f"第 {'、'.join(map(str, one['rows']))} 行：{one['said']}" for one in facts["said"])
        return [counts, *told]
