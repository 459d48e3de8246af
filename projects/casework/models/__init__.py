"""What people do about blockers."""

from projects.casework.choices import DayKind
from projects.casework.models.calendar import Holiday

__all__ = ["DayKind", "Holiday"]
