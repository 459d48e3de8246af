"""Undoing a whole import: directly where one person wrote it, by two where two did."""

from functools import partial
from typing import Any

from documents.intake.models import ImportSession, SessionState
from documents.intake.reading.list_shape import UNITS
from documents.intake.services.sessions import ImportRefused, lock_session
from documents.intake.services.take_back_list import (
    UNDO,
    UNDO_STAGES,
    UNDOING,
    ListUndo,
    close_undone_list,
    list_undo_plan,
    undo_list,
    undo_stages,
)
from projects.ledger.services.buildings import withdraw_buildings
from projects.progress.lists import STAGES
from projects.progress.services.undo import UndoPlan, plan_undo, undo_placement
from registry.accounts.models import Approval
from registry.accounts.services.approvals import first_of, propose
from registry.kernel.authority import Actor, Permission
from registry.store.acts import after_act, write
from registry.store.second import FirstPerson


def undo_plan(session: ImportSession) -> UndoPlan:
    """Return what undoing an import would take back and what it would keep, and why. Writes nothing."""
    if session.state != SessionState.COMMITTED or session.commit_act_id is None or session.project is None:
        raise ImportRefused(f"这次导入现在是“{session.get_state_display()}”，没有可撤销的。")
    return plan_undo(project=session.project, act_id=session.commit_act_id)


@write(Permission.IMPORT_ACCEPT, on="session", second_person=UNDOING)
def undo_session(
    *, actor: Actor, session: ImportSession, reason: str, first: FirstPerson | None = None
) -> ImportSession:
    """Take back a whole import, but for the rows that someone touched since, which it keeps and names.

    Called directly for a file that one person took in; for one that a second person accepted, by the approval of a
    second person again. Refused without a reason, or if nothing is left to take back.
    """
    current = lock_session(session)
    if not reason.strip():
        raise ImportRefused("未填写撤销原因。", field="reason")
    UNDOING.require(actor, session=current, first=first)
    if current.state != SessionState.COMMITTED or current.commit_act_id is None or current.project is None:
        raise ImportRefused(f"这次导入现在是“{current.get_state_display()}”，没有可撤销的。请刷新页面再看。")
    plan = undo_placement(project=current.project, act_id=current.commit_act_id, reason=reason.strip())
    if not plan.retired and not plan.restored:
        raise ImportRefused("无可撤销的行：未写入新内容，或写入后已被修改，均予保留。")
    withdraw_buildings(current.project, act_id=current.commit_act_id, reason=reason.strip())
    return close_undone_list(
        actor, current, retired=len(plan.retired), restored=len(plan.restored), kept=plan.kept, reason=reason.strip(),
        first=first,
    )  # fmt: skip


def propose_undo(*, actor: Actor, session: ImportSession, reason: str) -> Approval:
    """Ask a second person to undo an import that two people took in, or a list that moved homes."""
    if not reason.strip():
        raise ImportRefused("未填写撤销原因。", field="reason")
    plan = _plan(actor, session)
    if not plan.retired and not plan.restored:
        raise ImportRefused("无可撤销的行：未写入新内容，或写入后已被修改，均予保留。")
    kind = UNDO_STAGES if session.kind == STAGES else UNDO
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
    """Undo the import of an approved proposal. Runs inside the act of approval.

    A list whose rows are acts of their own is taken back by acts of their own, once the approval is recorded.
    """
    session = session_of(approval)
    if session.kind != UNITS:
        undo = partial(
            undo_list, actor=actor, session=session, reason=approval.payload["reason"], first=first_of(approval)
        )
        return after_act(undo)
    return undo_session.within(
        actor=actor,
        session=session_of(approval),
        reason=approval.payload["reason"],
        first=first_of(approval),
    )


def carry_out_undo_stages(*, actor: Actor, approval: Approval) -> Any:
    """Take back the homes that a list moved, of an approved proposal. Runs inside the act of approval."""
    return undo_stages(
        actor=actor,
        session=session_of(approval),
        reason=approval.payload["reason"],
        first=first_of(approval),
    )
