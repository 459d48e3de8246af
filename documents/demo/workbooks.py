"""Makes the demo workbooks: `python -m documents.demo.workbooks`. The same lists give the same bytes."""

from pathlib import Path

from documents.demo.lists import LISTS
from documents.intake.unit_rows import UNIT_COLUMNS
from documents.render.xlsx import Sheet, write_workbook

NAMES = (
    "project", "building", "entrance", "floor", "room", "unit_code", "use", "area", "holder", "identity_kind",
    "identity", "phone", "agreement", "remark",
)  # fmt: skip
FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"


def main() -> None:
    """Write every list beside the other demo files."""
    columns = [column.in_clear() for column in UNIT_COLUMNS.columns]
    for title, rows in LISTS.items():
        lines = [{column.name: row[name] for column, name in zip(columns, NAMES, strict=True)} for row in rows()]
        sheet = Sheet(title=f"{title}（演示）", name="清册", columns=columns, rows=lines, totals=None)
        (FOLDER / f"{title}.xlsx").write_bytes(write_workbook([sheet]))


if __name__ == "__main__":
    main()
