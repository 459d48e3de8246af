"""The streamed sheet is the sheet that `write_workbook` makes, cell by cell; only faster."""

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from documents.render import xlsx_stream
from documents.render.xlsx import Sheet, write_workbook
from documents.render.xlsx_stream import write_stream
from registry.kernel.columns import Column
from registry.kernel.errors import DomainError

COLUMNS = (
    Column("room", "户号", kind="code"),
    Column("use", "用途"),
    Column("area", "建筑面积", kind="area", total=True),
    Column("count", "户数", kind="int", total=True),
    Column("on", "办理日期", kind="date"),
    Column("name", "姓名", kind="person"),
    Column("rate", "发证率", kind="rate"),
)
NASTY = (
    "", "=1+1", "-101", "＝1", "@a", "a&b<c>d", "a b  c", " 前", "后 ", "两\n行", "\r\n", "\x00\x07甲", "甲\u202e乙",
    "_x0041_", "𠮷田", "]]>", '"引"', "x" * 40_000, "\ud800甲", "\u3000全角",
)  # fmt: skip
SHEET = Sheet(
    title="户清单",
    columns=COLUMNS,
    rows=(),
    heading=(("全部", "编号DC1"), "第二行"),
    totals={},
    notes=("姓名已脱敏。",),
    frozen=2,
    filters=True,
)


def a_row(text: str, n: int = 1) -> tuple[Any, ...]:
    return (text, text, Decimal(n) / 4, n, date(2022, 3, 1 + n % 28), "徐小忠", Decimal("5.06"))


ROWS: list[tuple[Any, ...]] = [
    *(a_row(text, n) for n, text in enumerate(NASTY)),
    (None, None, None, None, None, None, None),
    ("x", "y", Decimal("-3.5"), 10**16, date(1899, 5, 1), "", 0),
    ("x", "y", Decimal("1.50"), -4, datetime(2022, 3, 1, 8, 30, tzinfo=UTC), "甲", 100),
]


def streamed(sheet: Sheet, rows: Sequence[tuple[Any, ...]]) -> bytes:
    out = io.BytesIO()
    assert write_stream(out, sheet, rows) == len(rows)
    return out.getvalue()


def made(sheet: Sheet, rows: Sequence[tuple[Any, ...]]) -> bytes:
    named = [dict(zip((column.name for column in sheet.columns), row, strict=True)) for row in rows]
    return write_workbook([replace(sheet, rows=named)])


def opened(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def cells(sheet: Worksheet) -> list[list[Any]]:
    return [
        [
            (
                cell.value if not isinstance(cell.value, float) else round(cell.value, 6),
                cell.data_type if cell.value is not None else "",
                cell.number_format, cell.quotePrefix, cell.font.name,
                bool(cell.border.bottom and cell.border.bottom.style), cell.alignment.horizontal,
            )
            for cell in row
        ]
        for row in sheet.iter_rows()
    ]  # fmt: skip


def test_streamed_sheet_has_the_same_cells_and_looks() -> None:
    ours, theirs = opened(streamed(SHEET, ROWS)), opened(made(SHEET, ROWS))

    for number, (mine, other) in enumerate(zip(cells(ours), cells(theirs), strict=True), start=1):
        assert mine == other, f"row {number}"
    assert set(map(str, ours.merged_cells.ranges)) == set(map(str, theirs.merged_cells.ranges))
    assert (ours.freeze_panes, ours.print_title_rows) == (theirs.freeze_panes, theirs.print_title_rows)
    assert {k: d.width for k, d in ours.column_dimensions.items()} == {
        k: d.width for k, d in theirs.column_dimensions.items()
    }


def test_streamed_sheet_over_several_blocks_keeps_every_row_in_order() -> None:
    rows = [a_row(f"{n}", n) for n in range(2 * xlsx_stream.BLOCK + 7)]

    sheet = opened(streamed(SHEET, rows))

    rooms = [row[0].value for row in sheet.iter_rows(min_row=5, max_row=4 + len(rows))]
    assert rooms == [row[0] for row in rows]
    assert sheet.cell(5 + len(rows), 3).value == sum(row[2] for row in rows)
    assert sheet.auto_filter.ref == f"A4:G{4 + len(rows)}"


def test_streamed_sheet_without_rows_is_the_empty_sheet() -> None:
    assert cells(opened(streamed(SHEET, []))) == cells(opened(made(SHEET, [])))


def test_same_rows_give_the_same_bytes() -> None:
    assert streamed(SHEET, ROWS) == streamed(SHEET, ROWS)


def test_words_stand_for_codes_and_what_has_none_stays() -> None:
    out = io.BytesIO()
    rows = [(code, code, None, None, None, None, None) for code in ("a", "b", "")]

    write_stream(out, SHEET, rows, words={"use": {"a": "住宅 & 其他"}})

    sheet = opened(out.getvalue())
    assert [row[1].value for row in sheet.iter_rows(min_row=5, max_row=7)] == ["住宅 & 其他", "b", None]
    assert [row[0].value for row in sheet.iter_rows(min_row=5, max_row=7)] == ["a", "b", None]


@pytest.mark.parametrize("rows", [[("=1", "100%", Decimal(1), 1, None, "甲", 5)] * 3, [("a", "b", 1, 2, None, "", 0)]])
def test_block_whose_rows_are_all_alike_is_written_as_such(rows: list[tuple[Any, ...]]) -> None:
    assert cells(opened(streamed(SHEET, rows))) == cells(opened(made(SHEET, rows)))


def test_no_formula_comes_of_data() -> None:
    sheet = opened(streamed(SHEET, [a_row(text) for text in NASTY]))

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_identifiers_stay_text_and_dates_are_dates() -> None:
    sheet = opened(streamed(SHEET, [a_row("0101")]))

    assert (sheet["A5"].value, sheet["A5"].data_type) == ("0101", "s")
    assert (sheet["E5"].value, sheet["E5"].is_date) == (datetime(2022, 3, 2), True)


def test_stream_that_can_not_seek_is_written_all_the_same() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            self.data += data
            return len(data)

    pipe = Pipe()
    write_stream(pipe, SHEET, ROWS)  # type: ignore[arg-type]

    assert cells(opened(bytes(pipe.data))) == cells(opened(made(SHEET, ROWS)))


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_stream, "MOST_ROWS", 20)

    with pytest.raises(DomainError) as refused:
        write_stream(io.BytesIO(), SHEET, [a_row(str(n)) for n in range(30)])
    assert refused.value.code == "too_many_rows"


def test_beat_hears_how_far_it_is() -> None:
    heard: list[int] = []

    write_stream(io.BytesIO(), SHEET, [a_row("1")] * (xlsx_stream.BLOCK + 1), beat=heard.append)

    assert heard == [xlsx_stream.BLOCK, xlsx_stream.BLOCK + 1]


def test_fault_of_the_disk_is_told_and_not_swallowed() -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            if self.tell() > 1000:
                raise OSError(28, "full")
            return super().write(data)

    with pytest.raises(OSError, match="full"):
        write_stream(Full(), SHEET, [a_row(str(math.sqrt(n))) for n in range(9000)])
