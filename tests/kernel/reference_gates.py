"""Gates unit by unit, straight from the definitions: slow, independent of the grouped way, for the tests that compare.

Source: docs/architecture.md §2. Nothing here uses bit masks, nor the rules of dates and of precedence that the grouped
way uses: both are written out again.
"""

from collections.abc import Iterator
from datetime import date

from registry.kernel.gates.facts import BlockerFact, ProjectFacts, StepFact
from registry.kernel.gates.table import GATES, Gate, StepStatus
from registry.kernel.scope import UnitFacts
from registry.kernel.stages import Part, Standing, Use

MADE = (StepStatus.PASSED, StepStatus.BY_OPINION, StepStatus.BY_COMMITMENT)
PASSING = (*MADE, StepStatus.NOT_APPLICABLE)


def within(on: date, starts: date, ends: date | None) -> bool:
    """A day lies in [starts, ends); without an end, for ever."""
    return on >= starts and not (ends is not None and on >= ends)


def lifted(unit: UnitFacts, blocker: BlockerFact, facts: ProjectFacts, on: date) -> bool:
    """A unit is lifted if, and only if, it is not at fault and a relief in force names the blocker and includes it."""
    if blocker.at_fault.matches(unit):
        return False
    for relief in facts.reliefs:
        if relief.blocker_id == blocker.id and within(on, relief.starts, relief.ends) and relief.scope.matches(unit):
            return True
    return False


def holds(unit: UnitFacts, blocker: BlockerFact, facts: ProjectFacts, on: date) -> bool:
    """A blocker holds a unit if it is live, catches it, and is not lifted for it."""
    is_live = within(on, blocker.found_on, blocker.resolved_on)
    return is_live and blocker.scope.matches(unit) and not lifted(unit, blocker, facts, on)


SHUT_TWICE = {"E03", "E04"}
STOPPED = {"accepted": Gate.ACCEPTANCE, "recorded": Gate.RECORDING}


def shuts(blocker: BlockerFact, gate: Gate) -> bool:
    """A blocker shuts its own gate; a seizure and a dispute shut both gates of a unit."""
    if blocker.type_code in SHUT_TWICE and GATES[gate].level == "unit":
        return True
    return gate == blocker.gate


def may_step(unit: UnitFacts, to: str, facts: ProjectFacts, on: date) -> bool:
    """No blocker of a unit gate keeps a unit from a stage: each gate from its own, none after 登簿."""
    gate = STOPPED.get(to)
    return gate is None or passable(unit, gate, facts, on)


def passable(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> bool:
    """No blocker on the gate holds the unit; a bar shuts the gate of acceptance too."""
    if gate == Gate.ACCEPTANCE and any(
        (bar.starts is None or bar.starts <= on) and (bar.ends is None or bar.ends > on) and bar.scope.matches(unit)
        for bar in facts.bars
    ):
        return False
    return not any(shuts(blocker, gate) and holds(unit, blocker, facts, on) for blocker in facts.blockers)


def own_step(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> StepFact | None:
    """The step of a gate that decides a unit.

    The narrowest passing step that covers it and stands, the latest, then last recorded, of equals. One in hand or
    failed keeps a passing one away if it is narrower and was there before it: by its day, and by its record.
    """
    rank = {place: n for n, place in enumerate(_places(unit))}
    found = [
        step
        for step in facts.steps
        if step.gate == gate
        and (step.building, step.part) in rank
        and unit.id not in step.left_out
        and within(on, step.effective_on, step.revoked_on)
    ]
    width = {step.id: rank[step.building, step.part] for step in found}
    passing = []
    for step in found:
        before = [s for s in found if s.id < step.id and not s.effective_on > step.effective_on]
        kept = any(s.status not in PASSING and width[s.id] < width[step.id] for s in before)
        if step.status in PASSING and not kept:
            passing.append(step)
    for choice in (passing, found):
        if choice:
            narrowest = [step for step in choice if width[step.id] == min(width[one.id] for one in choice)]
            latest = max(step.effective_on for step in narrowest)
            return max((step for step in narrowest if step.effective_on == latest), key=lambda step: step.id)
    return None


def _places(unit: UnitFacts) -> Iterator[tuple[int | None, Part | None]]:
    """The places a step may be recorded at that cover the unit, the most specific first."""
    part = Part.DWELLING if unit.use == Use.DWELLING else Part.NON_DWELLING
    yield unit.building, part
    yield unit.building, None
    yield None, part
    yield None, None


def made(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> bool:
    """An organ made its step, or that of a gate that needs it; 不适用 makes nothing."""
    step = own_step(unit, gate, facts, on)
    if step is not None and step.status in MADE:
        return True
    return any(made(unit, other, facts, on) for other, spec in GATES.items() if gate in spec.needs)


def passed(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> bool:
    """Its own step passes (不适用 included), or a gate that needs it is made."""
    step = own_step(unit, gate, facts, on)
    return (step is not None and step.status in PASSING) or made(unit, gate, facts, on)


def cleared(unit: UnitFacts, plan: frozenset[Gate], facts: ProjectFacts, on: date) -> bool:
    """已打通: each building gate of the plan is passed or passable."""
    return all(passed(unit, gate, facts, on) or passable(unit, gate, facts, on) for gate in plan)


def ready(unit: UnitFacts, standing: Standing, plan: frozenset[Gate], facts: ProjectFacts, on: date) -> bool:
    """可办: each building gate passed, no blocker of 受理 holds, no pause, standing active."""
    if standing != Standing.ACTIVE or not all(passed(unit, gate, facts, on) for gate in plan):
        return False
    if not passable(unit, Gate.ACCEPTANCE, facts, on):
        return False
    return not any(within(on, pause.starts, pause.ends) and pause.scope.matches(unit) for pause in facts.pauses)


ROAD = ("waiting", "notified", "collected", "accepted", "recorded", "printed", "issued")


def stage_on(steps: tuple[tuple[date, str], ...], on: date) -> str:
    """The stage of the last step by a day; before the first, the home is waiting."""
    stage = "waiting"
    for day, reached in steps:
        stage = reached if day <= on else stage
    return stage


def rest(
    unit: UnitFacts, standing: Standing, plan: frozenset[Gate], facts: ProjectFacts, on: date, stage: str
) -> str | None:
    """The class of 剩余 of a home of an assessed project; None if it is issued, or is in no total (核减)."""
    if standing == Standing.EXCLUDED or stage == "issued":
        return None
    if standing in (Standing.CARRIED, Standing.HELD):
        return standing.value
    if not cleared(unit, plan, facts, on):
        return "rest_uncleared"
    if not all(passed(unit, gate, facts, on) for gate in plan):
        return "rest_unregistered"
    if ROAD.index(stage) < ROAD.index("accepted"):
        if any(within(on, pause.starts, pause.ends) and pause.scope.matches(unit) for pause in facts.pauses):
            return "rest_paused"
        return "rest_doable" if may_step(unit, "accepted", facts, on) else "rest_unit_blocked"
    if stage == "accepted" and not may_step(unit, "recorded", facts, on):
        return "rest_unit_blocked"
    return "rest_doable"
