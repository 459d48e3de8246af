"""Undoing a whole list: each row taken back by the act that a person would use, but for what was touched since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from documents.intake.models import ImportSession, SessionState
from documents.intake.services.list_sessions import batch_of
from documents.intake.services.sessions import ImportRefused, locked_session
from projects.progress.lists import STAGES
from projects.progress.services.bulk_undo import plan_bulk_undo, undo_bulk
from registry.accounts.services.approvals import end_proposals
from registry.audit.recording import record
from registry.audit.selectors import acts_since, happenings
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.lists.kinds import list_called
from registry.store.acts import Row, batch, current_act, require_reach, within_act, write
from registry.store.clock import shanghai_day
from registry.store.month import MonthGate, enter_month
from registry.store.second import FirstPerson, SecondPerson
from registry.store.undo import KeptRow

NAMED: Final = 500
UNDO: Final = "import.undo"
UNDO_STAGES: Final = "list.undo"


@dataclass
class ListUndo:
    """What undoing a list takes back and what it keeps: things made and taken out, things changed and restored."""

    retired: int = 0
    restored: int = 0
    kept: list[KeptRow] = field(default_factory=list)

    @property
    def has_anything(self) -> bool:
        """Whether anything is left to take back."""
        return bool(self.retired or self.restored)


def list_undo_plan(*, actor: Actor, session: ImportSession) -> ListUndo:
    """Return what undoing a list would take back and what it would keep, and why. Writes nothing."""
    act = _committed_act(session)
    if session.kind == STAGES:
        return _stages_plan(session)
    with transaction.atomic():
        plan = _take_back(actor, session, act, "试算")
        transaction.set_rollback(True)
    return plan


def _committed_act(session: ImportSession) -> int:
    if session.state != SessionState.COMMITTED or session.commit_act_id is None:
        raise ImportRefused(f"这次导入现在是“{session.get_state_display()}”，没有可撤销的。")
    return session.commit_act_id


def _stages_plan(session: ImportSession) -> ListUndo:
    if session.project is None or not session.params.get("act"):
        return ListUndo()
    plan = plan_bulk_undo(project=session.project, act_id=session.params["act"])
    return ListUndo(restored=len(plan.moves), kept=list(plan.kept))


def _take_back(actor: Actor, session: ImportSession, act: int, reason: str) -> ListUndo:
    kind = list_called(session.kind)
    back = kind.take_back
    if back is None:
        raise ImportRefused("这种清单不能逐行撤销。")
    rows = session.staged_rows.exclude(made=[]).order_by("-row").values_list("place", "made")
    made = [(label, change["key"], change["before"]) for label, several in rows for change in several]
    since = acts_since(act, table=kind.table, keys=[key for _, key, _ in made], but_batch=batch_of(session))
    told = happenings(set(since.values()))
    plan = ListUndo()
    for label, key, before in made:
        if key in since:
            touch = told[since[key]]
            plan.kept.append(KeptRow(key, label, f"{shanghai_day(touch.at)} {touch.who}：{touch.text}"))
            continue
        try:
            with transaction.atomic():
                back(actor, key, before, reason)
        except DomainError as refusal:
            plan.kept.append(KeptRow(key, label, refusal.message))
            continue
        plan.retired += before is None
        plan.restored += before is not None
    return plan


UNDOING: Final = SecondPerson(
    "撤销经复核写入的导入", needs=lambda given: given["session"].had_second_person, of_row=True,
    missing="请提请撤销，由另一名有权限的人员复核。",
)  # fmt: skip


def made_and_touched(session: ImportSession) -> tuple[list[int], list[int]]:
    """Return the keys that a list made or changed and those that later acts touched. Writes nothing."""
    act, made = _committed_act(session), session.staged_rows.exclude(made=[]).values_list("made", flat=True)
    keys = sorted(change["key"] for several in made for change in several)
    since = acts_since(act, table=list_called(session.kind).table, keys=keys, but_batch=batch_of(session))
    return [key for key in keys if key not in since], sorted(since)


def undo_list(*, actor: Actor, session: ImportSession, reason: str, first: FirstPerson | None = None) -> ImportSession:
    """Take back a whole list in one transaction, row by row, by acts of one batch.

    What a later act touched, or a rule now holds, is kept and named. Refused without a reason, if nothing is left to
    take back, and for lists that moved homes: those go back by two persons, as do lists that two persons took in.
    """
    kind = list_called(session.kind)
    kind.require_undoing(actor)
    if not reason.strip():
        raise ImportRefused("未填写撤销原因。", field="reason")
    if kind.name == STAGES:
        raise ImportRefused("按清单办理的户退回要两个人：请提请撤销。", code="second_person")
    with transaction.atomic(), batch(f"undo-{session.pk}"):
        enter_month(MonthGate.SHARED)  # before the session: the acts inside hold the gate already
        require_reach(actor, session)
        current = locked_session(session, SessionState.COMMITTED)
        UNDOING.require(actor, session=current, first=first)
        plan = _take_back(actor, current, _committed_act(current), reason.strip())
        if not plan.has_anything:
            raise ImportRefused("无可撤销的行：未写入新内容，或写入后已被修改、引用，均予保留。")
        done: ImportSession = note_list_undone(
            actor=actor, session=current, plan=plan, reason=reason.strip(), first=first
        )
    return done


@write(Permission.LIST_STAGE, on="session", second_person=UNDOING)
def note_list_undone(
    *, actor: Actor, session: ImportSession, plan: ListUndo, reason: str, first: FirstPerson | None = None
) -> ImportSession:
    """Close a list that was taken back just now, in the same transaction, with what was kept."""
    UNDOING.require(actor, session=session, first=first)
    return close_undone_list(
        actor, session, retired=plan.retired, restored=plan.restored, kept=plan.kept, reason=reason, first=first
    )


@within_act
def close_undone_list(
    actor: Actor,
    session: ImportSession,
    *,
    retired: int,
    restored: int,
    kept: Sequence[KeptRow],
    reason: str,
    first: FirstPerson | None,
) -> ImportSession:
    """Mark a session as undone, with the report and the record of it."""
    act = current_act()
    session.state, session.undone_by_id = SessionState.UNDONE, actor.person_id
    session.undone_at, session.undo_act_id = act.recorded_at, act.id
    session.undo_report = {
        "retired": retired,
        "restored": restored,
        "kept": [[row.label, row.why] for row in kept[:NAMED]],
        "kept_count": len(kept),
    }
    session.save(update_fields=["state", "undone_by", "undone_at", "undo_act_id", "undo_report"])
    end_proposals(actor=actor, kinds=[UNDO, UNDO_STAGES], about=session.pk, why="这次导入已撤销")

    record(
        event="import.undone",
        subject=session,
        chain=session.project_id,
        facts={
            "file": session.file_name,
            "retired": retired,
            "restored": restored,
            "kept": len(kept),
            "unit": list_called(session.kind).unit,
            "proposer": first.name if first else actor.name,
        },
        reason=reason,
        rows=[Row.changed(session, {"state": SessionState.COMMITTED})],
    )
    return session


@within_act
def undo_stages(*, actor: Actor, session: ImportSession, reason: str, first: FirstPerson | None) -> ImportSession:
    """Take back the homes that a list moved, inside the act of the second person's approval."""
    current = locked_session(session, SessionState.COMMITTED)
    if current.project is None:
        raise ImportRefused("这次导入没有可撤销的。")
    plan = undo_bulk.within(
        actor=actor, project=current.project, act_id=current.params["act"], reason=reason, first=first
    )
    return close_undone_list(
        actor, current, retired=0, restored=len(plan.moves), kept=plan.kept, reason=reason, first=first
    )
