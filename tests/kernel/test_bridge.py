"""The bridge of a month: it closes by construction at every level; the worked example comes out in its own numbers."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.bridge import (
    COLUMNS,
    EMPTY,
    MOVEMENTS,
    PRINTED,
    Bridge,
    Correction,
    Fact,
    Stock,
    Term,
    faults_of,
    month_rows,
    row_of,
    summed,
)
from registry.kernel.periods import Month, midnight_before
from registry.kernel.tally import Cut


def moment(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return midnight_before(day) + timedelta(hours=hour, minutes=minute)


def at(text: str) -> date:
    return date.fromisoformat(f"2022-{text}")


JANUARY, FEBRUARY = Month(2022, 1), Month(2022, 2)
CLOSES = {
    JANUARY: Cut(at("01-31"), moment(at("02-03"), 17)),
    FEBRUARY: Cut(at("02-28"), moment(at("03-03"), 17, 20)),
}


def fact(
    place: str, term: Term, stock: Stock, on: str, recorded: str = "", of: str = "", cause: str = "", author: str = ""
) -> Fact:
    """A fact of 2022; `of` is the day on which what it takes back was recorded."""
    day = at(on)
    known = (day, moment(at(of))) if of else None
    return Fact(place, term, stock, day, moment(at(recorded or on)), of=known, cause=cause, author=author)


def issued(place: str, homes: int, on: str, recorded: str = "", of: str = "") -> Fact:
    return fact(place, Term.ISSUED, Stock(issued=homes), on, recorded, of, "发证", "林某")


BEFORE = [
    fact("甲", Term.TAKEN_IN, Stock(1, 100, 1, issued=48), "01-01"),
    fact("乙", Term.TAKEN_IN, Stock(1, 200, 8, issued=86), "01-01"),
    fact("丙", Term.TAKEN_IN, Stock(0, 40, 0, issued=26), "01-01"),
    issued("甲", 12, "01-20"),
    issued("甲", 4, "01-31", "02-02"),
]
IN_FEBRUARY = [
    fact("丙", Term.TAKEN_IN, Stock(involved=12), "02-10"),
    fact("乙", Term.SPLIT, Stock(involved=-30), "02-12"),
    fact("乙二", Term.SPLIT, Stock(1, 30), "02-12"),
    fact("甲", Term.PARTED, Stock(involved=1), "02-14"),
    fact("乙", Term.EXCLUDED, Stock(excluded=6), "02-15"),
    fact("丙", Term.REOPENED, Stock(1), "02-09"),
    issued("甲", 20, "02-16"),
    issued("甲", -1, "02-16", "02-18", of="02-16"),
    issued("乙", 6, "02-27", "03-02"),
    issued("乙", 9, "03-01"),
    fact("甲", Term.RETURNED, Stock(issued=-1), "02-21"),
    fact("丁", Term.TAKEN_IN, Stock(1, 60), "01-15", "02-10"),
    fact("丁", Term.ENTERED, Stock(issued=5), "01-15", "02-10"),
    issued("丁", 3, "01-28", "02-11"),
    issued("甲", 7, "01-29", "02-08"),
    issued("甲", -2, "01-20", "02-17", of="01-20"),
    fact("乙", Term.EXCLUDED, Stock(excluded=-2), "01-12", "02-22", of="01-12"),
]
EXAMPLE = [*BEFORE, *IN_FEBRUARY]
ROWS = {
    Term.OPENING: (2, 340, 9, 331, 176, 155),
    Term.TAKEN_IN: (0, 12, 0, 12, 0, 12),
    Term.SPLIT: (1, 0, 0, 0, 0, 0),
    Term.PARTED: (0, 1, 0, 1, 0, 1),
    Term.EXCLUDED: (0, 0, 6, -6, 0, -6),
    Term.REOPENED: (1, 0, 0, 0, 0, 0),
    Term.ISSUED: (0, 0, 0, 0, 25, -25),
    Term.RETURNED: (0, 0, 0, 0, -1, 1),
    Term.LATE: (1, 60, 0, 60, 15, 45),
    Term.ERROR: (0, 0, -2, 2, -2, 4),
    Term.CLOSING: (5, 413, 13, 400, 213, 187),
}


def printed(stock: Stock) -> tuple[int, ...]:
    return stock.projects, stock.involved, stock.excluded, stock.due, stock.issued, stock.remaining


def february(facts: list[Fact] = EXAMPLE) -> tuple[Bridge, dict[Correction, Stock]]:
    bridges, lines = month_rows(facts, previous=CLOSES[JANUARY], this=CLOSES[FEBRUARY])
    return summed(bridges.values()), lines


def triangle(facts: list[Fact], closes: dict[Month, Cut]) -> dict[Month, dict[Month, int]]:
    """Return the homes issued in each month as known at its close and at each later one: V[happened][known].

    The diagonal is what each month stated; what a column adds to the one before are the corrections of that close.
    """
    months = sorted(closes)
    issues = [fact for fact in facts if fact.term is Term.ISSUED]
    return {
        happened: {
            known: sum(
                fact.stock.issued
                for fact in issues
                if Month.of(fact.business_on) == happened and fact.is_in(closes[known])
            )
            for known in months
            if known >= happened
        }
        for happened in months
    }


def test_the_worked_example_in_its_own_numbers() -> None:
    whole, lines = february()

    assert {term: printed(whole.row(term)) for term in PRINTED if whole.row(term)} == ROWS
    assert {(line.place, line.term, line.of, line.month): stock.numbers for line, stock in lines.items()} == {
        ("丁", Term.LATE, Term.TAKEN_IN, JANUARY): {"projects": 1, "involved": 60},
        ("丁", Term.LATE, Term.ENTERED, JANUARY): {"issued": 5},
        ("丁", Term.LATE, Term.ISSUED, JANUARY): {"issued": 3},
        ("甲", Term.LATE, Term.ISSUED, JANUARY): {"issued": 7},
        ("甲", Term.ERROR, Term.ISSUED, JANUARY): {"issued": -2},
        ("乙", Term.ERROR, Term.EXCLUDED, JANUARY): {"excluded": -2},
    }
    [wrong] = [line for line in lines if line.term is Term.ERROR and line.of is Term.ISSUED]
    assert (wrong.cause, wrong.author, wrong.recorded_on) == ("发证", "林某", at("02-17"))


def test_the_year_so_far_leaves_old_certificates_and_what_is_of_years_before_out() -> None:
    known = triangle(EXAMPLE, CLOSES)
    returned = february()[0].row(Term.RETURNED).issued

    assert known == {JANUARY: {JANUARY: 16, FEBRUARY: 24}, FEBRUARY: {FEBRUARY: 25}}
    assert known[JANUARY][FEBRUARY] + known[FEBRUARY][FEBRUARY] + returned == 48


def test_january_made_again_differs_by_its_corrections_alone() -> None:
    again = Cut(CLOSES[JANUARY].on, moment(at("02-28")))
    first, second = (
        summed(month_rows(EXAMPLE, previous=Cut(date(2021, 12, 31), cut.known_at), this=cut)[0].values())
        for cut in (CLOSES[JANUARY], again)
    )

    assert (second.row(Term.CLOSING) - first.row(Term.CLOSING)).numbers == {
        "projects": 1, "involved": 60, "excluded": -2, "issued": 13,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "recorded", "of", "row"),
    [
        ("02-10", "02-10", "", Term.ISSUED),
        ("02-27", "03-02", "", Term.ISSUED),
        ("01-30", "02-03", "", Term.LATE),
        ("01-20", "02-17", "01-20", Term.ERROR),
        ("02-16", "02-18", "02-16", Term.ISSUED),
        ("01-20", "02-17", "02-10", Term.LATE),
    ],
    ids=["of the month", "after the cut-off, before the close", "late", "a closed one taken back", "nets", "nets late"],
)
def test_the_row_of_a_fact(on: str, recorded: str, of: str, row: Term) -> None:
    assert row_of(issued("甲", 1, on, recorded, of), CLOSES[JANUARY]) is row


def test_openings_as_closed_stand_before_what_would_be_counted_now() -> None:
    bridges, _ = month_rows(
        EXAMPLE, previous=CLOSES[JANUARY], this=CLOSES[FEBRUARY], openings={"甲": Stock(1, 100, 1, issued=64)}
    )

    assert bridges["甲"].row(Term.OPENING).issued == 64
    assert not bridges["乙"].row(Term.OPENING)


def test_what_rose_and_fell_leaves_corrections_out() -> None:
    whole, _ = february()

    assert (whole.risen.issued, whole.fallen.issued, whole.corrected.issued) == (26, 2, 13)
    assert whole.row(Term.OPENING) + whole.risen - whole.fallen + whole.corrected == whole.row(Term.CLOSING)


def test_a_bridge_that_can_not_be_sealed_says_why() -> None:
    bridge = Bridge()
    bridge.add(Term.OPENING, Stock(1, 10, 0, 5, 4, 3, 3, 2))
    assert list(faults_of({"甲": bridge})) == []

    bridge.add(Term.ISSUED, Stock(issued=3))
    bridge.add(Term.SPLIT, Stock(1, -2))
    assert list(faults_of({"甲": bridge})) == [
        "甲：已发证、已缮证、已登簿、已受理、已收材料、应办不是依次不少于前一项", "项目拆分各项目合计不为零",
    ]  # fmt: skip
    bridge.rows[Term.ISSUED] = EMPTY
    assert "甲：期初、增加、减少、更正之和不等于期末" in list(faults_of({"甲": bridge}))


days = st.dates(date(2022, 1, 1), date(2022, 4, 30))
stocks = st.builds(Stock, *(st.integers(-3, 9) for _ in COLUMNS))
MONTHS = [Month(2022, number) for number in range(1, 7)]
CUTS = {month: Cut(month.last, moment(month.next.first + timedelta(days=3), 17)) for month in MONTHS}


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Facts recorded on their day, after the cut-off, or months late; some are taken back later."""
    facts: list[Fact] = []
    for _ in range(draw(st.integers(0, 14))):
        on, delay = draw(days), draw(st.sampled_from((0, 0, 0, 2, 5, 40)))
        drawn = Fact(
            draw(st.sampled_from("甲乙丙")), draw(st.sampled_from(MOVEMENTS)), draw(stocks), on,
            moment(on + timedelta(days=delay)),
        )  # fmt: skip
        facts.append(drawn)
        if draw(st.booleans()):
            later = drawn.recorded_at + timedelta(days=draw(st.sampled_from((0, 1, 35))))
            facts.append(replace(drawn, stock=-drawn.stock, recorded_at=later, of=(drawn.on, drawn.recorded_at)))
    return facts


@given(histories())
def test_each_month_is_closed_from_the_one_before_at_every_level(facts: list[Fact]) -> None:
    before: dict[object, Stock] = {}
    previous = Cut(date(2021, 12, 31), moment(date(2022, 1, 4), 17))
    for month in MONTHS:
        this = CUTS[month]
        bridges, lines = month_rows(facts, previous=previous, this=this)
        counted = {
            place: sum((fact.stock for fact in facts if fact.place == place and fact.is_in(this)), EMPTY)
            for place in bridges
        }
        assert {place: bridge.row(Term.CLOSING) for place, bridge in bridges.items()} == counted
        assert {place: bridge.row(Term.OPENING) for place, bridge in bridges.items() if bridge.row(Term.OPENING)} == {
            place: stock for place, stock in before.items() if stock
        }
        whole = summed(bridges.values())
        assert whole.row(Term.CLOSING) == sum(counted.values(), EMPTY)
        assert sum(lines.values(), EMPTY) == whole.corrected, "a cell of corrections is the sum of its lines"
        assert whole.row(Term.OPENING) + whole.risen - whole.fallen + whole.corrected == whole.row(Term.CLOSING)
        before, previous = {place: bridge.row(Term.CLOSING) for place, bridge in bridges.items()}, this


@given(histories())
def test_the_triangle_says_what_the_months_stated_and_corrected(facts: list[Fact]) -> None:
    facts = [fact for fact in facts if fact.term is Term.ISSUED]
    known, previous = triangle(facts, CUTS), Cut(date(2021, 12, 31), moment(date(2022, 1, 4), 17))
    for month in MONTHS:
        bridges, _ = month_rows(facts, previous=previous, this=CUTS[month])
        whole = summed(bridges.values())
        assert known[month][month] == whole.row(Term.ISSUED).issued
        revised = sum(known[b][month] - known[b][month.previous] for b in MONTHS if b < month)
        assert revised == whole.corrected.issued
        previous = CUTS[month]
