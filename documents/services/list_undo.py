"""Undoing a whole list: each row taken back by the act that a person would use, but for what was touched since."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction

from commitments.models import Instrument
from commitments.services.signing import withdraw_draft
from documents.models import ImportSession, MonthClose, SessionState
from documents.services.imports import ImportRefused, locked_session
from documents.services.list_kinds import STAGES, kind_called
from documents.services.list_sessions import batch_of
from documents.services.work_letters import restore_promises
from documents.services.work_projects import typed
from projects.gates.models import BasisDocument, Blocker, BlockerVersion, GateStep
from projects.gates.services import change_scope, describe_blocker, revoke_document, withdraw_blocker
from projects.gates.services.readiness import forget_building_within_act
from projects.ledger.models import Building, Move, Project
from projects.ledger.services.buildings import remove_building_within_act, restore_building_within_act
from projects.ledger.services.projects import ProjectRefused, change_project, take_out_project
from projects.progress.services.bulk_undo import plan_bulk_undo, undo_bulk
from registry.audit.recording import record
from registry.audit.selectors import acts_since, happenings
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.scope import Scope
from registry.store.acts import Row, batch, current_act, require_reach, write
from registry.store.clock import database_now, shanghai_day

NAMED: Final = 500
Before = Mapping[str, Any] | None
TakeBack = Callable[[Actor, int, Before, str], None]


@dataclass(frozen=True)
class Left:
    """Something that undoing a list leaves as it is, and why."""

    label: str
    why: str


@dataclass
class ListUndo:
    """What undoing a list takes back and what it keeps: things made and taken out, things changed and restored."""

    retired: int = 0
    restored: int = 0
    kept: list[Left] = field(default_factory=list)

    @property
    def has_anything(self) -> bool:
        """Whether anything is left to take back."""
        return bool(self.retired or self.restored)


def _back_blocker(actor: Actor, key: int, before: Before, reason: str) -> None:
    blocker = Blocker.objects.get(pk=key)
    if before is None:
        withdraw_blocker(actor=actor, blocker=blocker, reason=reason)
        return
    words = {name: before[name] for name in ("title", "cause") if name in before}
    if words:
        describe_blocker(actor=actor, blocker=blocker, words=words)
    if "scope" in before:
        scope, at_fault = Scope.from_data(before["scope"]), Scope.from_data(before["at_fault"])
        change_scope(actor=actor, blocker=blocker, scope=scope, at_fault=at_fault, effective_on=_today(), reason=reason)


def _back_document(actor: Actor, key: int, before: Before, reason: str) -> None:
    document = BasisDocument.objects.get(pk=key)
    stood_from = GateStep.objects.filter(document=document).values_list("effective_on", flat=True).first()
    accepted = Move.objects.filter(
        unit__building__project=document.project_id, to_stage="accepted", reversed_by__isnull=True,
        act_id__gt=document.act_id,
    )  # fmt: skip
    if accepted.exists():
        raise DomainError("记了这份文件之后，项目里已有户受理，不能当作没有记过。确实要撤销的，到依据文件页面办理。")
    revoke_document(actor=actor, document=document, revoked_on=stood_from or _today(), reason=reason)


def _back_letter(actor: Actor, key: int, before: Before, reason: str) -> None:
    letter = Instrument.objects.select_related("project").get(pk=key)
    if before is None:
        withdraw_draft(actor=actor, instrument=letter, reason=reason)
    else:
        restore_promises(actor=actor, letter=letter, before=before)


def _back_building(actor: Actor, key: int, before: Before, reason: str) -> None:
    take_back_building(actor=actor, building=Building.objects.get(pk=key), before=before, reason=reason)


@write(Permission.UNIT_PLACE, on=lambda kw: kw["building"])
def take_back_building(*, actor: Actor, building: Building, before: Before, reason: str) -> None:
    """Take a building laid by a list out of the ledger, or give it back the words that it had.

    Refused if units, steps or a blocker's scope rest on it.
    """
    Project.objects.select_for_update().get(pk=building.project_id)
    if before is not None:
        restore_building_within_act(building, before, reason)
        return
    for number, scope in BlockerVersion.objects.filter(blocker__project=building.project_id).values_list(
        "blocker__number", "scope"
    ):
        if any(building.id in term["in"].get("buildings", ()) for term in scope):
            raise DomainError(f"堵点{number}的范围写到了{building.name}，不能退出台账。")
    forget_building_within_act(building)
    remove_building_within_act(building, reason)


def _back_project(actor: Actor, key: int, before: Before, reason: str) -> None:
    project = Project.objects.get(pk=key)
    if before is not None:
        actor.require(Permission.PROJECT_UPDATE)
        change_project(actor=actor, project=project, changes=typed(before), effective_on=_today())
        return
    if MonthClose.objects.filter(cut_off_on__gte=project.taken_in_on).exists():
        raise ProjectRefused(f"{project.code}纳入之后已经结账，不能当作没有纳入。请按核减办理。")
    take_out_project(actor=actor, project=project, reason=reason)


TAKE_BACK: Final[Mapping[str, tuple[str, TakeBack]]] = {
    "blockers": ("gates_blocker", _back_blocker),
    "steps": ("gates_basisdocument", _back_document),
    "letters": ("commitments_instrument", _back_letter),
    "buildings": ("ledger_building", _back_building),
    "projects": ("ledger_project", _back_project),
}


def _today() -> date:
    return shanghai_day(database_now())


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
        raise ImportRefused(f"这次导入现在是「{session.get_state_display()}」，没有可撤销的。")
    return session.commit_act_id


def _stages_plan(session: ImportSession) -> ListUndo:
    if session.project is None or not session.params.get("act"):
        return ListUndo()
    plan = plan_bulk_undo(project=session.project, act_id=session.params["act"])
    return ListUndo(restored=len(plan.moves), kept=[Left(one.label, one.why) for one in plan.kept])


def _take_back(actor: Actor, session: ImportSession, act: int, reason: str) -> ListUndo:
    table, back = TAKE_BACK[session.kind]
    rows = session.staged_rows.exclude(made=[]).order_by("-row").values_list("place", "made")
    made = [(label, one["key"], one["before"]) for label, several in rows for one in several]
    since = acts_since(act, table=table, keys=[key for _, key, _ in made], but_batch=batch_of(session))
    told = happenings(set(since.values()))
    plan = ListUndo()
    for label, key, before in made:
        if key in since:
            one = told[since[key]]
            plan.kept.append(Left(label, f"{shanghai_day(one.at)} {one.who}：{one.text}"))
            continue
        try:
            with transaction.atomic():
                back(actor, key, before, reason)
        except DomainError as refusal:
            plan.kept.append(Left(label, refusal.message))
            continue
        plan.retired += before is None
        plan.restored += before is not None
    return plan


def undo_list(*, actor: Actor, session: ImportSession, reason: str) -> ImportSession:
    """Take back a whole list in one transaction, row by row, by acts of one batch.

    What a later act touched, or a rule now holds, is kept and named. Refused without a reason, if nothing is left to
    take back, and for lists that moved homes: those go back by two persons.
    """
    kind = kind_called(session.kind)
    actor.require(kind.undo)
    if not reason.strip():
        raise ImportRefused("没有填撤销原因。", field="reason")
    if kind.name == STAGES:
        raise ImportRefused("按清单办理的户退回要两个人：请提请撤销。", code="second_person")
    with transaction.atomic(), batch(f"undo-{session.pk}"):
        require_reach(actor, session)
        current = locked_session(session, SessionState.COMMITTED)
        plan = _take_back(actor, current, _committed_act(current), reason.strip())
        if not plan.has_anything:
            raise ImportRefused("没有可撤销的行：没有写入新的内容，或写入的之后都有人改过、已被使用，已全部保留。")
        done: ImportSession = note_list_undone(actor=actor, session=current, plan=plan, reason=reason.strip())
    return done


@write(Permission.LIST_STAGE, on=lambda kw: kw["session"])
def note_list_undone(*, actor: Actor, session: ImportSession, plan: ListUndo, reason: str) -> ImportSession:
    """Close a list that was taken back just now, in the same transaction, with what was kept."""
    return close_undone_within_act(
        actor, session, retired=plan.retired, restored=plan.restored, kept=plan.kept, reason=reason, proposer=actor.name
    )


def close_undone_within_act(
    actor: Actor,
    session: ImportSession,
    *,
    retired: int,
    restored: int,
    kept: Sequence[Any],
    reason: str,
    proposer: str,
) -> ImportSession:
    """Mark a session as undone, with the report and the record of it. `kept` have a label and why."""
    act = current_act()
    session.state, session.undone_by_id = SessionState.UNDONE, actor.person_id
    session.undone_at, session.undo_act_id = act.recorded_at, act.id
    session.undo_report = {
        "retired": retired,
        "restored": restored,
        "kept": [[one.label, one.why] for one in kept[:NAMED]],
        "kept_count": len(kept),
    }
    session.save(update_fields=["state", "undone_by", "undone_at", "undo_act_id", "undo_report"])

    record(
        event="import.undone",
        subject=session,
        chain=session.project_id,
        facts={
            "file": session.file_name,
            "retired": retired,
            "restored": restored,
            "kept": len(kept),
            "unit": kind_called(session.kind).unit,
            "proposer": proposer,
        },
        reason=reason,
        rows=[Row("documents_importsession", session.id, {"state": "committed"}, {"state": "undone"})],
    )
    return session


def undo_stages_within_act(*, actor: Actor, session: ImportSession, reason: str, proposer: str) -> ImportSession:
    """Take back the homes that a list moved, inside the act of the second person's approval."""
    current = locked_session(session, SessionState.COMMITTED)
    if current.project is None:
        raise ImportRefused("这次导入没有可撤销的。")
    plan = undo_bulk.inner(  # type: ignore[attr-defined]
        actor=actor, project=current.project, act_id=current.params["act"], reason=reason, proposer=proposer
    )
    return close_undone_within_act(
        actor, current, retired=0, restored=len(plan.moves), kept=plan.kept, reason=reason, proposer=proposer
    )
