"""Lists of the centre and the tax office beside the ledger: matched, already there, unknown, contradictory."""

from datetime import date
from typing import Any

import pytest

from documents.intake.models import ImportSession
from documents.intake.services.list_sessions import carry_out_session
from documents.intake.services.sessions import submit_session
from documents.render.template_xlsx import write_template
from projects.ledger.choices import NameScheme
from projects.ledger.models import Unit
from projects.ledger.services.names import accept_names
from projects.progress.lists import STAGE_COLUMNS
from projects.progress.models import Mismatch
from projects.progress.services.stage_list import carry_out_list
from registry.audit.models import Act
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.stages import Track
from registry.store.guard import fixture_writes
from tests.documents.intake.services.sessions import Told, carried_out, sent, told
from tests.documents.intake.services.test_work_lists import ledger
from tests.factories.laid import laid
from tests.factories.projects import Estate, bring_to, on_day
from tests.factories.trials import refused

ON = date(2022, 3, 1)


def listing(estate: Estate, *rows: dict[str, Any]) -> bytes:
    """A list in the headers of its template."""
    full = ({"project": estate.project.code, **row} for row in rows)
    return write_template(STAGE_COLUMNS, title="清单", sheet_name="清单", rows=full)


def beside(estate: Estate, content: bytes, *, by: str = "centre", to: str = "accepted") -> list[Told]:
    return told(listed(estate, content, by=by, to=to))


def listed(estate: Estate, content: bytes, *, by: str = "centre", to: str = "accepted") -> ImportSession:
    words = {"track": Track.CERTIFICATE.value, "to": to, "on": ON.isoformat()}
    return sent(estate, "stages", content, by, ON, **words)


def lay_collected(story: Estate) -> Estate:
    bring_to(story, story.homes[:3], "collected", date(2022, 2, 10))
    return story


@pytest.fixture
def collected(story: Estate) -> Estate:
    made: Estate = laid("test_stage_lists.collected", lay_collected, story)
    return made


def place(number: int, **more: Any) -> dict[str, Any]:
    """The first homes of the estate: building 1, entrance 1, floors 2 to 4."""
    return {"building": "1号楼", "entrance": "1", "room": f"{number + 2}01", **more}


def test_each_line_gets_its_verdict_and_its_action(collected: Estate) -> None:
    bring_to(collected, collected.homes[:1], "accepted", date(2022, 2, 20))
    content = listing(
        collected,
        place(0),
        place(1, on=date(2022, 2, 25)),
        {"building": "1", "entrance": "2", "room": "201"},
        {"building": "77", "entrance": "1", "room": "999"},
        {"building": "1", "room": ""},
    )
    before = ledger()

    session = listed(collected, content)
    found = told(session)

    assert ledger() == before, "reconciling writes nothing"
    assert [(one.row, one.verdict) for one in found] == [
        (2, "unchanged"), (3, "changed"), (4, "refused"), (5, "refused"), (6, "refused"),
    ]  # fmt: skip
    assert found[1].text == "2022-02-25办理至“已受理”"
    codes = {row: codes.strip() for row, codes in session.staged_rows.values_list("row", "codes")}
    assert (codes[4], codes[5], codes[6]) == ("CONTRADICTORY", "NOT_FOUND", "REQUIRED")
    assert all(one.text for one in found)
    assert "先导入清册" in found[3].text
    [[track, was, then]] = session.staged_rows.get(row=3).changes
    assert (track, was, then) == ("办证", "已收材料", "已受理（2022-02-25）")


def test_list_is_carried_out_once_each_home_on_its_day(collected: Estate) -> None:
    content = listing(collected, place(0), place(1, on=date(2022, 2, 25)), place(2, on=date(2022, 3, 9)))
    session = listed(collected, content)

    carried_out(collected, session, "centre", ON)

    assert (session.changed, session.refused) == (2, 1)
    assert told(session)[2].text == "第 4 行“办理日期”2022-03-09尚未到来（最晚2022-03-01）。请填写实际发生的日期。"
    assert Act.objects.get(event="units.listed").facts["count"] == 2
    on = dict(Unit.objects.filter(certificate="accepted").values_list("id", "certificate_on"))
    assert on == {collected.homes[0]: ON, collected.homes[1]: date(2022, 2, 25)}
    with refused("不能办理该操作"):
        carried_out(collected, session, "centre", ON)
    again = listed(collected, content)
    assert (again.changed, again.unchanged) == (0, 2)
    days = dict.fromkeys(collected.homes[:2], ON.isoformat())
    with refused("无可办理的户"), on_day(ON):
        carry_out_list(
            actor=collected.cast.centre.actor, project=collected.project, days=days, track=Track.CERTIFICATE,
            to="accepted", file_name="清单.xlsx",
        )  # fmt: skip


def test_rows_that_fit_no_home_are_kept_to_be_settled_even_if_no_row_fits(collected: Estate) -> None:
    content = listing(collected, {"building": "77", "entrance": "1", "room": "999"}, {"building": "1", "room": ""})
    session, empty = listed(collected, content), listed(collected, listing(collected, {"building": "1", "room": ""}))
    with refused("有2行有错"), on_day(ON):
        carry_out_session(actor=collected.cast.centre.actor, session=session, all_or_nothing=True)
    carried_out(collected, session, "centre", ON)

    row = Mismatch.objects.get()
    assert (row.kind, row.named, row.stage, row.file_name) == ("unknown", "77号楼1单元999", "accepted", "清单.xlsx")
    assert row.said == "“户号(房号)”台账未找到该户。请核对楼栋、户号，或先导入清册。"
    with refused("没有可导入的行"):
        carried_out(collected, empty, "centre", ON)


def test_a_firms_list_waits_for_the_district_and_one_of_an_organ_does_not(collected: Estate) -> None:
    home = collected.unit(5)
    named = {"building": str(home.building), "entrance": home.entrance, "room": home.room}
    session = listed(collected, listing(collected, named), by="developer", to="notified")
    with refused("须由区专班复核", code="second_person"):
        carried_out(collected, session, "developer", ON)
    with on_day(ON):
        submit_session(actor=collected.cast.developer.actor, session=session)
    assert not Unit.objects.filter(certificate="notified").exists()
    with pytest.raises(PermissionRefused):
        carried_out(collected, session, "developer", ON)
    carried_out(collected, session, "district", ON)
    assert Unit.objects.filter(certificate="notified").count() == 1
    session.refresh_from_db()
    assert (session.state, session.had_second_person) == ("committed", True)


def test_unit_code_that_contradicts_the_ledger_is_no_match(collected: Estate) -> None:
    code = "110105012038GB00005F00090001"
    content = listing(collected, place(0, unit_code=code), place(0))

    found = beside(collected, content)

    assert [one.verdict for one in found] == ["changed", "refused"]
    assert "与第 2 行是同一户" in found[1].text
    with fixture_writes():
        Unit.objects.filter(pk=collected.homes[0]).update(unit_code="110105012038GB00005F00090002")
    [first, _] = beside(collected, content)
    assert first.verdict == "refused"
    assert "“不动产单元号”与台账不符（台账为110105012038GB00005F00090002）" in first.text


def test_list_of_another_project_is_refused_whole(collected: Estate) -> None:
    session = listed(collected, listing(collected, place(0), place(1, project="XX-0001")))

    assert (session.state, session.file_error) == ("refused", "FOREIGN_PROJECT")
    assert session.message.startswith("第 3 行的项目编号不是本项目")


def test_list_by_a_role_without_the_step_moves_nothing(collected: Estate) -> None:
    with pytest.raises(DomainError, match="不能将户办理至“已受理”"):
        beside(collected, listing(collected, place(0)), by="township")


def test_file_that_is_no_list_is_refused(collected: Estate) -> None:
    session = listed(collected, b"%PDF-1.4 nothing")

    assert (session.state, session.file_error) == ("refused", "NOT_A_SPREADSHEET")


def called(estate: Estate, names: dict[int, str]) -> None:
    """Give homes of building 1 their names under the sales scheme."""
    with on_day(ON):
        accept_names(
            actor=estate.cast.district.actor, building=estate.buildings[0], scheme=NameScheme.SALES,
            starts=ON, names=names,
        )  # fmt: skip


def test_a_home_is_found_by_its_name_under_any_scheme_and_never_guessed(collected: Estate) -> None:
    first, second, third = collected.homes[:3]
    called(collected, {first: "甲-801", second: "401"})
    content = listing(
        collected,
        {"building": "1号楼", "entrance": "1", "room": "甲-801室"},
        {"building": "1号楼", "entrance": "1", "room": "401"},
        {"building": "1号楼", "entrance": "1", "room": "乙-801"},
    )
    found = beside(collected, content)

    assert [one.verdict for one in found] == ["changed", "refused", "refused"]
    assert Unit.objects.get(pk=first).room == "201"
    labels = [str(Unit.objects.select_related("building").get(pk=key)) for key in (second, third)]
    assert labels == ["1单元301", "1单元401"]
    assert "对应2户" in found[1].text
    assert all(label in found[1].text for label in labels)
    assert "先导入清册" in found[2].text


def test_a_unit_code_settles_which_of_two_homes_a_name_means(collected: Estate) -> None:
    second, third = collected.homes[1:3]
    called(collected, {second: "401"})
    code = "110105012038GB00005F00090001"
    with fixture_writes():
        Unit.objects.filter(pk=third).update(unit_code=code)

    content = listing(collected, {"building": "1", "entrance": "1", "room": "401", "unit_code": code})
    carried_out(collected, listed(collected, content), "centre", ON)

    assert list(Unit.objects.filter(certificate="accepted").values_list("id", flat=True)) == [third]


def test_list_behind_the_ledger_has_nothing_left_to_do(collected: Estate) -> None:
    """The registration centre's list of last week is no step back: what it says was done, and more since."""
    bring_to(collected, collected.homes[:1], "accepted", date(2022, 2, 20))
    content = listing(collected, place(0), place(1))
    before = ledger()

    session = listed(collected, content, by="district", to="notified")

    assert [(row.verdict, row.text) for row in told(session)] == [
        ("unchanged", "台账已办理至其后阶段（已受理），无需办理"), ("unchanged", "台账已办理至其后阶段（已收材料），无需办理"),
    ]  # fmt: skip
    assert ledger() == before
    assert (session.refused, session.unchanged) == (0, 2)


def test_home_on_two_days_is_moved_on_neither(collected: Estate) -> None:
    content = listing(collected, place(0, on=date(2022, 2, 25)), place(0, on=date(2022, 2, 26)), place(1))
    lines = beside(collected, content)
    assert [row.verdict for row in lines] == ["refused", "refused", "changed"]
    assert "与第 3 行是同一户，日期却不一样，都不写入" in lines[0].text
    assert "与第 2 行是同一户" in lines[1].text
