"""Bars and charts: the numbers add up, what comes from people is escaped."""

import re
from datetime import date
from itertools import pairwise

import pytest

from registry.web import svg
from tests.web import specimens


def widths(markup: str) -> list[float]:
    return [float(width) for width in re.findall(r'<rect class="[^"]+" x="[^"]+" width="([\d.]+)"', markup)]


def test_stacked_bar_fills_its_whole_length_without_gaps() -> None:
    markup = svg.stacked_bar([("issued", 1), ("accepted", 1), ("waiting", 1)], label="三等分")

    assert widths(markup) == [333.3, 333.4, 333.3]
    assert re.findall(r'x="([\d.]+)"', markup) == ["0", "333.3", "666.7"]


def test_stacked_bar_leaves_out_what_counts_nothing() -> None:
    markup = svg.stacked_bar([("issued", 0), ("waiting", 5)], label="x")

    assert "f-issued" not in markup
    assert widths(markup) == [1000.0]


def test_stacked_bar_of_nothing_is_an_empty_track() -> None:
    assert 'class="f-track"' in svg.stacked_bar([("issued", 0)], label="x", thin=True)


def test_stacked_bar_escapes_its_label() -> None:
    assert "&lt;b&gt;&quot;" in svg.stacked_bar([("issued", 1)], label='<b>"')


@pytest.mark.parametrize(("done", "whole", "width"), [(0, 0, "0"), (0, 219, "0"), (1, 219, "1"), (219, 219, "22")])
def test_share_bar_shows_the_first_certificate(done: int, whole: int, width: str) -> None:
    assert f'<rect class="f-issued" width="{width}" height="3"/>' in svg.share_bar(done, whole)


def test_effect_bar_draws_before_gained_and_rest() -> None:
    markup = svg.effect_bar(25, 75, 100)

    assert re.findall(r'class="f-(\w+)"', markup) == ["line", "accent", "track"]
    assert widths(markup) == [250.0, 500.0, 250.0]


def test_effect_bar_of_nothing_is_an_empty_track() -> None:
    assert re.findall(r'class="f-(\w+)"', svg.effect_bar(0, 0, 0)) == ["track"]


def test_column_chart_keeps_twelve_months_and_accents_the_last() -> None:
    markup = svg.column_chart([(f"21-{n:02}", n) for n in range(1, 15)], label="发证")

    assert len(widths(markup)) == 0
    assert markup.count("<rect class=") == 13
    assert markup.count("f-accent") == 1
    assert ">21-03 3</text>" in markup
    assert ">21-14 14</text>" in markup


def test_column_chart_survives_one_month_and_none() -> None:
    assert "<rect" in svg.column_chart([("22-03", 0)], label="发证")
    assert svg.column_chart([], label="发证") == ""


@pytest.mark.parametrize(
    ("largest", "expected"),
    [(1, (1, 1)), (7899, (8000, 2000)), (10, (10, 2)), (23, (25, 5)), (600000, (600000, 200000))],
)
def test_scale_has_at_most_five_round_steps_from_zero(largest: int, expected: tuple[int, int]) -> None:
    assert svg.scale(largest) == expected


def test_outlook_chart_says_its_figures_in_words() -> None:
    markup = svg.outlook_chart(specimens.outlook())

    assert "至2022-03-08剩余7,486套；预计2022-12-31剩余约6,513，区间6,010至7,120；按期清零每月须办结765套。" in markup
    assert 'style="' not in markup


def test_outlook_chart_ends_the_needed_pace_on_the_axis() -> None:
    need = re.search(r'<line class="l-need" x1="([\d.]+)" y1="([\d.]+)" x2="360" y2="210"/>', specimens_chart())
    last = re.search(r'<polyline class="l-real" points="[^"]* ([\d.]+),([\d.]+)"', specimens_chart())

    assert need is not None
    assert last is not None
    assert need.groups() == last.groups()


def specimens_chart() -> str:
    return svg.outlook_chart(specimens.outlook())


def test_outlook_labels_never_overlap() -> None:
    tight = svg.Outlook([(date(2022, 1, 1), 100)], date(2022, 12, 31), low=50, middle=50, high=50, needed=9)
    places = [float(y) for y in re.findall(r'<text class="t-red[^"]*" x="366" y="([\d.]+)"', svg.outlook_chart(tight))]

    assert [round(b - a, 1) for a, b in pairwise(places)] == [15.0, 15.0]
