"""compute_gates over a city: 600,000 units, 2,000 blockers, 500 clauses."""

from datetime import date
from random import Random
from time import perf_counter

from registry.kernel.gates import BlockerFact, Gate, ProjectFacts, ReliefFact, StepFact, StepStatus, compute_gates
from registry.kernel.scope import EVERYTHING, BuildingColumns, scope_of
from registry.kernel.stages import Feature, Standing, Use
from tests.benchmarks.measure import Result, peak_mb

PROJECTS, BUILDINGS, UNITS, BLOCKERS, CLAUSES = 900, 12, 56, 2000, 500
DAY = date(2022, 3, 1)
EARLY = (Gate.LAND_SUPPLY, Gate.WORKS_PLAN_PERMIT, Gate.CONSTRUCTION_PERMIT, Gate.FIRE, Gate.CIVIL_DEFENCE)
PLAN = frozenset(gate for gate in Gate.building_gates() if gate != Gate.PRESALE_PERMIT)


def a_project(n: int, rng: Random) -> tuple[list[tuple[object, ...]], int, int]:
    """The rows of a project as a query gives them, and how many blockers and clauses it has."""
    rows = []
    for building in range(BUILDINGS):
        for unit in range(UNITS):
            use = Use.RETAIL if unit % 28 == 27 else Use.DWELLING
            had = Feature.MEZZANINE if use == Use.RETAIL and rng.random() < 0.5 else Feature.NONE
            key = (n * BUILDINGS + building) * UNITS + unit
            rows.append((n * BUILDINGS + building, key, str(unit % 3), str(unit // 6), use, had))
    return rows, BLOCKERS // PROJECTS + (n < BLOCKERS % PROJECTS), int(n < CLAUSES)


def facts_of_rows(n: int, rows: list[tuple[object, ...]], blockers: int, clauses: int) -> ProjectFacts:
    """Facts from rows: what a drill-down or the nightly recompute does."""
    columns = []
    for start in range(0, len(rows), UNITS):
        part = rows[start : start + UNITS]
        columns.append(
            BuildingColumns(part[0][0], *(tuple(row[at] for row in part) for at in (1, 2, 3, 4, 5)))  # type: ignore[arg-type]
        )
    homes, altered = scope_of(uses={Use.DWELLING}), scope_of(features=Feature.MEZZANINE)
    return ProjectFacts(
        buildings=tuple(columns),
        standings=((Standing.ACTIVE,) * UNITS,) * BUILDINGS,
        plans=(PLAN,) * BUILDINGS,
        steps=tuple(
            StepFact(k, gate, columns[k].id if k % 2 else None, None, StepStatus.PASSED, date(2015, 1, 1))
            for k, gate in enumerate(EARLY)
        ),
        blockers=tuple(
            BlockerFact(
                k, f"P03-{k}", Gate.PLANNING_VERIFICATION, altered if k else EVERYTHING, altered, date(2019, 1, 1)
            )
            for k in range(blockers)
        ),
        reliefs=tuple(ReliefFact(k, homes, date(2021, 1, 1)) for k in range(clauses)),
    )


def run() -> list[Result]:
    """Every project of the city, columns and all, once; rows are made before the clock starts."""
    rng = Random(7)
    city = [a_project(n, rng) for n in range(PROJECTS)]
    started, units, cleared = perf_counter(), 0, 0
    for n, (rows, blockers, clauses) in enumerate(city):
        table = compute_gates(facts_of_rows(n, rows, blockers, clauses), on=DAY)
        units += table.count("all")
        cleared += table.count("cleared")
    seconds = perf_counter() - started
    if units < 600_000 or not 0 < cleared < units:
        raise RuntimeError(f"the benchmark is wrong: {units} units, {cleared} cleared")
    return [
        Result("compute_gates, 604,800 units, one core", seconds, "s", 10, f"{cleared} cleared"),
        Result("its peak memory (rows of the city included)", peak_mb(), "MB", 1024),
    ]
