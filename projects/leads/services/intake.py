"""Tickets come in: by list, by form, by the endpoint. One door, so that every sender meets the same rules."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from projects.casework.selectors.calendar import calendar_of
from projects.leads.choices import Channel, Matter
from projects.leads.models import Ticket
from projects.leads.selectors.dispatchers import dispatcher_of
from projects.leads.selectors.texts import ADDRESS, CALLER, PHONE, TEXT, said_of
from projects.leads.services.handling import put_on_desk
from projects.leads.services.proposals import lay_proposal
from projects.leads.services.spans import begin_life
from projects.ledger.choices import CITY_NAME
from registry.accounts.selectors.areas import place_of
from registry.accounts.selectors.settings import DISTRICT, areas, setting_on
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError
from registry.kernel.identifiers.identity import check_phone
from registry.kernel.masking import mask_name, mask_phone
from registry.kernel.tickets import (
    TicketRefused,
    TicketState,
    TimeClass,
    deadline,
    is_number,
    other_matter,
    other_place,
    plain_text,
)
from registry.store.acts import Row, current_act, write
from registry.store.clock import SHANGHAI
from registry.store.crypto import blind_index, encrypt

FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LIMITS: Final = {"number": 40, "text": 5000, "caller_name": 40, "address": 120, "category": 60}


@dataclass(frozen=True)
class Judged:
    """Whether a ticket is ours, and by which rule it is not."""

    matter: Matter
    rule: str = ""


class TicketKnown(TicketRefused):
    """A ticket of this number is there and says something else."""


@write(Permission.TICKET_TAKE_IN, once=True)
def take_in_ticket(
    *, actor: Actor, number: str, received_at: datetime, text: str, time_class: str, channel: str = Channel.HOTLINE,
    caller_name: str = "", caller_phone: str = "", address: str = "", township_code: str = "", kind: str = "",
    category: str = "", source: str = "表单",
) -> Ticket:  # fmt: skip
    """Take a ticket in. One of another matter is kept out by the rule that says why, and stays as a row.

    Refused: no number or one that is none, no text, a number that is there, a time that is ahead or before the hotline,
    a township that the table lacks or that is another's, a telephone number that is none.
    """
    act = current_act()
    words = {"number": "".join(number.split()), "text": plain_text(text), "caller_name": caller_name.strip(),
             "address": " ".join(plain_text(address).split()), "category": category.strip()}  # fmt: skip
    _require(words, received_at, act.recorded_at)
    phone = _phone(caller_phone)
    if Ticket.objects.filter(number=words["number"]).exists():
        raise known(words["number"])
    district, township = _place(actor, township_code)
    judged = judge(words["text"], words["address"], words["category"], on=act.today)
    state = TicketState.OUT if judged.matter is Matter.OTHER else TicketState.WAITING
    name = words["caller_name"]
    ticket = Ticket(
        number=words["number"], channel=channel, received_at=received_at,
        caller_name=encrypt(name, CALLER) if name else None, caller_name_masked=mask_name(name),
        caller_name_index=blind_index("name", name) if name else None,
        caller_phone=encrypt(phone, PHONE) if phone else None, caller_phone_masked=mask_phone(phone),
        caller_phone_index=blind_index("phone", phone) if phone else None,
        text=encrypt(words["text"], TEXT), address=encrypt(words["address"], ADDRESS) if words["address"] else None,
        district_code=district, township_code=township, kind=kind, category=words["category"], time_class=time_class,
        matter=judged.matter, matter_rule=judged.rule[:300], state=state, holder=dispatcher_of(actor, district),
        due_at=deadline(TimeClass(time_class), received_at, calendar_of()), recorded_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            ticket.save(force_insert=True)
    except IntegrityError:  # another sender was first by a moment
        raise known(ticket.number) from None
    begin_life(ticket)
    if state is TicketState.WAITING:
        lay_proposal(ticket)
        put_on_desk(ticket, "派单", ticket.holder)
    record(
        event="ticket.received",
        subject=ticket,
        facts={"number": ticket.number, "source": source, "matter": _matter_words(judged)},
        rows=[
            Row.added(
                ticket, "number", "channel", "received_at", "time_class", "matter", "state", "holder_id", "due_at"
            )
        ],
    )
    return ticket


def known(number: str) -> TicketKnown:
    """Say that a ticket is there already."""
    return TicketKnown(f"工单{number}已登记，不重复登记。请核对工单编号。", code="known", field="number")


def _matter_words(judged: Judged) -> str:
    return f"，非本事项：{judged.rule}" if judged.matter is Matter.OTHER else ""


def judge(text: str, address: str, category: str, *, on: date) -> Judged:
    """Return whether a ticket may be ours: kept out for its place or its matter by a rule in words. Two queries."""
    city = str(setting_on(CITY_NAME, on=on) or "")
    reason = other_place(address, city=city, districts=[area.name for area in areas(DISTRICT)]) if address else ""
    reason = reason or other_matter(text, category)
    return Judged(Matter.OTHER, f"规则：{reason}") if reason else Judged(Matter.UNKNOWN)


def differing(
    ticket: Ticket, *, received_at: datetime, text: str, address: str = "", caller_phone: str = ""
) -> list[str]:
    """Return in words what a ticket sent again says otherwise than the one that is there; empty for the same."""
    said = said_of(ticket)
    pairs = (
        ("来电时间", received_at == ticket.received_at),
        ("诉求内容", plain_text(text) == said.text),
        ("诉求地址", " ".join(plain_text(address).split()) == said.address),
        ("来电号码", (blind_index("phone", _phone(caller_phone)) if caller_phone.strip() else None)
         == (bytes(ticket.caller_phone_index) if ticket.caller_phone_index else None)),
    )  # fmt: skip
    return [label for label, is_same in pairs if not is_same]


def _require(words: dict[str, str], received_at: datetime, now: datetime) -> None:
    if not words["number"]:
        raise TicketRefused("未填写工单编号。请按12345派单填写。", field="number")
    if not is_number(words["number"]):
        raise TicketRefused(
            f"工单编号“{words['number'][:40]}”含有编号中不用的字符。编号由文字、字母、数字和-_.（）〔〕组成。",
            field="number",
        )
    if not words["text"]:
        raise TicketRefused("未填写诉求内容。请写明诉求人反映的问题。", field="text")
    for field, most in LIMITS.items():
        if len(words.get(field, "")) > most:
            raise TicketRefused(f"填写内容超过{most}个字。请缩短后重新填写。", field=field)
    if received_at > now:
        said = f"{received_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise TicketRefused(f"来电时间{said}尚未到来。请核对时间。", field="received_at", code="impossible")
    if received_at < FIRST:
        said = f"{received_at.astimezone(SHANGHAI):%Y-%m-%d}"
        raise TicketRefused(
            f"来电时间{said}过早，不可能是热线工单。请核对年份。", field="received_at", code="impossible"
        )


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return check_phone(text)
    except DomainError as refusal:
        raise TicketRefused(refusal.message, field="caller_phone") from refusal


def _place(actor: Actor, township_code: str) -> tuple[str, str]:
    own = actor.area_code if actor.role in (Role.DISTRICT, Role.TOWNSHIP) else ""
    code = township_code.strip() or (own if actor.role is Role.TOWNSHIP else "")
    if not code:
        return own[:DISTRICT], ""
    place = place_of(code)
    if own and not place.township_code.startswith(own):
        raise TicketRefused(f"{place.township_name}不在您的辖区内。请核对街道、乡镇。", field="township_code")
    return place.district_code, place.township_code
