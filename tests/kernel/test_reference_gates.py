"""The definitions one by one, on a project small enough to decide by hand; both ways of deciding must say the same."""

from dataclasses import replace
from datetime import date

import pytest

from registry.kernel.gates import (
    BlockerFact,
    Gate,
    PauseFact,
    ProjectFacts,
    ReliefFact,
    StepFact,
    StepStatus,
    change_dates,
    compute_gates,
)
from registry.kernel.scope import EVERYTHING, NOTHING, BuildingColumns, scope_of
from registry.kernel.stages import STAGES, Feature, Part, Standing, Track, Use
from tests.kernel import reference_gates

HOME, SHOP, OTHER_HOME = 1, 2, 3
PLANNING, SURVEY, FIRST = Gate.PLANNING_VERIFICATION, Gate.SURVEY_REVIEW, Gate.FIRST_REGISTRATION
PLAN = frozenset({PLANNING, SURVEY, FIRST})
MADE, LATER, TODAY = date(2021, 3, 1), date(2021, 6, 1), date(2022, 3, 8)
PASSED, IN_PROGRESS, FAILED = StepStatus.PASSED, StepStatus.IN_PROGRESS, StepStatus.FAILED


def project(steps=(), blockers=(), reliefs=(), pauses=(), standings=(Standing.ACTIVE, Standing.ACTIVE)):
    """Building 10 with a home and a shop, building 20 with another home."""
    return ProjectFacts(
        buildings=(
            BuildingColumns(10, (HOME, SHOP), ("1", "1"), ("2", "1"), (Use.DWELLING, Use.RETAIL), (Feature.NONE,) * 2),
            BuildingColumns(20, (OTHER_HOME,), ("1",), ("1",), (Use.DWELLING,), (Feature.NONE,)),
        ),
        standings=(standings, (Standing.ACTIVE,)),
        plans=(PLAN, PLAN),
        steps=tuple(steps),
        blockers=tuple(blockers),
        reliefs=tuple(reliefs),
        pauses=tuple(pauses),
    )


def step(status=PASSED, building=None, part=None, on=MADE, gate=PLANNING, **more):
    """A step of planning verification, unless said otherwise."""
    return StepFact(more.pop("id", 1), gate, building, part, status, on, **more)


def blocker(gate=PLANNING, scope=EVERYTHING, at_fault=NOTHING, found_on=MADE, **more):
    """A blocker of everything on planning verification, unless said otherwise."""
    return BlockerFact(1, "P03-0137", gate, scope, at_fault, found_on, **more)


def units_where(facts, on, grouped, defined):
    """The units of which something is said, by both ways; they must agree."""
    table = compute_gates(facts, on=on)
    said = {unit_id for gates in table.buildings.values() for unit_id in gates.columns.units_of(grouped(gates))}
    meant = {unit.id for columns in facts.buildings for unit in columns.facts() if defined(unit)}
    assert said == meant
    return said


def passed(facts, gate=PLANNING, on=TODAY):
    """The units that have passed a gate."""
    return units_where(
        facts, on, lambda gates: gates.passed[gate], lambda u: reference_gates.passed(u, gate, facts, on)
    )


def passable(facts, gate=PLANNING, on=TODAY):
    """The units that may pass a gate."""
    return units_where(
        facts, on, lambda gates: gates.passable(gate), lambda u: reference_gates.passable(u, gate, facts, on)
    )


def cleared(facts, on=TODAY):
    """The units that are cleared."""
    return units_where(facts, on, lambda gates: gates.cleared, lambda u: reference_gates.cleared(u, PLAN, facts, on))


def ready(facts, on=TODAY):
    """The units that are ready."""
    standings = {
        unit_id: standing
        for columns, own in zip(facts.buildings, facts.standings, strict=True)
        for unit_id, standing in zip(columns.unit_ids, own, strict=True)
    }
    return units_where(
        facts, on, lambda gates: gates.ready, lambda u: reference_gates.ready(u, standings[u.id], PLAN, facts, on)
    )


EVERYONE = {HOME, SHOP, OTHER_HOME}


@pytest.mark.parametrize("status", [PASSED, StepStatus.BY_OPINION, StepStatus.BY_COMMITMENT, StepStatus.NOT_APPLICABLE])
def test_four_statuses_pass_a_gate(status):
    assert passed(project([step(status)])) == EVERYONE


@pytest.mark.parametrize("status", [IN_PROGRESS, FAILED])
def test_a_step_in_hand_or_failed_passes_nothing(status):
    assert passed(project([step(status)])) == set()


@pytest.mark.parametrize(
    ("building", "part", "units"),
    [
        (None, None, EVERYONE),
        (10, None, {HOME, SHOP}),
        (10, Part.DWELLING, {HOME}),
        (10, Part.NON_DWELLING, {SHOP}),
        (None, Part.DWELLING, {HOME, OTHER_HOME}),
    ],
)
def test_a_step_covers_its_building_and_part(building, part, units):
    assert passed(project([step(building=building, part=part)])) == units


@pytest.mark.parametrize(
    ("narrow", "wide", "units"),
    [
        ((10, Part.DWELLING), (10, None), {SHOP}),
        ((10, None), (None, None), {OTHER_HOME}),
        ((10, None), (None, Part.DWELLING), {OTHER_HOME}),
        ((None, Part.DWELLING), (None, None), {SHOP}),
    ],
)
def test_the_narrower_step_decides_even_if_it_is_the_earlier(narrow, wide, units):
    assert passed(project([step(FAILED, *narrow, on=MADE, id=1), step(PASSED, *wide, on=LATER, id=2)])) == units


def test_a_step_in_hand_or_failed_never_unmakes_a_passing_one():
    for status in (IN_PROGRESS, FAILED):
        for place in ((None, None), (None, Part.DWELLING), (10, None), (10, Part.DWELLING)):
            assert passed(project([step(id=1), step(status, *place, on=LATER, id=2)])) == EVERYONE
            assert passed(project([step(id=1), step(status, *place, on=MADE, id=2)])) == EVERYONE
            assert passed(project([step(on=LATER, id=1), step(status, *place, on=MADE, id=2)])) == EVERYONE
    assert passed(project([step(FAILED, on=MADE, id=1), step(PASSED, on=MADE, id=2)])) == EVERYONE


def test_a_failed_step_decides_again_when_the_passing_one_is_revoked():
    facts = project([step(id=1, revoked_on=LATER), step(FAILED, 10, on=MADE, id=2)])

    assert (passed(facts, on=MADE), passed(facts, on=LATER)) == (EVERYONE, set())


def test_a_step_that_does_not_apply_says_nothing_of_the_gates_before_it():
    facts = project([step(StepStatus.NOT_APPLICABLE, gate=FIRST)])

    assert passed(facts, FIRST) == EVERYONE
    assert (passed(facts, PLANNING), passed(facts, SURVEY)) == (set(), set())
    assert ready(facts) == set()


def test_a_made_step_goes_through_one_that_does_not_apply():
    facts = project([step(StepStatus.NOT_APPLICABLE, gate=SURVEY), step(gate=FIRST, id=2)])

    assert passed(facts) == EVERYONE


def test_a_unit_left_out_falls_back_to_the_wider_step():
    left_out = step(building=10, left_out=frozenset({SHOP}))
    assert passed(project([left_out])) == {HOME}
    assert passed(project([left_out, step(id=2)])) == EVERYONE
    assert passed(project([left_out, step(IN_PROGRESS, id=2)])) == {HOME}


def test_a_step_stands_from_its_day_until_the_day_of_its_revocation():
    facts = project([step(revoked_on=LATER)])
    assert passed(facts, on=date(2021, 2, 28)) == set()
    assert passed(facts, on=MADE) == EVERYONE
    assert passed(facts, on=date(2021, 5, 31)) == EVERYONE
    assert passed(facts, on=LATER) == set()


def test_a_revoked_step_uncovers_the_wider_one():
    narrow = step(FAILED, 10, revoked_on=LATER)
    facts = project([narrow, step(id=2)])
    assert passed(facts, on=MADE) == {OTHER_HOME}
    assert passed(facts, on=LATER) == EVERYONE


def test_a_gate_is_passed_through_one_that_needs_it_over_any_distance():
    facts = project([step(building=10, part=Part.DWELLING, gate=FIRST)])
    assert passed(facts, Gate.LAND_SUPPLY) == {HOME}
    assert passed(facts, SURVEY) == {HOME}
    assert passed(facts, Gate.PRESALE_PERMIT) == {HOME}, "where it was needed, the registration stands for it"


def test_a_gate_passed_later_prevails_over_an_own_step_that_failed():
    facts = project([step(FAILED), step(gate=FIRST, id=2)])
    assert passed(facts) == EVERYONE


def test_a_blocker_lives_from_the_day_it_was_found_until_the_day_of_its_resolution():
    facts = project(blockers=[blocker(resolved_on=LATER)])
    assert passable(facts, on=date(2021, 2, 28)) == EVERYONE
    assert passable(facts, on=MADE) == set()
    assert passable(facts, on=date(2021, 5, 31)) == set()
    assert passable(facts, on=LATER) == EVERYONE


def test_a_blocker_shuts_its_own_gate_and_no_other():
    facts = project(blockers=[blocker(scope=scope_of(buildings={10}))])
    assert passable(facts, PLANNING) == {OTHER_HOME}
    assert passable(facts, SURVEY) == EVERYONE


def test_a_relief_lifts_those_it_names_while_it_is_in_force():
    letter = ReliefFact(1, scope_of(uses={Use.DWELLING}), LATER, date(2021, 9, 1))
    facts = project(blockers=[blocker()], reliefs=[letter])
    assert passable(facts, on=date(2021, 5, 31)) == set()
    assert passable(facts, on=LATER) == {HOME, OTHER_HOME}
    assert passable(facts, on=date(2021, 9, 1)) == set()


def test_a_relief_of_another_blocker_lifts_nothing():
    facts = project(blockers=[blocker()], reliefs=[ReliefFact(2, EVERYTHING, MADE)])
    assert passable(facts) == set()


def test_a_relief_that_names_a_unit_at_fault_does_not_lift_it():
    shops = scope_of(uses={Use.RETAIL})
    facts = project(blockers=[blocker(at_fault=shops)], reliefs=[ReliefFact(1, EVERYTHING, MADE)])
    assert passable(facts) == {HOME, OTHER_HOME}


def test_cleared_asks_of_each_gate_of_the_plan_that_it_is_passed_or_passable():
    shut = blocker(scope=scope_of(units={SHOP}))
    assert cleared(project()) == EVERYONE, "nothing stands in the way"
    assert cleared(project(blockers=[shut])) == {HOME, OTHER_HOME}
    assert cleared(project([step()], [shut])) == EVERYONE, "what is passed stays passed"
    assert cleared(project(blockers=[replace(shut, gate=Gate.FIRE)])) == EVERYONE, "a gate outside the plan is none"
    assert cleared(project(blockers=[replace(shut, gate=Gate.ACCEPTANCE)])) == EVERYONE, "cleared is about buildings"


def test_ready_asks_each_gate_to_be_passed():
    assert ready(project([step(gate=SURVEY)])) == set()
    assert ready(project([step(gate=FIRST)])) == EVERYONE


@pytest.mark.parametrize(
    ("gate", "code"), [(Gate.ACCEPTANCE, "D04"), (Gate.RECORDING, "E03"), (Gate.ACCEPTANCE, "E04")]
)
def test_ready_asks_that_no_blocker_of_acceptance_holds_the_unit(gate, code):
    own = replace(blocker(gate, scope_of(units={HOME})), type_code=code)
    made = [step(gate=FIRST)]
    assert ready(project(made, [own])) == {SHOP, OTHER_HOME}
    assert ready(project(made, [own], [ReliefFact(1, EVERYTHING, MADE)])) == EVERYONE


@pytest.mark.parametrize("code", ["U03", "U04", "F03"])
def test_a_blocker_of_recording_leaves_a_unit_ready_and_stops_that_step_alone(code):
    own = replace(blocker(Gate.RECORDING, scope_of(units={HOME})), type_code=code)
    facts = project([step(gate=FIRST)], [own])
    assert ready(facts) == EVERYONE
    table = compute_gates(facts, on=TODAY)
    stopped = {stage.code for stage in STAGES[Track.CERTIFICATE] if table.is_stopped(HOME, stage.code)}
    assert stopped == {"recorded"}


@pytest.mark.parametrize("code", ["E03", "E04"])
def test_a_seizure_and_a_dispute_stop_acceptance_and_recording_and_nothing_after(code):
    own = replace(blocker(Gate.RECORDING, scope_of(units={HOME})), type_code=code)
    table = compute_gates(project([step(gate=FIRST)], [own]), on=TODAY)
    stopped = {stage.code for stage in STAGES[Track.CERTIFICATE] if table.is_stopped(HOME, stage.code)}
    assert stopped == {"accepted", "recorded"}


def test_a_blocker_found_after_the_step_does_not_undo_readiness():
    assert ready(project([step(gate=FIRST)], [blocker(found_on=LATER, at_fault=EVERYTHING)])) == EVERYONE


def test_a_pause_stops_readiness_for_its_scope_and_days():
    facts = project([step(gate=FIRST)], pauses=[PauseFact(1, scope_of(buildings={10}), LATER, date(2021, 9, 1))])
    assert ready(facts, on=date(2021, 5, 31)) == EVERYONE
    assert ready(facts, on=LATER) == {OTHER_HOME}
    assert ready(facts, on=date(2021, 9, 1)) == EVERYONE
    assert cleared(facts, on=LATER) == EVERYONE


@pytest.mark.parametrize("standing", [Standing.HELD, Standing.CARRIED, Standing.EXCLUDED])
def test_only_active_units_are_ready(standing):
    facts = project([step(gate=FIRST)], standings=(standing, Standing.ACTIVE))
    assert ready(facts) == {SHOP, OTHER_HOME}
    assert cleared(facts) == EVERYONE


def test_a_gate_may_change_on_every_first_day_and_every_day_after_a_last():
    facts = project(
        [step(on=date(2021, 1, 1), revoked_on=date(2021, 1, 2)), step(on=date(2021, 1, 1), id=2)],
        [blocker(found_on=date(2021, 1, 3), resolved_on=date(2021, 1, 4))],
        [ReliefFact(1, EVERYTHING, date(2021, 1, 5), date(2021, 1, 6)), ReliefFact(1, EVERYTHING, date(2021, 1, 5))],
        [PauseFact(1, EVERYTHING, date(2021, 1, 7), date(2021, 1, 8))],
    )
    assert change_dates(facts) == [date(2021, 1, day) for day in range(1, 9)]
