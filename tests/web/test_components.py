"""Components and generic pages: each with the least that it may be given."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from registry.store.keyset import Page
from tests.web import specimens
from tests.web.html import checked, tight


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "csrf"])
def test_error_page_says_what_happened_and_what_to_do(name: str) -> None:
    html = render_to_string(f"errors/{name}.html", {"title": "未找到", "message": "未找到这条记录。"})

    assert "未找到这条记录。" in html
    assert "处理办法" in html
    assert checked(html).wrong == []


def rendered(name: str, **context: Any) -> str:
    return render_to_string(f"_components/{name}.html", context)


def test_road_fills_what_is_done_and_rings_where_it_stands() -> None:
    html = rendered("road", road=[("纳入", "ok"), ("办证", "now"), ("销号", "")])

    assert re.findall(r"<li([^>]*)>", html) == [' class="ok"', ' aria-current="step"', ""]


def test_ladder_fills_what_was_sent_and_marks_what_is_due() -> None:
    html = rendered("ladder", ladder=specimens.ladder("01-12", "02-17", "03-01", "今日应发", "03-21", sent=3, due=True))

    assert re.findall(r"<li([^>]*)>", html) == [' class="ok"'] * 3 + [' class="now"', ""]


def test_equation_reads_as_a_sum() -> None:
    html = rendered(
        "equation", whole=("数据行", 1862), parts=[("新增", 1841, ""), ("退回", 21, "late")], aside=("没有的", 56)
    )

    assert re.sub(r"<[^>]+>", " ", html).split() == [
        "数据行",
        "1,862",
        "=",
        "新增",
        "1,841",
        "+",
        "退回",
        "21",
        "没有的",
        "56",
    ]
    assert '<div class="v late">21</div>' in html


@pytest.mark.parametrize(("undo_url", "forms"), [("/undo/", 1), ("", 0)])
def test_toast_offers_to_undo_what_can_be_undone(undo_url: str, forms: int) -> None:
    html = rendered("toast", text="<已改>", undo_url=undo_url)

    assert "&lt;已改&gt;" in html
    assert 'role="status"' in html
    assert html.count('<form method="post" action="/undo/">') == forms


@pytest.mark.parametrize("name", ["two", "rank", "overdue"])
def test_desk_panel_without_anything_still_says_so(name: str) -> None:
    html = render_to_string(f"web/panels/{name}.html", {"panel": {"heading": "标题", "rows": [], "figures": []}})

    assert "标题" in html
    assert ("empty" in html) == (name != "two")
    assert checked(html).wrong == []


def test_building_table_coloured_by_tax_explains_its_colours() -> None:
    html = render_to_string("progress/building_table.html", {**specimens.building_table(), "track": "tax"})

    assert re.sub(r"<[^>]+>", " ", html.split('aria-label="格内颜色">')[1].split("</ul>")[0]).split() == [
        "格内颜色", "已完税或免税", "已核", "未核",
    ]  # fmt: skip


@pytest.mark.parametrize(("show", "css"), [("fault", " only-fault"), ("<b>", ""), ("", "")])
def test_building_table_lets_one_mark_stand_out(show: str, css: str) -> None:
    request = RequestFactory().get("/", {"show": show} if show else {})
    html = tight(render_to_string("progress/building_table.html", specimens.building_table(), request))

    assert re.findall(r'<div( class="[^"]*")?[^>]*data-grid="/progress/CY-0137/units/0/panel/"', html) == [
        f' class="{css.strip()}"' if css else ""
    ]
    assert html.count('aria-current="true">在过错范围内') == (show == "fault")


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
    pager = {"next_url": "?after=x"}
    html = tight(render_to_string("web/list.html", context_of(columns=columns, rows=rows, pager=pager)))

    assert '<a href="/p">&lt;周庄&gt;</a><span class="sub">CY-0137</span>' in html
    assert '<td class="n">7,899</td>' in html
    assert re.search(r'<a class="[^"]+" href="\?after=x" rel="next">下一页</a>', html)


def test_list_shows_a_status_as_a_pill_and_an_act_as_a_button() -> None:
    rows = [
        {
            "cells": [
                {"text": "周庄"},
                {"text": "办证", "pill": "accent"},
                {"text": "督办", "url": "/u", "is_action": True},
            ]
        }
    ]
    columns = [{}, {}, {"css": "act"}]
    html = tight(render_to_string("_components/table.html", {"columns": columns, "rows": rows, "label": "项目"}))

    assert '<td class=""><span class="pill accent">办证</span></td>' in html
    assert '<td class="act"><a class="btn small" href="/u">督办</a></td>' in html


def test_list_of_nothing_says_so() -> None:
    html = render_to_string("web/list.html", context_of(columns=[], rows=[], empty_text="管辖范围内暂无项目。"))

    assert '<p class="empty">管辖范围内暂无项目。</p>' in html


@pytest.mark.parametrize(
    ("after", "is_first", "links"), [("x9", True, ["下一页"]), ("x9", False, ["回到第一页", "下一页"]), ("", True, [])]
)
def test_pager_keeps_the_filter_of_a_page(after: str, is_first: bool, links: list[str]) -> None:
    request = RequestFactory().get("/people/", {"q": "周", "after": "x1"})
    html = render_to_string("_components/pager.html", {"page": Page((), after, is_first)}, request)

    assert re.findall(r">([^<>]+)</a>", html) == links
    assert ("after=x9" in html) == bool(after)
    assert html.count("q=%E5%91%A8") == len(links)
