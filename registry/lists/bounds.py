"""The days of a row of a list held against what they may be: a fact is never ahead, what falls due may be."""

from collections.abc import Iterable
from datetime import date

from registry.kernel.columns import Column
from registry.kernel.days import FIRST_DAY, DayRule, last_day
from registry.lists.rows import Fault, ListRow


def day_faults(row: ListRow, columns: Iterable[Column], today: date) -> list[Fault]:
    """Find the days of a row that cannot be, each at its column with the bound that it breaks."""
    faults = []
    for column in columns:
        text = row.texts.get(column.name, "") if column.kind == "date" else ""
        if not text[:4].isdigit():
            continue  # blank, or 【清空】
        day, last = date.fromisoformat(text), last_day(DayRule.DUE if column.is_ahead else DayRule.FACT, today)
        if day < FIRST_DAY:
            said = f"{day}早于{FIRST_DAY}。请核对年份。"
        elif day <= last:
            continue
        elif column.is_ahead:
            said = f"{day}晚于{last}，过远。请核对年份。"
        else:
            said = f"{day}尚未到来（最晚{last}）。请填写实际发生的日期。"
        faults.append(Fault("DATE_BOUND", said, column.header))
    return faults
