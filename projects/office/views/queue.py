"""The queue of the office: numbers, windows, appointments, calls, and the order that homes go in."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.casework.selectors.calendar import calendar_of
from projects.office.choices import Precedence, TicketStep
from projects.office.queue_forms import (
    BookForm,
    CallForm,
    DayForm,
    EndBookingForm,
    EndPreferenceForm,
    PreferForm,
    QueueForm,
    ReopenForm,
    ShutForm,
    StepForm,
)
from projects.office.selectors.checklists import office_settings
from projects.office.selectors.queue import (
    booking_by_id,
    bookings_on,
    call_list,
    free_seats,
    preference_by_id,
    preferences_listed,
    queue_jumps,
    reminders_of,
    shut_day_by_id,
    shut_days,
    stranded_bookings,
    ticket_by_id,
    tickets_of,
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
from projects.office.views.tabs import WINDOW, office_project, office_tabs
from projects.progress.selectors import unit_by_id
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.store.once import once
from registry.web.flash import notify
from registry.web.pages import FormPage

LOOK_BACK = 365
CALLS_SHOWN = 50
START_DIGITS = 7  # of the place in the list of calls from which a page begins


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def office_queue(request: Request, code: str) -> HttpResponse:
    """The queue of today: taking a number, calling the next to one's window, appointments."""
    project = office_project(request, code)
    window = str(request.session.get(WINDOW, ""))
    form = QueueForm(request.POST or None, initial={"window": window})
    if request.method == "POST" and form.is_valid():
        request.session[WINDOW] = form.cleaned_data["window"]
        if form.cleaned_data["do"] == "take":
            if form.carry_out(take_ticket, actor=request.actor, project=project):
                notify(request, f"已取号{form.result}")
                return redirect("office:queue", code)
        elif form.carry_out(call_next, actor=request.actor, project=project, window=form.cleaned_data["window"]):
            notify(request, f"请{form.result}到{form.result.window}号窗口")
            if form.cleaned_data["do"] == "serve":
                return _to_the_counter(code, form.result)
            return redirect("office:queue", code)
    context = {
        "title": "排队叫号",
        "project": project,
        "tabs": office_tabs(project, "queue", request.actor),
        "form": form,
        "window": window,
        "tickets": tickets_of(project, on=request.today),
        "times": times_of(project, on=request.today),
        "bookings": bookings_on(project, on=request.today),
        "stranded": stranded_bookings(project, on=request.today),
        "shut": shut_days(project, on=request.today),
        "steps": [(step.value, step.label) for step in TicketStep],
    }
    return render(request, "office/queue.html", context)


def _to_the_counter(code: str, ticket: Any) -> HttpResponse:
    """Open the family that a ticket is of, or the field where it is looked for."""
    if ticket.unit_id:
        return redirect("office:family", code=code, pk=ticket.unit_id)
    return redirect("office:counter", code=code)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def ticket_step(request: Request, code: str, pk: int) -> HttpResponse:
    """One transition of a ticket, by the button pressed."""
    project = office_project(request, code)
    ticket = ticket_by_id(request.actor, project.pk, pk)
    form = StepForm(request.POST)
    if form.is_valid():
        step, window = TicketStep(form.cleaned_data["step"]), form.cleaned_data["window"]
        window = window or str(request.session.get(WINDOW, ""))
        if step == TicketStep.CALLED:
            done = form.carry_out(call_ticket, actor=request.actor, ticket=ticket, window=window)
        elif step == TicketStep.RECALLED:
            done = form.carry_out(recall_ticket, actor=request.actor, ticket=ticket)
        else:
            done = form.carry_out(step_ticket, actor=request.actor, ticket=ticket, step=step, window=window)
        if done:
            notify(request, f"{ticket}：{step.label}")
            return redirect("office:queue", code)
    page: Any = FormPage(f"{ticket}", "重试", reverse("office:queue", args=[code]), project=project)
    return page.show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def keep_booking(request: Request, code: str, pk: int) -> HttpResponse:
    """Give a number to who came for an appointment."""
    project = office_project(request, code)
    booking = booking_by_id(request.actor, project.pk, pk)
    with once(request.POST.get("once", "")):
        ticket = take_ticket(actor=request.actor, project=project, booking=booking)
    notify(request, f"已取号{ticket}")
    return redirect("office:queue", code)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def end_booking_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Give an appointment up, or note that nobody came."""
    project = office_project(request, code)
    booking = booking_by_id(request.actor, project.pk, pk)
    form = EndBookingForm(request.POST or None)
    if form.submitted(request, end_booking, booking=booking):
        notify(request, "预约已登记取消或未到")
        return redirect("office:queue", code)
    return FormPage(
        f"取消预约 {booking.unit.building}{booking.unit}",
        "登记",
        reverse("office:queue", args=[code]),
        project=project,
        intro=f"预约{booking.day} {booking.at}。改期的先在此取消，再重新预约。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_GET
def reminders(request: Request, code: str) -> HttpResponse:
    """The slips of a day's appointments, to print: when, where, what to bring."""
    project = office_project(request, code)
    form = DayForm(request.GET)
    day = form.day or calendar_of().add_workdays(request.today, 1)
    settings = office_settings(project.district_code, on=day)
    context = {
        "title": "预约提醒单",
        "project": project,
        "day": day,
        "rows": reminders_of(project, on=day),
        **{word: settings[f"office.{word}"] for word in ("place", "hours", "phone")},
    }
    return render(request, "office/reminders.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def shut_day_page(request: Request, code: str) -> HttpResponse:
    """Take nobody on a day."""
    project = office_project(request, code)
    form = ShutForm(request.POST or None)
    if form.submitted(request, shut_day, project=project):
        notify(request, "停办日已登记；当日的预约不会取消，请逐户改期")
        return redirect("office:queue", code)
    return FormPage(
        "登记停办日",
        "登记",
        reverse("office:queue", args=[code]),
        project=project,
        intro="停办日不再接受预约。已有的预约保留，列在排队叫号页，逐户电话改期；系统不自动取消。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def reopen_day_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Take families again on a day that was shut."""
    project = office_project(request, code)
    shut = shut_day_by_id(request.actor, project.pk, pk)
    form = ReopenForm(request.POST or None)
    if form.submitted(request, reopen_day, shut=shut):
        notify(request, f"{shut.day}已恢复办理")
        return redirect("office:queue", code)
    return FormPage(
        f"恢复办理 {shut.day}",
        "恢复办理",
        reverse("office:queue", args=[code]),
        project=project,
        intro=f"停办原因：{shut.reason}。恢复后当日可以预约，原有的预约不变。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_GET
def waiting_screen(request: Request, code: str) -> HttpResponse:
    """The screen of the waiting room: numbers and windows, no names."""
    project = office_project(request, code)
    context = {"title": "叫号", "project": project, "called": windows_called(project, on=request.today)}
    return render(request, "office/screen.html", context)


@access(Permission.UNIT_ADVANCE)
@require_GET
def calls(request: Request, code: str) -> HttpResponse:
    """Whom to call, in order."""
    project = office_project(request, code)
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() and len(asked) < START_DIGITS else 0
    lines, count = call_list(project, on=request.today, limit=CALLS_SHOWN, start=start)
    context = {
        "title": "电话通知",
        "project": project,
        "tabs": office_tabs(project, "calls", request.actor),
        "lines": lines,
        "count": count,
        "first": start + 1,
        "last": start + len(lines),
        "before": max(0, start - CALLS_SHOWN) if start else None,
        "after": start + CALLS_SHOWN if start + CALLS_SHOWN < count else None,
    }
    return render(request, "office/calls.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def call_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Keep what came of a call."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    form = CallForm(request.POST or None, initial={"called_on": request.today})
    if form.submitted(request, note_call, unit=unit):
        notify(request, "电话结果已登记")
        return redirect("office:calls", code)
    return FormPage(
        f"电话结果 {unit.building}{unit}",
        "登记",
        reverse("office:calls", args=[code]),
        project=project,
        intro="先核对姓名和房号。未接通的可多次登记；拒绝办理、号码有误的写明情况。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def book_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Give a home an appointment."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    settings = office_settings(project.district_code, on=request.today)
    slots = half_hours(settings["office.hours"])
    day = request.today + timedelta(days=1)
    form = BookForm(request.POST or None, slots=slots, initial={"day": day})
    if form.submitted(request, book, unit=unit):
        notify(request, f"已预约{form.result.day} {form.result.at}")
        return redirect("office:calls", code)
    most = settings["office.windows"] * settings["office.slot"]
    seats = "，".join(f"{at:%H:%M}余{free}" for at, free in free_seats(project, day, slots, most))
    return FormPage(
        f"预约 {unit.building}{unit}",
        "预约",
        reverse("office:calls", args=[code]),
        project=project,
        intro=f"每半小时{most}户。{day}：{seats}。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_GET
def fair_order(request: Request, code: str) -> HttpResponse:
    """The published order, the homes that go before their turn, and who overtook whom."""
    project = office_project(request, code)
    context = {
        "title": "办理次序",
        "project": project,
        "tabs": office_tabs(project, "order", request.actor),
        "grounds": [ground.label for ground in Precedence],
        "preferences": preferences_listed(project),
        "jumps": queue_jumps(project, since=request.today - timedelta(days=LOOK_BACK)),
    }
    return render(request, "office/order.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def prefer_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Let a home go before its turn."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    form = PreferForm(request.POST or None)
    if form.submitted(request, prefer, unit=unit):
        notify(request, "优先办理已登记，并在办理次序页公布")
        return redirect("office:order", code)
    return FormPage(
        f"优先办理 {unit.building}{unit}",
        "登记",
        reverse("office:order", args=[code]),
        project=project,
        intro="优先的理由在办理次序页公布，依据留存备查。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def end_preference_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Take a preference back."""
    project = office_project(request, code)
    preference = preference_by_id(request.actor, project.pk, pk)
    form = EndPreferenceForm(request.POST or None)
    if form.submitted(request, end_preference, preference=preference):
        notify(request, "优先已撤销")
        return redirect("office:order", code)
    return FormPage(
        f"撤销优先 {preference.unit.building}{preference.unit}",
        "撤销",
        reverse("office:order", args=[code]),
        project=project,
        intro=f"{preference.stated_by}于{preference.stated_on}登记：{preference.get_ground_display()}，{preference.reason}。",
    ).show(request, form)
