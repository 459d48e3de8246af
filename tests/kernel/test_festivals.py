"""Days off of law: the published years have every one of them, and later years keep the fixed ones."""

import json
from datetime import date
from pathlib import Path

import pytest

from registry.kernel.festivals import YEARS, statutory_days

PUBLISHED = json.loads((Path(__file__).parents[2] / "fixtures/reference/holidays.json").read_text())
OFF = {date.fromisoformat(row["day"]) for row in PUBLISHED if row["kind"] == "holiday"}


@pytest.mark.parametrize("year", range(2018, 2027))
def test_every_notice_that_is_out_gives_the_days_of_law(year: int) -> None:
    assert statutory_days(year) <= OFF


def test_a_year_without_notice_has_its_days_off() -> None:
    assert sorted(statutory_days(2027)) == [
        date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7), date(2027, 2, 8), date(2027, 4, 5),
        date(2027, 5, 1), date(2027, 5, 2), date(2027, 6, 9), date(2027, 9, 15), date(2027, 10, 1), date(2027, 10, 2),
        date(2027, 10, 3),
    ]  # fmt: skip


def test_before_the_reform_the_law_gave_fewer_and_beyond_the_table_the_fixed_ones_hold() -> None:
    assert len(statutory_days(2024)) == 11
    assert date(2024, 5, 2) not in statutory_days(2024)
    assert date(2090, 1, 1) in statutory_days(2090)
    assert (YEARS[0], YEARS[-1]) == (2010, 2040)
