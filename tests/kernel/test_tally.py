"""Tallies: moves conserve units in any order, and each month's closing is opening, movements and corrections."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.periods import midnight_before
from registry.kernel.tally import (
    Account,
    Imbalance,
    MoveFact,
    apply,
    at_or_beyond,
    balances_of,
    imbalances,
    negatives,
    postings,
    regroup,
    reversal,
)

STAGES = ("waiting", "notified", "collected", "accepted", "recorded", "printed", "issued")
NEW_YEAR = datetime(2022, 1, 1, 8, tzinfo=UTC)


def account(stage: str, building: int = 9, standing: str = "active", use: str = "dwelling") -> Account:
    return Account(building, use, standing, "certificate", stage)


def moment(day: date, hour: int = 12) -> datetime:
    return midnight_before(day) + timedelta(hours=hour)


def fact(frm: Account | None, to: Account | None, day: date, recorded: date | None = None, units: int = 1) -> MoveFact:
    return MoveFact(frm, to, day, moment(recorded or day), units)


OPENING = fact(None, account("waiting"), date(2022, 1, 5), units=100)
COLLECTED = fact(account("waiting"), account("collected"), date(2022, 1, 20), units=30)


def test_postings_of_a_move_sum_to_nothing() -> None:
    assert [(p.account.stage, p.amount) for p in postings(COLLECTED)] == [("waiting", -30), ("collected", 30)]
    assert [p.amount for p in postings(OPENING)] == [100]


def test_fold_as_of_a_day_and_a_moment() -> None:
    moves = [OPENING, COLLECTED]
    assert balances_of(moves) == {account("waiting"): 70, account("collected"): 30}
    assert balances_of(moves, on=date(2022, 1, 19)) == {account("waiting"): 100}
    assert balances_of(moves, on=date(2022, 1, 20)) == {account("waiting"): 70, account("collected"): 30}
    assert balances_of(moves, known_at=moment(date(2022, 1, 5), 13)) == {account("waiting"): 100}
    assert balances_of(moves, known_at=moment(date(2022, 1, 5), 11)) == {}


def test_an_account_that_comes_to_zero_disappears() -> None:
    balances = balances_of([OPENING])
    apply(balances, fact(account("waiting"), None, date(2022, 1, 6), units=100))
    assert balances == {}


def test_reversal_corrects_the_past_and_deletes_nothing() -> None:
    undone = reversal(COLLECTED, recorded_at=moment(date(2022, 2, 10)))
    moves = [OPENING, COLLECTED, undone]
    assert balances_of(moves) == balances_of([OPENING])
    assert balances_of(moves, known_at=moment(date(2022, 2, 9))) == balances_of([OPENING, COLLECTED])


@pytest.mark.parametrize(
    ("frm", "to", "units", "code"),
    [
        (None, None, 1, "MOVE_NOWHERE"),
        (account("waiting"), account("waiting"), 1, "MOVE_NOWHERE"),
        (account("waiting"), account("waiting")._replace(track="tax", stage="assessed"), 1, "MOVE_TRACK"),
        (account("waiting"), account("collected"), 0, "MOVE_UNITS"),
    ],
)
def test_move_that_is_none_is_refused(frm: Account | None, to: Account | None, units: int, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        MoveFact(frm, to, date(2022, 1, 5), NEW_YEAR, units)
    assert refusal.value.code == code


def test_at_or_beyond_counts_the_stage_and_what_follows() -> None:
    assert at_or_beyond({"waiting": 4, "collected": 3, "issued": 2}, STAGES) == {
        "waiting": 9,
        "notified": 5,
        "collected": 5,
        "accepted": 2,
        "recorded": 2,
        "printed": 2,
        "issued": 2,
    }


def test_imbalances_and_negatives_name_what_is_wrong() -> None:
    balances = {account("waiting"): 70, account("collected"): 30, account("waiting", building=10): -1}
    units = {(9, "certificate"): 101, (10, "certificate"): -1, (11, "certificate"): 2}
    assert imbalances(balances, units) == (Imbalance(9, "certificate", 101, 100), Imbalance(11, "certificate", 2, 0))
    assert imbalances(balances, {}) == (Imbalance(9, "certificate", 0, 100), Imbalance(10, "certificate", 0, -1))
    assert negatives(balances) == (account("waiting", building=10),)


# Random histories: units move about, change standing, use and building; some facts are recorded weeks late.

UNITS = st.integers(1, 12)
days = st.dates(date(2022, 1, 1), date(2022, 5, 31))


@st.composite
def histories(draw: st.DrawFn) -> tuple[int, list[MoveFact]]:
    """Walk units through accounts; returns how many there are at the end and the moves of all."""
    moves: list[MoveFact] = []
    alive = 0
    for _ in range(draw(UNITS)):
        walk = draw(
            st.lists(
                st.builds(
                    Account,
                    st.integers(1, 3),
                    st.sampled_from(("dwelling", "retail")),
                    st.sampled_from(("active", "held", "carried")),
                    st.just("certificate"),
                    st.sampled_from(STAGES),
                ),
                min_size=1,
                max_size=5,
            )
        )
        places: list[Account | None] = [None, *walk] + ([None] if draw(st.booleans()) else [])
        occurred = sorted(draw(st.lists(days, min_size=len(places) - 1, max_size=len(places) - 1)))
        for frm, to, day in zip(places, places[1:], occurred, strict=False):
            if frm != to:
                delay = draw(st.sampled_from((0, 0, 0, 3, 40)))
                moves.append(fact(frm, to, day, day + timedelta(days=delay)))
        alive += places[-1] is not None
    return alive, moves


@given(histories(), st.randoms(use_true_random=False))
def test_balances_sum_to_the_units_in_any_order(history: tuple[int, list[MoveFact]], random: object) -> None:
    alive, moves = history
    shuffled = list(moves)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    balances = balances_of(moves)
    assert balances_of(shuffled) == balances
    assert sum(balances.values()) == alive
    assert negatives(balances) == ()
    by_building = regroup(balances, lambda one: (one.building, one.track))
    assert imbalances(balances, by_building) == ()


@given(histories(), days, days)
def test_every_day_and_known_moment_conserves(history: tuple[int, list[MoveFact]], on: date, known: date) -> None:
    _, moves = history
    counted = [m for m in moves if m.occurred_on <= on and m.recorded_at <= moment(known)]
    came, went = sum(m.frm is None for m in counted), sum(m.to is None for m in counted)
    assert sum(balances_of(moves, on=on, known_at=moment(known)).values()) == came - went


@given(histories())
def test_running_balances_equal_the_fold(history: tuple[int, list[MoveFact]]) -> None:
    _, moves = history
    running: dict[Account, int] = {}
    for move in moves:
        apply(running, move)
    assert running == balances_of(moves) == dict(+Counter(balances_of(moves)))


@given(histories(), st.data())
def test_reversal_of_any_move_leaves_the_frozen_past_as_it_was(
    history: tuple[int, list[MoveFact]], data: st.DataObject
) -> None:
    _, moves = history
    if not moves:
        return
    chosen = data.draw(st.sampled_from(moves))
    undone = reversal(chosen, recorded_at=moment(date(2023, 1, 1)))
    assert balances_of([*moves, undone], known_at=moment(date(2022, 12, 31))) == balances_of(moves)
    without = list(moves)
    without.remove(chosen)
    assert balances_of([*moves, undone]) == balances_of(without)
    assert replace(undone, frm=undone.to, to=undone.frm, recorded_at=chosen.recorded_at) == chosen
