"""Sheets as people draw them: cells merged over homes, a list on a hidden sheet, columns without a title."""

import io
from typing import Any

import openpyxl

from registry.kernel.identifiers import synthetic_identity
from tests.documents.intake.reading.corpus import TWO, Case, bad_row, good, refused
from tests.documents.intake.reading.files import Edit, homes, put, saved, workbook

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


def hidden_list() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet("说明", 0)["A1"] = "清册在后面"
    book["清册"].sheet_state = "hidden"
    book.active = 0
    return saved(book)


SHEET_FILES = (
    refused("list on a hidden sheet", "HIDDEN_SHEET", hidden_list, "隐藏的工作表“清册”"),
)  # fmt: skip
SHEET_ROWS = (
    *(Case(f"{name} merged over two homes", lambda letter=letter, value=value: workbook(edit=merged_down(letter, value)),  # type: ignore[misc]
           rows=1, errors={2: {"MERGED_OVER"}, 3: {"MERGED_OVER"}}, warnings=frozenset({"MERGED_FILLED"}), says="请取消合并")
      for name, letter, value in MERGED),
    bad_row("two owners of one number", "ID_TWICE", holder="张三、李四", identity="、".join([TWO[0]] * 2), phone=""),
)  # fmt: skip
SHEET_WARNINGS = (
    good("merged remark", "MERGED_FILLED NORMALIZED", make=lambda: workbook(edit=merged_down("N", "面积待核"))),
    good("merged word for nobody", "MERGED_FILLED NORMALIZED NOT_STATED", make=lambda: without_people(merged_down("I", "未售"))),
    good("two names of one number", "ID_TWO_NAMES ONE_OWNER_MANY_UNITS", identity=synthetic_identity(1)),
    good("filled column without a title", "EXTRA_COLUMNS", make=lambda: workbook(edit=put({"R3": "已过户"}))),
)  # fmt: skip
