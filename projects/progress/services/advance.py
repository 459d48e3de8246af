"""Moving units along a track: thousands or one, by the same rules, refused one by one with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Max, Q

from projects.gates.selectors.blockers import building_names_of
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.powers import organ_elsewhere
from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.locks import lock_project, lock_units, units_by_key
from projects.ledger.models import Move, Project, Unit
from projects.ledger.selectors.counts import settled_by
from projects.ledger.selectors.fund import fund_rule
from projects.ledger.services.books import NewMove, post
from projects.ports import certificates_kept
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.gates import GateTable, Organ, ProjectFacts, compute_gates, not_ready_words, stay_ready
from registry.kernel.gates.rest import PAST
from registry.kernel.stages import Standing, Track, Use, edge, stage_of
from registry.kernel.tally import Account
from registry.store.acts import Row, current_act, within_act, write

FEW: Final = 500


class AdvanceRefused(DomainError):
    """A move that no unit of the request may make."""


@dataclass(frozen=True)
class Refusal:
    """A unit that was not moved, and why, in words for the user."""

    unit_id: int
    label: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What a bulk move did: the units moved, and those refused by name. `left` is the stage each moved unit left."""

    moved: tuple[int, ...]
    refused: tuple[Refusal, ...]
    unchanged: tuple[int, ...] = ()
    left: Mapping[int, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[tuple[str, int, str]]:
        """Why units stay behind, most first: the reason without the unit's name, how many, one of them by name."""
        counts: dict[str, list[str]] = {}
        for refusal in self.refused:
            bare = refusal.reason.replace(refusal.label, "", 1) if refusal.label else refusal.reason
            counts.setdefault(bare, []).append(refusal.label)
        ranked = sorted(counts.items(), key=lambda each: (-len(each[1]), each[0]))
        return [(reason, len(labels), labels[0]) for reason, labels in ranked]

    def rows(self, track: Track, to: str, on: Mapping[int, date | str]) -> list[Row]:
        """Return the rows of the units moved, from what to what, each on its day."""
        return [
            Row.of("ledger_unit", key, before={track.value: self.left[key]}, after={track.value: to, "on": on[key]})
            for key in self.moved
        ]


@dataclass(frozen=True)
class _Request:
    """The circumstances that every unit of one move shares."""

    actor: Actor
    track: Track
    to: str
    occurred_on: date
    facts: ProjectFacts
    buildings: dict[int, str]
    gates: GateTable
    last_on: dict[int, date]
    unsettled: Mapping[int, Track]
    kept: Mapping[int, str]


@write(Permission.UNIT_ADVANCE, on="project")
def advance_units(
    *,
    actor: Actor,
    project: Project,
    unit_ids: Sequence[int],
    track: Track,
    to: str,
    occurred_on: date,
    reason: str = "",
    evidence: str = "",
) -> Outcome:
    """Move units to a stage, all rules checked for each; those refused are named with the rule.

    A unit may move if, and only if: the stage table has the edge and the actor's role may make it; the unit stands
    active; the day is not before its last move of the track nor ahead; for `accepted` it was ready on that day; for
    `recorded` no blocker of that gate held it on that day and tax and fund were settled by then; and before
    acceptance it is not at fault on a gate of its way. The facts are those of the stated day, as known now: a seizure
    learnt today stops a back-dated step on or after the day from which it holds. Raises AdvanceRefused if none may
    move.
    """
    outcome = move_units(
        actor=actor, project=project, unit_ids=unit_ids, track=track, to=to, occurred_on=occurred_on, reason=reason
    )
    if not outcome.moved and not outcome.unchanged:
        first = outcome.refused[0].reason if outcome.refused else "未选择户。请勾选需办理的户。"
        raise AdvanceRefused(first, rows=outcome.refused)
    stage = stage_of(track, to)
    record(
        event="units.advanced",
        subject=project,
        chain=project.id,
        facts={
            "track": track.label,
            "stage": stage.label,
            "count": len(outcome.moved),
            "refused": len(outcome.refused),
            "on": occurred_on,
            "evidence": evidence,
        },
        reason=reason,
        rows=outcome.rows(track, to, dict.fromkeys(outcome.moved, occurred_on)),
    )
    return outcome


@within_act
def move_units(
    *,
    actor: Actor,
    project: Project,
    unit_ids: Sequence[int],
    track: Track,
    to: str,
    occurred_on: date,
    reason: str = "",
) -> Outcome:
    """Do the work of `advance_units` inside the open act of a service above (lists, hand-over)."""
    lock_project(project.pk)
    if track == Track.FUND and actor.role == Role.DEPARTMENT and not actor.is_system:
        keeper = organ_elsewhere(actor, Organ.HOUSING, project.district_code, on=current_act().today)
        if keeper:
            raise PermissionRefused(f"维修资金由{keeper}记，{actor.organisation_name}不能代记。")
    units = lock_units(project, unit_ids, also_retired=True)
    plan = _planned(actor, project, units, unit_ids, track, to, occurred_on, reason)
    post(plan.moves)
    if track == Track.CERTIFICATE and to in PAST:
        _note_unready(project, plan.facts, [move.unit_id for move in plan.moves], occurred_on)
    return plan.outcome


def plan_moves(
    *, actor: Actor, project: Project, unit_ids: Sequence[int], track: Track, to: str, occurred_on: date
) -> Outcome:
    """Say what `advance_units` would do, by the same rules; nothing is locked and nothing is written."""
    units = units_by_key(project, unit_ids)
    return _planned(actor, project, units, unit_ids, track, to, occurred_on, "").outcome


@dataclass(frozen=True)
class _Plan:
    """What a move would do: the moves to post, and its outcome."""

    moves: Sequence[NewMove]
    outcome: Outcome
    facts: ProjectFacts


def _planned(
    actor: Actor,
    project: Project,
    units: Sequence[Unit],
    unit_ids: Sequence[int],
    track: Track,
    to: str,
    occurred_on: date,
    reason: str,
) -> _Plan:
    if not actor.may_advance(track, to):
        raise PermissionRefused(f"{actor.role.label}不能将户办理至“{stage_of(track, to).label}”。请由有权的单位办理。")
    places = {unit.building_id for unit in units}
    facts = facts_of([project.id], building_id=places.pop() if len(places) == 1 else None)[project.id]
    request = _Request(
        actor=actor,
        track=track,
        to=to,
        occurred_on=occurred_on,
        facts=facts,
        buildings=building_names_of(project.id),
        gates=compute_gates(facts, on=occurred_on),
        last_on=_last_moves(project, track, [unit.id for unit in units]),
        unsettled=_unsettled(project, units, occurred_on) if to == "recorded" else {},
        kept=certificates_kept([unit.id for unit in units]) if to == "issued" else {},
    )
    moves: list[NewMove] = []
    refused = _missing(unit_ids, units)
    unchanged: list[int] = []
    for unit in units:
        if getattr(unit, track.value) == to:
            unchanged.append(unit.id)
            continue
        why = _refusal(unit, request)
        if why:
            refused.append(Refusal(unit.id, f"{unit.building}{unit}", why))
        else:
            moves.append(_move(unit, request, reason))
    stages = {unit.id: getattr(unit, track.value) for unit in units}
    left = {move.unit_id: stages[move.unit_id] for move in moves}
    return _Plan(moves, Outcome(tuple(left), tuple(refused), tuple(unchanged), left), facts)


def _note_unready(project: Project, facts: ProjectFacts, moved: Sequence[int], on: date) -> None:
    """An accepted home runs on through a pause or a late fault: not ready, it is counted apart at each stage."""
    if not stay_ready(facts, moved, on=on):
        refresh_readiness([project.id])


def _missing(unit_ids: Sequence[int], units: Sequence[Unit]) -> list[Refusal]:
    found = {unit.id for unit in units}
    return [Refusal(key, "", "本项目无此户，未办理。") for key in unit_ids if key not in found]


def _last_moves(project: Project, track: Track, unit_ids: Sequence[int]) -> dict[int, date]:
    standing = Move.objects.filter(track=track.value, reversed_by__isnull=True).exclude(kind=MoveKind.CORRECTION)
    is_few = len(unit_ids) <= FEW  # by their keys; else the moves of the whole project, by no list of keys
    standing = standing.filter(Q(unit__in=unit_ids) if is_few else Q(unit__building__project=project))
    rows = standing.values_list("unit_id").annotate(last=Max("occurred_on"))
    wanted = set(unit_ids)
    return {unit_id: last for unit_id, last in rows if unit_id in wanted}


def _unsettled(project: Project, units: Sequence[Unit], on: date) -> dict[int, Track]:
    """By unit, the first of tax and fund that was not settled by a day: what is settled later does not count."""
    settled, rule = settled_by(project.id, on=on), fund_rule(project.district_code)
    paying = rule.uses(on)
    unsettled: dict[int, Track] = {}
    for unit in units:
        owed = (*((Track.TAX,) if unit.tax else ()), *((Track.FUND,) if Use(unit.use) in paying else ()))
        missing = next((track for track in owed if (unit.id, track.value) not in settled), None)
        if missing is not None:
            unsettled[unit.id] = missing
    return unsettled


def _refusal(unit: Unit, request: _Request) -> str:
    name = f"{unit.building}{unit}"
    frm = getattr(unit, request.track.value)
    if not frm:
        return f"{name}不设“{request.track.label}”，没有可办的步骤。"
    step = edge(request.track, frm, request.to)
    if step is None or step.backward:
        here, there = stage_of(request.track, frm).label, stage_of(request.track, request.to).label
        return f"{name}现在是“{here}”，不能直接办理至“{there}”。请按顺序办理，或提请更正。"
    if unit.standing != Standing.ACTIVE.value:
        return f"{name}是“{Standing(unit.standing).label}”，不能办理。请先恢复正常。"
    last = request.last_on.get(unit.id)
    if last is not None and request.occurred_on < last:
        return f"{name}上一阶段办理日期为{last}，本次日期不得早于该日。请核对。"
    if request.track == Track.CERTIFICATE:
        fault = request.gates.fault_of(unit.id)
        if fault is not None and frm not in PAST:  # what is accepted is never undone (I3)
            return f"{name}不能办理：在堵点{fault.number}的过错范围内（{fault.label}）。整改并经核验后方可办理。"
        if frm not in PAST and request.gates.is_barred(unit.id):
            return f"{name}不能办理：{_stopped(unit, frm, request)}"
        if step.guard == "ready" and not request.gates.is_ready(unit.id):
            return f"{name}不能受理：{_stopped(unit, frm, request)}"
        if request.gates.is_stopped(unit.id, request.to):
            return f"{name}不能{stage_of(request.track, request.to).label[1:]}：{_stopped(unit, frm, request)}"
        if unit.id in request.kept:
            return f"{name}的证书{request.kept[unit.id]}尚未签收，不能办理至“已发证”。请在该户“证书”页发证。"
        if step.guard == "paid" and unit.id in request.unsettled:
            return _unpaid(unit, name, request)
    return ""


def _stopped(unit: Unit, frm: str, request: _Request) -> str:
    return not_ready_words(request.facts, unit.id, request.occurred_on, stage=frm, buildings=request.buildings)


def _unpaid(unit: Unit, name: str, request: _Request) -> str:
    track = request.unsettled[unit.id]
    if getattr(unit, track.value) == "settled":
        label = "完税或免税" if track == Track.TAX else "交清维修资金"
        return f"{name}在{request.occurred_on}尚未{label}，该日不能登簿。请核对登簿日期。"
    if track == Track.TAX:
        return f"{name}尚未完税或免税，不能登簿。请税务机关先行核定并登记完税情况。"
    return f"{name}的住宅专项维修资金尚未交清，不能登簿。请先登记交存情况。"


def account_of(unit: Unit, track: Track) -> Account:
    """Return the account on which a unit stands on a track."""
    return Account(unit.building_id, Use(unit.use), Standing(unit.standing), track, getattr(unit, track.value))


def _move(unit: Unit, request: _Request, reason: str) -> NewMove:
    frm = account_of(unit, request.track)
    to = Account(frm.building, frm.use, frm.standing, request.track, request.to)
    return NewMove(unit.id, request.track, MoveKind.ADVANCE, frm, to, request.occurred_on, reason=reason)
