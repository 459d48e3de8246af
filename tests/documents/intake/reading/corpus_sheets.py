"""Sheets as people draw them: cells merged over homes, a list on a hidden sheet, columns without a title."""

import io
from typing import Any

import openpyxl

from registry.kernel.identifiers import synthetic_identity
from tests.documents.intake.reading.corpus import TWO, Case, bad_row, good, refused
from tests.documents.intake.reading.files import HEADERS, NAMES, Edit, home, homes, put, saved, workbook

MERGED = (("area", "H", 153), ("owner", "I", "张小二"), ("telephone", "L", "19900000001"), ("agreement", "M", "AZ-1"))


def merged_down(letter: str, value: object) -> Edit:
    """Merge a column over the homes of rows 2 and 3."""

    def edit(sheet: Any) -> None:
        sheet[f"{letter}2"], sheet[f"{letter}3"] = value, None
        sheet.merge_cells(f"{letter}2:{letter}3")

    return edit


def without_people(edit: Edit) -> bytes:
    nobody = {"holder": "", "identity": "", "phone": ""}
    return workbook(homes(r2=nobody, r3=nobody, r4=nobody), edit=edit)


def two_tables(*, same: bool) -> bytes:
    """A list with the header again below it: the same, or with the columns of people before the area."""
    lines = [[home(n)[name] or None for name in NAMES] for n in (1, 2, 3)]
    heads = list(HEADERS)
    if not same:
        heads[6:8] = heads[7], heads[6]
    return workbook(homes(1), edit=lambda sheet: [sheet.append(line) for line in (heads, *lines[1:])])


def hidden_list() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet("说明", 0)["A1"] = "清册在后面"
    book["清册"].sheet_state = "hidden"
    book.active = 0
    return saved(book)


SHEET_FILES = (
    refused("list on a hidden sheet", "HIDDEN_SHEET", hidden_list, "隐藏的工作表“清册”"),
    refused("a second table with other columns", "OTHER_TABLE", lambda: two_tables(same=False), "第 3 行是另一张表的表头"),
)  # fmt: skip
SHEET_ROWS = (
    *(Case(f"{name} merged over two homes", lambda letter=letter, value=value: workbook(edit=merged_down(letter, value)),  # type: ignore[misc]
           rows=1, errors={2: {"MERGED_OVER"}, 3: {"MERGED_OVER"}}, warnings=frozenset({"MERGED_FILLED"}), says="请取消合并")
      for name, letter, value in MERGED),
    bad_row("building that is a short day", "ROOM_IS_DATE", "设为文本", building="22.3.7"),
    bad_row("Cyrillic letter in a number", "ID_FORMAT", "用键盘重新录入X", identity="11010519010102000Х"),
    bad_row("telephone cut short", "PHONE_FORMAT", "科学计数", phone="1.99E+10"),
    bad_row("telephone cut short otherwise", "PHONE_FORMAT", "科学计数", phone="1.9900000001E10"),
    bad_row("what became of a home for a name", "NAME_WHO", "情况说明", holder="代管"),
    bad_row("two owners of one number", "ID_TWICE", holder="张三、李四", identity="、".join([TWO[0]] * 2), phone=""),
)  # fmt: skip
SHEET_WARNINGS = (
    good("the same header on the next page", "TITLE_ROWS_SKIPPED", skipped=(3,), make=lambda: two_tables(same=True)),
    good("sum said under the use", "TOTAL_ROW_SKIPPED", skipped=(5,), make=lambda: workbook(
        [*homes(), {"project": "CY-0001", "building": "9号楼", "use": "合计", "area": 229.5}])),
    good("home to be given out", "NOT_STATED", holder="待分配", identity="", phone="", identity_kind=""),
    good("merged remark", "MERGED_FILLED NORMALIZED", make=lambda: workbook(edit=merged_down("N", "面积待核"))),
    good("merged word for nobody", "MERGED_FILLED NORMALIZED NOT_STATED", make=lambda: without_people(merged_down("I", "未售"))),
    good("two names of one number", "ID_TWO_NAMES ONE_OWNER_MANY_UNITS", identity=synthetic_identity(1)),
    good("filled column without a title", "EXTRA_COLUMNS", make=lambda: workbook(edit=put({"R3": "已过户"}))),
)  # fmt: skip
