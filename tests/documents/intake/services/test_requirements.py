"""R1 to R7 in their own words: what people hate in other programs, and this one must not do."""

import io
import json
import random
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.intake.models import ImportSession, StagedRow
from documents.intake.reading.unit_columns import UNIT_COLUMNS
from documents.intake.selectors.sessions import marks_of
from documents.intake.selectors.unit_list import unit_list
from documents.intake.services.sessions import commit_session
from documents.intake.services.uploads import marked_copy
from documents.render.template_xlsx import write_template
from projects.ledger.models import Unit, UnitHolder
from registry.store.acts import ActOpen
from registry.store.crypto import decrypt
from tests.documents.intake.reading.files import HEADERS, workbook
from tests.documents.intake.services.lists import DAY, ledger_of, listed, moves_of, staged, written
from tests.factories.projects import Estate, on_day
from tests.factories.trials import digest

BAD = {"r2": {"identity": 110105190101010018, "use": "怪"}, "r4": {"area": -1, "room": ""}}


def exported(estate: Estate) -> bytes:
    rows = unit_list(estate.cast.district.actor, estate.project)
    return write_template(UNIT_COLUMNS, title="清册", sheet_name="清册", rows=rows)


def changed_cell(content: bytes, place: str, value: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["清册"][place].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# R1: import never writes before a dry run that lists all errors of all rows


def test_r1_staging_writes_nothing_and_lists_every_error_of_every_row(estate: Estate) -> None:
    before = ledger_of(estate)

    session = staged(estate, listed(estate, 5, **BAD))

    assert ledger_of(estate) == before
    found = {(row, column) for row, column, _ in marks_of(session)}
    assert found == {(2, "证件号码"), (2, "规划用途"), (4, "建筑面积"), (4, "户号(房号)")}
    assert all("请" in message for _, _, message in marks_of(session)), "each says how to mend it"


def test_r1_the_errors_come_as_the_senders_own_file_with_bad_cells_marked(estate: Estate) -> None:
    session = staged(estate, listed(estate, 5, **BAD))

    with on_day(DAY):
        copy = marked_copy(actor=estate.cast.district.actor, session=session, reason="改正退回的行")

    sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
    commented = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert commented == {"K2", "G2", "H4", "E4"}


@pytest.mark.parametrize("header", ["户号(房号)", "规划用途", "楼层"])
def test_r1_a_missing_header_is_an_error_and_no_silence(estate: Estate, header: str) -> None:
    headers = ["某一列" if one == header else one for one in HEADERS]

    session = staged(estate, workbook(listed(estate), headers=headers))

    assert (session.file_error, header in session.message) == ("MISSING_COLUMN", True)


def test_inside_a_project_its_column_is_filled_in_and_said(estate: Estate) -> None:
    rows = [{name: value for name, value in row.items() if name != "project"} for row in listed(estate, 2)]

    session = staged(estate, workbook(rows, headers=HEADERS[1:], names=UNIT_COLUMNS.names[1:]))

    assert (session.file_error, session.added, session.refused) == ("", 2, 0)
    assert "PROJECT_FILLED" in session.warnings


def test_a_refusal_of_the_ledger_has_its_column_and_a_mask_writes_nothing(estate: Estate) -> None:
    session = staged(estate, listed(estate, 1, r2={"holder": "某*某"}))

    [row] = session.staged_rows.all()
    [error] = row.errors
    assert (session.added, error["code"], error["column"]) == (0, "NAME_MASKED", "权利人姓名")
    assert error["message"].startswith("第 2 行“权利人姓名”")


def test_r1_an_unknown_header_is_said(estate: Estate) -> None:
    session = staged(estate, workbook(listed(estate), headers=[*HEADERS, "朝向"], names=[*UNIT_COLUMNS.names, "x"]))

    assert "EXTRA_COLUMNS" in session.warnings


# R2: all or nothing, or good rows only; numbers that add up


def test_r2_numbers_add_up_and_good_rows_only_writes_just_those(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    rows = listed(estate, 6, **BAD)
    before = len(ledger_of(estate)["units"])

    session = written(estate, rows)

    parts = (session.added, session.changed, session.unchanged, session.refused, session.skipped)
    assert (session.rows_present, sum(parts)) == (6, 6)
    assert parts == (3, 0, 1, 2, 0)
    assert len(ledger_of(estate)["units"]) == before + 3
    refused_rows = StagedRow.objects.filter(session=session, verdict="refused").order_by("row")
    assert list(refused_rows.values_list("row", flat=True)) == [2, 4]


# R3: undo is in test_undo; here: the same file twice, shuffled, shortened


def test_r3_same_file_twice_changes_nothing_and_says_so(estate: Estate) -> None:
    content = workbook(listed(estate, 4))
    written(estate, content)
    books, moves = ledger_of(estate), moves_of(estate)

    again = written(estate, content)

    assert (again.unchanged, again.added, again.changed) == (4, 0, 0)
    assert "ALREADY_IMPORTED" in again.warnings
    assert (ledger_of(estate), moves_of(estate)) == (books, moves)


def test_r3_shuffled_rows_give_the_same_ledger(estate: Estate) -> None:
    rows = listed(estate, 8)
    written(estate, rows)
    books = ledger_of(estate)
    random.Random(7).shuffle(rows)

    again = written(estate, rows)

    assert again.unchanged == 8
    assert ledger_of(estate) == books


def test_r3_absent_rows_are_never_deleted(estate: Estate) -> None:
    written(estate, listed(estate, 4))
    books = ledger_of(estate)

    session = written(estate, listed(estate, 1))

    assert ledger_of(estate) == books
    assert session.absent == 15 + 3


# R4: flat memory and constant work: statements do not grow with rows


def test_r4_staging_asks_no_more_for_more_rows(estate: Estate) -> None:
    with CaptureQueriesContext(connection) as few:
        staged(estate, listed(estate, 3))
    with CaptureQueriesContext(connection) as many:
        staged(estate, listed(estate, 60))

    assert len(many) == len(few)


# R5: retry doubles nothing


def test_r5_a_second_commit_of_the_same_session_is_refused_and_doubles_nothing(estate: Estate) -> None:
    session = written(estate, listed(estate))
    before = digest()

    with on_day(DAY), pytest.raises(Exception, match="现在是“已写入”") as caught:
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)

    assert not isinstance(caught.value, ActOpen)
    assert digest() == before


# R6: Excel's types are ours


def test_r6_numbers_of_people_and_homes_are_text_for_ever(estate: Estate) -> None:
    rows = listed(estate, 1, r2={"room": "0101", "agreement": "007"})
    session = staged(estate, rows)

    with on_day(DAY):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)

    unit = Unit.objects.get(building__number="9")
    holder = UnitHolder.objects.get(unit=unit).holder
    assert (unit.room, unit.agreement_no) == ("0101", "007")
    assert decrypt(holder.identity, "holder.identity") == rows[0]["identity"]
    sheet = openpyxl.load_workbook(io.BytesIO(exported(estate)))["清册"]
    (row,) = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[1] == "9号楼"]
    assert (row[4], row[12]) == ("0101", "007")


def test_r6_a_text_like_a_formula_is_never_one_on_the_way_out(estate: Estate) -> None:
    written(estate, listed(estate, 1, r2={"remark": "@SUM(A1)"}))

    sheet = openpyxl.load_workbook(io.BytesIO(exported(estate)))["清册"]

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert any(cell.value == "@SUM(A1)" for row in sheet.iter_rows() for cell in row)


# R7: export, edit, import


def test_r7_export_imported_changes_nothing(estate: Estate) -> None:
    written(estate, listed(estate, 3, r2={"remark": "有夹层"}))
    books, moves = ledger_of(estate), moves_of(estate)

    session = written(estate, exported(estate))

    assert (session.unchanged, session.added, session.changed, session.refused) == (18, 0, 0, 0)
    assert (ledger_of(estate), moves_of(estate)) == (books, moves)


def test_r7_export_with_one_cell_changed_changes_exactly_that(estate: Estate) -> None:
    written(estate, listed(estate, 3))
    before = {unit.id: unit for unit in Unit.objects.all()}

    session = written(estate, changed_cell(exported(estate), "H18", 91.5))

    assert (session.changed, session.unchanged) == (1, 17)
    (row,) = StagedRow.objects.filter(session=session, verdict="changed")
    assert row.changes == [["建筑面积", "76.50", "91.50"]]
    for unit in Unit.objects.all():
        old = before[unit.id]
        differing = {
            field.name
            for field in Unit._meta.concrete_fields
            if getattr(unit, field.attname) != getattr(old, field.attname)
        }
        assert differing == ({"area", "version"} if unit.id == row.unit_key else set())


def test_r7_template_export_and_import_share_one_declaration(estate: Estate) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported(estate)))["清册"]

    assert tuple(cell.value for cell in sheet[1]) == UNIT_COLUMNS.headers


# what scripts hang on


def test_command_gives_the_result_that_scripts_know(
    estate: Estate, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "清册.xlsx"
    path.write_bytes(workbook(listed(estate, 3, r2={"use": "怪"})))

    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_units",
            str(path),
            project=estate.project.code,
            username="district",
            as_json=True,
            new_building=["9#"],
        )

    facts = json.loads(capsys.readouterr().out)
    assert ended.value.code == 1
    assert (facts["outcome"], facts["rows_present"], facts["added"], facts["refused"]) == ("rows", 3, 2, 1)
    assert [(fact["row"], fact["code"]) for fact in facts["row_errors"]] == [(2, "USAGE_UNKNOWN")]
    assert set(facts) == {
        "file", "outcome", "state", "staged", "rows_present", "accepted", "added", "changed", "unchanged", "refused",
        "skipped", "row_errors", "warnings", "file_error", "message", "session",
    }  # fmt: skip
    assert ImportSession.objects.get(pk=facts["session"]).state == "committed"
