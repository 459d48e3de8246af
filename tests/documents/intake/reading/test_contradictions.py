"""What homes of one file may not share: a merged cell that is of one home, and a person's number with two names."""

from pathlib import Path

import pytest

from documents.intake.reading.contradictions import OF_ONE_HOME
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from documents.intake.reading.unit_columns import UNIT_COLUMNS
from registry.kernel.identifiers import synthetic_identity, upgraded
from tests.documents.intake.reading.corpus_sheets import merged_down
from tests.documents.intake.reading.files import PROJECT, Edit, Row, home, homes, workbook


def read(folder: Path, rows: list[Row], edit: Edit | None = None) -> ReadResult:
    path = folder / "upload.xlsx"
    path.write_bytes(workbook(rows, edit=edit))
    return read_in_place(path, PROJECT)


def test_merged_over_co_owners_of_one_home_is_laid_down(tmp_path: Path) -> None:
    """One home on two rows: what is merged over them is of that home, whoever owns it."""
    other = home(1, holder="李四", identity=synthetic_identity(71), phone="")
    result = read(tmp_path, [home(1), other, home(2)], merged_down("H", 76.5))
    assert (result.errors, [str(row.area) for row in result.rows]) == ([], ["76.50", "76.50", "76.50"])
    assert [tuple(change) for change in result.normalised] == [(3, "建筑面积", "", "76.5", "合并单元格向下填")]


@pytest.mark.parametrize("letter", ["D", "G", "N"])
def test_what_homes_may_share_is_laid_down(letter: str, tmp_path: Path) -> None:
    column = UNIT_COLUMNS.columns[ord(letter) - ord("A")]
    assert column.name not in OF_ONE_HOME
    result = read(tmp_path, homes(2), merged_down(letter, {"D": "1", "G": "商业", "N": "面积待核"}[letter]))
    assert result.errors == []


def test_former_name_is_the_same_person(tmp_path: Path) -> None:
    number = synthetic_identity(9)
    rows = [
        home(1, holder="张三", identity=number, identity_kind=""),
        home(2, holder="张四（曾用名：张三）", identity=number, identity_kind=""),
    ]
    assert "ID_TWO_NAMES" not in read(tmp_path, rows).warnings
    rows[1]["holder"] = "张四"
    told = read(tmp_path, rows)
    assert told.errors == []
    assert {row: "ID_TWO_NAMES" in codes for row, codes in told.row_warnings.items()} == {2: True, 3: True}


def test_old_number_is_compared_as_its_new_one() -> None:
    old = "110105020304001"
    assert upgraded("resident", old).startswith("11010519020304001")
    assert upgraded("resident", "110105021399001") == "110105021399001"
    assert upgraded("passport", "E12345678") == "E12345678"
