"""The three rates by published tables: each figure comes out as printed, or what does not add up is named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.rates import rate
from registry.kernel.tickets.rates import (
    NOT_RANKED,
    Case,
    RateRules,
    Rates,
    Share,
    band_of,
    class_of,
    growth,
    ranked,
    rates_of,
    read_limits,
    unnamed,
)

P16 = (300, 80, 20)


def tenths(value: Decimal | None) -> str:
    return f"{value:.1f}" if value is not None else "—"


def test_p1_rates_come_out_half_up_and_the_sum_of_sources_is_one_too_many() -> None:
    """连云港 2017-04: 受理26898, 应结24932, 结案23974, 按期22345; 77 units, 55 with full marks."""
    assert [str(rate(hits, cases)) for hits, cases in ((23974, 24932), (22345, 24932), (20601, 26898), (3354, 26898))] == [
        "96.16", "89.62", "76.59", "12.47",
    ]  # fmt: skip
    assert [str(rate(hits, 77)) for hits in (55, 22)] == ["71.43", "28.57"]
    assert unnamed(26898, (14765, 11863, 149, 59, 53, 5, 3, 1, 1)) == -1


@pytest.mark.parametrize(
    ("printed", "in_time", "unsatisfied", "percent"),
    [(99, 87, 8, 9), (77, 70, 6, 9), (68, 66, 5, 8), (68, 63, 5, 8), (41, 39, 5, 13)],
)
def test_p6_the_rate_is_of_the_tickets_in_time_not_of_the_total_column(
    printed: int, in_time: int, unsatisfied: int, percent: int
) -> None:
    """宁国 2022-04: 住建, 公安, 城管, 卫健, 市监. The denominator differs from the column printed beside it."""
    share = Share(unsatisfied, in_time)
    assert share.value is not None
    assert int(share.value + Decimal("0.5")) == percent
    assert (in_time < printed, share.cases) == (True, in_time)
    assert unnamed(2877, (2276, 601)) == unnamed(601, (532, 69)) == 0


def test_p8_growth_and_shares_reproduce() -> None:
    """大英 2016-03-04..10: 506, +20.48 % on 420; 495+11; 460+38+3+4+1; first three 172+80+50 = 59.68 %."""
    assert str(growth(506, 420)) == "20.48"
    assert unnamed(506, (495, 11)) == unnamed(506, (460, 38, 3, 4, 1)) == 0
    assert str(rate(172 + 80 + 50, 506)) == "59.68"
    assert growth(506, 0) is None


def test_p10_the_classes_leave_a_remainder_that_must_be_named() -> None:
    """岳阳 2017-Q2: 71266 (+7181 = 11.2 %); classes sum 65686; call-backs 2617/2713 = 96.5 %; 72 of 92 units 78.3 %."""
    assert tenths(growth(71266, 71266 - 7181)) == "11.2"
    assert unnamed(71266, (29486, 20780, 14938, 285, 197)) == 5580
    assert tenths(rate(2617, 2713)) == "96.5"
    assert tenths(rate(72, 92)) == "78.3"


def test_p16_units_are_ranked_in_bands_of_size_and_few_tickets_give_no_place() -> None:
    """杭州 2021-01: groups of 300 and more, 80 to 299, 20 to 79; fewer than 20 are not ranked."""
    assert [band_of(n, P16) for n in (300, 299, 80, 79, 20, 19)] == [
        "300件及以上", "80—299件", "80—299件", "20—79件", "20—79件", None,
    ]  # fmt: skip
    assert band_of(3, ()) == "不分组"


def case(key: int, **words: object) -> Case:
    return Case(key, **{"in_time": True, "responded": True, "solved": True, "satisfied": "yes", **words})  # type: ignore[arg-type]


def test_contact_by_the_system_and_response_by_the_caller_are_two_figures() -> None:
    cases = [case(1), case(2, responded=False), case(3, in_time=False), Case(4, in_time=True), Case(5, in_time=None)]
    row = rates_of(cases, RateRules())
    assert (row.contacted.hits, row.contacted.cases) == (3, 4)
    assert (row.responded.hits, row.responded.cases) == (2, 3)
    assert row.score is None, "no weights, no score"


def test_without_valid_call_backs_there_is_no_rate() -> None:
    row = rates_of([Case(1, in_time=True)], RateRules(weights=(30, 35, 35)))
    assert [share.value for share in (row.responded, row.solved, row.satisfied)] == [None, None, None]
    assert (row.solved.interval, row.score) == (None, None)


def test_weights_and_deductions_are_versions_that_give_different_scores() -> None:
    cases = [case(1), case(2, satisfied="basically"), case(3, solved=False, satisfied="no"), case(4, in_time=False)]
    weighted = rates_of(cases, RateRules(weights=(30, 35, 35)))
    strict = rates_of(cases, RateRules(weights=(30, 35, 35), basically_counts=False))
    off = rates_of(cases, RateRules(deductions=(500, 1000, 1000, 0)))
    assert (weighted.score, strict.score) == (Decimal("75.00"), Decimal("66.25"))
    assert off.score == Decimal("93.75"), "100 − (5 + 10 + 10) ÷ 4"
    by_caller = rates_of([case(1, in_time=False)], RateRules(weights=(100, 0, 0), by_caller=True))
    assert by_caller.score == Decimal("100.00")


def test_repeats_are_tickets_and_one_demand() -> None:
    row = rates_of([case(1), case(2, is_repeat=True), case(3, is_repeat=True)], RateRules())
    assert (row.tickets, row.demands) == (3, 1)


def test_equal_scores_share_a_place_in_their_band() -> None:
    rules = RateRules(bands=(20,))

    def unit(n: int, solved: int) -> Rates:
        return rates_of([case(at, solved=at < solved) for at in range(n)], rules)

    placed = ranked([unit(20, 10), unit(20, 20), unit(40, 20), unit(19, 19)], rules)
    assert [(each.band, each.place, each.of) for each in placed] == [
        ("20件及以上", 2, 3), ("20件及以上", 1, 3), ("20件及以上", 2, 3), (NOT_RANKED, None, 0),
    ]  # fmt: skip


def test_classes_are_those_that_are_set() -> None:
    rules = RateRules(classes=(95, 85), class_names=("甲", "乙", "丙"))
    assert [class_of(Decimal(value), rules) for value in (96, 95, 90, 10)] == ["甲", "甲", "乙", "丙"]
    assert class_of(Decimal(96), RateRules()) == ""
    assert class_of(Decimal(10), RateRules(classes=(95,))) == "第2类"


def test_limits_are_read_as_staff_write_them() -> None:
    assert read_limits("300、80，20", "分组") == (300, 80, 20)
    assert read_limits("", "分组") == ()
    for text in ("80、300", "甲", "80、80"):
        with pytest.raises(DomainError, match="应为由大到小的整数"):
            read_limits(text, "分组")


CASES = st.builds(
    Case, st.integers(1, 10**6), st.sampled_from([True, False, None]), st.booleans(), st.booleans(),
    st.sampled_from(["yes", "basically", "no"]), st.booleans(),
)  # fmt: skip


@given(st.lists(CASES, max_size=30), st.randoms(use_true_random=False))
def test_rates_are_of_the_cases_whatever_their_order_and_within_bounds(cases: list[Case], random: object) -> None:
    rules = RateRules(weights=(20, 40, 40))
    row = rates_of(cases, rules)
    assert row == rates_of(sorted(cases, key=lambda each: each.key), rules)
    for share in (row.contacted, row.responded, row.solved, row.satisfied):
        assert 0 <= share.hits <= share.cases <= len(cases)
    assert row.score is None or 0 <= row.score <= 100


@given(st.lists(CASES, min_size=1, max_size=30))
def test_excluding_a_ticket_moves_a_rate_by_that_ticket_alone(cases: list[Case]) -> None:
    whole, without = rates_of(cases, RateRules()), rates_of(cases[1:], RateRules())
    assert whole.solved.hits - without.solved.hits == int(bool(cases[0].solved))
    assert whole.tickets - without.tickets == 1
