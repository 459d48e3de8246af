"""Undoing an import, as an act that needs a second person."""

from collections.abc import Sequence

from documents.intake.reading.list_shape import UNITS
from documents.intake.services.take_back_list import UNDO, UNDO_STAGES, list_undo_plan, made_and_touched
from documents.intake.services.take_back_units import (
    carry_out_undo,
    carry_out_undo_stages,
    session_of,
    undo_plan,
)
from projects.progress.lists import STAGES
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Permission, system_actor


def _undo_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    session = session_of(approval)
    lines = [("项目", str(session.project or "")), ("文件", session.file_name), ("原因", approval.payload["reason"])]
    if session.state != "committed":
        return (*lines, ("现在", session.get_state_display()))
    plan = undo_plan(session)
    kept = [(f"保留 {row.label}", row.why) for row in plan.kept[:20]]
    counts = f"退出台账{len(plan.retired)}户，恢复原样{len(plan.restored)}户，保留{len(plan.kept)}户"
    return (*lines, ("撤销后", counts), *kept)


def _undo_stages_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    session = session_of(approval)
    lines = (("项目", str(session.project or "")), ("文件", session.file_name), ("原因", approval.payload["reason"]))
    if session.state != "committed":
        return (*lines, ("现在", session.get_state_display()))
    plan = list_undo_plan(actor=system_actor("撤销试算"), session=session)
    kept = [(f"保留 {row.label}", row.why) for row in plan.kept[:20]]
    return (*lines, ("撤销后", f"退回{plan.restored}户，保留{len(plan.kept)}户"), *kept)


def _undo_state(approval: Approval) -> Sequence[tuple[str, str]]:
    """The import and what later acts touched of it: a unit list by its units, another by the rows that it made."""
    session = session_of(approval)
    state = ("导入", f"{session.file_name}，{session.get_state_display()}")
    if session.state != "committed":
        return (state,)
    taken: Sequence[object]
    kept: Sequence[object]
    if session.kind == UNITS:
        plan = undo_plan(session)
        taken, kept = [*plan.retired, *plan.restored], [row.label for row in plan.kept]
    elif session.kind == STAGES:
        stages = list_undo_plan(actor=system_actor("撤销试算"), session=session)
        taken, kept = [stages.restored], [row.label for row in stages.kept]
    else:
        taken, kept = made_and_touched(session)
    return (
        state,
        ("要撤销的", f"{len(taken)}项（核对码{check_mark(taken)}）"),
        ("之后有改动、保留的", f"{len(kept)}项（核对码{check_mark(kept)}）"),
    )


def _session_about(approval: Approval) -> object:
    return approval.payload["session"]


UNDO_KIND = ApprovalKind(
    kind=UNDO,
    label="撤销导入",
    permission=Permission.IMPORT_ACCEPT,
    propose=Permission.IMPORT_ACCEPT,
    carry_out=carry_out_undo,
    subject=session_of,
    lines=_undo_lines,
    rests_on=_undo_state,
    about=_session_about,
)
UNDO_STAGES_KIND = ApprovalKind(
    kind=UNDO_STAGES,
    label="撤销按清单办理",
    permission=Permission.CORRECTION_APPROVE,
    propose=Permission.CORRECTION_PROPOSE,
    carry_out=carry_out_undo_stages,
    subject=session_of,
    lines=_undo_stages_lines,
    rests_on=_undo_state,
    about=_session_about,
)
