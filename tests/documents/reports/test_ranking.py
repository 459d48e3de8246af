"""The ranking of a month: rows in bands with their task, cells below, and who may read them."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from documents.reports.models import MonthClose
from documents.reports.ranking import cell_rows, places_of, ranking_rows, ranking_words
from documents.reports.selectors.reports import month_view
from documents.reports.selectors.terms import Terms
from documents.reports.services import close_month
from registry.accounts.models import Setting
from registry.kernel.intervals import wilson
from registry.kernel.periods import Month
from registry.kernel.settings import SETTINGS, SettingRefused
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, lay_strange_estate, moment, on_day

MARCH, FEBRUARY = Month(2022, 3), Month(2022, 2)


def entry(district: str, done: int, doable: int, *, issue: str = "L01", occupied: int | None = 2010) -> dict[str, Any]:
    figures = {"rest_doable": doable, "registered": doable + done, "due": 2 * (doable + done), "remaining": doable}
    return {
        "code": f"{district}{done}", "district_code": district, "district": f"{district}区", "figures": figures,
        "bridge": {"issued": {"issued": done}}, "risen": {}, "fallen": {}, "issue": issue, "occupied": occupied,
        "revisions": [
            {"month": "2022-01", "known": [30, 28], "late": 0, "error": -2}, {"month": "2021-12", "known": [500]},
            {"month": "2022-03", "known": [done]},
        ],
    }  # fmt: skip


ENTRIES = [entry("甲", 266, 134), entry("乙", 60, 340), entry("丙", 60, 40), entry("丁", 15, 5), entry("戊", 19, 0)]


def test_districts_are_ranked_in_bands_with_task_and_first_registration_beside() -> None:
    rows = ranking_rows(ENTRIES, Terms(tasks={"甲": 1_000}), MARCH, {"甲": (1, 2), "乙": (1, 2), "丙": (1, 1)})

    assert [(row["unit"], row["band_label"], row["rank"], row["moved"], row["done_rate"]) for row in rows] == [
        ("甲区", "300套以上", 1, "升1", "66.50"),
        ("乙区", "300套以上", 2, "持平", "15.00"),
        ("丙区", "80至299套", 1, "换组", "60.00"),
        ("丁区", "20至79套", 1, "—", "75.00"),
        ("戊区", "不足20套，不排名", None, "—", "100.00"),
    ]
    assert [(row["task"], row["year_done"], row["task_rate"]) for row in rows[:2]] == [
        (1_000, 294, "29.40"), (None, 88, None),
    ]  # fmt: skip
    assert {row["registered_rate"] for row in rows} == {"50.00"}


def test_shares_are_cut_if_the_setting_says_so() -> None:
    [row] = ranking_rows([entry("甲", 1_586, 183)], Terms(rounding="truncate"), MARCH, {})
    assert row["done_rate"] == "89.65"
    [row] = ranking_rows([entry("甲", 1_586, 183)], Terms(), MARCH, {})
    assert row["done_rate"] == "89.66"


def test_superlatives_say_their_domain() -> None:
    words = ranking_words(ranking_rows(ENTRIES, Terms(), MARCH, {}))
    assert words == (
        "300套以上的2个区中，可办办结率最高的是甲区，66.50%；最低的是乙区，15.00%。80至299套只有丙区，60.00%。"
        "20至79套只有丁区，75.00%。戊区不足20套，不排名。"
    )
    assert ranking_words([]) == ""


def test_cells_keep_every_home_and_are_ranked_apart() -> None:
    entries = [*ENTRIES, entry("甲", 30, 10, issue="P01"), entry("乙", 4, 2, issue="E01", occupied=None)]
    rows = cell_rows(entries, Terms(), MARCH, {"L01": "土地", "P01": "规划", "E01": "主体"})

    assert [(row["head"], row["years"], row["unit"], row["rank"]) for row in rows] == [
        ("其他各类合并", "", "乙区", None),
        ("土地", "各年限", "丁区", 1),
        ("土地", "各年限", "甲区", 2),
        ("土地", "各年限", "丙区", 3),
        ("土地", "各年限", "乙区", 4),
        ("土地", "各年限", "戊区", None),
        ("规划", "各年限", "甲区", 1),
    ]
    assert sum(row["whole"] for row in rows) == 20 + 400 + 400 + 100 + 19 + 40 + 6


def test_where_each_stood_is_kept_for_the_next_month() -> None:
    assert places_of(ranking_rows(ENTRIES[:1], Terms(), MARCH, {})) == {"甲": (1, 1)}


@pytest.mark.parametrize("text", ["-1", "-0.5", "一百"])
def test_a_task_below_zero_is_refused(text: str) -> None:
    with pytest.raises(SettingRefused, match="年度发证任务须在0至"):
        SETTINGS["month.task"].parse(text)


OWN = {"city": {"110105", "110108"}, "auditor": {"110105", "110108"}, "district": {"110105"}, "township": set(),
       "centre": set(), "developer": set()}  # fmt: skip


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_district_reads_its_own_place_and_others_none(story: Estate, is_closed: bool) -> None:
    lay_strange_estate(story.cast)
    with fixture_writes():
        for area, homes in (("110105", 70), ("110108", 80), ("", 150)):
            Setting.objects.create(
                name="month.task", area_code=area, value=homes, effective_on=FEBRUARY.first, recorded_at=moment(TODAY, 8),
                proposed_by=story.cast.city.person, approved_by=story.cast.auditor.person, act_id=1,
            )  # fmt: skip
    if is_closed:
        with on_day(TODAY):
            close_month(actor=story.cast.city.actor, month=FEBRUARY, first=FirstPerson.of(story.cast.auditor.person))
        assert {row["district_code"] for row in MonthClose.objects.get().rows["ranking"]} == OWN["city"]

    for by, districts in OWN.items():
        view = month_view(getattr(story.cast, by).actor, FEBRUARY, now=moment(TODAY, 20))
        assert {row["district_code"] for row in view.rows["ranking"]} == districts
        assert {row["district_code"] for row in view.rows["cells"]} <= districts
        assert set(view.rows["terms"][0]["tasks"]) == (districts | {""} if len(districts) == 2 else districts)


def test_the_drill_down_has_intervals_and_classes(story: Estate) -> None:
    bring_to(story, story.homes[:4], "issued", date(2022, 2, 20))
    page = sign_in(story.cast.city).get(reverse("reports:ranking", args=["2022-02"])).content.decode()

    assert ("不足20套，不排名" in page, "4/12" in page, "13.8%—60.9%" in page) == (True, True, True)
    assert (
        "没有可以排名的区"
        in sign_in(story.cast.township).get(reverse("reports:ranking", args=["2022-02"])).content.decode()
    )


@pytest.mark.parametrize(("hits", "cases", "text"), [(22, 22, "85.1%—100.0%"), (266, 268, "97.3%—99.8%")])
def test_the_intervals_of_the_published_rates(hits: int, cases: int, text: str) -> None:
    interval = wilson(hits, cases)
    assert interval is not None
    assert interval.text == text
