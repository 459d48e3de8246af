"""The queue of a day: one queue of numbers, transitions that time themselves, appointments, calls, a fair order."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects import ports
from projects.office.choices import TicketStep
from projects.office.models import Booking, Preference, QueueTicket, ShutDay
from projects.office.selectors.queue import (
    call_list,
    queue_jumps,
    reminders_of,
    stranded_bookings,
    times_of,
    windows_called,
)
from projects.office.services.bookings import (
    book,
    end_booking,
    end_preference,
    half_hours,
    note_call,
    prefer,
    reopen_day,
    shut_day,
)
from projects.office.services.queue import call_next, call_ticket, recall_ticket, step_ticket, take_ticket
from projects.office.services.scans import note_scan
from registry.audit.invariants import INVARIANTS
from registry.store.clock import SHANGHAI, shanghai_day, stated, true_now
from registry.store.guard import fixture_writes
from tests.factories.accounts import DISTRICT, lay_setting, sign_in
from tests.factories.projects import REGISTERED, TODAY, Estate, lay_registration, move, on_day
from tests.factories.trials import refused
from tests.projects.office.families import come, unit_of

TOMORROW = TODAY + timedelta(1)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


class at:  # reads as a word
    """Let the acts inside be recorded at a minute of today."""

    def __init__(self, hour: int, minute: int = 0, on: date = TODAY) -> None:
        self._stated = stated(datetime.combine(on, time(hour, minute), SHANGHAI))

    def __enter__(self) -> None:
        self._stated.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._stated.__exit__(*error)


def take(estate: Estate, **words: Any) -> QueueTicket:
    ticket: QueueTicket = take_ticket(actor=estate.cast.township.actor, project=estate.project, **words)
    return ticket


def call(estate: Estate, window: str = "1") -> QueueTicket:
    ticket: QueueTicket = call_next(actor=estate.cast.township.actor, project=estate.project, window=window)
    return ticket


def step(estate: Estate, ticket: QueueTicket, name: TicketStep, **words: Any) -> QueueTicket:
    moved: QueueTicket = step_ticket(actor=estate.cast.township.actor, ticket=ticket, step=name, **words)
    return moved


def test_walk_ins_and_appointments_stand_in_one_queue(story: Estate) -> None:
    actor = story.cast.township.actor
    with on_day(TODAY - timedelta(1)):
        booking = book(actor=actor, unit=story.unit(), day=TODAY, at=time(9, 30))
    with at(9):
        first = take(story)
    with at(9, 20):
        kept = take(story, booking=booking)
    with at(9, 45):
        second = take(story)
        order = [call(story, str(window)) for window in (1, 2, 3)]

    assert [str(ticket) for ticket in (first, kept, second)] == ["A001", "Y002", "A003"]
    assert order == [first, kept, second], "an appointment goes at its half hour, a walk-in at its own moment"
    assert kept.unit_id == story.homes[0]
    with at(10), refused("已经到场、取消或改期", code="booking_over"):
        take(story, booking=Booking.objects.get())
    with at(10), refused("没有等候的号", code="nobody_waits"):
        call(story, "4")


def test_times_are_read_from_the_transitions(story: Estate) -> None:
    with at(9):
        take(story)
    with at(9, 12):
        ticket = call(story)
    with at(9, 14):
        step(story, ticket, TicketStep.STARTED)
    with at(9, 34):
        step(story, ticket, TicketStep.DONE)

    times = times_of(story.project, on=TODAY)
    assert (times.taken, times.done, times.no_show) == (1, 1, 0)
    assert (times.waiting, times.walking, times.service) == (12.0, 2.0, 20.0)
    assert times_of(story.project, on=TOMORROW).waiting is None


def test_nobody_is_called_again_or_passed_before_five_minutes(story: Estate) -> None:
    with at(9):
        take(story)
        ticket = call(story)
    with at(9, 4):
        with refused("不足5分钟，请2分钟后再叫", code="too_soon"):
            recall_ticket(actor=story.cast.township.actor, ticket=ticket)
        with refused("不足5分钟，不能过号", code="too_soon"):
            step(story, ticket, TicketStep.NO_SHOW)
    with at(9, 5):
        recall_ticket(actor=story.cast.township.actor, ticket=ticket)
    with at(9, 10):
        step(story, ticket, TicketStep.NO_SHOW)
    with at(9, 20):
        step(story, ticket, TicketStep.RESUMED)
        assert call(story) == ticket


def test_a_ticket_is_parked_transferred_and_refused_where_its_state_forbids(story: Estate) -> None:
    with at(9):
        first, second = take(story), take(story)
        call(story, "1")
        with refused("1号窗口正在办理A001", code="window_taken"):
            call(story, "1")
        with refused("A001已由.*于09:00叫号，现在是“已叫号”", code="not_waiting"):
            call_ticket(actor=story.cast.developer.actor, ticket=first, window="2")
        step(story, first, TicketStep.PARKED)
        with refused("现在是“暂离”，不能办结", code="state"):
            step(story, first, TicketStep.DONE)
        call_ticket(actor=story.cast.developer.actor, ticket=second, window="1")
        moved = step(story, second, TicketStep.TRANSFERRED, window="3")
        assert (moved.state, moved.window) == ("called", "3")
        assert windows_called(story.project, on=TODAY) == [{"number": "A002", "window": "3"}]
        with refused("未填写窗口号", field="window"):
            call(story, " ")
    with at(9, on=TOMORROW), refused("已作废", code="other_day"):
        step(story, first, TicketStep.RESUMED)


def test_the_database_gives_a_window_one_ticket_and_a_number_once(story: Estate) -> None:
    with at(9):
        first, second = take(story), take(story)
        call(story)
    with fixture_writes(), transaction.atomic(), pytest.raises(IntegrityError):
        QueueTicket.objects.filter(pk=second.pk).update(state="called", window="1")
    with fixture_writes(), transaction.atomic(), pytest.raises(IntegrityError):
        QueueTicket.objects.filter(pk=second.pk).update(number=first.number)


def test_a_half_hour_takes_as_many_as_are_set(story: Estate) -> None:
    lay_setting("office.windows", 1, area_code=DISTRICT)
    lay_setting("office.slot", 2, area_code=DISTRICT)
    actor = story.cast.township.actor
    with on_day(TODAY):
        seats = [book(actor=actor, unit=story.unit(n), day=TOMORROW, at=time(9)).seat for n in range(2)]
        with refused("2022-03-09 09:00已约满2户", code="full", field="at"):
            book(actor=actor, unit=story.unit(2), day=TOMORROW, at=time(9))
        with refused("不是服务时间内的时段", field="at"):
            book(actor=actor, unit=story.unit(2), day=TOMORROW, at=time(12))
        with refused("这一户已预约2022-03-09 09:00", code="booked"):
            book(actor=actor, unit=story.unit(), day=TOMORROW, at=time(10))
        end_booking(
            actor=actor, booking=Booking.objects.order_by("id").first(), ended_as="cancelled", note="家中有事改期"
        )
        assert book(actor=actor, unit=story.unit(2), day=TOMORROW, at=time(9)).seat == 1
        with refused("预约日期须在今日起60日内", field="day"):
            book(actor=actor, unit=story.unit(3), day=TODAY + timedelta(61), at=time(9))

    assert seats == [1, 2]
    assert half_hours("9:00—10:10，13:30—14:30") == [time(9), time(9, 30), time(13, 30), time(14)]


def test_a_day_that_is_shut_cancels_nothing(story: Estate) -> None:
    actor = story.cast.township.actor
    with on_day(TODAY):
        booking = book(actor=actor, unit=story.unit(), day=TOMORROW, at=time(9))
        shut_day(actor=actor, project=story.project, day=TOMORROW, reason="窗口搬迁停办一日")
        with refused("不办理（窗口搬迁停办一日）", code="shut", field="day"):
            book(actor=actor, unit=story.unit(1), day=TOMORROW, at=time(9))
        with refused("已登记停办", code="shut", field="day"):
            shut_day(actor=actor, project=story.project, day=TOMORROW, reason="窗口搬迁停办一日")

    assert stranded_bookings(story.project, on=TODAY) == [booking]
    assert Booking.objects.get().ended_as == "", "it stands until somebody moves it"
    address = reverse("office:reopen", args=[story.project.code, (shut := ShutDay.objects.get()).pk])
    with on_day(TODAY), refused("请写明恢复办理的原因", field="reason"):
        reopen_day(actor=actor, shut=shut, reason="开")
    with on_day(TOMORROW + timedelta(1)), refused("已过，不能恢复办理", code="gone"):
        reopen_day(actor=actor, shut=shut, reason="窗口搬迁提前完成")
    with on_day(TODAY):
        assert sign_in(story.cast.township).post(address, {"reason": "窗口搬迁提前完成"}).status_code == 302
        with refused("已恢复办理", code="over"):
            reopen_day(actor=actor, shut=shut, reason="窗口搬迁提前完成")
        book(actor=actor, unit=story.unit(1), day=TOMORROW, at=time(9))
    assert stranded_bookings(story.project, on=TODAY) == []


def test_calls_are_kept_and_homes_whose_gates_are_open_come_first(estate: Estate) -> None:
    actor = estate.cast.township.actor
    lines, count = call_list(estate.project, on=TODAY)
    assert (count, {line.is_ready for line in lines}) == (15, {False})
    lay_registration(estate)

    lines, count = call_list(estate.project, on=TODAY)
    assert [line.is_ready for line in lines[:12]] == [True] * 12
    assert {line.unit.pk for line in lines} & set(estate.shops[1:2]) == set(), "who is at fault is not called"
    last = lines[11].unit
    with on_day(TODAY):
        for _ in range(2):
            note_call(actor=actor, unit=last, result="not_reached", called_on=TODAY)
        with refused("拒绝办理须写明情况", field="note"):
            note_call(actor=actor, unit=last, result="refused", called_on=TODAY)
        prefer(actor=actor, unit=last, ground="school", reason="入学通知书2022-17号")
    top = call_list(estate.project, on=TODAY)[0][0]
    assert (top.unit, top.unreached, top.preference, top.is_called) == (last, 2, "子女入学", False)
    with on_day(TODAY):
        note_call(actor=actor, unit=last, result="reached", called_on=TODAY)
    assert call_list(estate.project, on=TODAY)[0][0].is_called


def test_a_queue_jump_of_thirty_days_is_found_and_marked_if_it_had_a_reason(story: Estate) -> None:
    """F14: within building and stage; who came 30 days later and went first."""
    early, late, other = story.homes[0], story.homes[1], story.homes[6]
    came, later = REGISTERED + timedelta(10), REGISTERED + timedelta(40)
    move(story, [early], "collected", came)
    move(story, [late, other], "collected", later)
    since = date(2021, 1, 1)
    assert queue_jumps(story.project, since=since) == []

    move(story, [late, other], "accepted", later + timedelta(5))
    [jump] = queue_jumps(story.project, since=since)
    assert (jump.unit.pk, jump.over.pk, jump.days, jump.step, jump.ground) == (late, early, 30, "受理", "")
    with fixture_writes():
        Preference.objects.create(
            unit_id=late, ground="ill", reason="残疾证", stated_on=later, stated_by="某人", act_id=1
        )
    assert [jump.ground for jump in queue_jumps(story.project, since=since)] == ["患病、残疾"]
    move(story, [early], "accepted", later + timedelta(5))
    assert queue_jumps(story.project, since=since) == [], "the same day is no jump"


def test_twenty_nine_days_are_no_jump(story: Estate) -> None:
    early, late = story.homes[:2]
    move(story, [early], "collected", REGISTERED + timedelta(10))
    move(story, [late], "collected", REGISTERED + timedelta(39))
    move(story, [late], "accepted", REGISTERED + timedelta(50))

    assert queue_jumps(story.project, since=date(2021, 1, 1)) == []


def test_a_preference_ends_once(story: Estate) -> None:
    actor = story.cast.township.actor
    with on_day(TODAY):
        preference = prefer(actor=actor, unit=story.unit(), ground="aged", reason="身份证载明1901年生")
        with refused("这一户已登记优先", code="preferred"):
            prefer(actor=actor, unit=story.unit(), ground="aged", reason="身份证载明1901年生")
        end_preference(actor=actor, preference=preference, reason="登记错了户号")
        with refused("优先已经撤销", code="over"):
            end_preference(actor=actor, preference=preference, reason="登记错了户号")


def test_tampering_with_a_ticket_is_named(story: Estate) -> None:
    with at(9):
        ticket = take(story)
    assert list(INVARIANTS["I53"].violations(None)) == list(INVARIANTS["I53"].violations(story.project.pk)) == []
    with fixture_writes():
        QueueTicket.objects.filter(pk=ticket.pk).update(state="done")

    [fault] = INVARIANTS["I53"].violations(None)
    assert (fault.subject, fault.expected, fault.found) == (f"号{ticket.pk}", "waiting", "done")


def test_the_pages_of_the_queue(story: Estate) -> None:
    code, client = story.project.code, sign_in(story.cast.township)
    queue = reverse("office:queue", args=[code])
    tomorrow = shanghai_day(true_now()) + timedelta(1)
    assert "今日暂无取号" in client.get(queue).content.decode()
    page = client.post(queue, {"do": "take", "window": "2"}, follow=True).content.decode()
    assert "已取号A001" in page
    page = client.post(queue, {"do": "call", "window": "2"}, follow=True).content.decode()
    assert "请A001到2号窗口" in page
    screen = client.get(reverse("office:screen", args=[code])).content.decode()
    assert "A001" in screen
    assert "演示甲" not in screen, "no names"
    ticket = QueueTicket.objects.get()
    client.post(reverse("office:ticket", args=[code, ticket.pk]), {"step": "started"})
    client.post(reverse("office:ticket", args=[code, ticket.pk]), {"step": "done"})
    assert QueueTicket.objects.get().state == "done"
    calls = client.get(reverse("office:calls", args=[code])).content.decode()
    assert calls.count("电话结果") == 14, "who is at fault is not called"
    booked = client.post(
        reverse("office:book", args=[code, story.homes[0]]), {"day": tomorrow.isoformat(), "at": "09:00"}
    )
    assert booked.status_code == 302
    assert "暂无优先办理的户" in client.get(reverse("office:order", args=[code])).content.decode()
    assert unit_of(story.homes[0]).bookings.count() == 1


def test_an_appointment_is_for_an_hour_that_can_still_come(story: Estate) -> None:
    """Today is Tuesday, 8 March 2022; the office serves on working days."""
    actor, unit = story.cast.township.actor, story.unit()
    saturday = TODAY + timedelta(4)
    with at(9, 30), refused("今日09:30的时段已过", code="begun", field="at"):
        book(actor=actor, unit=unit, day=TODAY, at=time(9, 30))
    with at(9, 30), refused(f"{saturday}不是工作日", code="rest_day", field="day"):
        book(actor=actor, unit=unit, day=saturday, at=time(9, 30))
    with at(9, 29):
        booking = book(actor=actor, unit=unit, day=TODAY, at=time(14))
    with at(13, 59), refused("预约时间2022-03-08 14:00未到，不能记未到", field="ended_as"):
        end_booking(actor=actor, booking=booking, ended_as="missed", note="家里没有人来")
    with at(14):
        end_booking(actor=actor, booking=booking, ended_as="missed", note="家里没有人来")


def test_hours_that_no_day_has_give_no_half_hours() -> None:
    assert half_hours("23:00—29:00，99:99—99:99") == [time(23), time(23, 30)]


def test_a_number_is_neither_taken_nor_called_by_the_buttons_of_its_line(story: Estate) -> None:
    with at(9):
        ticket = take(story)
        for step_ in (TicketStep.TAKEN, TicketStep.CALLED, TicketStep.RECALLED):
            with refused("请在排队叫号页取号、叫号", code="step"):
                step(story, ticket, step_)


def test_appointments_kept_and_families_scanned_raise_what_a_clerk_may_look_at(story: Estate) -> None:
    actor, person = story.cast.township.actor, story.cast.township.person.pk
    visit = come(story, {story.homes[3]: ["户口簿"]})
    with on_day(TODAY - timedelta(1)):
        booking = book(actor=actor, unit=story.unit(), day=TODAY, at=time(9, 30))
    assert ports.counter_reveals(person_id=person, on=TODAY) == 0
    with at(9):
        take(story, booking=booking)
        step(story, call(story), TicketStep.STARTED)
        for _ in range(2):
            note_scan(actor=actor, project=story.project, code=visit.code)
        note_scan(actor=actor, project=story.project, code="6901234567892")

    assert ports.counter_reveals(person_id=person, on=TODAY) == 2, "one kept its appointment, one was scanned"
    assert ports.counter_reveals(person_id=person, on=TOMORROW) == 0
    assert ports.counter_reveals(person_id=story.cast.developer.person.pk, on=TODAY) == 0
    lay_setting("office.reveals", 20, area_code=DISTRICT)
    assert ports.counter_reveals(person_id=person, on=TODAY) == 22


def test_the_slips_of_a_day_say_when_and_what_is_still_to_bring(story: Estate) -> None:
    actor = story.cast.township.actor
    come(story, {story.homes[0]: ["户口簿"]})
    with on_day(TODAY):
        book(actor=actor, unit=story.unit(), day=TOMORROW, at=time(9, 30))
        gone = book(actor=actor, unit=story.unit(1), day=TOMORROW, at=time(10))
        end_booking(actor=actor, booking=gone, ended_as="cancelled", note="家中有事改期")

    [slip] = reminders_of(story.project, on=TOMORROW)
    assert slip.booking.unit_id == story.homes[0]
    assert [paper.partition("（")[0] for paper in slip.papers] == [
        "权利人身份证明",
        "安置补偿协议、选房确认单",
        "房款及差价票据",
    ]
    address = reverse("office:reminders", args=[story.project.code])
    body = sign_in(story.cast.township).get(address, {"on": f"{TOMORROW}"}).content.decode()
    assert "2022年3月9日 09:30" in body
    assert "本单不是受理凭证" in body
    assert "没有未到场的预约" in sign_in(story.cast.township).get(address, {"on": f"{TODAY}"}).content.decode()


def test_the_list_of_calls_goes_on_where_its_page_ends(story: Estate) -> None:
    lines, count = call_list(story.project, on=TODAY)
    after, whole = call_list(story.project, on=TODAY, limit=5, start=10)
    assert whole == count == 14
    assert after == lines[10:], "the last four"
    page = sign_in(story.cast.township).get(reverse("office:calls", args=[story.project.code]), {"from": "x"})
    assert (page.context["first"], page.context["last"], page.context["after"]) == (1, 14, None)


def test_a_called_ticket_opens_its_family_from_the_counter(story: Estate) -> None:
    code, client = story.project.code, sign_in(story.cast.township)
    queue, counter = (reverse(f"office:{name}", args=[code]) for name in ("queue", "counter"))
    take_ticket(actor=story.cast.township.actor, project=story.project, unit=story.unit())
    assert "等候1号" in client.get(counter).content.decode()
    answer = client.post(queue, {"do": "serve", "window": "2"})
    assert answer.headers["Location"] == reverse("office:family", args=[code, story.homes[0]])
    client.post(queue, {"do": "take", "window": "3"})
    assert client.post(queue, {"do": "serve", "window": "3"}).headers["Location"] == counter
