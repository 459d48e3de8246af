"""The bridge of a month over the real ledger: what came late, was wrong, or moved; it closes everywhere."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection

from documents.reports.changes import EVERYTHING, NUMBERS, Scope, bridge_in, change_rows
from documents.reports.models import MonthClose
from documents.reports.monthly import MonthlyRows
from documents.reports.selectors.months import preview_month
from documents.reports.selectors.reports import month_view
from documents.reports.services import close_month
from projects.gates.metrics import BY_CODE
from projects.gates.selectors.overview import Overview, overviews, overviews_on
from projects.ledger.models import Project
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedCertificate, advance_units, change_standing, correct_unit, place_units
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.bridge import Bridge, Term
from registry.kernel.periods import Month
from registry.kernel.stages import Standing, Track
from registry.store.second import FirstPerson
from tests.factories.projects import Estate, bring_to, home, moment, on_day, project_words
from tests.factories.trials import refused

JANUARY, FEBRUARY, MARCH = (Month.parse(f"2022-0{n}") for n in (1, 2, 3))
EARLY = date(2022, 3, 2)


def closed(estate: Estate, month: Month) -> None:
    with on_day(month.next.first):
        close_month(actor=estate.cast.city.actor, month=month, first=FirstPerson.of(estate.cast.auditor.person))


def month_rows(month: Month) -> MonthlyRows:
    """A month as known now; nothing in it fails to add up."""
    computed = preview_month(month=month)
    assert computed.faults == []
    return computed


def bridge(month: Month = MARCH, scope: Scope = EVERYTHING) -> Bridge:
    return bridge_in(month_rows(month).rows["projects"], scope)


def moved(bridge: Bridge) -> dict[str, dict[str, int]]:
    """The rows that are not nought but for the stocks, without the stages between."""
    rows = {row["term"]: {name: row[name] for name, _, _ in NUMBERS if row[name]} for row in change_rows(bridge)}
    return {term: numbers for term, numbers in rows.items() if numbers and term not in ("期初", "期末")}


def lines(month: Month = MARCH) -> list[tuple[Any, ...]]:
    return [
        tuple(row[name] for name in ("kind", "code", "of", "month", "issued", "cause", "author"))
        for row in month_rows(month).rows["corrections"]
    ]


def take_in(estate: Estate, code: str, on: date, *rows: Any, **words: Any) -> Project:
    """A project of the district, taken in on a day, with homes."""
    actor = estate.cast.district.actor
    project: Project = take_in_project(
        actor=actor, **project_words(estate.cast, code=code, name=f"小区{code}", taken_in_on=on, **words)
    )
    if rows:
        place_units(actor=actor, project=project, rows=list(rows), placed_on=on, source="清册")
    return project


def issue_late(estate: Estate, at: int, on: date, recorded: date) -> None:
    """Record on a day that a home was issued before it."""
    with on_day(recorded):
        advance_units(
            actor=estate.cast.centre.actor, project=estate.project, unit_ids=[estate.homes[at]],
            track=Track.CERTIFICATE, to="issued", occurred_on=on,
        )  # fmt: skip


def test_a_project_recorded_late_is_no_find_of_this_month(story: Estate) -> None:
    """In on 15 February, entered on 3 March, February closed: 补记, its old certificate too."""
    closed(story, FEBRUARY)
    old = [PlacedCertificate("朝全字第1号", True, date(2005, 6, 30))]
    with on_day(date(2022, 3, 3)):
        take_in(
            story, "CY-9005", date(2022, 2, 15), home("1", "1", 2, 31), home("1", "1", 3, 32),
            home("1", "1", 4, 33, certificates=tuple(old)),
        )  # fmt: skip
        take_in(story, "CY-9008", date(2022, 3, 1), home("1", "1", 2, 41))

    assert moved(bridge()) == {
        "本月纳入": {"projects": 1, "involved": 1, "due": 1, "remaining": 1},
        "更正：补记": {"projects": 1, "involved": 3, "due": 3, "issued": 1, "remaining": 2},
    }
    [total] = month_rows(MARCH).rows["totals"]
    assert (total["projects_opening"], total["projects_added"], total["projects"]) == (1, 2, 3)
    assert (total["issued_month"], total["issued_corrected"], total["issued_entered"]) == (0, 0, 1)


def test_an_issue_of_february_recorded_in_march_is_a_correction_with_its_cause(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2022, 2, 10))
    bring_to(story, story.homes[1:2], "recorded", date(2022, 2, 11))
    closed(story, FEBRUARY)
    issue_late(story, 1, date(2022, 2, 25), EARLY)
    bring_to(story, story.homes[2:3], "issued", EARLY)

    assert moved(bridge()) == {
        "本月发证": {"issued": 1, "remaining": -1}, "更正：补记": {"issued": 1, "remaining": -1},
    }  # fmt: skip
    [line] = lines()
    assert line[:5] == ("补记", "CY-9001", "发证", "2022年2月", 1)
    assert all(line[5:]), "cause and author"
    assert [(row["month"], row["stated"], row["known"], row["late"], row["error"]) for row in
            month_rows(MARCH).rows["revisions"]] == [("2022年2月", 1, 2, 1, 0), ("2022年3月", 1, 1, 0, 0)]  # fmt: skip


def test_a_wrong_issue_is_taken_back_in_its_own_row(story: Estate) -> None:
    """Of a closed month it is 纠错; of the same month it nets and leaves no row."""
    bring_to(story, story.homes[:1], "issued", date(2022, 2, 10))
    closed(story, FEBRUARY)
    bring_to(story, story.homes[1:2], "issued", date(2022, 3, 3))
    for at in (0, 1):
        with on_day(date(2022, 3, 4)):
            correct_unit(
                actor=story.cast.district.actor, unit=story.unit(at), track=Track.CERTIFICATE, on=date(2022, 3, 4),
                reason="记错了户", first=FirstPerson.of(story.cast.district_second.person),
            )  # fmt: skip

    assert moved(bridge()) == {"更正：纠错": {"issued": -1, "remaining": 1}}
    assert lines() == [("纠错", "CY-9001", "发证", "2022年2月", -1, "记错了户", lines()[0][6])]


def test_excluded_and_restored_homes_have_a_row(story: Estate) -> None:
    closed(story, FEBRUARY)
    first = FirstPerson.of(story.cast.district_second.person)
    with on_day(EARLY):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:2],
            standing=Standing.EXCLUDED, reason="duplicate", evidence="重复登记", on=EARLY, first=first,
        )  # fmt: skip
    assert moved(bridge()) == {"户核减、恢复": {"excluded": 2, "due": -2, "remaining": -2}}

    closed(story, MARCH)
    with on_day(date(2022, 4, 5)):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:1],
            standing=Standing.ACTIVE, reason="", evidence="复核属实", on=date(2022, 3, 20), first=first,
        )  # fmt: skip
    assert moved(bridge(MARCH.next)) == {"更正：补记": {"excluded": -1, "due": 1, "remaining": 1}}


def test_a_split_and_a_merge_move_homes_and_make_none(story: Estate) -> None:
    bring_to(story, story.homes[-1:], "issued", date(2022, 2, 10))
    with on_day(date(2022, 2, 3)):
        twin = take_in(story, "CY-9006", date(2022, 2, 3), home("7", "1", 2, 51))
    closed(story, FEBRUARY)
    with on_day(EARLY):
        split_project(
            actor=story.cast.district.actor, project=story.project, building_ids=[story.buildings[1].pk],
            code="CY-9007", name="演示小区二期", on=EARLY, reason="分两期",
        )  # fmt: skip
        merge_projects(
            actor=story.cast.district.actor, project=story.project, absorbed=twin, on=EARLY, reason="同一小区"
        )

    assert moved(bridge()) == {"项目拆分": {"projects": 1}, "项目合并": {"projects": -1}}
    of = {code: moved(bridge(scope=Scope(code=code))) for code in ("CY-9001", "CY-9007", "CY-9006")}
    assert of["CY-9007"] == {
        "项目拆分": {"projects": 1, "involved": 6, "due": 6, "issued": 1, "remaining": 5},
    }  # fmt: skip
    assert of["CY-9006"] == {"项目合并": {"projects": -1, "involved": -1, "due": -1, "remaining": -1}}
    assert of["CY-9001"]["项目拆分"] == {"involved": -6, "due": -6, "issued": -1, "remaining": -5}
    assert of["CY-9001"]["项目合并"] == {"involved": 1, "due": 1, "remaining": 1}

    closed(story, MARCH)
    assert bridge(MARCH.next).row(Term.OPENING) == bridge(MARCH).row(Term.CLOSING)
    assert moved(bridge(MARCH.next)) == {}


def test_a_project_that_changes_its_township_is_handed_over(story: Estate) -> None:
    closed(story, FEBRUARY)
    with connection.cursor() as cursor:  # no act changes the township of a project yet
        cursor.execute(
            "INSERT INTO ledger_projectversion (project_id, status, primary_issue, name, district_code, district_name,"
            " township_code, township_name, housing_type, officer, effective_on, recorded_at, act_id) SELECT"
            " project_id, status, primary_issue, name, district_code, district_name, '110105028', '另一乡',"
            " housing_type, officer, %s, %s, act_id FROM ledger_projectversion WHERE project_id = %s",
            [EARLY, moment(EARLY), story.project.pk],
        )

    here, there = (Scope(township=code) for code in (story.project.township_code, "110105028"))
    assert moved(bridge()) == {}
    assert moved(bridge(scope=here)) == {"划入、划出": {"projects": -1, "involved": -12, "due": -12, "remaining": -12}}
    assert moved(bridge(scope=there)) == {"划入、划出": {"projects": 1, "involved": 12, "due": 12, "remaining": 12}}


FIRST = "(SELECT MIN(id) FROM {} WHERE track = 'certificate' AND {}use = 'dwelling')"


def test_a_change_past_the_books_fails_the_sealing(story: Estate) -> None:
    closed(story, FEBRUARY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_tally SET count = count + 1 WHERE id = " + FIRST.format("ledger_tally", ""))
    fault = "CY-9001：期初加本月变动与期末重数不符"
    assert fault in preview_month(month=MARCH).faults
    assert preview_month(month=MARCH, known_at=moment(MARCH.next.first)).faults == [], "the moves say otherwise"

    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_move SET to_use = 'retail' WHERE id = " + FIRST.format("ledger_move", "to_"))
    with refused("2022年3月勾稽不平，不能结账：" + fault, code="faults"), on_day(MARCH.next.first):
        close_month(actor=story.cast.city.actor, month=MARCH, first=FirstPerson.of(story.cast.auditor.person))


@pytest.fixture
def three_months(story: Estate) -> Estate:
    """Three closed months with movements, a late issue and a wrong one."""
    closed(story, JANUARY)
    bring_to(story, story.homes[:2], "issued", date(2022, 2, 10))
    bring_to(story, story.homes[2:3], "recorded", date(2022, 2, 11))
    closed(story, FEBRUARY)
    issue_late(story, 2, date(2022, 2, 26), date(2022, 3, 3))
    with on_day(date(2022, 3, 3)):
        correct_unit(
            actor=story.cast.district.actor, unit=story.unit(0), track=Track.CERTIFICATE, on=date(2022, 3, 3),
            reason="记错了户", first=FirstPerson.of(story.cast.district_second.person),
        )  # fmt: skip
    closed(story, MARCH)
    return story


def test_each_month_opens_with_what_the_one_before_was_closed_with(three_months: Estate) -> None:
    rows = {close.month: close.rows for close in MonthClose.objects.all()}
    opening, closing = (bridge_in(rows[month]["projects"]) for month in ("2022-03", "2022-02"))

    assert opening.row(Term.OPENING) == closing.row(Term.CLOSING)
    assert rows["2022-03"]["revisions"][0] == {
        "month": "2022年2月", "stated": 2, "after_1": 2, "known": 2, "late": 1, "error": -1, "revised": 0,
    }  # fmt: skip


def test_figures_from_tallies_are_those_from_all_moves(three_months: Estate) -> None:
    """As known now, on days before, between and after; what stands elsewhere since counts where it stood."""
    with on_day(date(2022, 4, 2)):
        split_project(
            actor=three_months.cast.district.actor, project=three_months.project, name="演示小区二期", code="CY-9007",
            building_ids=[three_months.buildings[1].pk], on=date(2022, 4, 2), reason="分两期",
        )  # fmt: skip
    keys, now = list(Project.objects.values_list("id", flat=True)), moment(date(2022, 4, 3))

    def said(rows: Mapping[int, Overview]) -> dict[int, dict[str, int]]:
        return {key: {code: figure.value(row) for code, figure in BY_CODE.items()} for key, row in rows.items()}

    for on in (date(2021, 6, 30), date(2022, 2, 10), date(2022, 3, 31), date(2022, 4, 2)):
        assert said(overviews_on(keys, on=on)) == said(overviews(keys, on=on, known_at=now))


@pytest.mark.parametrize("by", ["district", "township", "centre"])
def test_who_sees_a_part_reads_it_from_the_frozen_rows(three_months: Estate, by: str) -> None:
    """The sheets of changes too, without a count: all of the projects are theirs, so they are the whole."""

    def said(actor: Any) -> Mapping[str, Any]:
        rows = month_view(actor, MARCH, now=moment(date(2022, 4, 9))).rows
        return {name: rows[name] for name in ("totals", "changes", "units", "stages", "corrections", "revisions")}

    whole = said(three_months.cast.city.actor)
    with on_day(date(2022, 4, 5)):
        take_in(three_months, "CY-9005", date(2022, 2, 15), home("1", "1", 2, 61))

    assert said(getattr(three_months.cast, by).actor) == whole
