"""manage.py import_units FILE --project CODE --as USER [--dry-run]."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from documents.intake.models import ImportSession, SessionState
from documents.intake.services.new_buildings import agree_buildings, held_buildings
from documents.intake.services.sessions import commit_session, submit_session
from documents.intake.services.uploads import stage_file
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.kernel.names import building_number
from registry.store.clock import ledger_today
from registry.web.commands import LedgerCommand, actor_named

EXIT = {"accept": 0, "rows": 1, "reject": 2}


class Command(LedgerCommand):
    help = "导入房屋清册：先检查，再写入；开发建设单位的账号只能提交复核"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="清册文件，.xlsx 或 .csv")
        parser.add_argument("--project", required=True, help="项目编号")
        parser.add_argument("--as", dest="username", required=True, help="导入人（登录名）")
        parser.add_argument(
            "--new-building", action="append", default=[], metavar="楼号", help="同意新建的楼栋，可写几次；不写的不新建"
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"找不到文件{path}。请核对路径。")
        actor = actor_named(options["username"])
        project = project_by_code(actor, options["project"])
        session = stage_file(actor=actor, project=project, path=path, file_name=path.name)
        waiting = {number for number, _ in held_buildings(session)}
        if agreed := waiting & {building_number(number) for number in options["new_building"]}:
            session = agree_buildings(actor=actor, session=session, numbers=agreed)
        staged = not actor.can(Permission.IMPORT_ACCEPT)
        if session.outcome != "reject" and not options["dry_run"]:
            if staged:
                submit_session(actor=actor, session=session)
            elif session.added + session.changed + session.unchanged:
                commit_session(actor=actor, session=session, placed_on=ledger_today())
        session.refresh_from_db()
        code = 0 if staged and session.state == SessionState.SUBMITTED else EXIT[session.outcome]
        return facts_of(session, staged=staged and session.state == SessionState.SUBMITTED), code

    def words(self, facts: Mapping[str, Any]) -> list[str]:
        if "rows_present" not in facts:
            return super().words(facts)
        if facts["file_error"]:
            return [f"整份文件未导入（{facts['file_error']}）：{facts['message']}"]
        lines = [
            (
                f"文件{facts['rows_present']}行 = 新增{facts['added']} + 变更{facts['changed']} + 相同{facts['unchanged']}"
                f" + 退回{facts['refused']} + 跳过{facts['skipped']}"
            ),
            f"状态：{facts['state']}",
        ]
        return lines + [f"  第{e['row']}行 {e['column']} [{e['code']}] {e['message']}" for e in facts["row_errors"]]


def facts_of(session: ImportSession, *, staged: bool) -> dict[str, Any]:
    """Return the result of an import as stated in docs/commands.md."""
    errors = [
        {"row": row, "column": error["column"], "code": error["code"], "message": error["message"]}
        for row, errors in session.staged_rows.filter(verdict="refused").order_by("row").values_list("row", "errors")
        for error in errors
    ]
    return {
        "file": session.file_name,
        "outcome": session.outcome,
        "state": session.get_state_display(),
        "staged": staged,
        "rows_present": session.rows_present,
        "accepted": session.added + session.changed + session.unchanged,
        "added": session.added,
        "changed": session.changed,
        "unchanged": session.unchanged,
        "refused": session.refused,
        "skipped": session.skipped,
        "row_errors": errors,
        "warnings": list(session.warnings),
        "file_error": session.file_error,
        "message": session.message,
        "session": session.pk,
    }
