"""Every file of the corpus: the verdict, the rows refused, their codes and numbers, the warnings, and no row lost."""

from pathlib import Path

import pytest

from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.reader import Wanted, read_in_place, read_list
from documents.intake.reading.reader_process import read_in_process
from documents.intake.reading.results import ReadResult
from tests.documents.intake.reading import corpus
from tests.documents.intake.reading.corpus import Case
from tests.documents.intake.reading.corpus_cells import CELL_ROWS, CELL_WARNINGS
from tests.documents.intake.reading.corpus_sheets import SHEET_FILES, SHEET_ROWS, SHEET_WARNINGS
from tests.documents.intake.reading.files import PROJECT, text_file, workbook

FILES = corpus.FILES + SHEET_FILES
ROWS, WARNINGS = corpus.ROWS + CELL_ROWS + SHEET_ROWS, corpus.WARNINGS + CELL_WARNINGS + SHEET_WARNINGS
CASES = FILES + ROWS + WARNINGS
LATER = {
    "ALREADY_IMPORTED",
    "FLOOR_OTHER",
    "ROOM_ZEROS",
    "BY_NAME",
    "CERTIFICATE_AT_FAULT",
    "CERTIFICATE_STOPPED",
    "CERTIFICATE_DATE_AHEAD",
    "CERTIFICATE_PART_WAY",
    "CLEAR_WHOM",
    "ENTRANCE_MISSING",
    "FOREIGN_CHANGE",
    "ID_MASKED",
    "PHONE_MASKED",
    "NAME_AMBIGUOUS",
    "NEW_BUILDING",
    "NEW_BUILDINGS",
    "SPELLED_TWICE",
    "UNITCODE_ELSEWHERE",
}  # said when the file is laid beside the ledger
ELSEWHERE = {
    "DITTO_FIRST",
    "PATH_IGNORED",
    "PROJECT_UNKNOWN",
    "TOO_MANY_ROWS",
    "CO_OWNER_LEFT",
    "COMMENTED",
    "OUR_FAULT",
}  # test_limits, test_unit_rows, test_child
OF_LISTS = {  # in test_work_lists
    "NAME_ONE", "CHOICE_UNKNOWN", "DATE_BOUND", "CONTRADICTORY", "DATE_FORMAT", "NOT_FOUND", "ROWS_CONTRADICT", "ROW_TWICE", "RULE",
    "TOGETHER",
}  # fmt: skip


def judged(case: Case, folder: Path) -> ReadResult:
    path = folder / f"upload{case.suffix}"
    path.write_bytes(case.make())
    try:
        return read_in_place(path, PROJECT)
    except FileRefused as refusal:
        return ReadResult(file_error=refusal.code, message=refusal.message)


def codes_by_row(result: ReadResult) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for error in result.errors:
        found.setdefault(error.row, set()).add(error.code)
    return found


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_file_is_refused_as_a_whole(case: Case, tmp_path: Path) -> None:
    result = judged(case, tmp_path)

    assert (result.file_error, len(result.rows)) == (case.file_error, 0)
    assert case.says in result.message
    assert "。" in result.message, "a refusal is a sentence"


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.name)
def test_row_is_refused_by_number_and_code(case: Case, tmp_path: Path) -> None:
    result = judged(case, tmp_path)

    assert result.file_error == ""
    assert codes_by_row(result) == case.errors
    assert len(result.rows) == case.rows
    assert any(case.says in error.message for error in result.errors)
    assert set(result.warnings) >= case.warnings
    assert all(error.message.startswith(f"第 {error.row} 行") for error in result.errors)
    assert result.rows_present == len(result.rows) + len(codes_by_row(result)) + len(result.skipped)
    assert set(result.shown) == set(case.errors)


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.name)
def test_file_is_accepted_with_exactly_its_warnings(case: Case, tmp_path: Path) -> None:
    result = judged(case, tmp_path)

    assert (result.file_error, result.message, result.errors) == ("", "", [])
    assert len(result.rows) == case.rows
    assert set(result.warnings) == case.warnings
    assert tuple(row for row, _ in result.skipped) == case.skipped
    assert result.rows_present == len(result.rows) + len(result.skipped)


def test_every_code_occurs_in_the_corpus() -> None:
    occurring = {case.file_error for case in CASES} | {code for case in CASES for code in case.warnings}
    occurring |= {code for case in CASES for codes in case.errors.values() for code in codes}

    assert set(CODES) - occurring - LATER - ELSEWHERE - OF_LISTS == set()
    assert len(CASES) >= 60


def test_no_refusal_holds_a_number_in_clear(tmp_path: Path) -> None:
    for case in ROWS:
        result = judged(case, tmp_path)
        said = " ".join(error.message for error in result.errors) + str(result.shown)
        assert "1901010100" not in said, case.name
        assert "1990000000" not in said, case.name


@pytest.mark.parametrize("name", ["two lists", "bomb", "broken sheet", "another project"])
def test_the_door_gives_the_same_verdict_as_the_reader_behind_it(name: str, tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name == name)
    path = tmp_path / "upload.xlsx"
    path.write_bytes(case.make())

    result = read_list(path, expected_project=PROJECT, file_name="清册.xlsx")

    assert (result.file_error, case.says in result.message) == (case.file_error, True)


def test_good_rows_come_through_the_child_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(workbook())

    assert (
        read_list(path, expected_project=PROJECT, file_name="清册.xlsx")
        == read_in_process(str(path), Wanted(PROJECT)).rest
    )


def test_path_in_the_file_name_is_ignored_and_said(tmp_path: Path) -> None:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(workbook())

    result = read_list(path, expected_project=PROJECT, file_name="..\\..\\清册.xlsx")

    assert result.warnings == ["PATH_IGNORED"]


def test_text_that_is_called_a_workbook_is_read_only_if_it_is_the_list(tmp_path: Path) -> None:
    path = tmp_path / "upload.xlsx"
    path.write_text("这不是表格")
    letter = read_list(path, expected_project=PROJECT, file_name="清册.xlsx")
    path.write_text(text_file())
    listed = read_list(path, expected_project=PROJECT, file_name="清册.xlsx")

    assert (letter.file_error, len(listed.rows)) == ("NOT_A_SPREADSHEET", 3)
