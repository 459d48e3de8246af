"""Trials of the services of tickets, and tickets to try them on."""

from collections.abc import Callable
from datetime import date
from typing import Any

from projects.leads.models import Ticket
from projects.leads.services.call_backs import call_back_ticket
from projects.leads.services.exclusion import exclude_ticket, restore_ticket
from projects.leads.services.handling import answer_ticket, contact_caller, dispatch_ticket, return_ticket
from projects.leads.services.history import TicketHistory, keep_history
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.matching import match_ticket, unmatch_ticket
from projects.leads.services.matters import keep_out_ticket, take_up_ticket
from projects.leads.services.openings import lay_opening_list, note_opening_call
from projects.leads.services.proposals import propose_anew
from projects.leads.services.proposing import confirm_project, find_unknown, take_in_unknown
from projects.leads.services.reveal import reveal_caller
from projects.ledger.choices import AliasKind
from projects.ledger.services.particulars import add_alias
from registry.kernel.gates import Gate
from registry.store.second import FirstPerson
from tests.factories.accounts import TOWNSHIP
from tests.factories.projects import TODAY, Estate, lay_step, moment, on_day
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
    more = {"received_at": moment(on, 9), **more}
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


def dispatched(estate: Estate, ticket: Ticket) -> None:
    """Dispatched by the district: the department leads, the township assists."""
    cast = estate.cast
    dispatch_ticket(
        actor=cast.district.actor, ticket=ticket, lead=cast.department.organisation,
        assists=[cast.township.organisation],
    )  # fmt: skip


def answered(estate: Estate, ticket: Ticket) -> None:
    """Answered by the department."""
    answer_ticket(actor=estate.cast.department.actor, ticket=ticket, text="规划核验已受理，月底前办结")


def excluded(estate: Estate, ticket: Ticket) -> None:
    """Excluded by the district on what its second person proposed."""
    exclude_ticket(
        actor=estate.cast.district.actor, ticket=ticket, reason="重复派单",
        first=FirstPerson.of(estate.cast.district_second.person),
    )  # fmt: skip


def called(estate: Estate, ticket: Ticket, *, solved: bool | None = True, satisfied: str = "yes") -> None:
    """Called back by the district: reached and asked, or not reached."""
    more: dict[str, Any] = {"responded": True, "solved": solved, "satisfied": satisfied} if solved is not None else {}
    call_back_ticket(
        actor=estate.cast.district.actor,
        ticket=ticket,
        called_at=moment(TODAY, 10),
        is_reached=solved is not None,
        **more,
    )


def _dispatch(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    return lambda actor: dispatch_ticket(actor=actor, ticket=ticket, lead=estate.cast.department.organisation)


def _keep_history(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    history = TicketHistory(lead=estate.cast.department.organisation, dispatched_at=moment(TODAY, 10))
    return lambda actor: keep_history(actor=actor, ticket=ticket, history=history)


def lay_open_building(estate: Estate) -> Ticket:
    """A ticket about a building that has opened since."""
    ticket, building = lay_ticket(estate), estate.buildings[0]
    with on_day(TODAY):
        match_ticket(
            actor=estate.cast.district.actor, ticket=ticket, project=estate.project, building=building, reason="楼号"
        )
    for gate in Gate.building_gates():
        lay_step(estate, gate, TODAY, buildings=[building])
    return ticket


def _lay_list(estate: Estate) -> Prepared:
    lay_open_building(estate)
    return lambda actor: lay_opening_list(actor=actor, project=estate.project)


def _tell(estate: Estate) -> Prepared:
    ticket = lay_open_building(estate)
    with on_day(TODAY):
        lay_opening_list(actor=estate.cast.district.actor, project=estate.project)
    return lambda actor: note_opening_call(actor=actor, ticket=ticket, is_reached=True, text="已告知可以办证")


def _exclude(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    first = FirstPerson.of(estate.cast.district_second.person)
    return lambda actor: exclude_ticket(actor=actor, ticket=ticket, reason="重复派单", first=first)


def _take_in_unknown(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    words = {"code": "CY-7001", "name": "星河湾花园", "township_code": TOWNSHIP, "housing_type": "commercial"}
    return lambda actor: take_in_unknown(actor=actor, tickets=[ticket], taken_in_on=TODAY, **words)


def _confirm(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    return lambda actor: confirm_project(
        actor=actor, ticket=ticket, project=estate.project, reason="名称一致", taught="星河湾花园"
    )


def _propose(estate: Estate) -> Prepared:
    ticket = lay_ticket(estate)
    with on_day(TODAY):
        add_alias(actor=estate.cast.district.actor, project=estate.project, kind=AliasKind.NICKNAME, text="星河湾花园")
    return lambda actor: propose_anew(actor=actor, tickets=[ticket])


LEADS = {
    "propose_anew": Trial("tickets.proposed", "district", "", _propose),
    "confirm_project": Trial("ticket.matched", "district", "strange_district", _confirm, answers=1),
    "find_unknown": Trial(
        "ticket.unknown_project", "district", "strange_district", of_ticket(find_unknown, reason="查无此处")
    ),
    "take_in_unknown": Trial("project.taken_in", "district", "", _take_in_unknown),
    "take_in_ticket": Trial("ticket.received", "district", "", _take_in),
    "match_ticket": Trial("ticket.matched", "district", "strange_district", _match),
    "unmatch_ticket": Trial(
        "ticket.unmatched", "district", "strange_district", of_ticket(unmatch_ticket, matched, reason="另一小区")
    ),
    "keep_out_ticket": Trial(
        "ticket.kept_out", "district", "strange_district", of_ticket(keep_out_ticket, dispatched, reason="反映供暖")
    ),
    "take_up_ticket": Trial(
        "ticket.taken_up", "district", "strange_district", of_ticket(take_up_ticket, kept_out, reason="也要办证")
    ),
    "dispatch_ticket": Trial("ticket.dispatched", "district", "strange_district", _dispatch),
    "contact_caller": Trial(
        "ticket.contacted", "department", "strange_department",
        of_ticket(contact_caller, dispatched, contacted_at=moment(TODAY, 10), text="已电话说明"),
    ),
    "return_ticket": Trial(
        "ticket.returned", "department", "strange_department", of_ticket(return_ticket, dispatched, reason="属税务")
    ),
    "answer_ticket": Trial(
        "ticket.answered", "department", "strange_department", of_ticket(answer_ticket, dispatched, text="已答复")
    ),
    "call_back_ticket": Trial(
        "ticket.called_back", "district", "strange_district",
        of_ticket(
            call_back_ticket, dispatched, answered, called_at=moment(TODAY, 10), is_reached=True, responded=True,
            solved=False, satisfied="no",
        ),
    ),
    "keep_history": Trial("ticket.history_kept", "district", "strange_district", _keep_history),
    "exclude_ticket": Trial("ticket.excluded", "district", "strange_district", _exclude),
    "restore_ticket": Trial(
        "ticket.restored", "district", "strange_district", of_ticket(restore_ticket, dispatched, excluded, reason="误剔")
    ),
    "note_opening_call": Trial("ticket.opening_told", "township", "strange_township", _tell),
    "lay_opening_list": Trial("openings.laid", "district", "strange_district", _lay_list),
    "reveal_caller": Trial(
        "person.revealed", "district", "strange_district", of_ticket(reveal_caller, reason="联系诉求人答复情况")
    ),
}  # fmt: skip
