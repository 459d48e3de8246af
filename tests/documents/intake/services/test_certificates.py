"""A list with certificates through the whole door: staged, written, exported, sent back, undone."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from documents.intake.reading.unit_columns import UNIT_COLUMNS
from documents.intake.selectors.sessions import UNIT_HEADERS as HEADERS
from documents.intake.selectors.sessions import preview_page
from documents.intake.selectors.unit_list import unit_list
from documents.intake.services.sessions import commit_session
from documents.intake.services.take_back_units import undo_session
from documents.render.template_xlsx import write_template
from projects.ledger.models import Move, Unit, UnitCertificate
from projects.ledger.selectors.unit_details import detail_rows
from projects.ledger.unit_details import detail_columns
from registry.kernel.stages import Track
from tests.documents.intake.reading.files import home
from tests.documents.intake.services.lists import DAY, LATER, ledger_of, listed, moves_of, staged, written
from tests.factories.books import faults_in_the_books
from tests.factories.projects import Estate, bring_to, move, on_day

OLD = {"certificate_no": "京房权证朝字第12345号", "issued_on": date(2005, 6, 30)}
TWO = {"certificate_no": "朝全字第7号、京（2022）朝不动产权第0000007号", "issued_on": "2006-1-1、无"}


def undone(estate: Estate, session: Any) -> Any:
    with on_day(LATER):
        return undo_session(actor=estate.cast.district.actor, session=session, reason="传错了文件")


def exported(estate: Estate) -> bytes:
    rows = unit_list(estate.cast.district.actor, estate.project)
    return write_template(UNIT_COLUMNS, title="清册", sheet_name="清册", rows=rows)


def edited(content: bytes, header: str, room: str, value: Any) -> bytes:
    """The workbook with one cell of a room of building 9 changed."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    at = {name: titles.index(name) for name in (header, "楼栋(幢号)", "户号(房号)")}
    [row] = [
        row for row in sheet.iter_rows(min_row=2)
        if (row[at["楼栋(幢号)"]].value, row[at["户号(房号)"]].value) == ("9号楼", room)
    ]  # fmt: skip
    row[at[header]].value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def restated(estate: Estate, content: bytes) -> list[Any]:
    """Stage and write a file; gives the changes of the rows that change something."""
    session = staged(estate, content, name=f"{estate.project.code}{len(content)}{Move.objects.count()}.xlsx")
    changes = list(session.staged_rows.exclude(changes=[]).values_list("changes", flat=True))
    assert (session.added, session.refused) == (0, 0)
    with on_day(DAY):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
    return changes


def test_preview_says_what_becomes_of_a_home(estate: Estate) -> None:
    written(estate, listed(estate))

    session = staged(estate, listed(estate, r3=OLD, r4={"certificate_no": "办理中"}))

    assert (session.unchanged, session.changed, session.refused) == (1, 1, 1)
    assert session.staged_rows.get(verdict="changed").changes == [
        ["产权证号", "（空）", "京房权证朝字第12345号"], ["发证日期", "（空）", "2005-06-30"], ["办证", "待办", "已发证"],
    ]  # fmt: skip
    assert set(session.warnings) == {"LEGACY_CERTIFICATE", "WITH_CERTIFICATE"}


def test_preview_shows_the_columns_where_a_row_states_them(estate: Estate) -> None:
    plain, titled = staged(estate, listed(estate)), staged(estate, listed(estate, r2=OLD), name="旧证.xlsx")

    assert preview_page(plain, "added").headers == HEADERS
    page = preview_page(titled, "added")
    assert page.headers == (*HEADERS, "产权证号", "发证日期")
    assert [cell for cell, _ in page.rows[0].cells[-2:]] == ["京房权证朝字第12345号", "2005-06-30"]


def test_day_ahead_and_number_of_another_home_are_refused_in_the_preview(estate: Estate) -> None:
    written(estate, listed(estate, r2=OLD))

    session = staged(
        estate, listed(estate, 4, r3=OLD, r4={"certificate_no": "朝全字第1号", "issued_on": date(2022, 2, 2)})
    )

    assert (session.unchanged, session.added, session.refused) == (1, 1, 2)
    codes = dict(session.staged_rows.filter(verdict="refused").values_list("row", "codes"))
    assert codes == {3: " CERTIFICATE_DUP ", 4: " CERTIFICATE_DATE_AHEAD "}


def test_same_file_twice_changes_nothing(estate: Estate) -> None:
    rows = listed(estate, 3, r2=OLD, r3=TWO)
    written(estate, rows)
    books, moves = ledger_of(estate), moves_of(estate)

    again = written(estate, rows)

    assert (again.unchanged, again.changed, again.added) == (3, 0, 0)
    assert (ledger_of(estate), moves_of(estate), UnitCertificate.objects.count()) == (books, moves, 3)


def test_export_comes_back_without_change_and_one_cell_changes_just_that(estate: Estate) -> None:
    written(estate, listed(estate, 3, r2=OLD, r3=TWO))
    home_of = Unit.objects.filter(building__number="9")

    assert restated(estate, exported(estate)) == []
    assert restated(estate, edited(exported(estate), "发证日期", "101", date(2005, 7, 1))) == [
        [["发证日期", "2005-06-30", "2005-07-01"]]
    ]
    assert restated(estate, edited(exported(estate), "产权证号", "301", "朝全字第9号")) == [
        [["产权证号", "（空）", "朝全字第9号"], ["办证", "待办", "已发证"]]
    ]
    assert restated(estate, exported(estate)) == []
    assert dict(home_of.values_list("room", "certificate_no")) == {
        "101": OLD["certificate_no"], "201": TWO["certificate_no"], "301": "朝全字第9号",
    }  # fmt: skip
    assert faults_in_the_books() == []


def test_unit_list_takes_two_queries(estate: Estate, django_assert_num_queries: Any) -> None:
    written(estate, listed(estate, 3, r2=OLD, r3=TWO))

    with django_assert_num_queries(2):
        rows = {row["room"]: row for row in unit_list(estate.cast.district.actor, estate.project)}

    assert (rows["101"]["issued_on"], rows["201"]["issued_on"]) == (date(2005, 6, 30), "2006-01-01、无")
    assert (rows["301"]["certificate_no"], rows["301"]["issued_on"]) == ("", None)


def test_detail_sheet_prints_the_numbers_joined(estate: Estate) -> None:
    written(estate, listed(estate, 1, r2=TWO))
    at = [column.name for column in detail_columns(with_people=False)].index("certificate_no")

    rows = list(detail_rows(estate.cast.district.actor, {"use": "dwelling"}, with_people=False))

    assert sorted({row[at] for row in rows}) == ["", TWO["certificate_no"]]


def test_undo_of_new_homes_frees_their_numbers(estate: Estate) -> None:
    before = ledger_of(estate)
    session = written(estate, listed(estate, 2, r2=OLD))

    done = undone(estate, session)

    assert ledger_of(estate) == before
    assert (done.undo_report["retired"], UnitCertificate.objects.filter(ended_act_id__isnull=True).count()) == (2, 0)
    assert Unit.objects.filter(certificate_no__gt="").count() == 0
    assert faults_in_the_books() == []
    with_number = written(estate, [home(7, project=estate.project.code, **OLD)])
    assert with_number.added == 1
    assert faults_in_the_books() == []


def test_undo_puts_a_reopened_home_back_at_its_stage(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    before = ledger_of(estate)
    session = written(estate, listed(estate, 2, r2=OLD))
    assert Unit.objects.get(building__number="9", room="101").certificate == "issued"

    done = undone(estate, session)

    unit = Unit.objects.get(building__number="9", room="101")
    assert (unit.certificate_on, unit.certificate_no) == (None, "")
    assert ledger_of(estate) == before
    assert (done.undo_report["restored"], done.undo_report["kept_count"]) == (1, 0)
    assert faults_in_the_books() == []
    move(estate, [unit.id], "notified", LATER)
    assert faults_in_the_books() == []


def test_undo_takes_back_what_was_added_to_an_issued_home(story: Estate) -> None:
    written(story, listed(story, 1))
    unit = Unit.objects.get(building__number="1", entrance="1", room="201")
    bring_to(story, [unit.id], "issued", date(2022, 1, 10))
    row = home(1, project=story.project.code, building="1号楼", floor="2", room="201", unit_code="", area="", holder="",
               identity="", phone="", agreement="", certificate_no="京（2022）朝不动产权第0000009号")  # fmt: skip
    first = written(story, [row])
    second = written(story, [row | {"certificate_no": "京（2022）朝不动产权第0000010号"}])

    assert undone(story, second).undo_report["restored"] == 1
    unit.refresh_from_db()
    assert (unit.certificate, unit.certificate_no) == ("issued", "京（2022）朝不动产权第0000009号")
    assert first.state == "committed"
    assert faults_in_the_books() == []


def test_undo_keeps_a_home_that_was_touched_since(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    session = written(estate, listed(estate, 2, r2=OLD, r3={"certificate_no": "朝全字第8号"}))
    written(estate, listed(estate, 1, r2={"certificate_no": "朝全字第9号"}))

    done = undone(estate, session)

    assert (done.undo_report["restored"], done.undo_report["kept_count"]) == (1, 1)
    rooms = dict(Unit.objects.filter(building__number="9").values_list("room", "certificate_no"))
    assert rooms == {"101": "京房权证朝字第12345号、朝全字第9号", "201": ""}
    assert faults_in_the_books() == []


@pytest.mark.parametrize("track", [Track.TAX, Track.FUND])
def test_home_that_came_issued_has_nothing_left_to_do(estate: Estate, track: Track) -> None:
    written(estate, listed(estate, 1, r2=OLD))
    unit = Unit.objects.get(building__number="9", room="101")

    assert getattr(unit, track.value) == "settled"
    assert Move.objects.filter(unit=unit).exclude(kind="opening").count() == 0
