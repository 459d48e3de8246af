"""剩余 in classes: disjoint, complete, as the definitions say home by home, and as spans and stages count them."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.gates import ProjectFacts, compute_gates, readiness
from registry.kernel.gates.rest import (
    ACCEPTED_APART,
    PAST,
    PAST_UNREADY,
    RECORDED_APART,
    REST_FIGURES,
    SPANNED,
    Rest,
    StageDays,
    reached_on,
    rest_masks,
    rest_spans,
)
from registry.kernel.stages import Standing
from tests.kernel import reference_gates
from tests.kernel.projects import days, projects
from tests.kernel.test_gates import units_of

Told = tuple[ProjectFacts, StageDays]
BY_STANDING = {Standing.CARRIED: Rest.CARRIED, Standing.HELD: Rest.HELD}


@st.composite
def told(draw: st.DrawFn) -> Told:
    """A project and how its units went on from acceptance, some back again."""
    facts = draw(projects())
    stages = {}
    for columns in facts.buildings:
        for unit in columns.unit_ids:
            on = sorted(draw(st.lists(days, max_size=4)))
            road = draw(st.sampled_from((PAST, ("accepted", "collected", "accepted", "recorded"), ("issued",))))
            if on:
                stages[unit] = tuple(zip(on, road, strict=False))
    return facts, stages


def stated(facts: ProjectFacts, stages: StageDays, on: date) -> dict[int, str]:
    """The class of each home, by the definitions."""
    classes = {}
    for unit, standing, plan, _ in units_of(facts, on):
        if standing is None:
            continue
        stage = reference_gates.stage_on(stages.get(unit.id, ()), on)
        name = reference_gates.rest(unit, standing, plan, facts, on, stage)
        if name is not None:
            classes[unit.id] = name
    return classes


@settings(max_examples=120)
@given(told(), days)
def test_each_home_left_is_in_one_class_that_of_the_definitions(told: Told, day: date) -> None:
    facts, stages = told
    by_standing = {
        unit.id: BY_STANDING[standing]
        for unit, standing, _, _ in units_of(facts, day)
        if standing in BY_STANDING and reference_gates.stage_on(stages.get(unit.id, ()), day) != "issued"
    }
    classes: dict[int, str] = {key: rest.value for key, rest in by_standing.items()}
    for gates in compute_gates(facts, on=day).buildings.values():
        reached = reached_on(gates, stages, day)
        masks = rest_masks(gates, reached)
        for rest, mask in masks.items():
            for unit in gates.columns.units_of(mask):
                assert unit not in classes, "the classes are disjoint"
                classes[unit] = rest.value
        if not gates.counted & ~gates.cleared:
            assert masks[Rest.UNCLEARED] == 0, "打通率 100 % implies 未打通 0"

    assert classes == stated(facts, stages, day)


@settings(max_examples=80)
@given(told(), days)
def test_spans_and_stages_count_on_every_day_what_the_classes_hold(told: Told, day: date) -> None:
    facts, stages = told
    last: dict[tuple[object, ...], int] = {}
    for span in (*readiness(facts), *rest_spans(facts, stages)):
        if span.from_on <= day:
            last[span.building, span.use, span.figure] = span.count
    spans: Counter[str] = Counter()
    for (_, _, figure), count in last.items():
        spans[str(figure)] += count
    by_stage: Counter[str] = Counter()
    past = 0
    for unit, standing, _, _ in units_of(facts, day):
        stage = reference_gates.stage_on(stages.get(unit.id, ()), day)
        past += stage in PAST and standing not in (Standing.EXCLUDED, None)
        by_stage[stage] += standing == Standing.ACTIVE
    doable = (
        spans["ready"] - (past - spans[PAST_UNREADY])
        + by_stage["accepted"] - spans[ACCEPTED_APART]
        + by_stage["recorded"] + by_stage["printed"] - spans[RECORDED_APART]
    )  # fmt: skip

    classes = Counter(stated(facts, stages, day).values())
    assert {rest.value: spans[rest.value] for rest in SPANNED} == {rest.value: classes[rest.value] for rest in SPANNED}
    assert doable == classes[Rest.DOABLE.value]


@settings(max_examples=40)
@given(told(), days)
def test_spans_of_classes_from_a_day_on_continue_those_from_the_beginning(told: Told, day: date) -> None:
    facts, stages = told
    whole, tail = rest_spans(facts, stages), rest_spans(facts, stages, since=day)
    assert [span for span in whole if span.from_on > day] == [span for span in tail if span.from_on > day]
    assert {span.figure for span in tail} <= set(REST_FIGURES)
