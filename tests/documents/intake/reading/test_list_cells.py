"""Cells of lists that are not the unit list: codes folded, moments of any dress, masks and lost digits refused."""

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from registry.lists.kinds import LISTS
from tests.documents.intake.reading.files import PROJECT, saved

READ = (  # list, column, written, read; None: as it is written, so nothing is listed as changed
    ("accounts", "organisation", "ＺＢ－９９０１０１", "ZB-990101"), ("accounts", "phone", "１９９００００００００", "19900000000"),
    ("blockers", "type", "Ｐ０３", "P03"), ("buildings", "police_no", "１２", "12"), ("buildings", "construction_no", "B-9", None),
    ("steps", "document_no", "×规自核\n〔２０２２〕12号", "×规自核〔2022〕12号"),
    ("steps", "document_no", "×规自核［2022］12号", None), ("steps", "document_no", "×规自核【2022】12号", None),
    ("returns", "paper_no", "补正（2022）15号", None), ("tickets", "number", "ＲＸ２０２２０３０７", "RX20220307"),
    ("tickets", "received_at", datetime(2022, 3, 7, 9, 30), "2022-03-07 09:30"),
    ("tickets", "received_at", datetime(2022, 3, 7, 9, 29, 59, 999000), "2022-03-07 09:30"),
    ("tickets", "received_at", 44627.3958333333, "2022-03-07 09:30"), ("tickets", "called_at", "2022/3/7 9:30", None),
    ("tickets", "caller_name", "王女士", None),
)  # fmt: skip
REFUSED = (
    ("accounts", "phone", "199****0000", "PHONE_MASKED"), ("accounts", "name", "3", "NAME_DIGITS"), ("accounts", "name", 3, "NAME_DIGITS"),
    ("projects", "officer", "乙某13", "NAME_DIGITS"), ("tickets", "caller_name", "王*", "NAME_MASKED"),
    ("tickets", "caller_phone", "199xxxx0001", "PHONE_MASKED"), ("buildings", "number", "22.3.7", "ROOM_IS_DATE"),
    ("buildings", "number", "0", "REQUIRED"), ("stages", "building", "22.3.7", "ROOM_IS_DATE"),
    *((name, column, number, "ID_PRECISION_LOST") for number in (1.10105190101e17, "1.1E+17")
      for name, column in (("blockers", "cause"), ("letters", "measure"), ("accounts", "username"), ("tickets", "text"))),
)  # fmt: skip


def read(folder: Path, name: str, column: str, cell: Any) -> ReadResult:
    kind = LISTS[name]
    stated: dict[str, Any] = {**kind.example, "project": PROJECT, column: cell}
    book = openpyxl.Workbook()
    book.active.append(kind.columns.headers)
    book.active.append([None if stated.get(each) == "" else stated.get(each) for each in kind.columns.names])
    (folder / "清单.xlsx").write_bytes(saved(book))
    return read_in_place(folder / "清单.xlsx", PROJECT if kind.of_project else "", shape=ListShape.of(kind))


@pytest.mark.parametrize(("name", "column", "written", "right"), READ, ids=str)
def test_cell_is_read_and_the_change_listed(
    name: str, column: str, written: Any, right: str | None, tmp_path: Path
) -> None:
    result = read(tmp_path, name, column, written)
    assert [error.message for error in result.errors] == []
    assert result.rows[0].texts[column] == (written if right is None else right)
    header = LISTS[name].columns.by_name(column).header
    is_listed = any(change.column == header for change in result.normalised)
    assert is_listed == (right is not None)


@pytest.mark.parametrize(("name", "column", "written", "code"), REFUSED, ids=str)
def test_cell_is_refused_by_its_rule(name: str, column: str, written: Any, code: str, tmp_path: Path) -> None:
    [error] = read(tmp_path, name, column, written).errors
    assert (error.code, error.column) == (code, LISTS[name].columns.by_name(column).header)
