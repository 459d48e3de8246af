"""The grouped way of deciding gates agrees with the definitions, and relief and blockers are monotone."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.gates import (
    ISSUED_UNREADY,
    BuildingState,
    Gate,
    Mark,
    PauseFact,
    ProjectFacts,
    ReasonKind,
    ReliefFact,
    change_dates,
    compute_gates,
    issued_unready,
    not_ready_words,
    readiness,
    stay_ready,
    why,
)
from registry.kernel.gates.table import shut_by_law_words, shut_words
from registry.kernel.scope import EVERYTHING, BuildingColumns
from registry.kernel.stages import STAGES, Feature, Part, Standing, Track, Use
from tests.kernel import reference_gates
from tests.kernel.projects import DAY_ONE, GATES, days, plain_scopes, projects


def units_of(facts, day):
    """Each unit of a project on a day with its standing (None: not in the books), its building's plan, its columns."""
    for columns, standings, plan in zip(facts.buildings, facts.standings, facts.plans, strict=True):
        ends = [state.until for state in facts.former.get(columns.id, ()) if state.until > day]
        for state in facts.former.get(columns.id, ()):
            if ends and state.until == min(ends):
                columns, standings, plan = state.columns, state.standings, state.plan
        for unit, standing in zip(columns.facts(), standings, strict=True):
            yield unit, standing, plan, columns


def decided(table, unit, columns):
    """What the grouped way says of a unit: passable and passed by gate, cleared, ready."""
    gates, bit = table.buildings[columns.id], columns.bit(unit.id)
    return (
        [gate for gate in GATES if gates.passable(gate) & bit],
        [gate for gate in GATES if gates.passed[gate] & bit],
        bool(gates.cleared & bit),
        bool(gates.ready & bit),
    )


def defined(unit, standing, plan, facts, day):
    """What the definitions say of a unit."""
    return (
        [gate for gate in GATES if reference_gates.passable(unit, gate, facts, day)],
        [gate for gate in GATES if reference_gates.passed(unit, gate, facts, day)],
        reference_gates.cleared(unit, plan, facts, day),
        reference_gates.ready(unit, standing, plan, facts, day),
    )


@settings(max_examples=150)
@given(projects())
def test_grouped_and_unit_by_unit_agree_on_every_day_on_which_anything_changes(facts):
    for day in [DAY_ONE - timedelta(days=1), *change_dates(facts)]:
        table = compute_gates(facts, on=day)
        for unit, standing, plan, columns in units_of(facts, day):
            assert decided(table, unit, columns) == defined(unit, standing, plan, facts, day)


@settings(max_examples=100)
@given(projects(), days)
def test_an_edge_asks_the_gates_that_stop_its_stage_and_no_others(facts, day):
    table = compute_gates(facts, on=day)
    for unit, standing, plan, _ in units_of(facts, day):
        if standing is None:
            continue
        for stage in STAGES[Track.CERTIFICATE]:
            may = reference_gates.may_step(unit, stage.code, facts, day)
            assert table.is_stopped(unit.id, stage.code) != may
        if table.is_ready(unit.id):
            assert not table.is_stopped(unit.id, "accepted")
        reasons = why(unit, facts, day, standing=standing, stage="accepted")
        says_ready = any(reason.kind == ReasonKind.READY for reason in reasons)
        assert says_ready == (standing == Standing.ACTIVE and reference_gates.may_step(unit, "recorded", facts, day))
        later = any(reason.kind == ReasonKind.LATER for reason in why(unit, facts, day, standing=standing))
        stops_later = not reference_gates.may_step(unit, "recorded", facts, day)
        assert not later or stops_later, "what is told as coming later does stop 登簿"
        if reference_gates.ready(unit, standing, plan, facts, day):
            assert later == stops_later


@settings(max_examples=40)
@given(projects(), st.integers(0, 90))
def test_nothing_changes_between_the_days_on_which_something_may_change(facts, n):
    day = DAY_ONE + timedelta(days=n)
    before = max((one for one in change_dates(facts) if one <= day), default=DAY_ONE - timedelta(days=1))
    table, then = compute_gates(facts, on=day), compute_gates(facts, on=before)
    for unit, _, _, columns in units_of(facts, day):
        assert decided(table, unit, columns) == decided(then, unit, columns)


@settings(max_examples=40)
@given(projects(), plain_scopes, days, st.integers(1, 3))
def test_adding_a_relief_never_makes_a_unit_less_passable(facts, scope, day, key):
    more = replace(facts, reliefs=(*facts.reliefs, ReliefFact(key, scope, DAY_ONE)))
    before, after = compute_gates(facts, on=day), compute_gates(more, on=day)
    for building, gates in before.buildings.items():
        relieved = after.buildings[building]
        for gate in GATES:
            assert gates.passable(gate) & ~relieved.passable(gate) == 0
            assert gates.passed[gate] == relieved.passed[gate], "a relief makes no step"
        assert gates.cleared & ~relieved.cleared == 0
        assert gates.ready & ~relieved.ready == 0


@settings(max_examples=40)
@given(projects(), plain_scopes, plain_scopes, days)
def test_widening_a_blocker_never_makes_a_unit_more_passable(facts, scope, at_fault, day):
    wider = replace(
        facts,
        blockers=tuple(replace(b, scope=b.scope | scope, at_fault=b.at_fault | at_fault) for b in facts.blockers),
    )
    before, after = compute_gates(facts, on=day), compute_gates(wider, on=day)
    for building, gates in before.buildings.items():
        shut = after.buildings[building]
        for gate in GATES:
            assert shut.passable(gate) & ~gates.passable(gate) == 0
        assert shut.cleared & ~gates.cleared == 0
        assert shut.ready & ~gates.ready == 0


@settings(max_examples=40)
@given(projects(), days)
def test_a_unit_at_fault_is_never_lifted_whatever_is_relieved(facts, day):
    generous = replace(facts, reliefs=tuple(ReliefFact(blocker.id, EVERYTHING, DAY_ONE) for blocker in facts.blockers))
    table = compute_gates(generous, on=day)
    for blocker in facts.blockers:
        if not blocker.is_live(day):
            continue
        for gates in table.buildings.values():
            columns = gates.columns
            fault = blocker.at_fault.mask(columns) & blocker.scope.mask(columns)
            assert gates.at_fault & fault == fault
            for gate in blocker.gates:
                assert gates.passable(gate) & fault == 0
            if Gate.ACCEPTANCE in blocker.gates:
                assert gates.ready & fault == 0


@settings(max_examples=40)
@given(projects(), days)
def test_spans_say_on_every_day_what_the_gates_say(facts, day):
    last = {}
    for span in readiness(facts):
        if span.from_on <= day:
            last[(span.building, span.use, span.figure)] = span.count
    table = compute_gates(facts, on=day)
    unready = {key: last.pop(key) for key in list(last) if key[2] == ISSUED_UNREADY}
    assert len(last) == 3 * sum(len(facts.uses_of(one.id)) for one in facts.buildings)
    for building, gates in table.buildings.items():
        for use in gates.columns.present_uses:
            found = sum(
                facts.issued.get(unit, date.max) <= day and not table.is_ready(unit) and bool(gates.counted & bit)
                for at, unit in enumerate(gates.columns.unit_ids)
                if (bit := 1 << at) & gates.columns.use_mask(use)
            )
            assert unready.get((building, use, ISSUED_UNREADY), 0) == found
            assert (issued_unready(gates, facts.issued, on=day) & gates.columns.use_mask(use)).bit_count() == found
    for (building, use, figure), count in last.items():
        gates = table.buildings[building]
        assert (gates.figure(figure) & gates.columns.use_mask(use) & gates.counted).bit_count() == count


@settings(max_examples=40)
@given(projects(), days)
def test_spans_from_a_day_on_continue_those_from_the_beginning(facts, day):
    whole, tail = readiness(facts), readiness(facts, since=day)
    assert [span for span in whole if span.from_on > day] == [span for span in tail if span.from_on > day]
    assert {span.from_on for span in tail if span.from_on <= day} == {day}


@settings(max_examples=40)
@given(projects(), days)
def test_figures_never_count_an_excluded_unit(facts, day):
    table = compute_gates(facts, on=day)
    counted = sum(standing not in (Standing.EXCLUDED, None) for _, standing, _, _ in units_of(facts, day))
    assert table.count("all") == counted
    for figure in ("cleared", "registered", "ready"):
        assert table.count(figure) <= counted
    assert table.count("ready") <= table.count("cleared"), "ready asks each gate to be passed"


@settings(max_examples=40)
@given(projects(), days)
def test_a_mark_is_absent_exactly_where_the_part_has_no_unit_or_the_plan_no_gate(facts, day):
    table = compute_gates(facts, on=day)
    for columns, _, plan in facts.states(day):
        for part in Part:
            has_units = bool(columns.part_mask(part) & table.buildings[columns.id].counted)
            marks = dict(zip(Gate.building_gates(), table.marks(columns.id, part), strict=True))
            for gate, mark in marks.items():
                assert (mark == Mark.ABSENT) == (not has_units or gate not in plan)


@settings(max_examples=40)
@given(projects(), days)
def test_units_stay_ready_if_they_are_and_may_be_recorded_on_every_day_of_change(facts, day):
    later = [day, *(one for one in change_dates(facts) if one > day)]
    tables = [compute_gates(facts, on=one) for one in later]
    for columns in facts.buildings:
        for unit in columns.unit_ids:
            free = all(table.is_ready(unit) and not table.is_stopped(unit, "recorded") for table in tables)
            assert stay_ready(facts, [unit], on=day) == free


def test_a_pause_is_over_on_the_day_of_its_end() -> None:
    pause = PauseFact(1, EVERYTHING, date(2022, 3, 1), date(2022, 3, 8))
    days = [date(2022, 2, 28), date(2022, 3, 1), date(2022, 3, 7), date(2022, 3, 8)]

    assert [pause.is_in_force(day) for day in days] == [False, True, True, False]
    assert PauseFact(1, EVERYTHING, date(2022, 3, 1)).is_in_force(date(2030, 1, 1))


@settings(max_examples=60)
@given(projects(), days)
def test_what_comes_after_a_day_changes_nothing_on_it(facts, day):
    """Each building on a day is what it was then: of later states, standings, plans and uses nothing is seen."""
    later = ProjectFacts(
        buildings=tuple(replace(c, uses=(Use.STORAGE,) * len(c.unit_ids)) for c in facts.buildings),
        standings=tuple((Standing.HELD,) * len(own) for own in facts.standings),
        plans=tuple(frozenset(GATES) for _ in facts.plans),
        steps=facts.steps, blockers=facts.blockers, reliefs=facts.reliefs, pauses=facts.pauses, bars=facts.bars, issued=facts.issued,
        former={
            columns.id: (
                *(state for state in facts.former.get(columns.id, ()) if state.until <= day),
                BuildingState(day + timedelta(days=1), *state),
            )
            for columns, state in zip(facts.buildings, facts.states(day), strict=True)
        },
    )  # fmt: skip
    assert compute_gates(later, on=day).buildings == compute_gates(facts, on=day).buildings
    spans, known = ([s for s in readiness(either) if s.from_on <= day] for either in (later, facts))
    last, told = ({(s.building, s.use, s.figure): s.count for s in rows} for rows in (spans, known))
    assert {key: count for key, count in last.items() if count} == {key: count for key, count in told.items() if count}
    assert list(later.at(day).states(day)) == list(facts.states(day))


def test_a_home_is_in_no_figure_before_it_is_in_the_books():
    home = BuildingColumns(1, (7,), ("1",), ("2",), (Use.DWELLING,), (Feature.NONE,))
    facts = ProjectFacts(
        buildings=(home,),
        standings=((Standing.ACTIVE,),),
        plans=(frozenset(),),
        former={1: (BuildingState(DAY_ONE, home, (None,), frozenset()),)},
    )
    counted = [(span.figure, span.from_on, span.count) for span in readiness(facts) if span.figure == "ready"]
    assert counted == [("ready", date(1900, 1, 1), 0), ("ready", DAY_ONE, 1)]
    assert not_ready_words(facts, 7, DAY_ONE - timedelta(days=1)) == "2020-12-31该户尚未入账。请核对日期。"
    assert not_ready_words(facts, 7, DAY_ONE) == ""


def test_a_seizure_is_told_with_both_gates_that_it_shuts():
    assert shut_words("E03", Gate.ACCEPTANCE) == shut_words("E03", Gate.RECORDING) == "受理、登簿"
    assert shut_words("U03", Gate.RECORDING) == "登簿"
    assert shut_by_law_words() == "E03、E04无论填写何种，受理、登簿均受限制"
