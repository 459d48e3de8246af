"""The template of an import, read back as its sender sees it."""

import io
from typing import Any

import openpyxl
import pytest

from documents.render.template_xlsx import write_template
from registry.kernel.columns import Choice, Column, ColumnSet

USES = (Choice("dwelling", "住宅", ("成套住宅",)), Choice("retail", "商业"), Choice("parking", "车位"))
MANY = tuple(Choice(f"district-{number}", f"演示行政区域第{number}街道办事处") for number in range(60))
COLUMNS = ColumnSet(
    (
        Column("project", "项目编号", kind="code", required=True),
        Column("building", "楼栋(幢号)", required=True, note="与楼盘表一致，如9号楼"),
        Column("use", "规划用途", choices=USES, required=True),
        Column("town", "街乡", choices=MANY),
        Column("area", "建筑面积", kind="area"),
        Column("identity", "证件号码", kind="identity"),
        Column("signed_on", "签约日期", kind="date"),
    )
)
EXAMPLE = {"project": "P03", "building": "9号楼", "use": "住宅", "area": "89.52", "identity": "110105190101010018"}


def template(**changes: Any) -> bytes:
    return write_template(COLUMNS, **({"title": "分户清册", "example": EXAMPLE, "rules": ["一户一行。"]} | changes))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_first_sheet_holds_exactly_the_headers_and_no_row() -> None:
    sheet = opened(template()).worksheets[0]

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [list(COLUMNS.headers)]
    assert COLUMNS.match_headers([cell.value for cell in sheet[1]]).missing == ()
    assert sheet.freeze_panes == "A2"


def test_only_one_visible_sheet_looks_like_the_list() -> None:
    workbook = opened(template())
    scores = {
        sheet.title: max(
            COLUMNS.match_headers([cell.value for cell in row]).score for row in sheet.iter_rows(max_row=15)
        )
        for sheet in workbook.worksheets
        if sheet.sheet_state == "visible"
    }

    assert scores.pop("填报") == len(COLUMNS)
    assert max(scores.values()) <= 1


def test_columns_are_set_to_their_kind_before_anyone_types() -> None:
    sheet = opened(template()).worksheets[0]

    assert [sheet.column_dimensions[letter].number_format for letter in "ABEFG"] == [
        "@", "@", "#,##0.00", "@", "yyyy-mm-dd",
    ]  # fmt: skip


def test_required_columns_are_shaded_and_optional_ones_not() -> None:
    sheet = opened(template()).worksheets[0]

    assert [cell.fill.fill_type for cell in sheet[1]] == ["solid", "solid", "solid", None, None, None, None]


def test_choices_are_lists_on_a_hidden_sheet_however_many_they_are() -> None:
    workbook = opened(template())
    lists = [v for v in workbook.worksheets[0].data_validations.dataValidation if v.type == "list"]
    hidden = workbook["选项"]

    assert [v.formula1 for v in lists] == ["选项!$A$1:$A$3", "选项!$B$1:$B$60"]
    assert [hidden.cell(row, 1).value for row in (1, 2, 3, 4)] == ["住宅", "商业", "车位", None]
    assert hidden.cell(60, 2).value == "演示行政区域第59街道办事处"
    assert hidden.sheet_state == "hidden"


def test_every_choice_offered_is_one_that_the_import_takes() -> None:
    hidden = opened(template())["选项"]
    offered = [hidden.cell(row, 1).value for row in (1, 2, 3)]

    assert [COLUMNS.by_name("use").coerce(label) for label in offered] == ["dwelling", "retail", "parking"]


def test_each_column_says_what_to_write_when_entered() -> None:
    prompts = {v.promptTitle: v.prompt for v in opened(template()).worksheets[0].data_validations.dataValidation}

    assert prompts["楼栋(幢号)"] == "必填。文字。与楼盘表一致，如9号楼。"
    assert "不要改为数值" in prompts["证件号码"]
    assert set(prompts) == set(COLUMNS.headers)


def test_guide_explains_every_column_with_an_example() -> None:
    guide = opened(template())["填写说明"]
    rows = [[cell.value for cell in row] for row in guide.iter_rows()]

    assert rows[0][0] == "分户清册填写说明"
    assert rows[1][0] == "1. 一户一行。"
    assert rows[2] == ["列名", "是否必填", "格式", "填写要求", "可选值", "示例"]
    assert rows[4] == ["楼栋(幢号)", "必填", "文字", "与楼盘表一致，如9号楼", None, "9号楼"]
    assert rows[5][4:] == ["住宅、商业、车位", "住宅"]
    assert rows[8][5] == "110105190101010018"


def test_template_holds_no_formula_cell() -> None:
    content = write_template(
        ColumnSet((Column("x", "=1+1", note="@x", choices=(Choice("a", "=cmd"),)),)), title="=1", example={"x": "+1"}
    )
    types = {c.data_type for s in opened(content).worksheets for row in s.iter_rows() for c in row if c.value}

    assert types == {"s"}


def test_example_for_no_column_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="names no column"):
        template(example={"nothing": "1"})


def test_same_columns_give_the_same_bytes() -> None:
    assert template() == template()
