"""The 楼盘表: every place in its column, everything escaped, fast."""

import re
import time
from typing import Any

import pytest

from registry.web.building_grid import Cell, GridHead, GridRow, Text, render_grid


def grid(*rows: GridRow, width: int = 4) -> str:
    return str(render_grid([GridHead("1单元", "4套", width)], rows, label="9号楼"))


def cell(room: str, **words: Any) -> Cell:
    return Cell(f"?unit={room}", room, "收材", f"1单元 {room}", "st-collected", **words)


def test_grid_escapes_everything_that_people_wrote() -> None:
    bad = '<script>"&'
    html = render_grid(
        [GridHead(bad, bad, 3)],
        [GridRow(bad, [[Cell(bad, bad, bad, bad, bad, note=bad), Text(bad, title=bad), None]])],
        label=bad,
    )

    assert "<script>" not in html
    assert '"&' not in html.replace('"&lt;', "").replace('"&gt;', "")
    assert html.count("&lt;script&gt;&quot;&amp;") == 12


def test_grid_tall_cell_covers_the_place_below() -> None:
    html = grid(
        GridRow("18", [[cell("1801", floors=2), cell("1802"), cell("1803"), cell("1804")]]),
        GridRow("17", [[None, cell("1702"), cell("1703"), cell("1704")]]),
    )
    below = html.split('<th class="fl" scope="row">17</th>')[1]

    assert 'rowspan="2"' in html
    assert re.findall(r"\?unit=(\d+)", below) == ["1702", "1703", "1704"]
    assert "—" not in below


def test_grid_tall_cell_shifts_a_floor_that_has_no_place_for_it() -> None:
    html = grid(
        GridRow("2", [[cell("201", floors=2), cell("202"), cell("203"), cell("204")]]),
        GridRow("1", [[cell("102"), cell("103"), cell("104")]]),
    )
    below = html.split('<th class="fl" scope="row">1</th>')[1]

    assert re.findall(r"\?unit=(\d+)", below) == ["102", "103", "104"]
    assert below.count("<td") == 3


def test_grid_wide_cell_takes_its_columns_and_no_more() -> None:
    html = grid(GridRow("1", [[cell("S01", span=3), cell("S02", span=9)]]))

    assert re.findall(r'colspan="(\d)"><a', html) == ["3"]
    assert html.split("<tbody>")[1].count("<td") == 2


def test_grid_fills_a_short_floor_with_dashes() -> None:
    assert grid(GridRow("3", [[cell("301")]])).count('class="u none edge">—') == 3


def test_grid_leaves_a_floor_empty_where_an_entrance_has_nothing() -> None:
    heads = [GridHead("1单元", "", 2), GridHead("底商、配套", "", 3)]
    rows = [
        GridRow("2", [[cell("201"), cell("202")], [None, None, None]]),
        GridRow("1", [[cell("101")], [cell("S01")]]),
    ]
    top, ground = render_grid(heads, rows, label="9号楼").split("<tbody>")[1].split("</tr>")[:2]

    assert '<td class="void" colspan="3"></td>' in top
    assert ground.count("edge") == 3  # the shops begin here; the homes stand on the floor above
    assert ground.count("—") == 3


def test_grid_puts_what_stands_apart_into_a_table_below() -> None:
    heads = [GridHead("1单元", "", 1), GridHead("底商、配套", "2间", 2, is_apart=True)]
    rows = [GridRow("2", [[cell("201")], [None, None]]), GridRow("1", [[None], [cell("S01"), cell("S02")]])]
    homes, shops = render_grid(heads, rows, label="9号楼").split("</table>")[:2]

    assert re.findall(r'scope="row">([^<]+)<', homes) == ["2"]
    assert re.findall(r'scope="row">([^<]+)<', shops) == ["1"]
    assert 'aria-label="9号楼，底商、配套"' in shops
    assert "void" not in homes + shops


@pytest.mark.parametrize(("width", "classes"), [(13, "lp"), (14, "lp tight"), (26, "lp tight"), (27, "lp tight wide")])
def test_grid_gives_a_wide_building_two_lines_and_then_scrolls(width: int, classes: str) -> None:
    html = grid(GridRow("1", [[cell("101")]]), width=width)

    assert f'<table class="{classes}"' in html
    assert ('<div class="scroll">' in html) == (width > 26)


@pytest.mark.parametrize("mark", ["fault", "blocked", "held"])
def test_grid_says_a_mark_in_the_title_too(mark: str) -> None:
    html = grid(GridRow("3", [[cell("301", mark=mark)]]))

    assert 'class="mk mk-' in html
    assert re.search(r'title="1单元 301，[^"]+"', html)
    assert ("fault" in html) == (mark == "fault")


def test_grid_of_500_homes_takes_a_fraction_of_its_100_ms() -> None:
    rows = [GridRow(str(n), [[cell(f"{n:02}{k:02}", mark="blocked") for k in range(20)]]) for n in range(25)]
    began = time.perf_counter()
    html = grid(*rows, width=20)

    assert time.perf_counter() - began < 0.05
    assert html.count("<a ") == 500
