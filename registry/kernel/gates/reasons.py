"""Why: for each gate not passed, the missing step or the blocker, what caught the unit, what lifts it, who has it.

Data only; `words` puts them into sentences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from registry.kernel.gates.facts import BlockerFact, ProjectFacts, StepFact, deciding
from registry.kernel.gates.grouped import BuildingGates, GateTable, compute_gates
from registry.kernel.gates.table import BUILDING_GATES, Gate, StepStatus, gates_stopping
from registry.kernel.scope import Scope, UnitFacts
from registry.kernel.stages import Labelled, Standing, Track, at_or_beyond


class ReasonKind(Labelled):
    """What a line of `why` is about; the value is its mark."""

    DONE = "done", "已办"
    LIFTED = "lifted", "已解除"
    FAULT = "fault", "错"
    BARRED = "barred", "不登记"
    BLOCKED = "blocked", "堵"
    PAUSED = "paused", "停"
    STANDING = "standing", "缓"
    MISSING = "missing", "未办"
    READY = "ready", "可办"
    LATER = "later", "登簿前"


SHUTTING = (ReasonKind.FAULT, ReasonKind.BLOCKED)


@dataclass(frozen=True)
class Reason:
    """One reason, as data: rendered later, never parsed.

    `blocker` is the number of the blocker that shuts, `lifted` of one that a relief has lifted; `caught_by` is the term
    of its scope (at fault: of its at-fault scope) that the unit is in. `next` are the missing gates that can be made
    now, `waits_on` the shut ones that the others wait for. `is_last`: nothing else stands in the unit's way. `since` is
    the first day on which the blocker shut anything; `stops` the stage of the certificate that it keeps the unit from.
    `public` is what may be told outside of the blocker. `lapsed` are the reliefs that included the unit and are over,
    each with the day from which it holds no more. Of a pause `holder` is the organ, `since` and `until` its span.
    """

    kind: ReasonKind
    gates: tuple[Gate, ...] = ()
    planned: int = 0
    blocker: str = ""
    lifted: str = ""
    label: str = ""
    caught_by: Scope | None = None
    holder: str = ""
    relief: str = ""
    by_commitment: tuple[Gate, ...] = ()
    by_opinion: tuple[Gate, ...] = ()
    documents: tuple[str, ...] = ()
    next: tuple[Gate, ...] = ()
    waits_on: tuple[Gate, ...] = ()
    standing: Standing = Standing.ACTIVE
    is_last: bool = False
    since: date | None = None
    stops: str = "accepted"
    type_code: str = ""
    public: str = ""
    is_at_fault: bool = False
    until: date | None = None
    lapsed: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Line:
    """One sentence of the explanation, with the kind that decides its mark."""

    kind: ReasonKind
    text: str


@dataclass(frozen=True)
class DecidedBuilding:
    """The gates of one building on a day, decided once for all its units."""

    facts: ProjectFacts
    table: GateTable

    @classmethod
    def of(cls, facts: ProjectFacts, building: int, on: date) -> "DecidedBuilding":
        """Decide the gates of a building of a project."""
        own = facts.of_building(building)
        return cls(own, compute_gates(own, on=on))


def why(
    unit: UnitFacts,
    facts: ProjectFacts,
    on: date,
    *,
    standing: Standing = Standing.ACTIVE,
    stage: str = "",
    decided: DecidedBuilding | None = None,
) -> list[Reason]:
    """Return the reasons of one unit on a day: what is done, what is shut and by what, what comes next.

    `stage` is where its certificate stands: before acceptance all of it counts, and what will stop 登簿 alone is told
    as coming later; an accepted unit is asked about 登簿 only; beyond that nothing stops it. Decides the unit's own
    building only, whatever the size of the project; who asks for many units of a building hands that over `decided`.
    """
    if stage in at_or_beyond(Track.CERTIFICATE, "accepted"):
        return _why_accepted(unit, facts, on, standing, stage)
    decided = decided or DecidedBuilding.of(facts, unit.building, on)
    own, table = decided.facts, decided.table
    gates = table.buildings[unit.building]
    bit = gates.columns.bit(unit.id)
    plan = [gate for gate in BUILDING_GATES if gate in gates.plan]
    done = [gate for gate in plan if gates.passed[gate] & bit]
    units = gates_stopping("accepted")
    stops = [b for b in table.blockers if b.is_stopping(units) or (b.gate in plan and b.gate not in done)]
    caught = [_caught(unit, blocker, own, on) for blocker in stops if blocker.scope.matches(unit)]
    later = [
        _caught(unit, blocker, own, on, stops="recorded")
        for blocker in table.blockers
        if blocker.is_stopping(gates_stopping("recorded")) and blocker not in stops and blocker.scope.matches(unit)
    ]
    caught.sort(key=lambda reason: list(ReasonKind).index(reason.kind))
    shut = {reason.gates[0] for reason in caught if reason.kind in SHUTTING}
    missing = _missing(plan, done, shut)
    coming = {gate for reason in missing for gate in reason.next}
    caught = [replace(r, next=r.gates) if r.kind == ReasonKind.LIFTED and r.gates[0] in coming else r for r in caught]
    after = [
        *_barred(unit, own, on),
        *_paused(unit, own, on),
        *(
            [Reason(ReasonKind.STANDING, label=standing.label, standing=standing)]
            if standing != Standing.ACTIVE
            else []
        ),
        *missing,
        *([Reason(ReasonKind.READY)] if gates.ready & bit and standing == Standing.ACTIVE else []),
    ]
    if not after and len(caught) == 1:
        caught = [replace(caught[0], is_last=True)]
    coming_later = [replace(reason, kind=ReasonKind.LATER) for reason in later if reason.kind in SHUTTING]
    return [*_done(plan, done, gates, bit, own, on), *caught, *after, *coming_later]


def _why_accepted(unit: UnitFacts, facts: ProjectFacts, on: date, standing: Standing, stage: str) -> list[Reason]:
    """The reasons of a unit that is accepted: pauses, steps and blockers of buildings stop it no more."""
    apart = (
        [] if standing == Standing.ACTIVE else [Reason(ReasonKind.STANDING, label=standing.label, standing=standing)]
    )
    if stage != "accepted":
        return apart if apart and stage != "issued" else [Reason(ReasonKind.READY, stops="")]
    own = facts.of_building(unit.building)
    stopping = [b for b in own.blockers if b.is_live(on) and b.is_stopping(gates_stopping("recorded"))]
    caught = [_caught(unit, blocker, own, on, stops="recorded") for blocker in stopping if blocker.scope.matches(unit)]
    caught.sort(key=lambda reason: list(ReasonKind).index(reason.kind))
    if apart or any(reason.kind in SHUTTING for reason in caught):
        return [*([replace(caught[0], is_last=True)] if len(caught) == 1 and not apart else caught), *apart]
    return [*caught, Reason(ReasonKind.READY, stops="recorded")]


def _done(
    plan: Sequence[Gate], done: Sequence[Gate], gates: BuildingGates, bit: int, facts: ProjectFacts, on: date
) -> list[Reason]:
    if not done:
        return []
    steps = [step for gate in done if (step := step_for(gates, bit, facts, gate, on)) is not None]
    promised = [step for step in steps if step.status == StepStatus.BY_COMMITMENT]
    return [
        Reason(
            ReasonKind.DONE,
            gates=tuple(done),
            planned=len(plan),
            by_commitment=tuple(step.gate for step in promised),
            by_opinion=tuple(step.gate for step in steps if step.status == StepStatus.BY_OPINION),
            documents=tuple(dict.fromkeys(step.document for step in promised if step.document)),
        )
    ]


def step_for(gates: BuildingGates, bit: int, facts: ProjectFacts, gate: Gate, on: date) -> StepFact | None:
    """Return the step that decides a gate for a unit: the most specific that covers it and stands."""
    columns = gates.columns
    covering = [
        step
        for step in facts.steps
        if step.gate == gate
        and step.stands(on)
        and step.building in (None, columns.id)
        and columns.part_mask(step.part) & bit
        and not any(columns.bit(unit_id) == bit for unit_id in step.left_out)
    ]
    return deciding(covering)


def _caught(unit: UnitFacts, blocker: BlockerFact, facts: ProjectFacts, on: date, *, stops: str = "accepted") -> Reason:
    gate = blocker.gate if not blocker.gate.is_unit_level else gates_stopping(stops)[0]
    is_fault = blocker.at_fault.matches(unit)
    reliefs = [relief for relief in facts.reliefs if relief.blocker_id == blocker.id and relief.is_in_force(on)]
    lifting = [] if is_fault else [relief for relief in reliefs if relief.scope.matches(unit)]
    term = (blocker.at_fault if is_fault else blocker.scope).matching_term(unit)
    reason = Reason(
        ReasonKind.FAULT if is_fault else ReasonKind.BLOCKED,
        gates=(gate,),
        blocker=blocker.number,
        label=blocker.label,
        caught_by=Scope((term,)) if term else None,
        holder=blocker.holder,
        relief=_labels(relief.label for relief in reliefs),
        since=min(other.found_on for other in facts.blockers if other.id == blocker.id),
        stops=stops,
        type_code=blocker.type_code,
        public=blocker.public,
        is_at_fault=is_fault,
        lapsed=lapsed(blocker, unit, facts, on),
    )
    if not lifting:
        return reason
    relief = _labels(relief.label for relief in lifting)
    return replace(reason, kind=ReasonKind.LIFTED, blocker="", lifted=blocker.number, relief=relief)


def lapsed(blocker: BlockerFact, unit: UnitFacts, facts: ProjectFacts, on: date) -> tuple[tuple[str, date], ...]:
    """Return the reliefs of a blocker that included a unit and ended, in order, each with the first day without it."""
    over = [
        (relief.label, relief.ends)
        for relief in facts.reliefs
        if relief.blocker_id == blocker.id
        and relief.ends is not None
        and relief.starts < relief.ends <= on
        and relief.scope.matches(unit)
    ]
    return tuple(dict.fromkeys(over))


def _labels(labels: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(label for label in labels if label))


def _missing(plan: Sequence[Gate], done: Sequence[Gate], shut: Iterable[Gate]) -> list[Reason]:
    gates = tuple(gate for gate in plan if gate not in done and gate not in shut)
    if not gates:
        return []
    coming = tuple(gate for gate in gates if all(need in done or need not in plan for need in gate.spec.needs))
    return [
        Reason(
            ReasonKind.MISSING,
            gates=gates,
            next=coming,
            waits_on=tuple(gate for gate in plan if gate in shut),
            holder=coming[0].spec.organ.label if coming else "",
        )
    ]


def _barred(unit: UnitFacts, facts: ProjectFacts, on: date) -> list[Reason]:
    bar = facts.bar_on(unit, on=on)
    return [Reason(ReasonKind.BARRED, label=bar.label, since=bar.starts)] if bar else []


def _paused(unit: UnitFacts, facts: ProjectFacts, on: date) -> list[Reason]:
    pauses = [pause for pause in facts.pauses if pause.is_in_force(on) and pause.scope.matches(unit)]
    return [
        Reason(ReasonKind.PAUSED, label=pause.label, holder=pause.organ, since=pause.starts, until=pause.ends)
        for pause in pauses
    ]
