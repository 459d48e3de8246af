"""Ranking: bands, the least number, ties, movement, cells that are too small."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.ranking import OTHERS, band_label, merged_cells, moved, ranked, years_label

HANGZHOU = (300, 80, 20)  # published_tables.csv P16: ≥ 300, 80–299, 20–79, below 20 not ranked


def test_places_are_ranked_in_their_band_and_ties_share_a_place() -> None:
    rows = ranked(
        {
            "甲": (266, 400),
            "乙": (90, 300),
            "丙": (60, 80),
            "丁": (30, 40),
            "戊": (22, 22),
            "己": (19, 19),
            "庚": (0, 0),
        },
        HANGZHOU,
    )
    assert [(row.place, row.band, row.rank, row.rate) for row in rows] == [
        ("甲", 1, 1, Decimal("66.50")),
        ("乙", 1, 2, Decimal("30.00")),
        ("丙", 2, 1, Decimal("75.00")),
        ("戊", 3, 1, Decimal("100.00")),
        ("丁", 3, 2, Decimal("75.00")),
        ("己", None, None, Decimal("100.00")),
        ("庚", None, None, None),
    ]
    same = ranked({"甲": (1, 300), "乙": (1, 300), "丙": (0, 300)}, HANGZHOU)
    assert [(row.place, row.rank) for row in same] == [("甲", 1), ("乙", 1), ("丙", 3)]


def test_rates_that_print_alike_share_a_place() -> None:
    rows = ranked({"甲": (2_000, 30_000), "乙": (20_001, 300_000)}, HANGZHOU)
    assert [(row.rate, row.rank) for row in rows] == [(Decimal("6.67"), 1), (Decimal("6.67"), 1)]


def test_bands_in_words() -> None:
    assert [band_label(HANGZHOU, number) for number in (1, 2, 3, None)] == [
        "300套以上", "80至299套", "20至79套", "不足20套，不排名",
    ]  # fmt: skip


def test_movement_is_within_a_band() -> None:
    assert moved((1, 3), (1, 1)) == "升2"
    assert moved((1, 1), (1, 2)) == "降1"
    assert moved((1, 2), (1, 2)) == "持平"
    assert moved((2, 1), (1, 5)) == "换组"
    assert (moved(None, (1, 1)), moved((None, None), (1, 1)), moved((1, 1), (None, None))) == ("—", "—", "—")


def test_small_cells_go_to_the_next_with_more_years() -> None:
    sizes = {
        ("土地", "不满5年"): 5, ("土地", "5至9年"): 30, ("土地", "10年以上"): 8,
        ("规划", "不满5年"): 40, ("规划", "10年以上"): 50, ("主体", "入住年份未填"): 3,
    }  # fmt: skip
    assert merged_cells(sizes, 20) == {
        ("土地", "不满5年"): ("土地", "各年限"),
        ("土地", "5至9年"): ("土地", "各年限"),
        ("土地", "10年以上"): ("土地", "各年限"),
        ("规划", "不满5年"): ("规划", "不满5年"),
        ("规划", "10年以上"): ("规划", "10年以上"),
        ("主体", "入住年份未填"): (OTHERS, ""),
    }


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(["不满5年", "5至9年", "10年以上", "入住年份未填"])),
        st.integers(0, 60),
    )
)
def test_every_cell_goes_somewhere_and_none_but_the_pool_is_too_small(sizes: dict[tuple[str, str], int]) -> None:
    into = merged_cells(sizes, 20)
    assert into.keys() == sizes.keys()
    wholes: dict[tuple[str, str], int] = {}
    for cell, target in into.items():
        wholes[target] = wholes.get(target, 0) + sizes[cell]
    assert all(count >= 20 for target, count in wholes.items() if target[0] != OTHERS)


def test_years_since_people_moved_in() -> None:
    assert [years_label(year, 2022) for year in (2012, 2013, 2018, 2025, None)] == [
        "10年以上", "5至9年", "不满5年", "不满5年", "入住年份未填",
    ]  # fmt: skip
