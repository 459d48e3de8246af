"""Any two days side by side: the same figures as the month's, as known now or then, for what its reader may see."""

from datetime import date

from django.urls import reverse

from documents.reports.selectors.days import two_days
from documents.reports.selectors.reports import month_view
from registry.kernel.periods import Month
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, lay_strange_estate, moment

FEBRUARY = Month(2022, 2)


def test_they_are_the_figures_of_the_month_on_its_last_day(story: Estate) -> None:
    lay_strange_estate(story.cast)
    bring_to(story, story.homes[:3], "issued", date(2022, 2, 20))
    actor = story.cast.city.actor
    stages = {row["code"]: row for row in month_view(actor, FEBRUARY, now=moment(TODAY)).rows["stages"]}

    shown = two_days(actor, FEBRUARY.previous.last, FEBRUARY.last)
    figures = {pair.label: pair for pair in shown.figures}
    assert (figures["已发证"].first, figures["已发证"].second, figures["已发证"].change) == (0, 3, 3)
    for code, label in (("due", "应办（住宅）"), ("issued", "已发证"), ("remaining", "剩余"), ("registered", "已首登")):
        assert figures[label].second == stages[code]["closing"]
    assert [(name, [pair.second for pair in pairs]) for name, pairs in shown.districts] == [
        ("朝阳区", [12, 3, 9]), ("海淀区", [12, 0, 12]),
    ]  # fmt: skip


def test_they_are_known_as_they_were(story: Estate) -> None:
    bring_to(story, story.homes[:3], "issued", date(2022, 2, 20))
    then = two_days(story.cast.city.actor, FEBRUARY.last, FEBRUARY.last, known_at=moment(date(2022, 2, 1)))
    assert {pair.label: pair.second for pair in then.figures}["已发证"] == 0


def test_a_reader_has_their_own(story: Estate) -> None:
    lay_strange_estate(story.cast)
    shown = two_days(story.cast.township.actor, FEBRUARY.last, TODAY)
    assert [name for name, _ in shown.districts] == ["朝阳区"]


def test_the_page_shows_two_days_and_says_what_is_no_day(story: Estate) -> None:
    client, address = sign_in(story.cast.city), reverse("reports:days")
    page = client.get(
        address, {"first": "2022-02-01", "second": "2022-03-01", "known_on": "2022-02-15"}
    ).content.decode()
    assert all(f'aria-label="{day}各环节' in page for day in ("2022-02-01", "2022-03-01"))
    assert ("按2022-02-16 00:00所知" in page, "非结账数" in page) == (True, True)
    assert "非结账数" in client.get(address).content.decode()
    assert "非结账数" not in client.get(address, {"first": "很久", "second": "2022-03-01"}).content.decode()
