"""Trials of the services of tickets, and tickets to try them on."""

from collections.abc import Callable
from datetime import date
from typing import Any

from projects.leads.models import Ticket
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.matching import match_ticket, unmatch_ticket
from projects.leads.services.matters import keep_out_ticket, take_up_ticket
from tests.factories.accounts import TOWNSHIP
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.factories.trials import Prepared, Trial

SAID = "我是演示小区3号楼业主，入住多年房产证一直办不下来，请帮忙解决。"


def ticket_words(**more: Any) -> dict[str, Any]:
    """What a ticket says, unless told otherwise."""
    return {
        "number": "RX20220307001", "received_at": moment(TODAY, 9), "text": SAID, "time_class": "15d",
        "caller_name": "演示甲", "caller_phone": "19900000001", "address": "十八里店乡演示小区3号楼", "township_code": TOWNSHIP,
        "category": "住房 房产证办理", **more,
    }  # fmt: skip


def lay_ticket(estate: Estate, *, by: str = "city", on: date = TODAY, **more: Any) -> Ticket:
    """A ticket as it came in, with the district's task force unless said otherwise."""
    with on_day(on):
        ticket: Ticket = take_in_ticket(actor=getattr(estate.cast, by).actor, **ticket_words(**more))
    return ticket


def _take_in(estate: Estate) -> Prepared:
    return lambda actor: take_in_ticket(actor=actor, **ticket_words())


def of_ticket(
    service: Callable[..., Any], *acts: Callable[[Estate, Ticket], Any], **words: Any
) -> Callable[[Estate], Prepared]:
    """An act on a ticket, after the acts given."""

    def prepare(estate: Estate) -> Prepared:
        ticket = lay_ticket(estate)
        for act in acts:
            with on_day(TODAY):
                act(estate, ticket)
        return lambda actor: service(actor=actor, ticket=ticket, **words)

    return prepare


def _match(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    return lambda actor: match_ticket(actor=actor, ticket=ticket, project=estate.project, reason="名称和楼号一致")


def matched(estate: Estate, ticket: Ticket) -> None:
    """Matched to the estate by the district."""
    match_ticket(actor=estate.cast.district.actor, ticket=ticket, project=estate.project, reason="名称一致")


def kept_out(estate: Estate, ticket: Ticket) -> None:
    """Found to be of another matter."""
    keep_out_ticket(actor=estate.cast.district.actor, ticket=ticket, reason="反映供暖问题")


LEADS = {
    "take_in_ticket": Trial("ticket.received", "district", "", _take_in),
    "match_ticket": Trial("ticket.matched", "district", "strange_district", _match),
    "unmatch_ticket": Trial("ticket.unmatched", "district", "strange_district", of_ticket(unmatch_ticket, matched, reason="另一小区")),
    "keep_out_ticket": Trial("ticket.kept_out", "district", "strange_district", of_ticket(keep_out_ticket, reason="反映供暖问题")),
    "take_up_ticket": Trial("ticket.taken_up", "district", "strange_district", of_ticket(take_up_ticket, kept_out, reason="也要办证")),
}  # fmt: skip
