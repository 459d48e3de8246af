"""Sheets sorted out of a month: by status and years, what is left over, promises overdue by name, and the workbook."""

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zipfile import ZipFile

import openpyxl
from django.urls import reverse

from commitments.models import Clause, Obligation
from commitments.selectors.promises_then import promises_on
from documents.reports.selectors.reports import month_view
from documents.reports.sheets import age_rows, left_over_rows, overdue_by_organ, promise_rows
from documents.reports.workbook import IN_TOTALS
from registry.kernel.periods import Month
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, lay_strange_estate, moment

FEBRUARY = Month(2022, 2)


def entry(code: str, occupied: int | None, due: int, issued: int, **rest: int) -> dict[str, Any]:
    figures = {
        "due": due,
        "issued": issued,
        "remaining": due - issued,
        "cleared_assessed": due,
        "registered": due,
        **rest,
    }
    return {"code": code, "name": code, "district": "甲区", "township": "乙乡", "gone": False, "occupied": occupied,
            "figures": figures}  # fmt: skip


def test_each_way_of_sorting_adds_up_to_the_whole() -> None:
    entries = [entry("A", 2010, 300, 297, rest_doable=2, held=1), entry("B", 2020, 100, 0), entry("C", None, 50, 50)]
    ledger = [{"code": "A", "status": "扫尾"}, {"code": "B", "status": "化解中"}, {"code": "C", "status": "化解中"}]
    rows = age_rows(entries, ledger, FEBRUARY, "half_up")

    assert [(row["by"], row["label"], row["projects"], row["remaining"], row["issued_rate"]) for row in rows] == [
        ("状态", "化解中", 2, 100, "33.33"), ("状态", "扫尾", 1, 3, "99.00"), ("入住年限", "10年以上", 1, 3, "99.00"),
        ("入住年限", "不满5年", 1, 100, "0.00"), ("入住年限", "入住年份未填", 1, 0, "100.00"), ("合计", "", 3, 103, "77.11"),
    ]  # fmt: skip
    [left] = left_over_rows(entries)
    assert (left["code"], left["remaining"], left["rest_doable"], left["held"], left["carried"]) == ("A", 3, 2, 1, 0)


def test_a_promise_is_late_on_its_day_and_a_lapsed_letter_does_not_vanish(story: Estate) -> None:
    promise = Obligation.objects.earliest("due_on")
    late = promise.due_on + timedelta(days=10)
    with fixture_writes():
        Clause.objects.update(lapses_on=promise.due_on + timedelta(days=5))
    before, after = promises_on(promise.due_on), promises_on(late)

    assert {line.state for line in before} == {"未到期"}
    assert (after[0].days_late, after[0].state, after[0].lapsed_on) == (10, "逾期", promise.due_on + timedelta(days=5))
    assert promises_on(date(2010, 1, 1)) == []
    kept = replace(after[0], verified_on=late, days_late=0)
    assert kept.state == "已核验"

    rows = promise_rows(after, [story.project.code])
    assert overdue_by_organ(rows)[0][0] == after[0].issuer
    assert promise_rows(after, []) == []


def test_the_promises_of_a_month_are_of_the_projects_of_its_reader(story: Estate) -> None:
    for by, is_seen in (("city", True), ("district", True), ("township", True), ("strange_township", False)):
        rows = month_view(getattr(story.cast, by).actor, FEBRUARY, now=moment(TODAY)).whole["promises"]
        assert bool(rows) is is_seen


def book(estate: Estate, by: str = "city") -> dict[str, list[tuple[Any, ...]]]:
    answer = sign_in(getattr(estate.cast, by)).get(reverse("reports:workbook", args=["2022-02"]))
    read = openpyxl.load_workbook(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in read}


def test_the_workbook_begins_with_a_cover_and_has_every_sheet(story: Estate) -> None:
    lay_strange_estate(story.cast)
    bring_to(story, story.homes[:3], "issued", date(2022, 2, 20))
    sheets = book(story)

    assert list(sheets) == [
        "首页", "总表", "剩余分类", "排名", "本月变动", "各单位剩余变动", "各项变动", "更正明细", "修订表", "清零预测", "承诺事项台账",
        "未办复批示", "12345线索", "项目台账",
        "按主要问题", "状态与年限", "余户", "口径说明", "各月发证", "项目台账（附）",
    ]  # fmt: skip
    cover = {row[0]: row[1:4] for row in sheets["首页"]}
    assert cover["已发证"] == (3, 0.125, 3)
    assert any("填报单位：市专班" in str(row[0]) for row in sheets["总表"])
    assert all(any("填报人：" in str(row[0]) for row in rows) for rows in sheets.values())

    lines = {row[0]: row for row in sheets["总表"]}
    at = IN_TOTALS.index("due")
    towns = [row[at] for name, row in lines.items() if str(name).startswith("　")]
    assert (sum(towns), lines["合计"][at]) == (24, 24)
    assert {row[-1] for name, row in lines.items() if str(name).startswith("　")} == {"平"}


def test_a_district_has_its_own_book(story: Estate) -> None:
    lay_strange_estate(story.cast)
    sheets = book(story, "district")
    codes = {row[1] for row in sheets["项目台账（附）"] if row[0] == 1}
    assert codes == {story.project.code}


def test_the_head_has_its_charts(story: Estate) -> None:
    page = sign_in(story.cast.city).get(reverse("reports:report", args=["2022-02"])).content.decode()
    for words in ("各环节办理情况", "剩余按主要问题", "剩余按入住年限", "逾期承诺按承诺单位"):
        assert words in page


def test_the_months_have_a_native_chart_of_their_own_rows(story: Estate) -> None:
    bring_to(story, story.homes[:3], "issued", date(2022, 2, 20))
    address = reverse("reports:workbook", args=["2022-02"])
    client = sign_in(story.cast.city)
    first, second = (client.get(address).content for _ in range(2))

    with ZipFile(io.BytesIO(first)) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/")]
        assert charts == ["xl/charts/chart1.xml"]
        xml = archive.read(charts[0]).decode()
    assert [
        words
        for words in ("'各月发证'!$B$", "'各月发证'!$A$", "各月发证（套）", '<showVal val="1"')
        if words not in xml
    ] == []
    with ZipFile(io.BytesIO(second)) as archive:
        assert archive.read(charts[0]).decode() == xml
    sheet = openpyxl.load_workbook(io.BytesIO(first))["各月发证"]
    assert [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=5, max_row=5)] == [("2022年2月", 3)]
