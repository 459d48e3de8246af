"""Tickets of the demo: callers about a project, about none, and about one that nobody knows; none of them exists."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from projects.leads.models import Ticket
from projects.leads.services.call_backs import call_back_ticket
from projects.leads.services.handling import answer_ticket, contact_caller, dispatch_ticket, return_ticket
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.matching import match_ticket
from projects.ledger.models import Project, Unit
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.identifiers.identity import synthetic_phone
from registry.store.clock import SHANGHAI, stated

SAID: Final = (  # days ago, serial of the telephone, what was said, how far it has come
    (41, 1, "{place}业主反映入住九年房产证一直没办，请告知什么时候能办。", "solved"),
    (33, 2, "{place}，开发建设单位说要补材料，材料交了两次仍未受理。", "solved"),
    (27, 3, "{place}房本没下来，孩子上学要用，请尽快办理。", "not solved"),
    (19, 4, "{place}住户询问办证应缴的税费。", "satisfied"),
    (13, 1, "{place}再次来电，房产证还是没有进展。", "returned"),
    (9, 5, "{place}业主询问首次登记的进度。", "in hand"),
    (6, 6, "{place}反映邻楼已经发证，本楼没有消息。", "in hand"),
    (3, 7, "{place}业主要求书面答复办证时间。", "matched"),
    (2, 8, "某小区业主反映房产证没办，未说明小区名称。", "new"),
    (1, 9, "小区暖气不热，请处理。", "new"),
    (1, 0, "周庄家园三期1号楼业主询问房产证办理进度。", "new"),
    (1, 1, "星河湾花园3号楼住户反映，2008年买的房，房产证至今没办。", "new"),
    (1, 2, "家住星河弯花园，开发建设单位已注销，没有房产证，请协调办理。", "new"),
)


def lay_tickets(project: Project, actors: Mapping[str, Actor], *, on: date) -> None:
    """Take in the tickets and handle them as far as each has come, as the demo's own people."""
    units = list(
        Unit.objects.filter(building__project=project, use="dwelling", certificate="waiting")
        .select_related("building").order_by("building__number_order", "id")[: len(SAID)]
    )  # fmt: skip
    for at, (days, serial, said, state) in enumerate(SAID):
        day, unit = on - timedelta(days=days), units[at] if at < len(units) else None
        place = f"{project.name}{unit.building}" if unit is not None else project.name
        with stated(_moment(day, 10)):
            ticket: Ticket = take_in_ticket(
                actor=actors["city"], number=f"RX{day:%Y%m%d}{at + 1:03d}", received_at=_moment(day, 9),
                text=said.format(place=place), time_class="15d", caller_name=f"演示{'甲乙丙丁戊己庚辛壬癸'[serial]}",
                caller_phone=synthetic_phone(serial), address=place if state != "new" else "",
                township_code=project.township_code, kind="help",
                category="" if state == "new" else "住房 房产证办理", source="演示",
            )  # fmt: skip
        if state != "new":
            _handle(ticket, project, unit, actors, state, day)


def _handle(
    ticket: Ticket, project: Project, unit: Unit | None, actors: Mapping[str, Actor], state: str, day: date
) -> None:
    with stated(_moment(day, 11)):
        match_ticket(
            actor=actors["district"], ticket=ticket, project=project, building=unit.building if unit else None,
            unit=unit, reason="名称、楼号与台账一致",
        )  # fmt: skip
    if state == "matched":
        return
    lead, assist = (
        Organisation.objects.get(pk=actors[name].organisation_id or 0) for name in ("department", "township")
    )
    with stated(_moment(day, 14)):
        dispatch_ticket(actor=actors["district"], ticket=ticket, lead=lead, assists=[assist])
    with stated(_moment(day, 16)):
        contact_caller(
            actor=actors["department"], ticket=ticket, contacted_at=_moment(day, 16), text="已电话说明现在的环节"
        )
    if state == "returned":
        with stated(_moment(day + timedelta(days=2), 15)):
            return_ticket(actor=actors["department"], ticket=ticket, reason="涉及契税，应由税务机关办理")
    if state in ("in hand", "returned"):
        return
    with stated(_moment(day + timedelta(days=4), 17)):
        answer_ticket(actor=actors["department"], ticket=ticket, text="已答复诉求人受阻环节和办理顺序")
    called_at = _moment(day + timedelta(days=6), 10)
    satisfied = {"solved": "yes", "satisfied": "basically"}.get(state, "no")
    with stated(called_at):
        call_back_ticket(
            actor=actors["district"], ticket=ticket, called_at=called_at, is_reached=True, responded=True,
            solved=state != "not solved", satisfied=satisfied,
        )  # fmt: skip


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
