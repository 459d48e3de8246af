"""What was, stays as it was: a hold, a use, a feature, a plan of a day changes that day and what follows, no other."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.reference.services import Line, propose_reference, row_mark
from projects.gates.models import GatePlan
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.overview import overviews
from projects.gates.selectors.plans import gate_plans
from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import FeatureChange
from projects.ledger.services.projects import change_project
from projects.progress.services import advance_units, change_standing, place_units
from projects.progress.services.advance import AdvanceRefused
from registry.accounts.services.approvals import approve
from registry.audit.invariants import INVARIANTS
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, compute_gates
from registry.kernel.scope import scope_of
from registry.kernel.stages import Feature, Standing, Track, Use
from registry.store.clock import stated
from registry.store.second import FirstPerson
from tests.factories.histories import many_histories, undone
from tests.factories.projects import (
    PLACED,
    REGISTERED,
    TODAY,
    Estate,
    lay_blocker,
    moment,
    on_day,
    unit_list,
)
from tests.factories.trials import refused

OCTOBER = date(2021, 10, 31)
NEXT_WEEK = TODAY + timedelta(days=7)


def state_plan(estate: Estate, gates: list[Gate], on: date) -> None:
    """State a plan for resettlement housing from a day on, by two persons."""
    values = {"housing_type": "resettlement", "gates": [gate.value for gate in gates], "effective_on": str(on)}
    stands = GatePlan.objects.filter(housing_type="resettlement", effective_on=on).first()
    line = Line("gate_plans", values, [("内容", "", "改")], is_new=stands is None, stood=row_mark(stands))
    approval = propose_reference(actor=estate.cast.system_admin.actor, table="gate_plans", lines=[line], source="手工")
    approve(actor=estate.cast.city.actor, approval=approval)


def figures(estate: Estate, on: date) -> tuple[int, ...]:
    """Due, cleared, ready and registered homes of a day, as known now."""
    row = overviews([estate.project.pk], on=on, known_at=moment(NEXT_WEEK, 23))[estate.project.pk]
    return row.due, row.cleared, row.ready, row.registered


def hold(estate: Estate, units: list[int], on: date = TODAY, standing: Standing = Standing.HELD) -> None:
    with on_day(TODAY):
        change_standing(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=units, standing=standing,
            reason="unreachable", evidence="三次电话未果", on=on,
            review_on=date(2022, 9, 1) if standing == Standing.HELD else None,
            first=FirstPerson.of(estate.cast.district_second.person),
        )  # fmt: skip


def relist(estate: Estate, row: int, on: date = TODAY, **changes: Any) -> None:
    """Read one row of the estate's list again, changed, dated on a day."""
    with on_day(TODAY):
        rows = [replace(unit_list()[row - 2], **changes)]
        placement = place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=on, source="清册"
        )
        assert placement.changed, placement.refused


def count_anew(estate: Estate) -> None:
    """Have every span of the project computed from its beginning."""
    with on_day(TODAY):
        lay_blocker(estate, "F01", scope_of(units=estate.shops[:1]), on=NEXT_WEEK - timedelta(days=7))


def test_october_2021_is_unchanged_by_a_hold_of_today(story: Estate) -> None:
    before = figures(story, OCTOBER)
    assert before == (12, 12, 12, 12)
    hold(story, story.homes[:3])
    count_anew(story)

    assert figures(story, OCTOBER) == before
    assert figures(story, TODAY) == (12, 12, 9, 12)


def test_an_exclusion_of_today_leaves_october_its_homes(story: Estate) -> None:
    hold(story, story.homes[:3], standing=Standing.EXCLUDED)
    count_anew(story)

    assert figures(story, OCTOBER) == (12, 12, 12, 12)
    assert figures(story, TODAY) == (9, 9, 9, 9)


def test_the_plan_of_2027_changes_nothing_today(estate: Estate) -> None:
    """From 2027 on the planning gate is not needed: what it shuts today stays shut today, and before."""
    lay_blocker(estate)
    days = (OCTOBER, TODAY)
    before = [figures(estate, day) for day in days]
    assert before == [(12, 0, 0, 0)] * 2
    in_2027 = date(2027, 1, 1)
    with on_day(TODAY):
        state_plan(estate, [Gate.LAND_SUPPLY], in_2027)

    assert [figures(estate, day) for day in days] == before
    facts = facts_of([estate.project.pk])[estate.project.pk]
    assert [compute_gates(facts, on=day).count("cleared") for day in (*days, in_2027)] == [0, 0, 15]
    counts = [readiness_counts([estate.project.pk], on=day)[estate.project.pk] for day in (*days, in_2027)]
    assert [count[("cleared", "dwelling")] for count in counts] == [0, 0, 12]


def test_a_plan_stated_later_for_the_same_day_leaves_what_was_known(estate: Estate) -> None:
    day = date(2021, 12, 1)
    for hour, gates in ((10, [Gate.LAND_SUPPLY]), (11, [Gate.LAND_SUPPLY, Gate.FIRE])):
        with on_day(TODAY, hour):
            state_plan(estate, gates, day)

    known = [gate_plans(known_at=moment(TODAY, hour)).on("resettlement", day) for hour in (9, 10, 11)]
    assert [len(plan) for plan in known] == [11, 1, 2]
    assert gate_plans().on("resettlement", day) == known[-1]
    assert gate_plans().on("resettlement", day - timedelta(days=1)) == known[0]


def test_another_type_of_housing_holds_from_its_day(estate: Estate) -> None:
    """The project is commercial from March on: then its plan has the pre-sale permit, before not."""
    march = date(2022, 3, 1)
    with on_day(TODAY):
        change_project(
            actor=estate.cast.district.actor, project=estate.project, changes={"housing_type": "commercial"},
            effective_on=march,
        )  # fmt: skip
    facts = facts_of([estate.project.pk])[estate.project.pk]

    needed = [Gate.PRESALE_PERMIT in next(facts.states(day))[2] for day in (OCTOBER, march - timedelta(days=1), march)]
    assert needed == [False, False, True]


def test_a_home_is_in_no_figure_before_it_came_into_the_books(story: Estate) -> None:
    day = PLACED - timedelta(days=1)

    assert readiness_counts([story.project.pk], on=day)[story.project.pk][("cleared", "dwelling")] == 0
    assert readiness_counts([story.project.pk], on=PLACED)[story.project.pk][("cleared", "dwelling")] == 12


def test_a_blocker_of_shops_catches_a_home_from_the_day_on_which_it_is_one(story: Estate) -> None:
    first = story.homes[0]
    relist(story, 2, on=date(2022, 3, 1), use=Use.RETAIL)
    lay_blocker(story, "F01", scope_of(uses={Use.RETAIL}), on=date(2021, 9, 1))

    facts = facts_of([story.project.pk])[story.project.pk]
    gates = {day: compute_gates(facts, on=day).buildings[story.buildings[0].pk] for day in (OCTOBER, TODAY)}
    assert [bool(table.cleared & table.columns.bit(first)) for table in gates.values()] == [True, False]
    assert [figures(story, day)[0] for day in (OCTOBER, TODAY)] == [12, 11]


def test_a_feature_that_a_list_states_is_had_from_the_day_of_the_list(story: Estate) -> None:
    relist(story, 14, on=date(2022, 3, 1), features=Feature.MEZZANINE, remark="夹层")
    change = FeatureChange.objects.get()
    assert (change.was, change.features, change.effective_on) == (0, int(Feature.MEZZANINE), date(2022, 3, 1))

    facts = facts_of([story.project.pk])[story.project.pk]
    columns = {day: next(facts.states(day))[0] for day in (OCTOBER, TODAY)}
    had = [units.feature_mask(Feature.MEZZANINE).bit_count() for units in columns.values()]
    assert had == [1, 2]
    early = PLACED - timedelta(days=1)
    with refused("特征上一次记于2022-03-01，变更的日期不能更早", field="placed_on"):
        relist(story, 14, on=date(2022, 2, 1), features=Feature.BASEMENT, remark="地下")
    assert next(facts.states(early))[1] == (None,) * len(next(facts.states(TODAY))[1])


def test_an_acceptance_is_held_against_the_standing_of_its_day_and_of_now(story: Estate) -> None:
    """A home held in February and free in March: no step of it may be dated in February."""
    hold(story, story.homes[:1], on=date(2022, 2, 1))
    with on_day(TODAY):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:1],
            standing=Standing.ACTIVE, reason="", evidence="已联系上", on=date(2022, 3, 1),
        )  # fmt: skip
    with pytest.raises(AdvanceRefused, match="上一阶段办理日期为2022-03-01，本次日期不得早于该日"):
        move_on(story, date(2022, 2, 20))
    move_on(story, date(2022, 3, 2))


def move_on(estate: Estate, on: date) -> None:
    """Collect the first home's papers, by what is recorded today."""
    with on_day(TODAY):
        advance_units(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=estate.homes[:1],
            track=Track.CERTIFICATE, to="collected", occurred_on=on,
        )  # fmt: skip


# The two times, against a model that goes unit by unit over what was said, and knows no span, no mask and no table.


@dataclass(frozen=True)
class Said:
    """Something was said of a home by the n-th act: from which day on."""

    order: int
    home: int
    name: str
    value: Any
    on: date


def state_of(home: int, said: list[Said], on: date, known: int) -> dict[str, Any]:
    """A home on a day, by the acts up to one: of what was said by then, the last of the latest day."""
    state = {"use": Use.DWELLING, "standing": Standing.ACTIVE, "features": Feature.NONE}
    for word in sorted(said, key=lambda word: (word.on, word.order)):
        if word.home == home and word.on <= on and word.order <= known:
            state[word.name] = word.value
    return state


def tell(estate: Estate, home: int, row: int, what: str, on: date) -> tuple[str, Any] | None:
    """Say it to the ledger; None if it is refused."""
    try:
        if what in ("use", "features"):
            value = Use.RETAIL if what == "use" else Feature.MEZZANINE
            placement = place_units(
                actor=estate.cast.district.actor, project=estate.project, placed_on=on, source="清册",
                rows=[replace(unit_list()[row - 2], **{what: value}, remark="夹层" if what == "features" else "")],
            )  # fmt: skip
            return (what, value) if what in next((c for _, _, c in placement.changed), {}) else None
        change_standing(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=[home], standing=Standing(what),
            reason="unreachable", evidence="三次电话未果", on=on,
            review_on=date(2022, 9, 1) if what == "held" else None,
            first=FirstPerson.of(estate.cast.district_second.person),
        )  # fmt: skip
    except DomainError:
        return None
    return "standing", Standing(what)


KINDS = ["held", "carried", "excluded", "active", "use", "features"]
CHANGES = st.tuples(st.integers(0, 11), st.sampled_from(KINDS), st.integers(0, 120))


@many_histories(seed=3)
@given(
    changes=st.lists(CHANGES, min_size=3, max_size=8), asked=st.lists(st.integers(-900, 160), min_size=3, max_size=6)
)
def test_every_day_is_as_it_was_said_to_be_whenever_it_is_asked(
    story: Estate, changes: list[tuple[int, str, int]], asked: list[int]
) -> None:
    """Random holds, uses and features of random days; every (day, moment) is counted as the model counts it."""
    starts, seized = date(2021, 11, 1), date(2021, 9, 1)
    with undone():
        homes, said = story.homes, []
        lay_blocker(story, "E03", scope_of(features=Feature.MEZZANINE), on=seized)
        moments: list[datetime] = [moment(TODAY, 9)]
        for order, (place, what, after) in enumerate(changes, start=1):
            moments.append(moment(TODAY, 9) + timedelta(minutes=order))
            with stated(moments[-1]):
                told = tell(story, homes[place], place + 2, what, starts + timedelta(days=after))
            if told:
                said.append(Said(order, homes[place], *told, starts + timedelta(days=after)))
        for days in asked:
            day = starts + timedelta(days=days)
            for known, at in enumerate(moments):
                states = [state_of(home, said, day, known) for home in homes] if day >= PLACED else []
                homes_then = [state for state in states if state["use"] == Use.DWELLING]
                due = [state for state in homes_then if state["standing"] != Standing.EXCLUDED]
                free = [state for state in due if state["standing"] == Standing.ACTIVE and not state["features"]]
                row = overviews([story.project.pk], on=day, known_at=at)[story.project.pk]
                assert row.due == len(due), (day, known)
                assert row.registered == (len(due) if day >= REGISTERED else 0), (day, known)
                assert row.ready == (len(free) if day >= REGISTERED else 0), (day, known)
        wanted = [rule for rule in INVARIANTS.values() if rule.code in ("I1", "I2", "I6", "I44")]
        assert [violation for rule in wanted for violation in rule.violations(None)] == []
