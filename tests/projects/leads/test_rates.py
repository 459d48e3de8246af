"""The three rates of the books: who counts for whom, as known at a moment, explained by the tickets, what if."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.leads.models import Ticket
from projects.leads.selectors.cases import scored_tickets
from projects.leads.selectors.monthly import month_of_tickets
from projects.leads.selectors.quoted import quoted_rates
from projects.leads.selectors.rate_rules import hotline_month, rules_on
from projects.leads.selectors.rates import explained_rates, rate_table
from projects.leads.services.handling import contact_caller, return_ticket
from projects.leads.services.matching import match_ticket
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.periods import Month, Period
from tests.factories.accounts import lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.projects.leads.trials import answered, called, dispatched, excluded, lay_ticket, matched

MARCH = Month.parse("2022-03")
LATER = moment(TODAY + timedelta(days=5))


def lay_tickets(estate: Estate) -> None:
    """Four tickets: solved, not solved, not called back, excluded; the first two by one caller."""
    with on_day(TODAY):
        for number, solved, satisfied in (("A", True, "yes"), ("B", False, "no"), ("C", None, ""), ("D", True, "yes")):
            phone = "19900000001" if number in "AB" else f"1990000001{ord(number) % 10}"
            ticket = lay_ticket(estate, number=number, caller_phone=phone)
            with on_day(TODAY):
                matched(estate, ticket)
                dispatched(estate, ticket)
                if number == "A":
                    contact_caller(
                        actor=estate.cast.department.actor, ticket=ticket, contacted_at=moment(TODAY, 10), text="已说明"
                    )
                if number != "C":
                    answered(estate, ticket)
                    called(estate, ticket, solved=solved, satisfied=satisfied)
                if number == "D":
                    excluded(estate, ticket)


def table(
    estate: Estate, by: str, now: datetime = LATER, known_at: datetime | None = None
) -> dict[str, tuple[str, ...]]:
    rows = rate_table(estate.cast.city.actor, MARCH, by, now=now, known_at=known_at).rows
    return {
        row.label: tuple(
            f"{share.hits}/{share.cases}"
            for share in (row.rates.contacted, row.rates.responded, row.rates.solved, row.rates.satisfied)
        )
        for row in rows
    }


def test_each_unit_counts_its_tickets_and_both_executors_are_scored(estate: Estate) -> None:
    lay_tickets(estate)

    assert table(estate, "project") == {"演示小区": ("1/3", "2/2", "1/2", "1/2")}
    assert table(estate, "district") == {"朝阳区": ("1/3", "2/2", "1/2", "1/2")}
    assert table(estate, "township") == {"十八里店乡": ("1/3", "2/2", "1/2", "1/2")}
    assert table(estate, "executor") == {
        "规自分局": ("1/3", "2/2", "1/2", "1/2"), "十八里店乡": ("0/3", "2/2", "1/2", "1/2"),
    }  # fmt: skip
    total = rate_table(estate.cast.city.actor, MARCH, "project", now=LATER)
    assert (total.total.tickets, total.total.demands, total.excluded, total.unlabelled) == (3, 2, 1, 0)


def test_what_is_not_due_is_not_counted_and_zero_call_backs_are_no_rate(estate: Estate) -> None:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        dispatched(estate, ticket)
    assert table(estate, "district", now=moment(TODAY, 12)) == {"朝阳区": ("0/0", "0/0", "0/0", "0/0")}
    page = sign_in(estate.cast.district).get(reverse("leads:rates"), {"month": "2022-03"}).content.decode()
    assert 'title="0/0件">—<' in page
    assert "不是任何公布的考核标准" in page


def test_figures_are_as_known_at_a_moment(estate: Estate) -> None:
    lay_tickets(estate)
    before = moment(TODAY, 11)
    with on_day(TODAY, 15):
        called(estate, Ticket.objects.get(number="A"), solved=False, satisfied="no")
        excluded(estate, Ticket.objects.get(number="C"))

    assert table(estate, "district") == {"朝阳区": ("1/2", "2/2", "0/2", "0/2")}
    assert table(estate, "district", known_at=before) == {"朝阳区": ("1/1", "2/2", "1/2", "1/2")}, "as known at eleven"


def test_a_part_that_was_returned_is_not_scored_for_whoever_returned_it(estate: Estate) -> None:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        dispatched(estate, ticket)
        return_ticket(actor=estate.cast.township.actor, ticket=ticket, reason="不在辖区")
    assert set(table(estate, "executor")) == {"规自分局"}


def test_each_rate_is_explained_by_its_tickets_with_what_if(estate: Estate) -> None:
    lay_tickets(estate)

    label, _, rates, rows, left = explained_rates(
        estate.cast.district.actor, MARCH, "project", str(estate.project.pk), now=LATER
    )
    assert (label, rates.solved.value) == ("演示小区", Decimal("50.00"))
    assert {row.ticket.number: row.without.solved.text for row in rows} == {"A": "0.00%", "B": "100.00%", "C": "50.00%"}
    assert [ticket.number for ticket in left] == ["D"]
    address = reverse("leads:unit_rates", args=["2022-03", "project", estate.project.pk])
    page = sign_in(estate.cast.district).get(address).content.decode()
    assert all(words in page for words in ("如剔除本件", "1/2件", "95%区间", "已剔除"))
    assert sign_in(estate.cast.strange_district).get(address).status_code == 404
    assert sign_in(estate.cast.developer).get(address).status_code == 403


def test_rules_are_dated_and_say_their_source(estate: Estate) -> None:
    lay_tickets(estate)
    for name, value in (
        ("weight_response", 30),
        ("weight_solved", 35),
        ("weight_satisfied", 35),
        ("rule_source", "×办〔2022〕1号"),
    ):
        lay_setting(f"hotline.{name}", value, since=TODAY)
    lay_setting("hotline.bands", "3、2", since=TODAY)

    before, after = rules_on(TODAY - timedelta(days=1)), rules_on(TODAY)
    assert (before.source, before.has_score, before.bands) == ("", False, (300, 80, 20))
    assert (after.source, after.weights, after.bands) == ("×办〔2022〕1号", (30, 35, 35), (3, 2))
    page = sign_in(estate.cast.city).get(reverse("leads:rates"), {"month": "2022-03"}).content.decode()
    assert all(words in page for words in ("计算依据：×办〔2022〕1号", "3件及以上", "综合得分", "1/1"))
    lay_setting("hotline.bands", "2、3", since=TODAY + timedelta(days=1))
    with pytest.raises(DomainError, match="应为由大到小的整数"):
        rules_on(TODAY + timedelta(days=1))


def test_the_month_has_its_own_cut_off(estate: Estate) -> None:
    lay_setting("hotline.closing_day", 18, since=TODAY)
    period = hotline_month(MARCH)
    assert period == Period(TODAY.replace(month=2, day=19), TODAY.replace(day=19))
    ticket = lay_ticket(estate, on=TODAY.replace(day=19))
    with on_day(TODAY.replace(day=19), 11):
        dispatched(estate, ticket)
    actor = estate.cast.city.actor
    assert [scored_tickets(actor, hotline_month(month), now=LATER)[0] != [] for month in (MARCH, MARCH.next)] == [
        False,
        True,
    ]


def test_the_series_of_2019_stands_as_quoted() -> None:
    quoted = quoted_rates()
    assert quoted.rows == (("2019-01", "100%", "53.09%", "64.61%"), ("2019-10", "100%", "74.36%", "85.39%"))
    assert "非本系统计算" in quoted.source


def test_the_page_shows_the_rates_it_counts_and_developers_none(estate: Estate) -> None:
    lay_tickets(estate)
    address = reverse("leads:rates")
    for by in ("district", "township", "project", "executor"):
        page = sign_in(estate.cast.district).get(address, {"month": "2022-03", "by": by}).content.decode()
        assert "50.00%" in page
    assert "53.09%" in page
    assert sign_in(estate.cast.developer).get(address).status_code == 403


def test_the_month_as_the_report_reads_it_is_the_same_whatever_is_split_or_matched_later(estate: Estate) -> None:
    lay_tickets(estate)
    city, second = estate.cast.city.actor, estate.buildings[1]
    with on_day(TODAY, 15):
        match_ticket(
            actor=estate.cast.district.actor, ticket=Ticket.objects.get(number="C"), project=estate.project,
            building=second, reason="楼号一致",
        )  # fmt: skip

    def read(by: str, known_at: datetime | None = None) -> list[tuple[str, int, int, str]]:
        table = month_of_tickets(city, MARCH, by=by, on=TODAY + timedelta(days=5), known_at=known_at)
        return sorted((row.label, row.rates.tickets, row.rates.demands, row.rates.solved.text) for row in table.rows)

    sealed_at = moment(TODAY, 16)
    assert read("project", sealed_at) == read("project") == [("演示小区", 3, 2, "50.00%")]
    with on_day(TODAY, 17):
        made = split_project(
            actor=city, project=estate.project, building_ids=[second.pk], code="XM-8001", name="演示小区二期", on=TODAY,
            reason="分期",
        )  # fmt: skip
    assert read("project") == [("演示小区", 2, 1, "50.00%"), ("演示小区二期", 1, 1, "—")]
    assert read("project", sealed_at) == [("演示小区", 3, 2, "50.00%")], "as it was known"
    with on_day(TODAY, 18):
        merge_projects(actor=city, project=made, absorbed=estate.project, on=TODAY, reason="同一项目")
    assert read("project", sealed_at) == [("演示小区", 3, 2, "50.00%")]
    assert read("project") == [("演示小区二期", 3, 2, "50.00%")]
    assert [label for label, *_ in read("township", sealed_at)] == ["十八里店乡"]
    with pytest.raises(NotFound, match="没有这种分类"):
        month_of_tickets(city, MARCH, by="caller", on=TODAY)
