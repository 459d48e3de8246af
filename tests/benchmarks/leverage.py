"""Leverage: every set of a city ranked in the kernel, against one compute_gates; one project from the database."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from random import Random

from documents.setup.reference import load_reference
from projects.casework.selectors.leverage import leverage_of
from projects.gates.models import BlockerType
from projects.gates.services import raise_blocker
from projects.ledger.models import Building
from projects.progress.services import place_units
from registry.kernel.gates import BlockerFact, Gate, ProjectFacts, compute_gates
from registry.kernel.leverage import joined_sets, rank, signatures
from registry.kernel.scope import NOTHING, scope_of
from tests.benchmarks.blockers import HOMES
from tests.benchmarks.gates import BUILDINGS, DAY, PROJECTS, a_project, facts_of_rows
from tests.benchmarks.ledger import ACTOR, database, homes, new_project
from tests.benchmarks.measure import Result, timed

CITY_BUDGET, PROJECT_BUDGET, RATIO = 10.0, 1.0, 6.0
SHUT = (Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.SURVEY_REVIEW, Gate.CADASTRAL)
PER_PROJECT = 4
TYPES = ("P03", "D01", "F01", "A02", "L01", "A03")


def blocked(n: int, rng: Random) -> ProjectFacts:
    """A project of the city with four blockers, each on a random half of its buildings, so that sets overlap."""
    rows, _, clauses = a_project(n, rng)
    facts = facts_of_rows(n, rows, 0, clauses)
    keys = [one.id for one in facts.buildings]
    return replace(
        facts,
        reliefs=(),
        blockers=tuple(
            BlockerFact(
                k,
                f"P03-{k}",
                gate,
                scope_of(buildings=set(rng.sample(keys, BUILDINGS // 2))),
                NOTHING,
                date(2019, 1, 1),
            )
            for k, gate in enumerate(SHUT[:PER_PROJECT])
        ),
    )


def ranked(city_facts: list[ProjectFacts]) -> tuple[int, int]:
    """Rank every project: how many sets of several blockers there are, and the homes that the best moves free."""
    sets = freed = 0
    for one in city_facts:
        found = signatures(one, on=DAY)
        sets += len(joined_sets(found))
        moves = rank(found, {blocker.id: blocker.number for blocker in one.blockers}, {})
        freed += moves[0].freed.homes
    return sets, freed


def decide_all(city_facts: list[ProjectFacts]) -> None:
    """Decide every project once and keep nothing, as ranking does: tables that pile up would slow the base down."""
    for one in city_facts:
        compute_gates(one, on=DAY)


def city() -> list[Result]:
    """Signatures and ranking of every project; the base is one compute_gates of the same, in the same run."""
    rng = Random(7)
    facts = [blocked(n, rng) for n in range(PROJECTS)]
    decide_all(facts)  # the masks of columns are made once, before both clocks start
    base = timed(lambda: decide_all(facts))
    sets, freed = ranked(facts)
    seconds = timed(lambda: ranked(facts))
    if not sets or not freed:
        raise RuntimeError("the benchmark is wrong")
    return [
        Result(
            "leverage of 604,800 units in the kernel", seconds, "s", CITY_BUDGET, f"{sets} sets of several blockers"
        ),
        Result(
            "leverage / one compute_gates of the same", seconds / base, "×", RATIO, f"{seconds:.2f} s / {base:.2f} s"
        ),
    ]


def by_removal(facts: ProjectFacts) -> int:
    """What one would do without signatures: decide everything again for each set of up to three blockers."""
    before = compute_gates(facts, on=DAY).count("cleared")
    best = 0
    for size in (1, 2, 3):
        for gone in combinations(facts.blockers, size):
            left = replace(facts, blockers=tuple(one for one in facts.blockers if one not in gone))
            best = max(best, compute_gates(left, on=DAY).count("cleared") - before)
    return best


def project() -> list[Result]:
    """The live ranking of a project of 7,899 homes and six blockers, reading included; and beside it, by removal."""
    with database():
        load_reference()
        held = new_project("B-LEV")
        place_units(actor=ACTOR, project=held, rows=homes(HOMES, 220), placed_on=date(2020, 1, 2), source="测速")
        keys = list(Building.objects.filter(project=held).values_list("id", flat=True))
        rng = Random(7)
        for code in TYPES:
            scope = scope_of(buildings=set(rng.sample(keys, len(keys) // 2)))
            raise_blocker(
                actor=ACTOR, project=held, type=BlockerType.objects.get(code=code), title="", scope=scope,
                at_fault=NOTHING, found_on=date(2020, 2, 1),
            )  # fmt: skip
        moves = leverage_of(held.id, on=DAY).moves
        if not any(len(move.blockers) > 1 and move.freed for move in moves):
            raise RuntimeError("the benchmark is wrong")
        seconds = timed(lambda: leverage_of(held.id, on=DAY))
        note = f"{len(moves)} moves"
        return [Result(f"leverage of a project of {HOMES} homes, reading included", seconds, "s", PROJECT_BUDGET, note)]


def run() -> list[Result]:
    """All of it; removal is measured on one project of the city."""
    one = blocked(0, Random(7))
    alone = timed(lambda: ranked([one]), rounds=9)
    removed = timed(lambda: by_removal(one), rounds=9)
    note = f"{alone * 1000:.2f} ms / {removed * 1000:.2f} ms"
    return [*city(), Result("ranking / deciding again for each set", alone / removed, "×", 1, note), *project()]
