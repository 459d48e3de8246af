"""The forecast of a month: the story's gap, what binds, one line a place, frozen with the month."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from documents.reports.models import MonthClose
from documents.reports.outlook import OUTLOOK, Ahead, course, outlook_rows
from documents.reports.selectors.outlooks import made_outlook
from documents.reports.selectors.reports import month_view
from documents.reports.selectors.terms import Terms
from documents.reports.services import close_month
from projects.casework.selectors.opening_days import opening_days
from projects.ledger.selectors.paces import Pace, issued_paces
from registry.kernel.periods import Month
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, lay_blocker, moment, on_day

FEBRUARY = Month(2022, 2)
STORY = Pace({Month(2021, 8).plus(n): homes for n, homes in enumerate((80, 0, 80, 80, 0, 80, 80))})


def entry(code: str, district: str, remaining: int, carried: int = 0, uncleared: int = 0) -> dict[str, Any]:
    return {
        "code": code, "name": f"{code}项目", "district_code": district, "district": f"{district}区", "gone": False,
        "figures": {"remaining": remaining, "carried": carried, "rest_uncleared": uncleared},
        "bridge": {"opening": {"projects": 1, "involved": remaining, "collected": 90, "accepted": 60}},
        "risen": {"accepted": 20}, "fallen": {},
    }  # fmt: skip


def ahead(**more: Any) -> Ahead:
    return Ahead(FEBRUARY, FEBRUARY.last, {"A": STORY}, targets={"A": "2022-12-28", "B": None}, **more)


def test_the_story_is_not_reached() -> None:
    city, district, project = outlook_rows([entry("A", "甲", 7_499)], ahead())

    assert [row["level"] for row in (city, district, project)] == ["city", "district", "project"]
    assert (project["left"], project["mean"], project["needed"], project["outlook"]) == (
        7_499, "57.14", "749.9", "not_reached",
    )  # fmt: skip
    assert project["sentence"].startswith(
        "按目前进度，预计2022年12月28日前不能办结：还剩7,499套，每月需发证约750套，首批发证以来月均约57套"
    )
    assert {column.name: column.show(project) for column in OUTLOOK.columns} | {"p10": "", "p50": "", "p90": ""} == {
        "name": "A项目", "level": "项目", "left": "7,499", "mean": "57.14", "recent": "0.00",
        "slowest": "登簿，待办60套，本月0套", "target_on": "2022-12-28", "needed": "749.90", "p10": "", "p50": "",
        "p90": "", "verdict": "不能如期", "binding": "发证进度",
    }  # fmt: skip


def test_carried_homes_are_left_out_and_places_are_added() -> None:
    rows = outlook_rows(
        [entry("A", "甲", 100, carried=40), entry("B", "乙", 50), entry("C", "乙", 5, carried=5)], ahead()
    )

    assert [(row["level"], row["name"], row["left"]) for row in rows] == [
        ("city", "合计", 110), ("district", "乙区", 50), ("project", "B项目", 50), ("district", "甲区", 60),
        ("project", "A项目", 60),
    ]  # fmt: skip
    assert (rows[2]["outlook"], rows[2]["is_told"], rows[2]["p50"]) == ("no_target", False, None)
    shown = {column.name: column.show(rows[2]) for column in OUTLOOK.columns}
    assert (shown["p50"], shown["binding"]) == ("—", "—")


def test_the_tightest_of_pace_gates_and_ceiling_is_named() -> None:
    shut = outlook_rows([entry("A", "甲", 300, uncleared=280)], ahead(opening={"A": date(2024, 6, 30)}))
    narrow = outlook_rows([entry("A", "甲", 300)], ahead(terms=Terms(capacities={"甲": 10})))

    assert [row["binding"] for row in shut] == ["gates"] * 3
    assert [row["binding"] for row in narrow] == ["pace", "capacity", "capacity"]
    assert narrow[1]["p10"] >= "2024-08-28"


def test_what_was_left_is_the_present_and_what_was_issued_since() -> None:
    row = outlook_rows([entry("A", "甲", 7_499)], ahead(), levels=("city",))[0]
    points = course(row)
    assert (points[0], points[-1], len(points)) == ((date(2021, 7, 31), 7_899), (date(2022, 2, 28), 7_499), 8)


def test_a_month_that_runs_is_no_pace() -> None:
    running = Ahead(FEBRUARY, date(2022, 2, 10), {"A": STORY})
    [row] = outlook_rows([entry("A", "甲", 7_499)], running, levels=("city",))
    assert (row["issued"], course(row)[-1]) == ([80, 0, 80, 80, 0, 80], (date(2022, 2, 10), 7_499))


def test_paces_are_by_month_and_know_what_was_taken_back_when(story: Estate) -> None:
    homes = story.homes
    bring_to(story, homes[:3], "issued", date(2022, 1, 20))
    bring_to(story, homes[3:4], "issued", date(2022, 2, 25))

    paces = issued_paces(since=date(2021, 1, 1), on=FEBRUARY.last)
    [pace] = paces.values()
    assert (dict(pace.months), pace.recent) == ({Month(2022, 1): 3, FEBRUARY: 1}, 1)
    assert pace.since_first(FEBRUARY) == (3, 1)
    assert pace.since_first(Month(2021, 12)) == ()
    assert issued_paces(since=date(2021, 1, 1), on=FEBRUARY.last, known_at=moment(date(2022, 1, 1))) == {}


def test_gates_open_when_the_last_ball_is_due(estate: Estate) -> None:
    lay_blocker(estate, "P03", on=date(2022, 2, 1), responsible=estate.cast.department.organisation)
    code = estate.project.code
    assert opening_days([code], on=FEBRUARY.last)[code] > FEBRUARY.first
    assert opening_days([code], on=date(2022, 1, 31)) == {}


def test_the_forecast_is_frozen_with_the_month_and_read_by_each_reader(story: Estate) -> None:
    for number, day in enumerate((date(2021, 11, 20), date(2021, 12, 20), date(2022, 1, 20), date(2022, 2, 20))):
        bring_to(story, story.homes[number : number + 1], "issued", day)
    live = month_view(story.cast.city.actor, FEBRUARY, now=moment(TODAY)).sheet(OUTLOOK)
    with on_day(TODAY):
        close_month(actor=story.cast.city.actor, month=FEBRUARY, first=FirstPerson.of(story.cast.auditor.person))
    frozen = MonthClose.objects.get().rows["outlook"]

    assert frozen == live
    assert [(row["level"], row["left"], row["issued"], row["is_told"]) for row in frozen] == [
        (level, len(story.homes) - 4, [1, 1, 1, 1], True) for level in ("city", "district", "project")
    ]
    levels = {"city": 3, "district": 2, "township": 1, "centre": 1, "developer": 1}
    for by, count in levels.items():
        view = month_view(getattr(story.cast, by).actor, FEBRUARY, now=moment(TODAY, 20))
        assert len(view.sheet(OUTLOOK)) == count
    page = sign_in(story.cast.city).get(reverse("reports:report", args=["2022-02"])).content.decode()
    assert "有一成、五成、九成可能清零的日期" in page


@pytest.mark.parametrize("by", ["city", "district", "township"])
def test_the_sheet_of_an_open_month_is_made_for_its_reader(story: Estate, by: str) -> None:
    page = sign_in(getattr(story.cast, by)).get(reverse("reports:report", args=["2022-02"]), {"part": "outlook"})
    assert "待办结＝剩余－挂账" in page.content.decode()


def test_the_same_month_gives_the_same_forecast(story: Estate) -> None:
    view = month_view(story.cast.city.actor, FEBRUARY, now=moment(TODAY))
    once, again = (made_outlook(view.rows, month=FEBRUARY, known_at=view.known_at) for _ in range(2))
    assert once == again
