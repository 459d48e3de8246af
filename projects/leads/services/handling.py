"""Handling: a ticket is dispatched to whoever leads and assists, contacted, returned, answered.

Who was told first answers for it until it lies with an executor (首接负责); a return leads back to whoever dispatched
it and leaves the deadline as it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from projects.casework.selectors.calendar import calendar_of
from projects.leads.choices import CONTACT_HOURS, ExecutorEnd
from projects.leads.models import Ticket, TicketAct, TicketExecutor
from projects.leads.selectors.handling import NO_EXECUTORS, executors_for
from projects.leads.selectors.texts import ACT
from projects.leads.services.spans import go_on
from projects.ledger.models import Project
from projects.ledger.services.participation import take_part
from registry.accounts.models import Organisation
from registry.accounts.selectors.settings import setting_on
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.tickets import TicketEvent, TicketRefused, TicketState, TimeClass
from registry.kernel.tickets.limits import HOURS
from registry.store.acts import Row, current_act, values_of, within_act, write
from registry.store.clock import SHANGHAI, shanghai_day
from registry.store.crypto import encrypt
from registry.store.locks import lock

EXECUTOR: Final = ("organisation_id", "is_lead", "round", "contacted_at", "ended_at", "outcome")


@write(Permission.TICKET_DISPATCH, on="ticket", once=True)
def dispatch_ticket(
    *, actor: Actor, ticket: Ticket, lead: Organisation, assists: Sequence[Organisation] = (), note: str = ""
) -> Ticket:
    """Give a ticket to an organisation that leads and to those that assist; each has it on its desk and is scored.

    Refused: it is in somebody's hands; by whoever neither holds it nor is above; the same organisation twice; a
    developer, whose staff never sees a caller's data; an organ of another district.
    """
    current = lock(ticket, "holder", "project")
    _require_dispatcher(actor, current)
    asked = [lead, *assists]
    if len({organisation.pk for organisation in asked}) < len(asked):
        raise TicketRefused("同一单位只能选一次，主办单位不必再列为协办。", field="assists")
    for organisation in asked:
        require_executor(current, organisation)
    rows = go_on(current, TicketEvent.DISPATCH, lead)
    rows += assign(current, lead, assists)
    told = "、".join(str(organisation) for organisation in assists)
    note_act(
        current,
        TicketEvent.DISPATCH,
        f"主办：{lead}" + (f"；协办：{told}" if told else "") + (f"。{note}" if note else ""),
    )
    record(
        event="ticket.dispatched",
        subject=current,
        facts={"number": current.number, "lead": str(lead), "assists": f"，{told}协办" if told else ""},
        rows=rows,
    )
    return current


@write(Permission.TICKET_ANSWER, on="ticket", once=True)
def contact_caller(*, actor: Actor, ticket: Ticket, contacted_at: datetime, text: str) -> Ticket:
    """Note that the executor spoke with the caller, at which moment: the first counts as the system's contact.

    Refused: by others; before it was dispatched or ahead; nothing said.
    """
    current = lock(ticket, "holder")
    part = _own_part(actor, current)
    if contacted_at > current_act().recorded_at:
        raise TicketRefused("联系时间尚未到来。请填写实际联系的时间。", field="contacted_at")
    if contacted_at < current.received_at:
        said = f"{current.received_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise TicketRefused(f"联系时间早于来电时间{said}。请核对。", field="contacted_at")
    if not text.strip():
        raise TicketRefused("未填写联系情况。请写明诉求人的意见。", field="text")
    rows = go_on(current, TicketEvent.CONTACT)
    before = values_of(part, EXECUTOR)
    if part.contacted_at is None or contacted_at < part.contacted_at:
        part.contacted_at = contacted_at
        part.save(update_fields=["contacted_at"])
    note_act(current, TicketEvent.CONTACT, text, at=contacted_at, part=part)
    record(
        event="ticket.contacted",
        subject=current,
        facts={"number": current.number, "organisation": actor.organisation_name},
        rows=[*rows, *Row.if_changed(part, before)],
    )
    return current


@write(Permission.TICKET_ANSWER, on="ticket", once=True)
def return_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> Ticket:
    """Give a ticket back: of whoever assists its part ends; of whoever leads the ticket goes back to be dispatched.

    Reason, round and the time that it cost are kept; the deadline stays. Refused: no reason; by others.
    """
    current = lock(ticket, "holder")
    part = _own_part(actor, current)
    if not reason.strip():
        raise TicketRefused("未填写退回原因。请写明不属于本单位职责的依据，或应承办的单位。", field="reason")
    act = current_act()
    cost = act.recorded_at - part.starts_at
    lost = calendar_of().workdays_between(shanghai_day(part.starts_at), act.today)
    if part.is_lead:
        rows = go_on(current, TicketEvent.RETURN, dispatcher_before(current))
        rows += end_parts(current, ExecutorEnd.RETURNED)
        lay_on_desk(current, "重派", current.holder)
    else:
        rows = end_parts(current, ExecutorEnd.RETURNED, only=part)
    note_act(
        current, TicketEvent.RETURN, reason, minutes=max(0, int(cost.total_seconds() // 60)), workdays=max(0, lost)
    )
    record(
        event="ticket.returned",
        subject=current,
        facts={"number": current.number, "organisation": actor.organisation_name, "round": current.round, "lost": lost},
        rows=rows,
    )
    return current


@write(Permission.TICKET_ANSWER, on="ticket", once=True)
def answer_ticket(*, actor: Actor, ticket: Ticket, text: str) -> Ticket:
    """Deliver the answer of whoever leads: the ticket waits for the call back. Refused: no words; by others."""
    current = lock(ticket, "holder")
    part = _own_part(actor, current)
    if not part.is_lead:
        lead = current.holder
        raise TicketRefused(f"工单由主办单位{lead}统一反馈。请把办理情况告知主办单位。", code="not_lead")
    if not text.strip():
        raise TicketRefused("未填写反馈内容。请写明办理结果和答复诉求人的情况。", field="text")
    rows = go_on(current, TicketEvent.ANSWER, dispatcher_before(current))
    rows += end_parts(current, ExecutorEnd.ANSWERED)
    lay_on_desk(current, "回访", current.holder)
    note_act(current, TicketEvent.ANSWER, text)
    late = "，逾期" if current_act().recorded_at > current.due_at else ""
    record(
        event="ticket.answered",
        subject=current,
        facts={"number": current.number, "organisation": actor.organisation_name, "late": late},
        rows=rows,
    )
    return current


@within_act
def assign(
    ticket: Ticket, lead: Organisation, assists: Sequence[Organisation], *, at: datetime | None = None
) -> list[Row]:
    """Lay the parts of a round, and the ticket on each desk. Returns what the trail keeps. `at` is stated, or now."""
    act = current_act()
    starts = at or act.recorded_at
    limit = contact_limit(ticket, starts)
    rows: list[Row] = []
    inbox.settle(source(ticket))
    for organisation in (lead, *assists):
        part = TicketExecutor.objects.create(
            ticket=ticket, organisation=organisation, is_lead=organisation.pk == lead.pk, round=ticket.round,
            starts_at=starts, contact_due_at=limit, due_at=ticket.due_at, recorded_at=act.recorded_at, act_id=act.id,
        )  # fmt: skip
        rows.append(Row.added(part, "ticket_id", *EXECUTOR))
        put_on_desk(ticket, "办理", organisation)
    return rows


def contact_limit(ticket: Ticket, starts: datetime) -> datetime:
    """Return by when the caller is to be spoken with: the hours of its class, else those that the city has set."""
    hours = HOURS.get(TimeClass(ticket.time_class)) or int(setting_on(CONTACT_HOURS, on=shanghai_day(starts)))
    return starts + timedelta(hours=hours)


@within_act
def end_parts(
    ticket: Ticket, outcome: ExecutorEnd, only: TicketExecutor | None = None, *, at: datetime | None = None
) -> list[Row]:
    """End the parts that run, or only one of them. Returns what the trail keeps. `at` is stated, or now."""
    act = current_act()
    rows: list[Row] = []
    for part in ticket.executors.filter(ended_at__isnull=True).order_by("id"):
        if only is None or part.pk == only.pk:
            before = values_of(part, EXECUTOR)
            part.ended_at, part.outcome = max(at or act.recorded_at, part.starts_at), outcome
            part.ended_recorded_at = act.recorded_at
            part.save(update_fields=["ended_at", "outcome", "ended_recorded_at"])
            rows += Row.if_changed(part, before)
    return rows


@within_act
def note_act(
    ticket: Ticket,
    event: TicketEvent,
    text: str,
    *,
    minutes: int = 0,
    workdays: int = 0,
    at: datetime | None = None,
    part: TicketExecutor | None = None,
) -> None:
    """Keep what was done about a ticket, its words sealed. `at` is stated, or now."""
    act = current_act()
    TicketAct.objects.create(
        ticket=ticket, event=event, at=at or act.recorded_at, organisation_id=act.actor.organisation_id,
        person_id=act.actor.person_id, text=encrypt(text.strip(), ACT) if text.strip() else None, round=ticket.round,
        minutes=minutes, workdays=workdays, part=part, recorded_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip


def require_executor(ticket: Ticket, organisation: Organisation) -> None:
    """Refuse an organisation that never handles tickets, or not this one: a developer's staff sees no caller's data, an
    organ of another district none of this one's."""
    if organisation.kind in NO_EXECUTORS or not organisation.is_active:
        raise TicketRefused(f"{organisation}不能承办热线工单：诉求人信息不得提供给该单位。", field="lead")
    if not executors_for(ticket).filter(pk=organisation.pk).exists():
        raise TicketRefused(
            f"{organisation}不在工单所属的区，不能承办工单{ticket.number}。请另选承办单位。",
            field="lead",
            code="elsewhere",
        )


def source(ticket: Ticket) -> str:
    """Return the key under which a ticket lies on desks."""
    return f"ticket:{ticket.pk}"


@within_act
def lay_on_desk(ticket: Ticket, verb: str, organisation: Organisation) -> None:
    """Take a ticket off every desk and lay it on one."""
    inbox.settle(source(ticket))
    put_on_desk(ticket, verb, organisation)


@within_act
def put_on_desk(ticket: Ticket, verb: str, organisation: Organisation) -> None:
    """Lay a ticket on one more desk; its title names nobody."""
    project = ticket.project
    inbox.deliver(
        source=source(ticket), verb=verb, title=f"12345工单{ticket.number}" + (f" {project}" if project else ""),
        link=f"/leads/of/{ticket.number}/", organisation=organisation, project_key=ticket.project_id,
        project_name=project.name if project else "", from_label=current_act().actor.organisation_name,
        due_on=shanghai_day(ticket.due_at - timedelta(seconds=1)),
    )  # fmt: skip


@within_act
def see_project(ticket: Ticket, project: Project) -> None:
    """Let whoever has a ticket in hand see the project that it turned out to be about."""
    for part in ticket.executors.filter(ended_at__isnull=True).select_related("organisation").order_by("id"):
        take_part(project, part.organisation)


def dispatcher_before(ticket: Ticket) -> Organisation:
    """Return who dispatched a ticket last: it goes back there. One query."""
    span = ticket.spans.filter(state__in=(TicketState.WAITING, TicketState.RETURNED)).order_by("-ordinal").first()
    holder: Organisation = span.holder if span is not None else ticket.holder
    return holder


def _require_dispatcher(actor: Actor, ticket: Ticket) -> None:
    """Refuse whoever neither holds the ticket nor is of the district or the city above."""
    if actor.is_system or actor.role in (Role.CITY, Role.DISTRICT) or actor.organisation_id == ticket.holder_id:
        return
    raise TicketRefused(f"工单现在{ticket.holder}，由其派单。", code="not_holder")


def _own_part(actor: Actor, ticket: Ticket) -> TicketExecutor:
    """Return the actor's part of the round that runs; refused to everybody else."""
    part: TicketExecutor | None = ticket.executors.filter(
        organisation_id=actor.organisation_id or 0, ended_at__isnull=True
    ).first()
    if part is None:
        raise TicketRefused(f"工单{ticket.number}不在本单位办理，由{ticket.holder}办理。", code="not_executor")
    return part
