"""Making the workbook of a month as a reader sees it: its identities hold, or nothing leaves."""

from collections.abc import Sequence
from typing import Final

from documents.reports.changes import EVERYTHING
from documents.reports.layouts import TOTALS
from documents.reports.ranking import ranking_words
from documents.reports.selectors.numbers import month_numbers
from documents.reports.selectors.outlooks import headline
from documents.reports.selectors.reports import MonthView
from documents.reports.sheets import INSTRUCTIONS
from documents.reports.summary import cover_rows, sentence
from documents.reports.workbook import Cover, monthly_workbook
from registry.kernel.errors import DomainError
from registry.store.clock import SHANGHAI

CHECK: Final = next(column for column in TOTALS.columns if column.name == "check")
EVEN: Final = ("平", "—")
INSTRUCTED: Final = 3  # instructions that head the first sheet


class UnevenRefused(DomainError):
    """A workbook whose figures do not add up: it does not leave."""


def workbook_of(view: MonthView, *, unit: str, chosen: Sequence[str] = ()) -> bytes:
    """Write the workbook of a month. Refused: figures that do not add up, with the line and by how much."""
    uneven = [f"{row['name']}{said}" for row in view.rows[TOTALS.code] if (said := CHECK.read(row)) not in EVEN]
    if faults := [*view.faults, *uneven]:
        raise UnevenRefused(
            f"{view.month.label}月报勾稽不平：{'；'.join(faults[:3])}。工作簿不能导出，请联系系统管理员核对台账。",
            code="uneven",
        )
    made = f"{view.stamp}，截至{view.known_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}的记录"
    return monthly_workbook(
        month=view.month, cut_off_on=view.cut_off_on, rows=view.whole, stamp=made, cover=cover_of(view, unit), chosen=chosen
    )  # fmt: skip


def name_of(view: MonthView) -> str:
    """Return the name of the file."""
    return f"历史遗留项目不动产登记月报（{view.month.label}）.xlsx"


def cover_of(view: MonthView, unit: str) -> Cover:
    """Return the first sheet; nothing but who reports for a month closed before the bridge was kept."""
    if not view.has_changes:
        return Cover(unit=unit)
    numbers = month_numbers(view, EVERYTHING)
    told = sentence(numbers)
    row = headline(view.rows, month=view.month, known_at=view.known_at, is_closed=view.is_closed)
    ahead = [f"清零预测：{row['sentence']}"] if row is not None and row["left"] else []
    waiting = view.sheet(INSTRUCTIONS) if INSTRUCTIONS in view.parts else []
    instructed = [
        f"领导批示未办复：{row['leader']}“{row['text']}”，{row['owner']}，{row['due_on']}前。" for row in waiting
    ]
    ranked = ranking_words(view.rows.get("ranking", ()))
    lines = [*instructed[:INSTRUCTED], told.verdict + told.rest, *ahead, *([f"排名：{ranked}"] if ranked else [])]
    return Cover(cover_rows(numbers), lines, unit)
