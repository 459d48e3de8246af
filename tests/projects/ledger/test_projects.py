"""Projects: taken in with the scope test, changed with dated versions, noted on."""

from datetime import date, timedelta
from typing import Any

import pytest

from documents.papers.selectors.briefs import _facts
from projects.ledger.invariants import present_values_are_the_last_dated
from projects.ledger.models import Alias, Participation, ProgressNote, Project, ProjectVersion
from projects.ledger.models.project import NoteKind
from projects.ledger.selectors.history import versions_on
from projects.ledger.selectors.projects import days_past_plan, next_code
from projects.ledger.services.projects import add_note, change_project, take_in_project
from registry.accounts.models import Area
from registry.store.guard import fixture_writes
from tests.factories.accounts import DISTRICT, STRANGE_DISTRICT, STRANGE_TOWNSHIP, TOWNSHIP, Cast, lay_setting, sign_in
from tests.factories.projects import TAKEN_IN, TODAY, Estate, moment, on_day, project_words
from tests.factories.trials import last_act, refused


def take_in(cast: Cast, **more: Any) -> Project:
    actor = more.pop("actor", cast.district.actor)
    with on_day(TODAY):
        return take_in_project(actor=actor, **project_words(cast, **more))


def change(estate: Estate, effective_on: date = TODAY, **changes: Any) -> Project:
    with on_day(TODAY):
        return change_project(
            actor=estate.cast.district.actor, project=estate.project, changes=changes, effective_on=effective_on
        )


def note(estate: Estate, **more: Any) -> ProgressNote:
    with on_day(TODAY):
        return add_note(
            **{
                "actor": estate.cast.township.actor, "project": estate.project, "kind": NoteKind.PROGRESS,
                "text": " 已恢复2间。 ", "noted_on": TODAY, **more,
            }
        )  # fmt: skip


def test_progress_in_the_words_of_the_month_before_is_refused(estate: Estate) -> None:
    note(estate, noted_on=date(2022, 2, 20))
    note(estate, noted_on=date(2022, 2, 25))
    with refused("进展与2022-02-25所填的相同。请写明本月的新进展", field="text"):
        note(estate)
    note(estate, text="已恢复3间。")
    note(estate, kind=NoteKind.NEXT)


def test_a_project_is_taken_in_with_its_names_and_partners(cast: Cast) -> None:
    project = take_in(cast, aliases={"演示佳苑": "marketing", "老演示": "nickname"}, officer="某人")

    assert (project.code, project.name, project.initials, project.status, project.officer) == (
        "CY-9001", "演示小区", "ysxq", "taken_in", "某人",
    )  # fmt: skip
    assert list(Alias.objects.order_by("text").values_list("text", "kind")) == [
        ("演示佳苑", "marketing"),
        ("老演示", "nickname"),
    ]
    partners = {cast.department.organisation.pk, cast.centre.organisation.pk, cast.tax.organisation.pk}
    assert set(Participation.objects.values_list("organisation_id", flat=True)) == partners
    assert list(ProjectVersion.objects.values_list("status", "primary_issue", "effective_on")) == [
        ("taken_in", "P03", TAKEN_IN)
    ]
    act = last_act()
    assert (act.event, act.chain, act.seq, act.facts) == (
        "project.taken_in", project.id, 1, {"code": "CY-9001", "name": "演示小区"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"is_state_owned": False}, "小产权房.*不予纳入。依据：台账仅纳入国有土地", "is_state_owned"),
        ({"code": " "}, "项目编号、项目名称均须填写", "code"),
        ({"name": ""}, "项目编号、项目名称均须填写", "code"),
        ({"taken_in_on": date(2022, 3, 9)}, "纳入日期2022-03-09尚未到来", "taken_in_on"),
        ({"township_code": STRANGE_TOWNSHIP}, "只能纳入本辖区的项目", "township_code"),
        ({"township_code": "110105999"}, "行政区划表里没有110105999。请核对代码", "township_code"),
        ({"township_code": "110105"}, "行政区划表里没有110105", "township_code"),
    ],
    ids=["collective land", "no code", "no name", "ahead", "other district", "not in the table", "a district"],
)
def test_a_project_out_of_the_ledger_is_refused(
    cast: Cast, words: dict[str, Any], message: str, field: str | None
) -> None:
    with refused(message, field=field):
        take_in(cast, **words)


def test_a_code_in_use_is_refused(estate: Estate) -> None:
    with refused("编号CY-9001已用于另一个项目。请换一个编号", field="code"):
        take_in(estate.cast)


def test_the_city_takes_in_anywhere(cast: Cast) -> None:
    project = take_in(cast, township_code=STRANGE_TOWNSHIP, actor=cast.city.actor)

    assert (project.district_code, project.district_name) == (STRANGE_DISTRICT, "海淀区")


def test_the_next_number_follows_the_prefix_of_the_district_from_its_day(cast: Cast) -> None:
    lay_setting("project.prefix", "CA", area_code=DISTRICT, since=date(2022, 4, 1))
    for code in ("XM-0001", "XM-0003", "CA-0001"):
        take_in(cast, code=code)

    assert next_code(DISTRICT, on=TODAY) == "XM-0002"
    assert next_code(TOWNSHIP, on=date(2022, 4, 1)) == "CA-0002"
    assert next_code("", on=date(2022, 4, 1)) == "XM-0002"
    assert 'value="CA-0002"' in sign_in(cast.district).get("/projects/new/").content.decode()


def test_a_township_that_is_no_more_in_use_takes_no_project(cast: Cast) -> None:
    with fixture_writes():
        Area.objects.filter(code=TOWNSHIP).update(is_active=False)

    with refused("行政区划表里没有110105027", field="township_code"):
        take_in(cast)


def test_a_change_of_status_is_a_dated_version(estate: Estate) -> None:
    on = date(2022, 2, 1)
    project = change(estate, on, status="resolving", officer="某人")

    assert (project.status, project.officer) == ("resolving", "某人")
    assert list(ProjectVersion.objects.order_by("id").values_list("status", "effective_on")) == [
        ("taken_in", TAKEN_IN),
        ("resolving", on),
    ]
    assert last_act().facts == {"fields": "状态、责任人"}
    row = last_act().changed_rows.get()
    assert (row.before, row.after) == (
        {"status": "taken_in", "officer": ""},
        {"status": "resolving", "officer": "某人"},
    )


def test_a_change_of_what_nothing_is_counted_by_makes_no_version(estate: Estate) -> None:
    change(estate, plan="先补缴土地出让金")

    assert ProjectVersion.objects.count() == 1


def test_what_is_said_of_an_earlier_day_holds_from_then_until_now(estate: Estate) -> None:
    """A status of March, then an officer of January: the project of March has both, that of January the officer."""
    january, march = date(2022, 1, 10), date(2022, 3, 1)
    change(estate, march, status="resolving")
    change(estate, january, officer="某人")

    said = {day: versions_on(on=day)[estate.project.pk] for day in (date(2022, 1, 9), january, march)}
    assert [(version.status, version.officer) for version in said.values()] == [
        ("taken_in", ""), ("taken_in", "某人"), ("resolving", "某人"),
    ]  # fmt: skip
    before = versions_on(on=march, known_at=moment(TODAY, 9))[estate.project.pk]
    assert (before.status, before.officer) == ("taken_in", "")
    assert not list(present_values_are_the_last_dated(None))


def test_a_change_of_nothing_of_the_code_to_no_status_or_ahead_is_refused(estate: Estate) -> None:
    with refused("内容未作修改"):
        change(estate, status="taken_in")
    with refused("以下内容不能在本页修改：code、district_code"):
        change(estate, code="X", district_code="110108")
    with refused("没有这种项目状态。请从清单里选", field="status"):
        change(estate, status="done")
    with refused("日期2022-03-09尚未到来", field="effective_on"):
        change(estate, date(2022, 3, 9), status="resolving")


def test_a_note_is_dated_and_signed_by_its_organisation(estate: Estate) -> None:
    written = note(estate)

    assert (written.text, written.kind, written.noted_on, written.organisation_name) == (
        "已恢复2间。", "progress", TODAY, "十八里店乡",
    )  # fmt: skip
    assert last_act().facts == {"kind": "本月进展", "text": "已恢复2间。"}


def test_an_empty_note_or_one_ahead_is_refused(estate: Estate) -> None:
    with refused("未填写内容", field="text"):
        note(estate, text=" \n")
    with refused("日期2022-03-09尚未到来", field="noted_on"):
        note(estate, noted_on=date(2022, 3, 9))
    early = estate.project.taken_in_on - timedelta(days=1)
    with refused(f"日期{early}早于项目纳入日期", field="noted_on"):
        note(estate, noted_on=early)


def test_a_note_keeps_its_days_with_their_years(estate: Estate) -> None:
    assert note(estate, text="2月20日进场").text == "2022年2月20日进场"
    assert note(estate, kind=NoteKind.NEXT, text="2月20日前完工").text == "2023年2月20日前完工"
    page = sign_in(estate.cast.district).get(f"/projects/{estate.project.code}/").content.decode()
    assert "2022-" in page[page.index("进展与措施") :]


@pytest.mark.parametrize(("status", "late"), [("issuing", 36), ("zeroed", 0), ("closed", 0)])
def test_a_planned_day_long_past_says_so_until_the_project_is_done(estate: Estate, status: str, late: int) -> None:
    with fixture_writes():
        Project.objects.filter(pk=estate.project.pk).update(target_on=date(2022, 1, 31), status=status)
    estate.project.refresh_from_db()
    on = date(2022, 3, 8)

    assert days_past_plan(estate.project, on) == late
    assert days_past_plan(estate.project, date(2022, 1, 31)) == 0
    assert ("计划清零", f"2022-01-31{f'（逾期{late}日）' if late else ''}") in _facts(estate.project, on)
    client = sign_in(estate.cast.district)
    for address in (f"/projects/{estate.project.code}/", "/projects/?columns=name&columns=target_on"):
        shown = "逾期" in client.get(address).content.decode()
        assert shown == bool(late), address
