"""The five specimen pages, rendered from the shapes that the views give: complete, escaped, in their own classes."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

from registry.store.keyset import Page
from registry.web.grid import Cell, GridHead, GridRow, Text, render_grid
from tests.web import specimens

SHEET = Path(settings.BASE_DIR) / "registry/web/static/registry/app.css"
VOID = {"meta", "link", "input", "col", "br", "rect", "line", "polygon", "polyline", "path", "hr", "img"}


class Checker(HTMLParser):
    """Collects classes, ids and references, and notes every tag that isn't closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: set[str] = set()
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._note(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def _note(self, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        self.classes.update(words.get("class", "").split())
        self.ids += [words["id"]] if words.get("id") else []
        self.labels += [words["for"]] if words.get("for") else []


def page(name: str) -> str:
    template, context = specimens.PAGES[name]
    return render_to_string(template, context())


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    return checker


@pytest.fixture(params=sorted(specimens.PAGES))
def html(request: pytest.FixtureRequest) -> str:
    return page(request.param)


def test_page_is_well_formed(html: str) -> None:
    found = checked(html)

    assert found.wrong == []
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert set(found.labels) <= set(found.ids)


def test_page_uses_only_classes_of_the_sheet(html: str) -> None:
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", SHEET.read_text(encoding="utf-8")))
    without_rule = {"first", "auto", "void"}  # auto is read by the script; the others only take rules away

    assert checked(html).classes - known - without_rule == set()


def test_page_keeps_to_the_policy(html: str) -> None:
    assert re.findall(r"\sstyle=|<style|\son\w+=|javascript:", html) == []
    assert re.findall(r"<script(?![^>]* src=)", html) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []


def test_page_leaves_no_trace_of_its_template(html: str) -> None:
    assert re.findall(r"\{\{|\{%|\bNone\b|<bound method|<function|SimpleNamespace", html) == []


def test_tables_name_their_heads(html: str) -> None:
    heads = [head for head in re.findall(r"<th\b[^>]*>", html) if "scope=" not in head]

    assert [head for head in heads if "colspan" not in head and "gp" not in head] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("building_table", ("202套住宅", "57.92%", "电话里可以这样说", "跃层", "无此号", "设备用房，不登记到户")),
        ("project", ("路已通，慢在受理。", "7,899", "逾期8日", "P03-0137", "✓ 全部楼栋", "2022-12-31")),
        ("letter", ("签署前预览", "+7,899", "仍不能办的120户", "签署后不能修改", "不收回", "兑现为止")),
        ("import", ("862", "①证件号码", "②", "提交复核：649行", "56户不会被删除")),
        ("import_changes", ("9号楼 2单元 1203", "86.44", "（空）")),
        ("desk", ("等我办", "已过1日", "今天", "2022年3月8日 星期二")),
    ],
)
def test_page_says_what_its_specimen_says(name: str, words: tuple[str, ...]) -> None:
    text = re.sub(r"<[^>]+>", "", page(name))

    assert [word for word in words if word not in text] == []


def test_sheet_stays_within_its_size() -> None:
    assert 30_000 < SHEET.stat().st_size <= 40 * 1024


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


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "csrf"])
def test_error_page_says_what_happened_and_what_to_do(name: str) -> None:
    html = render_to_string(f"errors/{name}.html", {"title": "没有找到", "message": "没有找到这条记录。"})

    assert "没有找到这条记录。" in html
    assert "可以这样办" in html
    assert checked(html).wrong == []


def context_of(**words: Any) -> dict[str, Any]:
    return {**specimens.shell(1), "title": "批量送受理：30户", **words}


def test_confirm_names_what_will_happen_and_what_will_not() -> None:
    html = render_to_string(
        "web/confirm.html",
        context_of(lines=["30户改为“已受理”"], not_lines=["2户有堵点，不办"], count_to_type=30, unit="户", form=None),
    )

    assert html.index("30户改为“已受理”") < html.index("2户有堵点，不办")
    assert 'name="count"' in html
    assert checked(html).wrong == []


def test_list_prints_cells_flush_by_their_kind() -> None:
    columns = [{"header": "项目", "kind": "text"}, {"header": "应办", "kind": "int"}]
    rows = [{"cells": [{"text": "<周庄>", "url": "/p", "sub": "CY-0137"}, {"text": "7,899"}]}]
    html = render_to_string("web/list.html", context_of(columns=columns, rows=rows, pager={"next_url": "?after=x"}))

    assert '<a href="/p">&lt;周庄&gt;</a><span class="sub">CY-0137</span>' in html
    assert '<td class="n">7,899</td>' in html
    assert '<a href="?after=x" rel="next">下一页</a>' in html


def test_list_of_nothing_says_so() -> None:
    html = render_to_string("web/list.html", context_of(columns=[], rows=[], empty_text="还没有项目。"))

    assert '<p class="empty">还没有项目。</p>' in html


@pytest.mark.parametrize(
    ("after", "is_first", "links"), [("x9", True, ["下一页"]), ("x9", False, ["回到第一页", "下一页"]), ("", True, [])]
)
def test_pager_keeps_the_filter_of_a_page(after: str, is_first: bool, links: list[str]) -> None:
    request = RequestFactory().get("/people/", {"q": "周", "after": "x1"})
    html = render_to_string("_components/pager.html", {"page": Page((), after, is_first)}, request)

    assert re.findall(r">([^<>]+)</a>", html) == links
    assert ("after=x9" in html) == bool(after)
    assert html.count("q=%E5%91%A8") == len(links)
