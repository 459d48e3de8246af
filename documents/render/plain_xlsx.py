"""A workbook to be worked on and sent back: one row of heads, then texts that no program takes for formulas."""

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter

from documents.render import xlsx_styles as styles
from documents.render.text_layout import width
from documents.render.xlsx_cells import Pen, clean
from documents.render.xlsx_file import new_workbook, rows_of, save

WIDEST = 60  # half-width characters of a column


def write_plain(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write heads and rows as texts, exactly as given; the same table gives the same bytes."""
    lines = [[clean(str("" if cell is None else cell)) for cell in row] for row in rows]
    workbook = new_workbook()
    target = workbook.create_sheet(clean(title)[:31] or "表")
    for at, head in enumerate(heads, start=1):
        longest = max([width(head), *(width(line[at - 1]) for line in lines)])
        target.column_dimensions[get_column_letter(at)].width = min(WIDEST, longest * 2 + 3)
    target.freeze_panes = "A2"
    pen = Pen(target)
    with rows_of(target):
        target.append([pen.write(clean(head), styles.head_style("text", "")) for head in heads])
        for line in lines:
            target.append([pen.write(cell, styles.body_style("text")) for cell in line])
    return save(workbook)
