"""Undoing a whole import: directly where one person wrote it, by two where two did."""

from typing import Any, Final

from documents.intake.models import ImportSession, SessionState
from documents.intake.reading.list_shape import UNITS
from documents.intake.services.sessions import ImportRefused
from documents.intake.services.take_back_list import (
    ListUndo,
    close_undone_within_act,
    list_undo_plan,
    undo_stages_within_act,
)
from projects.progress.lists import STAGES
from projects.progress.services.undo import UndoPlan, plan_undo, undo_within_act
from registry.accounts.models import Approval
from registry.accounts.services.approvals import propose
from registry.kernel.authority import Actor, Permission
from registry.store.acts import write
from registry.store.locks import lock

UNDO: Final = "import.undo"
UNDO_STAGES: Final = "list.undo"


def undo_plan(session: ImportSession) -> UndoPlan:
    """Return what undoing an import would take back and what it would keep, and why. Writes nothing."""
    if session.state != SessionState.COMMITTED or session.commit_act_id is None or session.project is None:
        raise ImportRefused(f"这次导入现在是「{session.get_state_display()}」，没有可撤销的。")
    return plan_undo(project=session.project, act_id=session.commit_act_id)


@write(Permission.IMPORT_ACCEPT, on=lambda kw: kw["session"])
def undo_session(*, actor: Actor, session: ImportSession, reason: str, proposer: str = "") -> ImportSession:
    """Take back a whole import, but for the rows that someone touched since, which it keeps and names.

    Called directly for a file that one person took in; for one that a second person accepted, by the approval of a
    second person again. Refused without a reason, or if nothing is left to take back.
    """
    current = lock(session, "project")
    if not reason.strip():
        raise ImportRefused("没有填撤销原因。", field="reason")
    if current.had_second_person and not proposer:
        raise ImportRefused("这一批是经第二人复核写入的，撤销也要两个人：请提请撤销。", code="second_person")
    if current.state != SessionState.COMMITTED or current.commit_act_id is None or current.project is None:
        raise ImportRefused(f"这次导入现在是「{current.get_state_display()}」，没有可撤销的。请刷新页面再看。")
    plan = undo_within_act(project=current.project, act_id=current.commit_act_id, reason=reason.strip())
    if not plan.retired and not plan.restored:
        raise ImportRefused("没有可撤销的行：没有写入新的内容，或写入的行之后都被人改过，已全部保留。")
    return close_undone_within_act(
        actor, current, retired=len(plan.retired), restored=len(plan.restored), kept=plan.kept, reason=reason.strip(),
        proposer=proposer or actor.name,
    )  # fmt: skip


def propose_undo(*, actor: Actor, session: ImportSession, reason: str) -> Approval:
    """Ask a second person to undo an import that two people took in, or a list that moved homes."""
    if not reason.strip():
        raise ImportRefused("没有填撤销原因。", field="reason")
    plan = _plan(actor, session)
    if not plan.retired and not plan.restored:
        raise ImportRefused("没有可撤销的行：没有写入新的内容，或写入的行之后都被人改过，已全部保留。")
    kind = UNDO_STAGES if session.kind == STAGES else UNDO
    if Approval.objects.filter(kind=kind, status="waiting", payload__session=session.pk).exists():
        raise ImportRefused("这次导入已经有人提请撤销，正等第二人复核。")
    approval: Approval = propose(
        actor=actor,
        kind=kind,
        title=f"撤销导入《{session.file_name}》",
        payload={"session": session.pk, "reason": reason.strip()},
        reason=reason.strip(),
        subject=session,
        project_key=session.project_id,
        project_name=session.project.name if session.project else "",
        area_code=session.project.district_code if session.project else "",
    )
    return approval


def _plan(actor: Actor, session: ImportSession) -> UndoPlan | ListUndo:
    return undo_plan(session) if session.kind == UNITS else list_undo_plan(actor=actor, session=session)


def session_of(approval: Approval) -> ImportSession:
    """Return the import that a proposal would undo. One query."""
    session: ImportSession = ImportSession.objects.select_related("project").get(pk=approval.payload["session"])
    return session


def carry_out_undo(*, actor: Actor, approval: Approval) -> Any:
    """Undo the import of an approved proposal. Runs inside the act of approval."""
    return undo_session.inner(  # type: ignore[attr-defined]
        actor=actor,
        session=session_of(approval),
        reason=approval.payload["reason"],
        proposer=approval.proposed_by.name if approval.proposed_by else "系统",
    )


def carry_out_undo_stages(*, actor: Actor, approval: Approval) -> Any:
    """Take back the homes that a list moved, of an approved proposal. Runs inside the act of approval."""
    return undo_stages_within_act(
        actor=actor,
        session=session_of(approval),
        reason=approval.payload["reason"],
        proposer=approval.proposed_by.name if approval.proposed_by else "系统",
    )
