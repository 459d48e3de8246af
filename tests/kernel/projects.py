"""Random small projects for the properties of scopes and gates."""

from datetime import date, timedelta

from hypothesis import strategies as st

from registry.kernel.gates import BlockerFact, Gate, PauseFact, ProjectFacts, ReliefFact, StepFact, StepStatus
from registry.kernel.scope import BuildingColumns, Clause, Scope, Term
from registry.kernel.stages import Feature, Part, Standing, Use

DAY_ONE = date(2021, 1, 1)
USES = (Use.DWELLING, Use.RETAIL, Use.ANCILLARY)
FEATURES = (Feature.NONE, Feature.MEZZANINE, Feature.ALTERED_USE, Feature.MEZZANINE | Feature.ALTERED_USE)
GATES = (Gate.WORKS_PLAN_PERMIT, Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.FIRST_REGISTRATION)
PLAN = frozenset(GATES)

days = st.integers(0, 40).map(lambda n: DAY_ONE + timedelta(days=n))
ends = st.none() | days


@st.composite
def buildings(draw: st.DrawFn) -> tuple[BuildingColumns, ...]:
    """Two or three buildings of one to six units with unique ids."""
    found, key = [], 0
    for number in range(1, draw(st.integers(2, 3)) + 1):
        size = draw(st.integers(1, 6))
        rows = [
            (
                draw(st.sampled_from("12")),
                draw(st.sampled_from("123")),
                draw(st.sampled_from(USES)),
                draw(st.sampled_from(FEATURES)),
            )
            for _ in range(size)
        ]
        found.append(
            BuildingColumns(
                id=number,
                unit_ids=tuple(range(key + 1, key + size + 1)),
                entrances=tuple(row[0] for row in rows),
                floors=tuple(row[1] for row in rows),
                uses=tuple(row[2] for row in rows),
                features=tuple(row[3] for row in rows),
            )
        )
        key += size
    return tuple(found)


def some(values: object) -> st.SearchStrategy:
    """Nothing named, or a set of the values."""
    return st.none() | st.frozensets(st.sampled_from(values), max_size=2)


clauses = st.builds(
    Clause,
    buildings=some((1, 2, 3)),
    entrances=some("12"),
    floors=some("123"),
    uses=some(USES),
    features=st.sampled_from(FEATURES),
    units=some(tuple(range(1, 8))),
)
terms = st.builds(Term, clauses, st.lists(clauses, max_size=2).map(tuple))
scopes = st.builds(Scope, st.lists(terms, max_size=3).map(tuple))


def ranged(starts: date, end: date | None) -> date | None:
    """An end that is not before its start."""
    return end if end is None or end >= starts else starts


@st.composite
def steps(draw: st.DrawFn) -> StepFact:
    """A step anywhere, perhaps revoked, perhaps leaving units out."""
    effective = draw(days)
    building = draw(st.none() | st.sampled_from((1, 2, 3)))
    return StepFact(
        id=draw(st.integers(1, 10_000)),
        gate=draw(st.sampled_from(GATES)),
        building=building,
        part=draw(st.none() | st.sampled_from(tuple(Part))) if building else None,
        status=draw(st.sampled_from(tuple(StepStatus))),
        effective_on=effective,
        revoked_on=ranged(effective, draw(ends)),
        left_out=draw(st.frozensets(st.integers(1, 8), max_size=2)),
    )


@st.composite
def blockers(draw: st.DrawFn) -> tuple[BlockerFact, ...]:
    """Blockers with ids 1…n, at building gates or at the unit."""
    found = []
    for key in range(1, draw(st.integers(0, 3)) + 1):
        on = draw(days)
        found.append(
            BlockerFact(
                id=key,
                number=f"P03-{key:04d}",
                gate=draw(st.sampled_from((*GATES, Gate.ACCEPTANCE))),
                scope=draw(scopes),
                at_fault=draw(scopes),
                found_on=on,
                resolved_on=ranged(on, draw(ends)),
            )
        )
    return tuple(found)


@st.composite
def reliefs(draw: st.DrawFn) -> ReliefFact:
    """A relief of one of the blockers."""
    starts = draw(days)
    return ReliefFact(draw(st.integers(1, 3)), draw(scopes), starts, ranged(starts, draw(ends)))


@st.composite
def pauses(draw: st.DrawFn) -> PauseFact:
    """A pause."""
    starts = draw(days)
    return PauseFact(1, draw(scopes), starts, ranged(starts, draw(ends)))


@st.composite
def projects(draw: st.DrawFn) -> ProjectFacts:
    """A whole random project."""
    columns = draw(buildings())
    fact = draw(st.lists(steps(), max_size=5, unique_by=lambda step: step.id))
    return ProjectFacts(
        buildings=columns,
        standings=tuple(tuple(draw(st.sampled_from(tuple(Standing))) for _ in one.unit_ids) for one in columns),
        plans=tuple(PLAN for _ in columns),
        steps=tuple(fact),
        blockers=draw(blockers()),
        reliefs=tuple(draw(st.lists(reliefs(), max_size=3))),
        pauses=tuple(draw(st.lists(pauses(), max_size=1))),
    )
