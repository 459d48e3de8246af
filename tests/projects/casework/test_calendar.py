"""The working-day calendar as staff keep it."""

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday
from chinese_calendar.constants import holidays as published

from documents.setup.reference import load_reference
from projects.casework.models import Holiday
from projects.casework.selectors.calendar import calendar_of
from projects.casework.services.holidays import keep_holiday
from registry.kernel.authority import Permission
from registry.kernel.errors import Refused
from registry.store.acts import write

pytestmark = pytest.mark.django_db


@write(Permission.PARAMETER_APPROVE)
def keep(*, actor, **words):
    """The act that a second person's agreement is."""
    return keep_holiday(**words)


def words(day, kind, **changes):
    return {"day": day, "kind": kind, "name": "劳动节", "year": 2022, "notice": "试发〔2021〕1号", **changes}


@pytest.mark.parametrize(
    ("year", "workdays"),
    [
        (2018, 250),
        (2019, 250),
        (2020, 249),
        (2021, 250),
        (2022, 249),
        (2023, 249),
        (2024, 251),
        (2025, 248),
        (2026, 248),
    ],
)
def test_published_years_have_the_working_days_of_their_notice(year, workdays):
    load_reference()

    calendar = calendar_of()
    assert calendar.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == workdays
    assert calendar.unpublished([year]) == ()


def test_every_day_of_the_published_years_is_what_another_table_says():
    load_reference()
    calendar = calendar_of()
    first, last = date(2019, 1, 1), min(date(2026, 12, 31), max(published))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

    assert len(days) > 2800
    assert [day for day in days if calendar.is_workday(day) != is_workday(day)] == []


def test_reference_loaded_twice_is_loaded_once():
    load_reference()
    first = Holiday.objects.count()
    load_reference()
    assert Holiday.objects.count() == first > 250


def test_new_year_of_a_later_notice_does_not_publish_the_year_it_falls_in(cast):
    keep(actor=cast.city.actor, **words(date(2026, 12, 31), "holiday", year=2027, name="元旦"))
    assert calendar_of().unpublished([2026, 2027]) == (2026,)


def test_day_kept_again_is_changed_not_doubled(cast):
    keep(actor=cast.city.actor, **words(date(2022, 5, 2), "holiday"))
    keep(actor=cast.city.actor, **words(date(2022, 5, 2), "holiday", notice="试发〔2022〕3号"))
    assert [(row.day, row.notice) for row in Holiday.objects.all()] == [(date(2022, 5, 2), "试发〔2022〕3号")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": date(2022, 5, 4), "kind": "workday"}, "为星期一至星期五"),
        ({"day": date(2019, 5, 4), "kind": "holiday"}, "不在2022年度"),
        ({"day": date(2022, 5, 4), "kind": "holiday", "name": " "}, "未填写节日名称"),
    ],
)
def test_day_that_says_nothing_is_refused(cast, changes, said):
    with pytest.raises(Refused, match=said):
        keep(actor=cast.city.actor, **{**words(date(2022, 5, 4), "holiday"), **changes})
    assert not Holiday.objects.exists()
