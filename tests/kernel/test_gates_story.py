"""The story's project by hand: the table of docs/architecture.md §5 in its own words."""

from dataclasses import replace
from datetime import date

import pytest

from registry.kernel.gates import (
    BlockerFact,
    Call,
    Gate,
    Mark,
    PauseFact,
    ProjectFacts,
    ReasonKind,
    ReliefFact,
    StepFact,
    StepStatus,
    compute_gates,
    not_ready_words,
    telephone_words,
    why,
)
from registry.kernel.scope import EVERYTHING, BuildingColumns, scope_of
from registry.kernel.stages import Feature, Part, Standing, Use

HOMES, ALTERED, OTHERS = 7899, 47, 73
PLAN = frozenset(gate for gate in Gate.building_gates() if gate != Gate.PRESALE_PERMIT)
DWELLING = frozenset({Use.DWELLING})
SHOPS = frozenset({Use.RETAIL, Use.ANCILLARY})
DWELLINGS = scope_of(uses=DWELLING)
FAULT = scope_of(features=Feature.MEZZANINE) | scope_of(features=Feature.ALTERED_USE)
EARLY = (
    Gate.LAND_SUPPLY,
    Gate.LAND_PLAN_PERMIT,
    Gate.WORKS_PLAN_PERMIT,
    Gate.CONSTRUCTION_PERMIT,
    Gate.FIRE,
    Gate.CIVIL_DEFENCE,
)
LATER = (
    Gate.PLANNING_VERIFICATION,
    Gate.COMPLETION_FILING,
    Gate.SURVEY_REVIEW,
    Gate.CADASTRAL,
    Gate.FIRST_REGISTRATION,
)
FOUND, SIGNED, MADE = date(2019, 10, 20), date(2021, 6, 18), date(2021, 7, 26)


def the_36_buildings():
    """36 residential buildings: 7,899 homes, 47 altered shops and ancillary units, 73 others."""
    found, key = [], 0
    for number in range(1, 37):
        homes = 220 if number <= 15 else 219
        altered = 2 if number <= 11 else 1
        others = 3 if number == 1 else 2
        rows = [(Use.DWELLING, Feature.NONE)] * homes
        rows += [
            (Use.RETAIL if n % 2 else Use.ANCILLARY, Feature.MEZZANINE if n % 2 else Feature.ALTERED_USE)
            for n in range(altered)
        ]
        rows += [(Use.RETAIL, Feature.NONE)] * others
        ids = tuple(range(key + 1, key + len(rows) + 1))
        key += len(rows)
        blank = ("",) * len(rows)
        found.append(BuildingColumns(number, ids, blank, blank, tuple(r[0] for r in rows), tuple(r[1] for r in rows)))
    return tuple(found)


@pytest.fixture(scope="module")
def of_2019():
    """Blocker P03 on planning verification: affected = all, at fault = the altered ones; and D01 on the survey."""
    buildings = the_36_buildings()
    steps = tuple(
        StepFact(n, gate, None, None, StepStatus.PASSED, date(2014, 12, 1)) for n, gate in enumerate(EARLY, start=1)
    )
    return ProjectFacts(
        buildings=buildings,
        standings=tuple((Standing.ACTIVE,) * len(building.unit_ids) for building in buildings),
        plans=(PLAN,) * len(buildings),
        steps=steps,
        blockers=(
            BlockerFact(
                1, "P03-0137", Gate.PLANNING_VERIFICATION, EVERYTHING, FAULT, FOUND, label="底商夹层、擅改用途"
            ),
            BlockerFact(2, "D01-0138", Gate.SURVEY_REVIEW, EVERYTHING, scope_of(units=()), FOUND, label="成果未审核"),
        ),
    )


@pytest.fixture(scope="module")
def with_letter(of_2019):
    """The letter: clauses on P03 and on survey review, scope in = dwellings."""
    reliefs = (ReliefFact(1, DWELLINGS, SIGNED, label="×政函〔2021〕18号条款1"), ReliefFact(2, DWELLINGS, SIGNED))
    return replace(of_2019, reliefs=reliefs)


@pytest.fixture(scope="module")
def with_steps(with_letter):
    """Steps by commitment for the dwellings of every building."""
    steps = [
        StepFact(
            100 + n, gate, building.id, Part.DWELLING, StepStatus.BY_COMMITMENT, MADE, document="×规自核〔2021〕41号"
        )
        for n, gate in enumerate(LATER)
        for building in with_letter.buildings
    ]
    return replace(with_letter, steps=(*with_letter.steps, *steps))


def test_the_project_is_the_one_of_the_story(of_2019):
    table = compute_gates(of_2019, on=FOUND)
    assert table.count("all", uses=DWELLING) == HOMES
    assert table.count("all", uses=SHOPS) == ALTERED + OTHERS
    assert sum(FAULT.mask(building).bit_count() for building in of_2019.buildings) == ALTERED


def test_2019_nothing_is_passable_and_nothing_is_cleared(of_2019):
    table = compute_gates(of_2019, on=FOUND)
    assert table.count("passable:planning_verification") == 0
    assert table.count("cleared") == 0
    assert table.count("ready") == 0


def test_letter_signed_clears_the_7899_homes_and_makes_none_ready(with_letter):
    table = compute_gates(with_letter, on=SIGNED)
    assert table.count("cleared", uses=DWELLING) == HOMES
    assert table.count("ready") == 0
    assert table.count("cleared", uses=SHOPS) == 0, "altered shops are shut, the others are in no clause"


def test_the_day_before_the_letter_nothing_is_cleared(with_letter):
    assert compute_gates(with_letter, on=date(2021, 6, 17)).count("cleared") == 0


def test_steps_by_commitment_make_the_homes_ready_and_no_shop(with_steps):
    table = compute_gates(with_steps, on=MADE)
    assert table.count("ready", uses=DWELLING) == HOMES
    assert table.count("registered", uses=DWELLING) == HOMES
    assert table.count("ready", uses=SHOPS) == 0


def test_the_chain_shows_a_promise_for_homes_a_fault_and_a_blocker_for_the_rest(with_steps):
    table = compute_gates(with_steps, on=MADE)
    homes = "".join(mark.value for mark in table.marks(1, Part.DWELLING))
    rest = "".join(mark.value for mark in table.marks(1, Part.NON_DWELLING))
    assert homes == "pppp-cppcccc"
    assert rest == "pppp-fppnsnn", "shut where a blocker stands, not yet where only the step is missing"


def test_a_building_without_altered_shops_shows_a_blocker_and_no_fault(with_steps):
    innocent = replace(
        with_steps, blockers=tuple(replace(b, at_fault=scope_of(buildings={2})) for b in with_steps.blockers)
    )
    marks = dict(zip(Gate.building_gates(), compute_gates(innocent, on=MADE).marks(1, Part.NON_DWELLING), strict=True))
    assert marks[Gate.PLANNING_VERIFICATION] == Mark.SHUT


def test_the_units_that_stay_shut_are_told_by_fault_and_by_clause(with_letter):
    table = compute_gates(with_letter, on=SIGNED)
    shut = {True: 0, False: 0}
    for building in with_letter.buildings:
        for is_fault, mask in table.shut_masks(building.id):
            shut[is_fault] += mask.bit_count()
    assert shut == {True: ALTERED, False: OTHERS}


def test_an_altered_shop_is_refused_with_the_number_of_the_blocker(with_steps):
    building = with_steps.buildings[0]
    shop = next(unit for unit in building.facts() if unit.features)
    assert compute_gates(with_steps, on=MADE).fault_of(shop.id).number == "P03-0137"
    assert "P03-0137" in not_ready_words(with_steps, shop.id, MADE)
    call = Call("waiting", why(shop, with_steps, MADE), MADE, use=shop.use, features=shop.features)
    assert "先恢复原状" in telephone_words(call)


def test_a_fault_found_after_the_steps_stops_nothing_of_theirs(with_steps):
    found = BlockerFact(3, "P05-0009", Gate.PLANNING_VERIFICATION, EVERYTHING, DWELLINGS, date(2021, 9, 1))
    later = replace(with_steps, blockers=(*with_steps.blockers, found))
    table = compute_gates(later, on=date(2021, 9, 1))
    home = later.buildings[0].unit_ids[0]
    assert table.count("ready", uses=DWELLING) == HOMES
    assert table.fault_of(home) is None, "a pause may be decided; the rule itself stops steps not yet made"
    assert table.count("fault:planning_verification", uses=DWELLING) == HOMES, "all stand on the watch list"


def test_another_shop_waits_because_it_is_in_no_clause(with_steps):
    shop = next(u for u in with_steps.buildings[0].facts() if u.use == Use.RETAIL and not u.features)
    kinds = {reason.kind for reason in why(shop, with_steps, MADE)}
    assert ReasonKind.BLOCKED in kinds
    assert ReasonKind.FAULT not in kinds


def test_a_lapsed_letter_undoes_nothing_that_was_made(with_steps):
    lapsed = replace(with_steps, reliefs=tuple(replace(r, ends=date(2022, 1, 16)) for r in with_steps.reliefs))
    table = compute_gates(lapsed, on=date(2022, 2, 1))
    assert table.count("ready", uses=DWELLING) == HOMES, "steps once made stay made"


def test_a_letter_that_lapses_before_the_steps_shuts_the_gate_again(with_letter):
    lapsed = replace(with_letter, reliefs=tuple(replace(r, ends=date(2021, 7, 1)) for r in with_letter.reliefs))
    assert compute_gates(lapsed, on=date(2021, 6, 30)).count("cleared", uses=DWELLING) == HOMES
    assert compute_gates(lapsed, on=date(2021, 7, 1)).count("cleared", uses=DWELLING) == 0


def test_with_the_setting_a_pause_stops_homes_that_are_not_yet_accepted(with_steps):
    paused = replace(with_steps, pauses=(PauseFact(1, DWELLINGS, date(2022, 1, 16), label="区专班：逾期"),))
    assert compute_gates(paused, on=date(2022, 1, 15)).count("ready", uses=DWELLING) == HOMES
    assert compute_gates(paused, on=date(2022, 1, 16)).count("ready", uses=DWELLING) == 0
    assert compute_gates(paused, on=date(2022, 1, 16)).count("registered", uses=DWELLING) == HOMES, (
        "passed stays passed"
    )


def test_shops_restored_and_verified_open_for_shops_too(with_steps):
    resolved = replace(
        with_steps, blockers=tuple(replace(b, resolved_on=date(2022, 9, 30)) for b in with_steps.blockers)
    )
    table = compute_gates(resolved, on=date(2022, 9, 30))
    assert table.count("passable:planning_verification", uses=SHOPS) == ALTERED + OTHERS
    assert table.count("cleared", uses=SHOPS) == ALTERED + OTHERS
    assert table.count("ready", uses=SHOPS) == 0, "their own steps can now be made"
