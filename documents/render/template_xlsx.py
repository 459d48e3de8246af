"""The empty workbook that a sender fills in: exactly the headers of the import, lists to choose from, 填写说明.

The first sheet holds the headers in row 1 and nothing else, so that nothing of ours can be mistaken for data; the
example stands, turned on its side, in 填写说明.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from documents.render import xlsx_styles as styles
from documents.render.text_layout import width
from documents.render.xlsx_cells import Pen, clean
from documents.render.xlsx_file import PAPER_SIZES, new_workbook, rows_of, save
from registry.kernel.columns import Column, ColumnSet, Kind, Value

GUIDE, LISTS = "填写说明", "选项"
LAST_ROW = 50_001  # the most rows that an upload may have, and the header
PROMPT_LENGTH, PROMPT_TITLE_LENGTH = 255, 32
KIND_WORDS: Mapping[Kind, str] = {
    "text": "文字",
    "code": "文字（本列已设为文本，不要改为数值）",
    "person": "文字",
    "identity": "文字（本列已设为文本，不要改为数值，否则末三位丢失）",
    "phone": "文字（本列已设为文本）",
    "int": "整数",
    "area": "数值，平方米，保留两位小数",
    "money": "数值，元，保留两位小数",
    "rate": "数值，百分数",
    "date": "日期，如2022-03-08",
}
GUIDE_COLUMNS = (
    Column("header", "列名", width=24),
    Column("required", "是否必填", width=9),
    Column("kind", "格式", width=30),
    Column("note", "填写要求", width=46),
    Column("choices", "可选值", width=34),
    Column("example", "示例", kind="code", width=30),
)


def write_template(
    columns: ColumnSet,
    *,
    title: str,
    example: Mapping[str, str] | None = None,
    rules: Sequence[str] = (),
    sheet_name: str = "填报",
    rows: Iterable[Mapping[str, Value | None]] = (),
    listed: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Write the template of an import: `example` by column name, `rules` are sentences for the sender.

    `listed` are words to choose from, by column name, that are data and not the column's own.
    `rows`, by column name, stand under the header: what is known already, to be changed and sent back.
    """
    shown = example or {}
    unknown = set(shown) - set(columns.names)
    if unknown:
        raise ValueError(f"the example names no column: {sorted(unknown)}")
    workbook = new_workbook()
    lists = _lists_of(columns, listed or {})
    _write_form(workbook.create_sheet(sheet_name), columns, rows, lists)
    _write_guide(workbook.create_sheet(GUIDE), columns, title, shown, rules)
    _write_lists(workbook, lists)
    return save(workbook)


def _lists_of(columns: ColumnSet, listed: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the words that may be chosen, by column: its own choices, else those that are data."""
    own = {column.name: [choice.label for choice in column.choices] for column in columns if column.choices}
    data = {name: [clean(word) for word in words] for name, words in listed.items() if words and name in columns.names}
    return own | {name: words for name, words in data.items() if name not in own}


def _write_form(
    sheet: Worksheet, columns: ColumnSet, rows: Iterable[Mapping[str, Value | None]], lists: Mapping[str, Sequence[str]]
) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    _fit(sheet, paper="A3")
    for at, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(at)]
        dimension.width = column.characters + 1
        dimension.number_format = column.number_format
        validation = _validation(column, lists)
        validation.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{LAST_ROW}")
        sheet.data_validations.append(validation)
    sheet.row_dimensions[1].height = 24
    pen = Pen(sheet)
    with rows_of(sheet):
        sheet.append(
            [pen.write(clean(c.header), styles.head_style(c.kind, "必填" if c.required else "")) for c in columns]
        )
        for row in rows:
            sheet.append([pen.write(_known(row.get(c.name)), styles.body_style(c.kind)) for c in columns])


def _known(value: Value | None) -> Value:
    return clean(value or "") if value is None or isinstance(value, str) else value


def _fit(sheet: Worksheet, *, paper: str) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", PAPER_SIZES[paper]
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0


def _validation(column: Column, lists: Mapping[str, Sequence[str]]) -> DataValidation:
    """The hint that appears when a cell is entered, and for a list the choices; a wrong word is stopped at once."""
    checked = _list(column, lists) if column.name in lists else DataValidation(type=None, allow_blank=True)
    checked.promptTitle = clean(column.header)[:PROMPT_TITLE_LENGTH]
    checked.prompt = _hint(column)[:PROMPT_LENGTH]
    checked.showInputMessage = True
    return checked


def _list(column: Column, lists: Mapping[str, Sequence[str]]) -> DataValidation:
    """A list that stops other words only where the import does: not where several may be joined, nor for data."""
    position = list(lists).index(column.name) + 1
    letter = get_column_letter(position)
    return DataValidation(
        type="list",
        formula1=f"{LISTS}!${letter}$1:${letter}${len(lists[column.name])}",
        allow_blank=not column.required,
        showErrorMessage=bool(column.choices) and not column.is_open,
        errorTitle="不在可选范围内",
        error=f"请从下拉列表中选择{clean(column.header)}。"[:PROMPT_LENGTH],
    )


def _hint(column: Column) -> str:
    parts = ["必填" if column.required else "选填", KIND_WORDS[column.kind], clean(column.note)]
    return "。".join(part.rstrip("。") for part in parts if part) + "。"


def _write_guide(
    sheet: Worksheet, columns: ColumnSet, title: str, example: Mapping[str, str], rules: Sequence[str]
) -> None:
    for at, column in enumerate(GUIDE_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.sheet_view.showGridLines = False
    _fit(sheet, paper="A4")
    with rows_of(sheet):
        pen, row = Pen(sheet), 0

        def put(texts: Sequence[str], style: str, height: float) -> None:
            nonlocal row
            row += 1
            sheet.row_dimensions[row].height = height
            sheet.append([pen.write(clean(text), style) for text in texts])
            if len(texts) == 1:
                sheet.merged_cells.add(f"A{row}:{get_column_letter(len(GUIDE_COLUMNS))}{row}")

        put([f"{title}填写说明"], styles.TITLE, 36)
        for number, rule in enumerate(rules, start=1):
            put([f"{number}. {rule}"], styles.NOTE, 18)
        put([column.header for column in GUIDE_COLUMNS], styles.head_style("text"), 22)
        for column in columns:
            texts = _guide_row(column, example.get(column.name, ""))
            put(texts, styles.body_style("code"), _height(texts))
        put([""], styles.RULE, 6)


def _guide_row(column: Column, example: str) -> list[str]:
    labels = "、".join(choice.label for choice in column.choices)
    return [column.header, "必填" if column.required else "选填", KIND_WORDS[column.kind], column.note, labels, example]


def _height(texts: Sequence[str]) -> float:
    lines = (-(-2 * width(text) // (column.width - 1)) for text, column in zip(texts, GUIDE_COLUMNS, strict=True))
    return max(1.0, *lines) * 15 + 5


def _write_lists(workbook: Workbook, lists: Mapping[str, Sequence[str]]) -> None:
    """Put the choices on a hidden sheet: a list written into the validation itself may have 255 characters only."""
    if not lists:
        return
    sheet = workbook.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    pen, style = Pen(sheet), styles.body_style("text")
    with rows_of(sheet):
        for labels in zip_longest(*lists.values(), fillvalue=""):
            sheet.append([pen.write(clean(label), style) for label in labels])
