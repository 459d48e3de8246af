"""Limits of a ticket by its class: hours run on, days are working days and end with the day.

Source: DB11/T 2021—2022 as quoted in domain.md 5.4 (15 days confirmed, the others from its draft).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from registry.kernel.periods import DAY, midnight_before, shanghai_day
from registry.kernel.workdays import Calendar


class TimeClass(StrEnum):
    """Within which time a ticket is to be answered."""

    TWO_HOURS = "2h"
    DAY_AND_NIGHT = "24h"
    SEVEN_DAYS = "7d"
    FIFTEEN_DAYS = "15d"

    @property
    def label(self) -> str:
        """The class as the office says it."""
        return LABELS[self]

    @property
    def workdays(self) -> int:
        """The working days allowed; 0 for a class of hours."""
        return WORKDAYS.get(self, 0)


LABELS: Final[Mapping[TimeClass, str]] = {
    TimeClass.TWO_HOURS: "2小时",
    TimeClass.DAY_AND_NIGHT: "24小时",
    TimeClass.SEVEN_DAYS: "7个工作日",
    TimeClass.FIFTEEN_DAYS: "15个工作日",
}
HOURS: Final[Mapping[TimeClass, int]] = {TimeClass.TWO_HOURS: 2, TimeClass.DAY_AND_NIGHT: 24}
WORKDAYS: Final[Mapping[TimeClass, int]] = {TimeClass.SEVEN_DAYS: 7, TimeClass.FIFTEEN_DAYS: 15}


def deadline(time_class: TimeClass, starts: datetime, calendar: Calendar) -> datetime:
    """Return the moment by which a ticket is to be answered: hours from its start, or 24:00 of a working day."""
    if hours := HOURS.get(time_class):
        return starts + timedelta(hours=hours)
    return midnight_before(calendar.add_workdays(shanghai_day(starts), WORKDAYS[time_class]) + DAY)
