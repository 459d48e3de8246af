"""Rows that are most likely a home that stands, and days before a project was: refused with what stands."""

from datetime import date
from typing import Any

import pytest

from documents.intake.models import ImportSession
from projects.gates.selectors.beginnings import beginning_of, latest_beginning
from registry.kernel.gates import Gate
from tests.documents.intake.reading.files import home, workbook
from tests.documents.intake.services.lists import DAY, staged
from tests.documents.intake.services.sessions import sent, told
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.projects import Estate, lay_step


def one(estate: Estate, **cells: Any) -> ImportSession:
    blank = dict.fromkeys(("unit_code", "holder", "identity", "phone", "agreement", "area"), "")
    row = home(2, project=estate.project.code, building="1号楼", **{**blank, "floor": "2", "room": "201", **cells})
    return staged(estate, workbook([row]))


@pytest.mark.parametrize(("cells", "code"), [
    ({"floor": "3"}, "FLOOR_OTHER"), ({"floor": "1-2"}, "FLOOR_OTHER"), ({"room": "0201"}, "ROOM_ZEROS"),
    ({"floor": "-1"}, "FLOOR_OTHER"),
])  # fmt: skip
def test_a_new_home_that_is_most_likely_one_that_stands_is_refused(
    estate: Estate, cells: dict[str, str], code: str
) -> None:
    session = one(estate, **cells)
    assert (session.added, session.refused) == (0, 1)
    assert session.staged_rows.get().codes.strip() == code


@pytest.mark.parametrize("cells", [{"room": "201A"}, {"floor": "3", "room": "302"}, {"use": "商业", "floor": "3"}])
def test_another_home_is_another_home(estate: Estate, cells: dict[str, str]) -> None:
    assert one(estate, **cells).added == 1


@pytest.mark.parametrize("room", ["#201", "NO.201", "201.0", "房号201", "201室"])
def test_a_room_in_another_spelling_is_the_same_home(estate: Estate, room: str) -> None:
    session = one(estate, room=room, remark="改")
    assert (session.changed, session.staged_rows.get().normalised[0][2]) == (1, "201")


def test_rows_of_a_home_that_say_different_things_are_both_refused(estate: Estate) -> None:
    blank = dict.fromkeys(("unit_code", "holder", "identity", "phone", "agreement", "area"), "")
    rows = [home(2, project=estate.project.code, building="1号楼", **blank, remark=said) for said in ("甲", "乙")]
    session = staged(estate, workbook(rows))
    assert (session.changed, session.refused) == (0, 2)
    assert all("“备注”却不一样，都不写入" in text for _, _, text in told(session))


def test_a_day_before_a_project_can_have_been_is_refused_with_the_bound(estate: Estate) -> None:
    assert latest_beginning(estate.project).day == date(1989, 1, 1), "thirty years before it was taken in"
    session = sent(estate, "blockers", laid("blockers", {"type": "P03", "found_on": "1988-12-31"}), today=DAY)
    assert "1988-12-31早于1989-01-01" in told(session)[0].text
    session = sent(estate, "blockers", laid("blockers", {"type": "P03", "found_on": "1989-01-01"}), today=DAY)
    assert session.added == 1


def test_a_certificate_is_not_older_than_the_land_of_its_project(estate: Estate) -> None:
    cells = {"certificate_no": "X京房权证朝字第77号", "floor": "9", "room": "901"}
    assert one(estate, **cells, issued_on="1995-03-01").added == 1
    lay_step(estate, Gate.LAND_SUPPLY, date(2003, 5, 6))
    assert beginning_of(estate.project).day == date(2003, 5, 6)
    session = one(estate, **cells, issued_on="1995-03-01")
    assert (session.refused, session.staged_rows.get().codes.strip()) == (1, "DATE_BOUND")
    assert "1995-03-01早于2003-05-06" in told(session)[0].text


def test_a_certificate_is_not_older_than_the_year_in_its_number(estate: Estate) -> None:
    session = one(
        estate, floor="9", room="901", certificate_no="京（2021）朝不动产权第0000003号", issued_on="2020-08-23"
    )
    assert session.staged_rows.get().codes.strip() == "CERTIFICATE_YEAR"
