"""One ticket that another platform sends: taken in if new, added to if known, compared if it says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from projects.leads.choices import Channel, Satisfaction, TicketKind
from projects.leads.models import Ticket
from projects.leads.selectors.senders import Senders
from projects.leads.services.history import TicketHistory, keep_history
from projects.leads.services.intake import TicketKnown, differing, take_in_ticket
from projects.leads.services.proposing import match_by_rule
from registry.kernel.authority import Actor
from registry.kernel.tickets import TicketRefused, TimeClass, read_moment

REQUIRED: Final = {"number": "工单编号", "received_at": "来电时间", "text": "诉求内容", "time_class": "办理时限"}
MOMENTS: Final = ("dispatched_at", "returned_at", "contacted_at", "answered_at", "called_at")
CODES: Final = {
    "channel": set(Channel.values),
    "kind": set(TicketKind.values),
    "time_class": {each.value for each in TimeClass},
    "satisfied": set(Satisfaction.values),
}
FLAGS: Final = ("is_reached", "responded", "solved")


WORDS: Final = (
    "number", "text", "time_class", "channel", "caller_name", "caller_phone", "address", "township", "kind", "category",
    "lead", "return_reason", "answer", "satisfied",
)  # fmt: skip
ASSISTS: Final = "assists"
FIELDS: Final = frozenset({*WORDS, *MOMENTS, *FLAGS, "received_at", ASSISTS})  # of the JSON of one ticket


@dataclass(frozen=True)
class TicketArrival:
    """What another platform tells of one ticket, read: its words by their names in the JSON, when it came, the rest."""

    words: Mapping[str, str]
    received_at: datetime
    township: str
    history: TicketHistory

    @classmethod
    def read(cls, body: Mapping[str, Any], senders: Senders) -> "TicketArrival":
        """Read the fields of a JSON object. Refused: what is required and absent, a time or a code that is none."""
        words = {name: _word(body, name) for name in WORDS}
        for name, label in REQUIRED.items():
            if not _word(body, name).strip():
                raise TicketRefused(f"缺少{label}（{name}）。", field=name)
        for name, allowed in CODES.items():
            if words[name] and words[name] not in allowed:
                raise TicketRefused(f"{name}应为{'、'.join(sorted(allowed))}之一。", field=name)
        received_at = _stated(body, "received_at")
        assists = body.get(ASSISTS) or []
        if not isinstance(assists, list) or not all(isinstance(part, str) for part in assists):
            raise TicketRefused(f"字段{ASSISTS}应为单位名称的列表。", field=ASSISTS)
        for part in assists:
            _word({ASSISTS: part}, ASSISTS)
        history = TicketHistory(
            lead=senders.organisation(words["lead"]),
            assists=tuple(filter(None, (senders.organisation(part) for part in assists))),
            dispatched_at=_moment(body, "dispatched_at"),
            returned_at=_moment(body, "returned_at"),
            return_reason=words["return_reason"],
            contacted_at=_moment(body, "contacted_at"),
            answered_at=_moment(body, "answered_at"),
            answer=words["answer"],
            called_at=_moment(body, "called_at"),
            is_reached=_flag(body, "is_reached") is not False,
            responded=_flag(body, "responded"),
            solved=_flag(body, "solved"),
            satisfied=words["satisfied"],
        )
        return cls(words, received_at, senders.township(words["township"]), history)


@dataclass(frozen=True)
class ArrivedTicket:
    """What became of it, in words."""

    number: str
    state: str
    matter: str
    matter_rule: str
    is_new: bool
    noted: Sequence[str] = ()
    differing: Sequence[str] = ()


def arrive(*, actor: Actor, arrival: TicketArrival) -> ArrivedTicket:
    """As `arrive_once`; where another sender of the same number was first by a moment, compared with what it sent."""
    try:
        return arrive_once(actor=actor, arrival=arrival)
    except TicketKnown:
        return arrive_once(actor=actor, arrival=arrival)


def arrive_once(*, actor: Actor, arrival: TicketArrival) -> ArrivedTicket:
    """Take in what is new, note what is told of what is known; the same again changes nothing.

    `differing` names what a known ticket says otherwise: nothing is written then. A ticket that another platform sent
    and this one may not see differs in all of it.
    """
    words, history = arrival.words, arrival.history
    number = "".join(words["number"].split())
    ticket: Ticket | None = Ticket.objects.filter(number=number).first()
    if ticket is not None:
        if not Ticket.objects.visible_to(actor).filter(pk=ticket.pk).exists():
            return ArrivedTicket(number, "", "", "", False, differing=("登记单位",))
        said = differing(
            ticket, received_at=arrival.received_at, text=words["text"], address=words["address"],
            caller_phone=words["caller_phone"],
        )  # fmt: skip
        if said:
            return ArrivedTicket(number, "", "", "", False, differing=said)
    noted: Sequence[str] = ()
    with transaction.atomic():
        taken = ticket or take_in_ticket(
            actor=actor, number=number, received_at=arrival.received_at, text=words["text"],
            time_class=words["time_class"], channel=words["channel"] or Channel.HOTLINE,
            caller_name=words["caller_name"], caller_phone=words["caller_phone"], address=words["address"],
            township_code=arrival.township, kind=words["kind"], category=words["category"], source="接口",
        )  # fmt: skip
        if not history.is_empty and taken.matter != "other":
            try:
                noted = keep_history(actor=actor, ticket=taken, history=history)
            except TicketRefused as refusal:
                if refusal.code != "nothing_new":
                    raise
    if ticket is None:
        match_by_rule(taken)
    taken = Ticket.objects.get(pk=taken.pk)
    state, matter = taken.get_state_display(), taken.get_matter_display()
    return ArrivedTicket(number, state, matter, taken.matter_rule, ticket is None, noted)


def is_storable(text: str) -> bool:
    """Whether a text can be kept and sent: JSON can spell NUL and half of a pair, which no column and no answer can."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _word(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TicketRefused(f"字段{name}应为文字。", field=name)
    if not is_storable(value):
        raise TicketRefused(f"字段{name}含有无法保存的字符（空字符或半个代理字符）。请核对编码后重新发送。", field=name)
    return value


def _flag(body: Mapping[str, Any], name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise TicketRefused(f"字段{name}应为 true 或 false。", field=name)
    return value


def _moment(body: Mapping[str, Any], name: str) -> datetime | None:
    return _stated(body, name) if _word(body, name).strip() else None


def _stated(body: Mapping[str, Any], name: str) -> datetime:
    try:
        return read_moment(_word(body, name))
    except TicketRefused as refusal:
        raise TicketRefused(refusal.message, field=name, code="moment") from refusal
