"""Makes the demo workbooks: `python -m documents.setup.workbooks`. The same lists give the same bytes."""

from collections.abc import Iterable
from pathlib import Path

from documents.intake.reading.unit_rows import UNIT_COLUMNS
from documents.render.xlsx import Sheet, write_workbook
from documents.setup.lists import LISTS, Row

NAMES = (
    "project", "building", "entrance", "floor", "room", "unit_code", "use", "area", "holder", "identity_kind",
    "identity", "phone", "agreement", "remark",
)  # fmt: skip
FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"


def workbook_of(title: str, rows: Iterable[Row]) -> bytes:
    """Write rows of a unit list as the workbook that a user would send."""
    columns = [UNIT_COLUMNS.by_name(name).in_clear() for name in NAMES]
    lines = [{name: row[name] for name in NAMES} for row in rows]
    return write_workbook([Sheet(title=title, name="清册", columns=columns, rows=lines, totals=None)])


def main() -> None:
    """Write every list beside the other demo files."""
    for title, rows in LISTS.items():
        (FOLDER / f"{title}.xlsx").write_bytes(workbook_of(f"{title}（演示）", rows()))


if __name__ == "__main__":
    main()
