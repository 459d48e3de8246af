"""Appointments by the half hour, days that are shut, calls to families, and homes that go before their turn."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from projects.casework.selectors.calendar import calendar_of
from projects.ledger.locks import lock_project, lock_unit
from projects.ledger.models import Project, Unit
from projects.office.choices import BookingEnd, CallResult, Precedence
from projects.office.models import Booking, PhoneCall, Preference, ShutDay
from projects.office.selectors.checklists import office_settings
from projects.office.services.powers import require_counter
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import DueDay, FactDay
from registry.kernel.errors import DomainError
from registry.kernel.reasons import ASKED, is_substantial
from registry.store.acts import Row, current_act, write
from registry.store.clock import SHANGHAI
from registry.store.locks import lock

AHEAD: Final = 60  # days for which an appointment is given
HALF_HOUR: Final = timedelta(minutes=30)
MIDNIGHT: Final = 24 * 60
_HOURS: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*[—–\-~至]+\s*([0-9]{1,2}):([0-9]{2})")


class BookingRefused(DomainError):
    """An appointment that can't be given, kept or moved."""


def half_hours(hours: str) -> list[time]:
    """Return the half hours of a day's hours as they are set: 9:00—11:30，13:30—17:00."""
    slots = []
    for match in _HOURS.findall(hours):
        begins, ends = (int(match[0]) * 60 + int(match[1]), min(int(match[2]) * 60 + int(match[3]), MIDNIGHT))
        slots += [time(minute // 60, minute % 60) for minute in range(begins, ends, 30) if minute + 30 <= ends]
    return slots


def _begins(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def book(*, actor: Actor, unit: Unit, day: DueDay, at: time) -> Booking:
    """Give a home an appointment: a half hour of a day, the next free seat of it.

    Refused: a day gone by, too far ahead, shut or no working day; a time that is no half hour of the office, or has
    begun; a half hour that is full; a home that has an appointment.
    """
    require_counter(actor, "登记预约")
    current = lock_unit(unit)
    project = lock_project(current.building.project_id)
    act = current_act()
    settings = office_settings(project.district_code, on=day)
    if not act.today <= day <= act.today + timedelta(days=AHEAD):
        raise BookingRefused(f"预约日期须在今日起{AHEAD}日内。请另选。", field="day")
    shut = ShutDay.objects.filter(project=project, day=day, ended_act_id__isnull=True).first()
    if shut is not None:
        raise BookingRefused(f"{day}不办理（{shut.reason}）。请另选日期。", field="day", code="shut")
    if not calendar_of().is_workday(day):
        raise BookingRefused(f"{day}不是工作日，不办理。请另选日期。", field="day", code="rest_day")
    if at not in half_hours(settings["office.hours"]):
        raise BookingRefused(f"{at:%H:%M}不是服务时间内的时段。服务时间{settings['office.hours']}。", field="at")
    if _begins(day, at) <= act.recorded_at:
        raise BookingRefused(f"今日{at:%H:%M}的时段已过。请另选时段，或取现场号。", field="at", code="begun")
    standing = Booking.objects.filter(unit=current, ended_act_id__isnull=True).first()
    if standing is not None:
        raise BookingRefused(f"这一户已预约{standing.day} {standing.at}。改期请先取消。", code="booked")
    most = settings["office.windows"] * settings["office.slot"]
    taken = set(
        Booking.objects.filter(opened_for=project.pk, day=day, at=f"{at:%H:%M}", ended_act_id__isnull=True).values_list(
            "seat", flat=True
        )
    )
    seat = next((seat for seat in range(1, most + 1) if seat not in taken), None)
    if seat is None:
        raise BookingRefused(f"{day} {at:%H:%M}已约满{most}户。请另选时段。", field="at", code="full")
    booking: Booking = Booking.objects.create(
        opened_for=project.pk, unit=current, day=day, at=f"{at:%H:%M}", seat=seat, act_id=act.id
    )
    record(
        event="booking.made",
        subject=booking,
        chain=project.pk,
        facts={"unit": f"{current.building}{current}", "on": day, "slot": f"{at:%H:%M}"},
    )
    return booking


@write(Permission.UNIT_ADVANCE, on="booking")
def end_booking(*, actor: Actor, booking: Booking, ended_as: str, note: str) -> None:
    """Give an appointment up, or note that nobody came. Refused: no reason; one that is over; not coming before its
    hour."""
    require_counter(actor, "登记预约结果")
    if ended_as not in {BookingEnd.CANCELLED, BookingEnd.MISSED}:
        raise BookingRefused("请选择取消或未到。", field="ended_as")
    if not is_substantial(note):
        raise BookingRefused(f"请写明原因，{ASKED}。", field="note")
    project = lock_project(booking.unit.building.project_id)
    current = lock(booking, "unit__building")
    act = current_act()
    if current.ended_act_id is not None:
        raise BookingRefused("这个预约已经到场、取消或改期。请刷新页面。", code="booking_over")
    if ended_as == "missed" and act.recorded_at < _begins(current.day, time.fromisoformat(current.at)):
        raise BookingRefused(f"预约时间{current.day} {current.at}未到，不能记未到。", field="ended_as")
    before = {"ended_as": "", "ended_note": ""}
    current.ended_as, current.ended_note, current.ended_act_id = ended_as, note.strip()[:120], act.id
    current.save(update_fields=["ended_as", "ended_note", "ended_act_id"])
    record(
        event="booking.ended",
        subject=current,
        chain=project.pk,
        facts={
            "unit": f"{current.unit.building}{current.unit}", "on": current.day, "slot": current.at,
            "how": "取消" if ended_as == "cancelled" else "未到",
        },
        reason=note,
        rows=[Row.changed(current, before)],
    )  # fmt: skip


@write(Permission.UNIT_ADVANCE, on="project", once=True)
def shut_day(*, actor: Actor, project: Project, day: DueDay, reason: str) -> ShutDay:
    """Take nobody on a day. Appointments on it stand: they are named on the list of calls until they are moved.

    Refused: no reason; a day that is shut already; a day gone by.
    """
    require_counter(actor, "登记停办日")
    if not is_substantial(reason):
        raise BookingRefused(f"请写明停办原因，{ASKED}，如：窗口搬迁。", field="reason")
    locked = lock_project(project.pk)
    act = current_act()
    if day < act.today:
        raise BookingRefused("停办日期不得早于今日。", field="day")
    if ShutDay.objects.filter(project=locked, day=day, ended_act_id__isnull=True).exists():
        raise BookingRefused(f"{day}已登记停办。", field="day", code="shut")
    shut: ShutDay = ShutDay.objects.create(project=locked, day=day, reason=reason.strip()[:120], act_id=act.id)
    count = Booking.objects.filter(opened_for=locked.pk, day=day, ended_act_id__isnull=True).count()
    record(
        event="day.shut",
        subject=locked,
        chain=locked.pk,
        facts={"on": day, "count": count},
        reason=reason,
        rows=[Row.added(shut, "day", "reason")],
    )
    return shut


@write(Permission.UNIT_ADVANCE, on="shut")
def reopen_day(*, actor: Actor, shut: ShutDay, reason: str) -> None:
    """Take families again on a day that was shut. Refused: no reason; a day open again already, or gone by."""
    require_counter(actor, "恢复办理")
    if not is_substantial(reason):
        raise BookingRefused(f"请写明恢复办理的原因，{ASKED}，如：搬迁提前完成。", field="reason")
    project = lock_project(shut.project_id)
    current: ShutDay = lock(shut)
    act = current_act()
    if current.ended_act_id is not None:
        raise BookingRefused(f"{current.day}已恢复办理。请刷新页面。", code="over")
    if current.day < act.today:
        raise BookingRefused(f"{current.day}已过，不能恢复办理。", code="gone")
    current.ended_act_id = act.id
    current.save(update_fields=["ended_act_id"])
    record(
        event="day.reopened",
        subject=project,
        chain=project.pk,
        facts={"on": current.day},
        reason=reason,
        rows=[Row.changed(current, {"ended_act_id": None})],
    )


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def note_call(*, actor: Actor, unit: Unit, result: str, called_on: FactDay, note: str = "") -> PhoneCall:
    """Keep what came of a call. Refused: a refusal or a wrong number without what was said."""
    require_counter(actor, "登记电话结果")
    current = lock_unit(unit)
    kind = CallResult(result)
    if kind in (CallResult.REFUSED, CallResult.WRONG) and not is_substantial(note):
        raise BookingRefused(f"{kind.label}须写明情况，{ASKED}。", field="note")
    act = current_act()
    call: PhoneCall = PhoneCall.objects.create(
        unit=current, result=kind.value, called_on=called_on, called_at=act.recorded_at, note=note.strip()[:120],
        person_id=actor.person_id, act_id=act.id,
    )  # fmt: skip
    record(
        event="family.called",
        subject=current,
        chain=current.building.project_id,
        facts={"unit": f"{current.building}{current}", "on": called_on, "how": kind.label},
        rows=[Row.added(call, "result", "called_on")],
    )
    return call


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def prefer(*, actor: Actor, unit: Unit, ground: str, reason: str) -> Preference:
    """Let a home go before its turn, on a published ground and with what proves it. Refused: no reason; twice."""
    require_counter(actor, "登记优先办理")
    if not is_substantial(reason):
        raise BookingRefused(f"请写明优先的依据，{ASKED}，如：入学通知书。", field="reason")
    current = lock_unit(unit)
    if Preference.objects.filter(unit=current, ended_act_id__isnull=True).exists():
        raise BookingRefused("这一户已登记优先。", code="preferred")
    act, kind = current_act(), Precedence(ground)
    preference: Preference = Preference.objects.create(
        unit=current, ground=kind.value, reason=reason.strip()[:200], stated_on=act.today, stated_by=actor.name,
        act_id=act.id,
    )  # fmt: skip
    record(
        event="home.preferred",
        subject=current,
        chain=current.building.project_id,
        facts={"unit": f"{current.building}{current}", "ground": kind.label},
        reason=reason,
        rows=[Row.added(preference, "ground", "reason")],
    )
    return preference


@write(Permission.UNIT_ADVANCE, on="preference")
def end_preference(*, actor: Actor, preference: Preference, reason: str) -> None:
    """Take a preference back. Refused: no reason; one that is over."""
    require_counter(actor, "撤销优先办理")
    if not is_substantial(reason):
        raise BookingRefused(f"请写明撤销优先的原因，{ASKED}。", field="reason")
    project = lock_project(preference.unit.building.project_id)
    current = lock(preference, "unit__building")
    if current.ended_act_id is not None:
        raise BookingRefused("这一户的优先已经撤销。请刷新页面。", code="over")
    current.ended_act_id = current_act().id
    current.save(update_fields=["ended_act_id"])
    record(
        event="home.preference_ended",
        subject=current.unit,
        chain=project.pk,
        facts={"unit": f"{current.unit.building}{current.unit}"},
        reason=reason,
        rows=[Row.changed(current, {"ended_act_id": None})],
    )
