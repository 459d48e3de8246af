"""What people do about blockers."""

from projects.casework.choices import DayKind
from projects.casework.models.calendar import Holiday
from projects.casework.models.leverage import LeverageMember, LeverageRow, LeverageRun

__all__ = ["DayKind", "Holiday", "LeverageMember", "LeverageRow", "LeverageRun"]
