"""The grouped way of deciding gates agrees with the definitions, and relief and blockers are monotone."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel import by_unit
from registry.kernel.gates import Gate, Mark, ReliefFact, change_dates, compute_gates, readiness
from registry.kernel.scope import EVERYTHING
from registry.kernel.stages import Part
from tests.kernel.projects import DAY_ONE, GATES, PLAN, days, projects, scopes


def units_with(mask, columns):
    return set(columns.units_of(mask))


@settings(max_examples=150, deadline=None)
@given(projects())
def test_grouped_and_unit_by_unit_agree_on_every_day_on_which_anything_changes(facts):
    for day in [DAY_ONE - timedelta(days=1), *change_dates(facts)]:
        table = compute_gates(facts, on=day)
        for columns, standings in zip(facts.buildings, facts.standings, strict=True):
            gates = table.buildings[columns.id]
            for unit, standing in zip(columns.facts(), standings, strict=True):
                bit = columns.bit(unit.id)
                for gate in GATES:
                    assert bool(gates.passable(gate) & bit) == by_unit.passable(unit, gate, facts, day)
                    assert bool(gates.passed[gate] & bit) == by_unit.passed(unit, gate, facts, day)
                assert bool(gates.cleared & bit) == by_unit.cleared(unit, PLAN, facts, day)
                assert bool(gates.ready & bit) == by_unit.ready(unit, standing, PLAN, facts, day)


@settings(max_examples=100, deadline=None)
@given(projects(), scopes, days, st.integers(1, 3))
def test_adding_a_relief_never_makes_a_unit_less_passable(facts, scope, day, key):
    more = replace(facts, reliefs=(*facts.reliefs, ReliefFact(key, scope, DAY_ONE)))
    before, after = compute_gates(facts, on=day), compute_gates(more, on=day)
    for building, gates in before.buildings.items():
        for gate in GATES:
            assert gates.passable(gate) & ~after.buildings[building].passable(gate) == 0
        assert gates.cleared & ~after.buildings[building].cleared == 0


@settings(max_examples=100, deadline=None)
@given(projects(), scopes, days)
def test_widening_a_blocker_never_makes_a_unit_more_passable(facts, scope, day):
    wider = replace(facts, blockers=tuple(replace(b, scope=b.scope | scope) for b in facts.blockers))
    before, after = compute_gates(facts, on=day), compute_gates(wider, on=day)
    for building, gates in before.buildings.items():
        for gate in GATES:
            assert after.buildings[building].passable(gate) & ~gates.passable(gate) == 0


@settings(max_examples=100, deadline=None)
@given(projects(), days)
def test_a_unit_at_fault_is_never_lifted_whatever_is_relieved(facts, day):
    generous = replace(facts, reliefs=tuple(ReliefFact(blocker.id, EVERYTHING, DAY_ONE) for blocker in facts.blockers))
    table = compute_gates(generous, on=day)
    for blocker in facts.blockers:
        if blocker.is_live(day) and not blocker.gate.is_unit_level:
            for columns in facts.buildings:
                fault = blocker.at_fault.mask(columns) & blocker.scope.mask(columns)
                assert table.buildings[columns.id].passable(blocker.gate) & fault == 0


@settings(max_examples=80, deadline=None)
@given(projects(), days)
def test_spans_say_on_every_day_what_the_gates_say(facts, day):
    last = {}
    for span in readiness(facts):
        if span.from_on <= day:
            last[(span.building, span.use, span.figure)] = span.count
    table = compute_gates(facts, on=day)
    for (building, use, figure), count in last.items():
        gates = table.buildings[building]
        assert (gates.figure(figure) & gates.columns.use_mask(use)).bit_count() == count


@settings(max_examples=60, deadline=None)
@given(projects(), days)
def test_a_mark_is_absent_exactly_where_the_part_has_no_unit(facts, day):
    table = compute_gates(facts, on=day)
    for columns in facts.buildings:
        for part in Part:
            marks = dict(zip(Gate.building_gates(), table.marks(columns.id, part), strict=True))
            for gate in GATES:
                assert (marks[gate] == Mark.ABSENT) == (columns.part_mask(part) == 0)
