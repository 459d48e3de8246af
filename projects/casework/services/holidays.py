"""Keeping the working-day calendar: a day is stated as the yearly notice has it."""

from projects.casework.models import DayKind, Holiday
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.clock import moved_deadlines
from projects.casework.selectors.whistles import calls_to_answer
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.days import DueDay
from registry.kernel.errors import Refused
from registry.store.acts import Row, within_act
from registry.store.locks import lock_where

FIELDS = ("day", "kind", "name", "year", "notice")


@within_act
def keep_holiday(*, day: DueDay, kind: str, name: str, year: int, notice: str) -> Holiday:
    """State a holiday or a made-up working day, or change it. Runs inside the act that was agreed to.

    Refused: a day more than a year away from the year of its notice; a working day stated for a Monday to Friday,
    or a holiday without its name, which say nothing. Deadlines that run move with it, told by name and
    on the desks; what has ended stays as it was (features F5).
    """
    if abs(day.year - year) > 1:
        raise Refused(f"{day}不在{year}年度的放假安排里。请核对年度和日期。", field="year")
    if kind == DayKind.WORKDAY and day.weekday() < 5:
        raise Refused(f"{day}为星期一至星期五，无需列为调休上班日。请核对日期。", field="day")
    if not name.strip():
        raise Refused(f"{day}未填写节日名称。请按放假通知填写。", field="name")
    kept: Holiday | None = lock_where(Holiday, day=day)
    before = {field: getattr(kept, field) for field in FIELDS} if kept else None
    old = calendar_of()
    row = kept or Holiday(day=day)
    row.kind, row.name, row.year, row.notice = DayKind(kind), name.strip(), year, notice.strip()
    row.save()

    new = calendar_of()
    moved = moved_deadlines(old, new)
    for call in calls_to_answer():
        due_on = new.add_workdays(call.starts, call.limit_days)
        if due_on != old.add_workdays(call.starts, call.limit_days):
            inbox.change_due(call.source, due_on)
    record(
        event="holiday.kept",
        subject=row,
        facts={
            "on": day, "kind": row.get_kind_display(), "name": row.name, "notice": row.notice,
            "moved": f"；{len(moved):,}个在办的期限随之变动" if moved else "",
            "deadlines": [f"{name} {holder} {was}→{now}" for name, holder, was, now in moved],
        },
        rows=Row.kept(row, before, *FIELDS),
    )  # fmt: skip
    return row
