"""The days among the arguments of a service, held at the door by what they are the day of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

import registry.urls  # noqa: F401  every service is declared
from registry.kernel.days import DayRefused, DayRule, DueDay, FactDay
from registry.store.acts import WRITES
from registry.store.days import DayWithoutRule, day_rules, hold_days

TODAY = date(2022, 3, 8)
TOMORROW = date(2022, 3, 9)


@dataclass(frozen=True)
class Promise:
    text: str
    due_on: date | None


@dataclass(frozen=True)
class Letter:
    promises: tuple[Promise, ...]


def serve(
    *, signed_on: date, due_on: DueDay | None, effective_on: FactDay, words: Mapping[str, Any], at: datetime
) -> None:
    """A service with days of every kind."""


def held(**given: Any) -> None:
    hold_days(given, day_rules(serve), TODAY)


def test_a_day_has_the_rule_of_its_name_unless_its_annotation_says_another() -> None:
    assert {name: word and word.rule for name, word in day_rules(serve).items()} == {
        "signed_on": DayRule.FACT,
        "due_on": DayRule.DUE,
        "effective_on": DayRule.FACT,
    }


def test_a_day_that_nothing_says_a_rule_of_is_a_fault_at_import() -> None:
    def unknown(*, wedding_day: date) -> None: ...

    with pytest.raises(DayWithoutRule, match="wedding_day"):
        day_rules(unknown)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"signed_on": TOMORROW}, "signed_on"),
        ({"effective_on": TOMORROW}, "effective_on"),
        ({"words": {"sold_on": TOMORROW, "location": "x"}}, "sold_on"),
        ({"letter": Letter((Promise("a", None), Promise("b", date(2200, 1, 1))))}, "due_on"),
        ({"drafts": [Promise("a", date(1022, 3, 8))]}, "due_on"),
    ],
)
def test_a_day_that_cannot_be_is_refused_wherever_it_stands(given: dict[str, Any], field: str) -> None:
    with pytest.raises(DayRefused) as refusal:
        held(**given)
    assert refusal.value.field == field


def test_what_can_be_passes_and_a_moment_is_no_day() -> None:
    held(
        signed_on=TODAY, due_on=date(2030, 1, 1), effective_on=None, words={"target_on": date(2024, 1, 1)},
        at=datetime(2100, 1, 1), letter=Letter((Promise("a", TOMORROW),)), drafts=[], texts=["2099"],
    )  # fmt: skip


def test_every_day_of_every_service_has_a_rule() -> None:
    ruled = {(spec.name, name): word for spec in WRITES.values() for name, word in day_rules(spec.service).items()}
    assert len(ruled) > 50
    assert all(word is not None for word in ruled.values())


def test_the_number_of_a_document_is_of_the_year_of_its_day() -> None:
    held(number="×政函〔2021〕18号", signed_on=date(2021, 5, 1))
    for words in (
        {"number": "×政函〔2021〕18号", "signed_on": date(2022, 1, 1)},
        {"document_no": "×规自核〔2021〕12号", "issued_on": date(2022, 1, 1)},
        {"words": {"number": "×政发〔2021〕1号", "issued_on": date(2022, 1, 1)}},
    ):
        with pytest.raises(DayRefused, match="的年份2021与日期2022-01-01不符"):
            held(**words)


def test_no_text_names_a_document_of_a_year_to_come() -> None:
    with pytest.raises(DayRefused, match="文号〔2023〕的年份尚未到来") as caught:
        held(basis="×专班纪〔2023〕3号", on=TODAY)
    assert caught.value.field == "basis"
