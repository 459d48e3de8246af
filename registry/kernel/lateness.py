"""How late, in the words of the office: in days up to three months, beyond that in months and years."""

from typing import Final

QUARTER: Final = 90  # days: within it lateness is counted in days
WORKING_QUARTER: Final = 66  # the same in working days
DAYS_OF_YEAR: Final = 365
WORKING_DAYS_OF_YEAR: Final = 250


def how_late(days: int, *, working: bool = False) -> str:
    """Say a number of days late: 8日, 12个工作日; beyond three months 5个月, 5年2个月."""
    if days <= (WORKING_QUARTER if working else QUARTER):
        return f"{days:,}{'个工作日' if working else '日'}"
    months = int(days * 12 / (WORKING_DAYS_OF_YEAR if working else DAYS_OF_YEAR))
    years, rest = divmod(months, 12)
    return f"{f'{years}年' if years else ''}{f'{rest}个月' if rest else ''}"


def is_long(days: int, *, working: bool = False) -> bool:
    """Whether it is late by more than three months."""
    return days > (WORKING_QUARTER if working else QUARTER)
