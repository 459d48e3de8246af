"""Gates unit by unit, straight from the definitions: slow, independent of the grouped way, for the tests that compare.

Source: docs/architecture.md §2. Nothing here uses bit masks.
"""

from datetime import date

from registry.kernel.gates.facts import BlockerFact, ProjectFacts, StepFact
from registry.kernel.gates.table import BUILDING_GATES, GATES, Gate
from registry.kernel.scope import UnitFacts
from registry.kernel.stages import Standing, part_of


def lifted(unit: UnitFacts, blocker: BlockerFact, facts: ProjectFacts, on: date) -> bool:
    """A unit is lifted if, and only if, it is not at fault and a relief in force names the blocker and includes it."""
    if blocker.at_fault.matches(unit):
        return False
    return any(
        relief.blocker_id == blocker.id and relief.is_in_force(on) and relief.scope.matches(unit)
        for relief in facts.reliefs
    )


def holds(unit: UnitFacts, blocker: BlockerFact, facts: ProjectFacts, on: date) -> bool:
    """A blocker holds a unit if it is live, catches it, and is not lifted for it."""
    return blocker.is_live(on) and blocker.scope.matches(unit) and not lifted(unit, blocker, facts, on)


def passable(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> bool:
    """No blocker on the gate holds the unit."""
    return not any(blocker.gate == gate and holds(unit, blocker, facts, on) for blocker in facts.blockers)


def covers(step: StepFact, unit: UnitFacts) -> bool:
    """A step covers a unit of its building and part that it did not leave out."""
    return (
        step.building in (None, unit.building)
        and step.part in (None, part_of(unit.use))
        and unit.id not in step.left_out
    )


def own_step(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> StepFact | None:
    """The most specific step of a gate that covers the unit and stands; the later one among equals."""
    found = [step for step in facts.steps if step.gate == gate and step.stands(on) and covers(step, unit)]
    return max(found, key=lambda step: step.specificity, default=None)


def passed(unit: UnitFacts, gate: Gate, facts: ProjectFacts, on: date) -> bool:
    """Its own step passes, or a gate that needs it is passed."""
    step = own_step(unit, gate, facts, on)
    if step is not None and step.status.passes:
        return True
    return any(passed(unit, other, facts, on) for other in BUILDING_GATES if gate in GATES[other].needs)


def cleared(unit: UnitFacts, plan: frozenset[Gate], facts: ProjectFacts, on: date) -> bool:
    """已打通: each building gate of the plan is passed or passable."""
    return all(passed(unit, gate, facts, on) or passable(unit, gate, facts, on) for gate in plan)


def ready(unit: UnitFacts, standing: Standing, plan: frozenset[Gate], facts: ProjectFacts, on: date) -> bool:
    """可办: each building gate passed, no unit-level blocker holds, no pause, standing active."""
    return (
        standing == Standing.ACTIVE
        and all(passed(unit, gate, facts, on) for gate in plan)
        and not any(b.gate.is_unit_level and holds(unit, b, facts, on) for b in facts.blockers)
        and not any(pause.is_in_force(on) and pause.scope.matches(unit) for pause in facts.pauses)
    )
