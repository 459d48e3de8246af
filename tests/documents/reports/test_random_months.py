"""Twenty-four months drawn from a seed close to zero: every row of the bridge, at every level, month after month."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from documents.reports.changes import EVERYTHING, NUMBERS, Scope, bridge_in, change_rows, stage_rows
from documents.reports.entries import Entry
from documents.reports.models import MonthClose
from registry.audit.invariants import INVARIANTS
from registry.kernel.bridge import Bridge, Term
from registry.kernel.periods import Month
from tests.documents.reports.lives import Life
from tests.factories.projects import Estate

FIRST = Month.parse("2021-09")  # every home is ready since July
MONTHS = 24
Closings = Mapping[Scope, Mapping[str, int]]


def scopes_of(entries: Sequence[Entry]) -> list[Scope]:
    """The city, every district, every township, every project."""
    districts = {Scope(entry["district_code"]) for entry in entries}
    towns = {Scope(entry["district_code"], entry["township_code"]) for entry in entries}
    projects = {Scope(code=entry["code"]) for entry in entries}
    return [EVERYTHING, *sorted(districts | towns | projects, key=str)]


def numbers_of(bridge: Bridge, term: Term) -> dict[str, int]:
    return {name: getattr(bridge.row(term), name) for name, _, _ in NUMBERS}


def what_does_not_add_up(entries: Sequence[Entry], before: Closings) -> list[str]:
    """Name every scope and number whose opening is not the closing before, or whose rows do not sum to the closing."""
    wrong = []
    for scope in scopes_of(entries):
        bridge = bridge_in(entries, scope)
        opening, closing = (numbers_of(bridge, term) for term in (Term.OPENING, Term.CLOSING))
        if opening != before.get(scope, dict.fromkeys(opening, 0)):
            wrong.append(f"{scope}：期初不是上月期末")
        for name in opening:
            rows = [row for row in change_rows(bridge) if row["code"] != Term.CLOSING.value]
            if sum(row[name] for row in rows) != closing[name]:
                wrong.append(f"{scope}：{name}相加不等于期末")
        wrong += [
            f"{scope}：{row['label']}"
            for row in stage_rows(entries, bridge, scope)
            if row["opening"] + row["risen"] - row["fallen"] + row["corrected"] != row["closing"]
        ]
    return wrong


def is_summed(entries: Sequence[Entry]) -> bool:
    """Whether projects add up to townships, townships to districts, districts to the city."""

    def whole(scopes: Sequence[Scope]) -> dict[str, int]:
        closings = [numbers_of(bridge_in(entries, scope), Term.CLOSING) for scope in scopes]
        return {name: sum(closing[name] for closing in closings) for name, _, _ in NUMBERS}

    scopes = scopes_of(entries)
    projects = [scope for scope in scopes if scope.code]
    towns = [scope for scope in scopes if scope.township]
    districts = [scope for scope in scopes if scope.district and not scope.township]
    return whole([EVERYTHING]) == whole(districts) == whole(towns) == whole(projects)


def revised(entries: Sequence[Entry]) -> int:
    """By how much the issues of earlier months are known otherwise than a close before."""
    rows = [row for entry in entries for row in entry["revisions"] if len(row["known"]) > 1]
    return sum(row["known"][-1] - row["known"][-2] for row in rows)


def live(estate: Estate, seed: int, count: int) -> Life:
    """Live through months and hold each close against the one before."""
    life, before = Life(estate, random.Random(seed)), None
    for month, close in life.months(FIRST, count):
        entries = close.rows["projects"]
        closings = {
            scope: numbers_of(bridge_in(entries, scope), Term.CLOSING) for scope in scopes_of(entries)
        }  # fmt: skip
        if before is not None:
            assert what_does_not_add_up(entries, before) == [], (seed, month)
            lines = [line for line in close.rows["lines"] if line["of"] == Term.ISSUED.value]
            corrected = sum(line["stock"].get("issued", 0) for line in lines)
            assert revised(entries) == corrected, (seed, month)
        assert is_summed(entries), (seed, month)
        before = closings
    assert [fault for rule in ("I9", "I11") for fault in INVARIANTS[rule].check(None)] == [], seed
    return life


def test_twenty_four_random_months_close_to_zero_everywhere(story: Estate) -> None:
    life = live(story, seed=20220228, count=MONTHS)

    assert MonthClose.objects.count() == MONTHS
    wanted = {"issued", "issued_late", "taken_back", "excluded", "project_late", "split", "found"}
    assert wanted - life.done.keys() == set(), life.done


@pytest.mark.parametrize("name", ["involved", "issued"])
def test_a_row_that_is_one_off_is_named(story: Estate, name: str) -> None:
    """What adds up is seen to add up: one home more in one row is found at every level."""
    life = Life(story, random.Random(1))
    [(_, first), (_, second)] = list(life.months(FIRST, 2))
    before = {
        scope: numbers_of(bridge_in(first.rows["projects"], scope), Term.CLOSING)
        for scope in scopes_of(first.rows["projects"])
    }
    entries: list[dict[str, Any]] = second.rows["projects"]
    assert what_does_not_add_up(entries, before) == []
    opening = next(entry["bridge"]["opening"] for entry in entries if "opening" in entry["bridge"])
    opening[name] = opening.get(name, 0) + 1
    assert len(what_does_not_add_up(entries, before)) >= 4
