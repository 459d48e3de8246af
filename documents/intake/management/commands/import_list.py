"""manage.py import_list KIND FILE [--project CODE] --as USER [--dry-run | --all | --template]."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from documents.intake.management.commands.import_units import EXIT, facts_of
from documents.intake.models import ImportSession
from documents.intake.services.list_sessions import carry_out_session, stage_list
from documents.intake.services.sessions import submit_session
from documents.render.template_xlsx import write_template
from projects.ledger.selectors.projects import project_by_code
from projects.progress.lists import STAGES
from projects.progress.management.commands.advance_units import target
from registry.lists.kinds import LISTS
from registry.store.clock import ledger_today
from registry.store.commands import a_day
from registry.web.commands import LedgerCommand, actor_named

PLACED = "第 {row} 行："


class Command(LedgerCommand):
    help = "导入项目、楼栋、环节、堵点、承诺函、办理清单：不能办的逐行说明，已有的不重复登记"

    def add_own(self, parser: ArgumentParser) -> None:
        kinds = [kind.name for kind in LISTS.values() if not kind.is_placed]
        parser.add_argument("kind", choices=kinds, help=f"清单的种类：{'、'.join(kinds)}")
        parser.add_argument("file", help="清单，.xlsx 或 .csv")
        parser.add_argument("--project", default="", help="项目编号（项目清单不填）")
        parser.add_argument("--as", dest="username", required=True, help="办理人（登录名）")
        parser.add_argument("--to", default="", help="办理清单要填：如 certificate:accepted、tax:settled")
        parser.add_argument("--on", type=a_day, default=None, help="办理清单里没有日期的行用该日期，不填为今日")
        parser.add_argument("--all", action="store_true", help="全部无误后导入")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--template", action="store_true", help="把空白模板写到 FILE")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        path, kind = Path(options["file"]), LISTS[options["kind"]]
        actor = actor_named(options["username"])
        if bool(options["project"]) != kind.of_project:
            raise CommandError("项目清单不带--project，其他清单要用--project写明项目编号。")
        if (kind.name == STAGES) != bool(options["to"]):
            raise CommandError("办理清单要用--to写明办理至的阶段，其他清单不写。")
        project = project_by_code(actor, options["project"]) if options["project"] else None
        if options["template"]:
            titled = f"{project.name if project else ''}{kind.label}清单"
            path.write_bytes(
                write_template(
                    kind.columns, title=titled, sheet_name=kind.label, example=kind.example_for(actor, project),
                    rules=kind.rules, listed=kind.listed_for(project),
                )
            )  # fmt: skip
            return {"message": f"已写出模板{path.name}"}, 0
        if not path.is_file():
            raise CommandError(f"找不到文件{path}。请核对路径。")
        params = {}
        if options["to"]:
            track, to = target(options["to"])
            params = {"track": track.value, "to": to, "on": (options["on"] or ledger_today()).isoformat()}
        session = stage_list(
            actor=actor, project=project, kind=kind, content=path.read_bytes(), file_name=path.name, params=params
        )
        is_sent = False
        if session.outcome != "reject" and not options["dry_run"]:
            is_sent = _sent(actor, kind.takes_two(actor), session, options["all"])
        session.refresh_from_db()
        return {**facts_of(session, staged=is_sent), "said": _said(session)}, EXIT[session.outcome]

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "said" not in facts:
            return super().words(facts)
        if facts["file_error"]:
            return [f"整份文件未导入（{facts['file_error']}）：{facts['message']}"]
        names = (
            ("新增", "added"),
            ("变更", "changed"),
            ("相同", "unchanged"),
            ("退回", "refused"),
            ("跳过", "skipped"),
        )
        counts = " + ".join(f"{label}{facts[name]}" for label, name in names)
        told = (
            f"  {'' if line['verdict'] == 'refused' else PLACED.format(**line)}{line['said']}"
            for line in facts["said"]
            if line["said"]
        )
        return [f"文件{facts['rows_present']}行 = {counts}", f"状态：{facts['state']}", *told]


def _sent(actor: Any, takes_two: bool, session: ImportSession, is_whole: bool) -> bool:
    """Submit or carry out what can be; say whether it waits for a second person."""
    if not session.added + session.changed:
        return False
    if takes_two:
        submit_session(actor=actor, session=session, all_or_nothing=is_whole)
        return True
    carry_out_session(actor=actor, session=session, all_or_nothing=is_whole)
    return False


def _said(session: ImportSession) -> list[dict[str, Any]]:
    rows = session.staged_rows.order_by("row").values_list("row", "verdict", "said", "errors")
    return [
        {"row": row, "verdict": verdict, "said": said or " ".join(error["message"] for error in errors)}
        for row, verdict, said, errors in rows
    ]
