"""The band of the zero day, tried on histories that hold what its model lacks. `histories.py` was written before it."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.simulation import FARTHEST, Binding, Outstanding, months_to_zero
from tests.kernel import histories as past


def back_test(seed: int, count: int) -> tuple[float, dict[str, float], float]:
    """Return the mean score of the forecaster, of each naive band, and the share of truths within its band."""
    mine, covered, naive = 0.0, 0, {"last month": 0.0, "mean": 0.0}
    for number, history in enumerate(past.histories(seed, count)):
        zero = months_to_zero(
            Outstanding(history.issued, history.free, history.gates, history.capacity),
            chance=Random(f"{seed} {number}"),
        )
        assert zero is not None
        low, high = zero.p10 or FARTHEST, zero.p90 or FARTHEST
        mine += past.interval_score(low, high, history.zero)
        covered += low <= history.zero <= high
        rates = {"last month": float(history.issued[-1]), "mean": sum(history.issued) / len(history.issued)}
        for name, rate in rates.items():
            band = past.naive_band(history.issued, rate, history.left)
            naive[name] += past.interval_score(*band, history.zero)
    return mine / count, {name: score / count for name, score in naive.items()}, covered / count


def require_better(mine: float, naive: dict[str, float], covered: float) -> None:
    assert {name: mine <= past.BETTER * score for name, score in naive.items()} == dict.fromkeys(naive, True)
    assert past.COVERED[0] <= covered <= past.COVERED[1]


def test_it_beats_last_month_and_the_mean_and_covers_eighty_of_a_hundred() -> None:
    require_better(*back_test(2, 300))


@given(
    st.lists(st.integers(0, 300), max_size=24),
    st.integers(0, 5_000),
    st.lists(st.tuples(st.integers(-3, 30), st.integers(1, 900)), max_size=3),
    st.integers(0, 200),
)
def test_a_band_is_in_order_and_the_same_for_the_same_seed(
    issued: Sequence[int], free: int, gates: Sequence[tuple[int, int]], capacity: int
) -> None:
    outstanding = Outstanding(issued, free, gates, capacity)
    zero = months_to_zero(outstanding, chance=Random("a"), then=6, runs=12)
    if zero is None:
        assert len(issued) < 3 or not any(issued)
        return
    months = [FARTHEST + 1 if month is None else month for month in (zero.p10, zero.p50, zero.p90)]
    assert months == sorted(months)
    assert list(zero.left_then) == sorted(zero.left_then)
    assert zero == months_to_zero(outstanding, chance=Random("a"), then=6, runs=12)
    if capacity and outstanding.left > 0:
        assert months[0] >= -(-outstanding.left // capacity) or months[0] == FARTHEST + 1


def test_nothing_is_left_at_once_and_too_few_months_say_nothing() -> None:
    done = months_to_zero(Outstanding((), 0), chance=Random("a"))
    assert done is not None
    assert (done.p10, done.p50, done.p90) == (0, 0, 0)
    assert months_to_zero(Outstanding((50, 50), 100), chance=Random("a")) is None
    assert months_to_zero(Outstanding((0, 0, 0, 0), 100), chance=Random("a")) is None


def test_what_binds_is_what_held_most_of_the_months() -> None:
    steady = (50, 50, 50, 50)
    asked = {
        Binding.PACE: Outstanding(steady, 500),
        Binding.CAPACITY: Outstanding(steady, 500, capacity=10),
        Binding.GATES: Outstanding(steady, 50, ((20, 50),)),
    }
    zeros = {name: months_to_zero(outstanding, chance=Random("a")) for name, outstanding in asked.items()}
    assert {name: zero and zero.binding for name, zero in zeros.items()} == {name: name for name in asked}
