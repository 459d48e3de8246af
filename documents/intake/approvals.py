"""Undoing an import, as an act that needs a second person."""

from collections.abc import Sequence

from documents.intake.services.take_back_list import list_undo_plan
from documents.intake.services.take_back_units import (
    UNDO,
    UNDO_STAGES,
    carry_out_undo,
    carry_out_undo_stages,
    session_of,
    undo_plan,
)
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind
from registry.kernel.authority import Permission, system_actor


def _undo_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    session = session_of(approval)
    lines = [("项目", str(session.project or "")), ("文件", session.file_name), ("原因", approval.payload["reason"])]
    if session.state != "committed":
        return (*lines, ("现在", session.get_state_display()))
    plan = undo_plan(session)
    kept = [(f"保留 {one.label}", one.why) for one in plan.kept[:20]]
    counts = f"退出台账{len(plan.retired)}户，恢复原样{len(plan.restored)}户，保留{len(plan.kept)}户"
    return (*lines, ("撤销后", counts), *kept)


def _undo_stages_lines(approval: Approval) -> Sequence[tuple[str, str]]:
    session = session_of(approval)
    lines = (("项目", str(session.project or "")), ("文件", session.file_name), ("原因", approval.payload["reason"]))
    if session.state != "committed":
        return (*lines, ("现在", session.get_state_display()))
    plan = list_undo_plan(actor=system_actor("撤销试算"), session=session)
    kept = [(f"保留 {one.label}", one.why) for one in plan.kept[:20]]
    return (*lines, ("撤销后", f"退回{plan.restored}户，保留{len(plan.kept)}户"), *kept)


UNDO_KIND = ApprovalKind(
    kind=UNDO,
    label="撤销导入",
    permission=Permission.IMPORT_ACCEPT,
    propose=Permission.IMPORT_ACCEPT,
    carry_out=carry_out_undo,
    subject=session_of,
    lines=_undo_lines,
)
UNDO_STAGES_KIND = ApprovalKind(
    kind=UNDO_STAGES,
    label="撤销按清单办理",
    permission=Permission.CORRECTION_APPROVE,
    propose=Permission.CORRECTION_PROPOSE,
    carry_out=carry_out_undo_stages,
    subject=session_of,
    lines=_undo_stages_lines,
)
