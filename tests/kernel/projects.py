"""Random small projects for the properties of scopes and gates."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from registry.kernel.gates import (
    BarFact,
    BlockerFact,
    BuildingState,
    Gate,
    PauseFact,
    ProjectFacts,
    ReliefFact,
    StepFact,
    StepStatus,
)
from registry.kernel.scope import ANY, NOTHING, BuildingColumns, Clause, Scope, Term
from registry.kernel.stages import Feature, Part, Standing, Use

DAY_ONE = date(2021, 1, 1)
USES = (Use.DWELLING, Use.RETAIL, Use.ANCILLARY)
FEATURES = (Feature.NONE, Feature.MEZZANINE, Feature.ALTERED_USE, Feature.MEZZANINE | Feature.ALTERED_USE)
# A chain with a fork (fire and planning both lead to completion) and a gate that few plans hold (presale).
GATES = (
    Gate.CONSTRUCTION_PERMIT,
    Gate.PRESALE_PERMIT,
    Gate.PLANNING_VERIFICATION,
    Gate.FIRE,
    Gate.COMPLETION_FILING,
    Gate.FIRST_REGISTRATION,
)
PLANS = (
    frozenset(GATES),
    frozenset(GATES) - {Gate.PRESALE_PERMIT},
    frozenset({Gate.PLANNING_VERIFICATION, Gate.FIRE}),
    frozenset({Gate.FIRST_REGISTRATION}),
)
UNIT_GATES = (Gate.ACCEPTANCE, Gate.RECORDING)
PASSING = (StepStatus.PASSED, StepStatus.BY_COMMITMENT, StepStatus.BY_OPINION, StepStatus.NOT_APPLICABLE)

days = st.integers(0, 40).map(lambda n: DAY_ONE + timedelta(days=n))
lengths = st.none() | st.none() | st.integers(0, 40)


def after(starts: date, length: int | None) -> date | None:
    """The day after the last: never, or some days on; nought days is a range without a day."""
    return None if length is None else starts + timedelta(days=length)


units = st.tuples(st.sampled_from("12"), st.sampled_from("123"), st.sampled_from(USES), st.sampled_from(FEATURES))


@st.composite
def buildings(draw: st.DrawFn) -> tuple[BuildingColumns, ...]:
    """Two or three buildings of one to five units with unique ids."""
    found, key = [], 0
    for number, rows in enumerate(draw(st.lists(st.lists(units, min_size=1, max_size=5), min_size=2, max_size=3)), 1):
        entrances, floors, uses, features = zip(*rows, strict=True)
        ids = tuple(range(key + 1, key + len(rows) + 1))
        found.append(BuildingColumns(number, ids, entrances, floors, uses, features))
        key += len(rows)
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

# Scopes as clerks make them: one or two attributes named, so that they catch units and overlap.
plain_clauses = st.one_of(
    st.just(ANY),
    st.builds(Clause, uses=st.frozensets(st.sampled_from(USES), min_size=1, max_size=2)),
    st.builds(Clause, buildings=st.frozensets(st.sampled_from((1, 2, 3)), min_size=1, max_size=2), uses=some(USES)),
    st.builds(Clause, features=st.sampled_from(FEATURES)),
    st.builds(Clause, units=st.frozensets(st.integers(1, 8), min_size=1, max_size=3)),
)
plain_terms = st.builds(Term, plain_clauses, st.lists(plain_clauses, max_size=1).map(tuple))
plain_scopes = st.builds(Scope, st.lists(plain_terms, min_size=1, max_size=2).map(tuple))
faults = st.just(NOTHING) | plain_scopes


@st.composite
def steps(draw: st.DrawFn) -> tuple[StepFact, ...]:
    """Steps anywhere, perhaps revoked, perhaps leaving units out; as many pass as do not."""
    made = draw(
        st.lists(
            st.tuples(
                st.sampled_from((*GATES, Gate.FIRST_REGISTRATION)),
                st.sampled_from((None, None, 1, 2, 3)),
                st.sampled_from((None, *Part)),
                st.sampled_from((*StepStatus, *PASSING)),
                days,
                lengths,
                st.frozensets(st.integers(1, 8), max_size=2),
            ),
            max_size=7,
        )
    )
    return tuple(
        StepFact(key, gate, building, part, status, on, after(on, length), left_out)
        for key, (gate, building, part, status, on, length, left_out) in enumerate(made, start=1)
    )


@st.composite
def blockers(draw: st.DrawFn) -> tuple[BlockerFact, ...]:
    """Blockers with ids 1…n, at building gates or at the unit."""
    made = draw(
        st.lists(
            st.tuples(
                st.sampled_from((*GATES, *UNIT_GATES)),
                plain_scopes,
                faults,
                days,
                lengths,
                st.sampled_from(("", "", "U03", "E03", "E04")),
            ),
            min_size=1,
            max_size=3,
        )
    )
    return tuple(
        BlockerFact(
            key,
            f"P03-{key:04d}",
            gate,
            scope,
            at_fault,
            on,
            after(on, length),
            type_code=code if gate in UNIT_GATES else "",
        )
        for key, (gate, scope, at_fault, on, length, code) in enumerate(made, start=1)
    )


reliefs = st.tuples(st.sampled_from((1, 1, 1, 2, 3)), plain_scopes, days, lengths).map(
    lambda row: ReliefFact(row[0], row[1], row[2], after(row[2], row[3]))
)
pauses = st.tuples(plain_scopes, days, lengths).map(lambda row: PauseFact(1, row[0], row[1], after(row[1], row[2])))

bars = st.tuples(plain_scopes, st.none() | days, lengths).map(
    lambda row: BarFact(row[0], "不登记", row[1], after(row[1], row[2]) if row[1] else None)
)


STANDINGS = st.sampled_from((*Standing, Standing.ACTIVE, Standing.ACTIVE, Standing.ACTIVE))


@st.composite
def former_states(draw: st.DrawFn, columns: BuildingColumns) -> tuple[BuildingState, ...]:
    """None to three states of a building before the last one: other uses, features, standings, another plan.

    A unit may be in the books only from a later state on: before that it has no standing.
    """
    ends = sorted(draw(st.sets(days, max_size=3)))
    size = len(columns.unit_ids)
    states, absent = [], frozenset()
    for until in reversed(ends):
        absent |= draw(st.frozensets(st.integers(0, size - 1), max_size=2))
        uses = draw(st.just(columns.uses) | st.tuples(*(st.sampled_from(USES) for _ in range(size))))
        features = draw(st.just(columns.features) | st.tuples(*(st.sampled_from(FEATURES) for _ in range(size))))
        standings = tuple(None if n in absent else draw(STANDINGS) for n in range(size))
        then = replace(columns, uses=uses, features=features)
        states.append(BuildingState(until, then, standings, draw(st.sampled_from(PLANS))))
    return tuple(reversed(states))


@st.composite
def projects(draw: st.DrawFn) -> ProjectFacts:
    """A whole random project with its history."""
    columns = draw(buildings())
    return ProjectFacts(
        buildings=columns,
        standings=tuple(
            tuple(draw(st.lists(STANDINGS, min_size=len(column.unit_ids), max_size=len(column.unit_ids))))
            for column in columns
        ),
        plans=tuple(draw(st.sampled_from(PLANS)) for _ in columns),
        steps=draw(steps()),
        blockers=draw(blockers()),
        reliefs=tuple(draw(st.lists(reliefs, min_size=1, max_size=3))),
        pauses=tuple(draw(st.lists(pauses, max_size=1))),
        bars=tuple(draw(st.lists(bars, max_size=1))),
        issued=draw(
            st.dictionaries(st.sampled_from([unit for column in columns for unit in column.unit_ids] or [0]), days)
        ),
        former={column.id: states for column in columns if (states := draw(former_states(column)))},
    )
