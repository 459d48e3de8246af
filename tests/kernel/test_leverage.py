"""Leverage: the example of the feature list, equality with brute force, and what is never counted."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kernel.gates import BlockerFact, Gate, ProjectFacts, ReliefFact, StepFact, StepStatus
from registry.kernel.leverage import WIDE_KEPT, Freed, frees, joined_sets, rank, signatures
from registry.kernel.scope import EVERYTHING, NOTHING, BuildingColumns, scope_of
from registry.kernel.stages import Feature, Standing, Use
from tests.kernel import reference_gates
from tests.kernel.projects import DAY_ONE, PLANS, buildings, faults, plain_scopes, projects
from tests.kernel.projects import GATES as SOME_GATES
from tests.kernel.test_gates import units_of

DAY = date(2022, 3, 1)
PLAN = frozenset({Gate.LAND_SUPPLY, Gate.PLANNING_VERIFICATION, Gate.FIRE})
A, B, C, D = 1, 2, 3, 4
NUMBERS = {A: "P-1", B: "P-2", C: "P-3", D: "P-4"}


def a_building(key, count, use=Use.DWELLING):
    """A building of so many units of one use."""
    ids = tuple(range(key * 10_000, key * 10_000 + count))
    return BuildingColumns(key, ids, ("1",) * count, ("1",) * count, (use,) * count, (Feature.NONE,) * count)


def a_project(*sizes, blockers, standings=None, **more):
    """Buildings 1…n of so many homes each; blockers as {key: (gate, buildings)}."""
    columns = tuple(a_building(n, size) for n, size in enumerate(sizes, start=1))
    return ProjectFacts(
        buildings=columns,
        standings=standings or tuple((Standing.ACTIVE,) * len(column.unit_ids) for column in columns),
        plans=(PLAN,) * len(columns),
        blockers=tuple(
            BlockerFact(key, NUMBERS[key], gate, scope_of(buildings=set(at)), NOTHING, date(2020, 1, 1))
            for key, (gate, at) in blockers.items()
        ),
        **more,
    )


def the_example():
    """A blocks 100, A and B block 900, C blocks 50."""
    return a_project(
        100,
        900,
        50,
        blockers={A: (Gate.LAND_SUPPLY, (1, 2)), B: (Gate.FIRE, (2,)), C: (Gate.LAND_SUPPLY, (3,))},
    )


def ranked(facts, days=None):
    """The moves as (blockers, homes freed), in order."""
    moves = rank(signatures(facts, on=DAY), {blocker.id: blocker.number for blocker in facts.blockers}, days or {})
    return [(move.blockers, move.freed.homes) for move in moves], moves


def test_the_example_of_the_feature_list_comes_in_its_order():
    found, moves = ranked(the_example())
    assert found == [((A, B), 1000), ((A,), 100), ((C,), 50), ((B,), 0)]
    assert moves[3].needs == (A,)
    assert [move.needs for move in moves[:3]] == [(), (), ()]
    assert (moves[1].together, moves[1].freed_together) == ((B,), Freed(1000))
    assert (moves[2].together, moves[2].freed_together) == ((), Freed())


def test_signatures_count_by_the_exact_set_in_the_way():
    assert signatures(the_example(), on=DAY) == {
        frozenset({A}): Freed(100),
        frozenset({A, B}): Freed(900),
        frozenset({C}): Freed(50),
    }


def test_equal_worth_goes_to_fewer_blockers_then_longer_work_then_the_number():
    facts = a_project(
        10,
        10,
        10,
        blockers={
            A: (Gate.LAND_SUPPLY, (1,)),
            B: (Gate.FIRE, (2,)),
            C: (Gate.LAND_SUPPLY, (3,)),
            D: (Gate.FIRE, (3,)),
        },
    )
    assert [one for one, _ in ranked(facts)[0]][:3] == [(A,), (B,), (C, D)]
    assert [one for one, _ in ranked(facts, {B: 5, C: 900})[0]][:3] == [(B,), (A,), (C, D)]


def test_of_equal_homes_the_smaller_set_goes_first_and_shops_count_where_no_home_is_freed():
    facts = a_project(5, 3, 4, blockers={A: (Gate.LAND_SUPPLY, (1, 2)), B: (Gate.FIRE, (2,)), C: (Gate.FIRE, (3,))})
    mixed = replace(facts, buildings=(facts.buildings[0], *(a_building(n, n + 1, Use.RETAIL) for n in (2, 3))))
    mixed = replace(mixed, standings=tuple((Standing.ACTIVE,) * len(building.unit_ids) for building in mixed.buildings))
    moves = ranked(mixed)[1]
    assert [(move.blockers, move.freed) for move in moves] == [
        ((A,), Freed(5)),
        ((A, B), Freed(5, 3)),
        ((C,), Freed(0, 4)),
        ((B,), Freed()),
    ]


def test_a_set_whose_parts_free_as_much_is_not_listed():
    assert (A, C) not in [one for one, _ in ranked(the_example())[0]]
    assert joined_sets(signatures(the_example(), on=DAY)) == {frozenset({A, B})}


def test_a_home_that_waits_for_four_is_listed_with_all_four():
    at = {A: (Gate.LAND_SUPPLY, (1,)), B: (Gate.FIRE, (1,)), C: (Gate.PLANNING_VERIFICATION, (1,))}
    facts = a_project(7, blockers={**at, D: (Gate.FIRE, (1,))})
    found, moves = ranked(facts)
    assert found[0] == ((A, B, C, D), 7)
    assert {move.needs for move in moves[1:]} == {(B, C, D), (A, C, D), (A, B, D), (A, B, C)}


def test_a_chain_of_pairs_joins_three_and_no_more():
    pairs = {frozenset({A, B}): Freed(1), frozenset({B, C}): Freed(1), frozenset({C, D}): Freed(1)}
    assert joined_sets(pairs) == {*pairs, frozenset({A, B, C}), frozenset({B, C, D})}


def test_very_many_wide_signatures_leave_each_blocker_a_set_that_it_needs():
    keys = range(12)
    wide = {frozenset(combination): Freed(sum(combination)) for combination in combinations(keys, 4)}
    assert len(wide) == 495
    listed = joined_sets(wide)
    assert WIDE_KEPT <= len(listed) <= WIDE_KEPT + len(keys)
    moves = rank(wide, {key: f"P-{key:02d}" for key in keys}, {})
    singles = [move for move in moves if len(move.blockers) == 1]
    assert len(singles) == 12
    assert all(len(move.needs) == 3 and not move.freed for move in singles)


def test_a_blocker_that_holds_nobody_frees_nobody_and_needs_nobody():
    lifted = ReliefFact(C, EVERYTHING, date(2021, 1, 1))
    _, moves = ranked(replace(the_example(), reliefs=(lifted,)))
    assert next(move for move in moves if move.blockers == (C,)).freed == Freed()
    assert next(move for move in moves if move.blockers == (C,)).needs == ()


def test_a_gate_already_passed_is_in_nobodys_way():
    step = StepFact(1, Gate.FIRE, 2, None, StepStatus.NOT_APPLICABLE, date(2021, 1, 1))
    found, _ = ranked(replace(the_example(), steps=(step,)))
    assert found == [((A,), 1000), ((C,), 50), ((B,), 0)]


def test_held_and_excluded_units_are_not_counted_and_shops_are_apart():
    standings = ((Standing.HELD, Standing.EXCLUDED, Standing.ACTIVE, Standing.CARRIED),)
    facts = a_project(4, blockers={A: (Gate.FIRE, (1,))}, standings=standings)
    shops = replace(facts, buildings=(a_building(1, 4, Use.RETAIL),))
    assert signatures(facts, on=DAY) == {frozenset({A}): Freed(homes=2)}
    assert signatures(shops, on=DAY) == {frozenset({A}): Freed(others=2)}


def cleared_by_definition(facts, day):
    """How many units are cleared, unit by unit, held and excluded ones aside; homes and others."""
    found = Freed()
    for unit, standing, plan, _ in units_of(facts, day):
        left = standing in (Standing.HELD, Standing.EXCLUDED, None)
        if not left and reference_gates.cleared(unit, plan, facts, day):
            found += Freed(1, 0) if unit.use == Use.DWELLING else Freed(0, 1)
    return found


def brute_force(facts, day, without):
    """What resolving some blockers frees: decide everything again without them, and subtract."""
    left = replace(facts, blockers=tuple(blocker for blocker in facts.blockers if blocker.id not in without))
    before, after = cleared_by_definition(facts, day), cleared_by_definition(left, day)
    return Freed(after.homes - before.homes, after.others - before.others)


@st.composite
def crowded(draw):
    """A project with up to five live blockers at building gates: where sets matter."""
    facts = replace(draw(projects()), buildings=draw(buildings()), former={})
    standing = st.sampled_from((*Standing, Standing.ACTIVE, Standing.ACTIVE))
    sizes = [len(building.unit_ids) for building in facts.buildings]
    made = draw(st.lists(st.tuples(st.sampled_from(SOME_GATES), plain_scopes, faults), min_size=2, max_size=5))
    return replace(
        facts,
        standings=tuple(tuple(draw(st.lists(standing, min_size=n, max_size=n))) for n in sizes),
        plans=tuple(draw(st.sampled_from(PLANS)) for _ in sizes),
        steps=facts.steps[:3],
        blockers=tuple(
            BlockerFact(key, f"P-{key}", gate, scope, at_fault, DAY_ONE)
            for key, (gate, scope, at_fault) in enumerate(made, start=1)
        ),
    )


@settings(max_examples=250)
@given(crowded() | projects(), st.integers(0, 60))
def test_every_set_frees_what_brute_force_says(facts, n):
    day = DAY_ONE + timedelta(days=n)
    live = [blocker.id for blocker in facts.blockers if blocker.is_live(day)]
    found = signatures(facts, on=day)
    for size in range(1, len(live) + 1):
        for blockers in combinations(live, size):
            assert frees(blockers, found) == brute_force(facts, day, blockers)


@settings(max_examples=200)
@given(crowded(), st.integers(0, 60))
def test_the_ranking_is_that_of_brute_force(facts, n):
    day = DAY_ONE + timedelta(days=n)
    live = [blocker.id for blocker in facts.blockers]
    worth = {
        frozenset(some): brute_force(facts, day, some)
        for size in range(1, len(live) + 1)
        for some in combinations(live, size)
    }
    moves = rank(signatures(facts, on=day), {blocker.id: blocker.number for blocker in facts.blockers}, {})
    shown = {frozenset(move.blockers): move.freed for move in moves}
    assert len(shown) == len(moves)
    assert shown.items() <= worth.items()
    for some, freed in worth.items():
        parts = [
            (frozenset(combination), some - frozenset(combination))
            for n in range(1, len(some))
            for combination in combinations(some, n)
        ]
        if len(some) == 1:
            assert some in shown
        elif len(some) <= 3:
            assert (some in shown) == all(_is_more(freed, worth[one] + worth[other]) for one, other in parts)
    freed = [(-move.freed.homes, 0 if move.freed.homes else -move.freed.others, len(move.blockers)) for move in moves]
    assert freed == sorted(freed)
    for move in moves:
        if len(move.blockers) == 1 and move.needs:
            assert not move.freed
            assert worth[frozenset(move.blockers) | frozenset(move.needs)]


def _is_more(one, other):
    return one.homes + one.others > other.homes + other.others
