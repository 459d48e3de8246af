"""What a ticket is about: a project, a building and a home where the text says so, found by a rule or a person."""

from projects.leads.choices import MatchedBy, Matter
from projects.leads.models import Ticket, TicketMatch
from projects.leads.services.handling import see_project
from projects.leads.services.repeats import join_repeats
from projects.ledger.locks import lock_projects
from projects.ledger.models import Building, Project, Unit
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.tickets import TicketRefused
from registry.store.acts import Row, current_act, require_reach, values_of, write
from registry.store.locks import lock

TOLD = ("project_id", "building_id", "unit_id", "matter", "matter_rule", "repeats_id")


@write(Permission.TICKET_MATCH, on="ticket", once=True)
def match_ticket(
    *, actor: Actor, ticket: Ticket, project: Project, building: Building | None = None, unit: Unit | None = None,
    reason: str,
) -> TicketMatch:  # fmt: skip
    """Say which project, building and home a ticket is about, and why; it is then one of ours.

    The system's matches are a rule's, those of a person stand for good against rules. Refused: no reason; a rule
    against a person's decision; a building or a home of another project; a ticket of another matter; the same again.
    """
    lock_projects(*{key for key in (ticket.project_id, project.pk) if key is not None})
    current = lock(ticket)
    require_reach(actor, project)
    home = unit.building if unit is not None else building
    if unit is not None and building is not None and unit.building_id != building.pk:
        raise TicketRefused(f"{unit}不在{building}。请重新选择房屋。", field="unit")
    if home is not None and home.project_id != project.pk:
        raise TicketRefused(f"{home}不属于{project}。请重新选择楼栋。", field="building")
    if current.matter == Matter.OTHER:
        raise TicketRefused(
            f"工单{current.number}已认定为非本事项（{current.matter_rule}）。请先改认定。", code="other_matter"
        )
    return _decide(actor, current, project, home, unit, reason)


@write(Permission.TICKET_MATCH, on="ticket", once=True)
def unmatch_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> TicketMatch:
    """Say that a ticket is not about the project it was matched to. Refused: no reason; it is matched to none."""
    lock_projects(*{key for key in (ticket.project_id,) if key is not None})
    current = lock(ticket)
    if current.project_id is None:
        raise TicketRefused(f"工单{current.number}没有匹配项目，无需取消。", code="unmatched")
    return _decide(actor, current, None, None, None, reason)


def last_match(ticket: Ticket) -> TicketMatch | None:
    """Return the decision that stands, if there is one. One query."""
    match: TicketMatch | None = ticket.matches.order_by("-id").first()
    return match


def _decide(
    actor: Actor, ticket: Ticket, project: Project | None, building: Building | None, unit: Unit | None, reason: str
) -> TicketMatch:
    act, before, standing = current_act(), values_of(ticket, TOLD), last_match(ticket)
    by = MatchedBy.PERSON if actor.person_id is not None else MatchedBy.RULE
    if not reason.strip():
        raise TicketRefused("未填写理由。请写明认定的依据。", field="reason")
    if by is MatchedBy.RULE and standing is not None and standing.matched_by == MatchedBy.PERSON:
        raise TicketRefused(f"工单{ticket.number}已由人工认定，系统不再改动。", code="by_person")
    wanted = tuple(row.pk if row is not None else None for row in (project, building, unit))
    if standing is not None and wanted == (ticket.project_id, ticket.building_id, ticket.unit_id):
        raise TicketRefused(f"工单{ticket.number}已是这样认定的，没有改动。", code="same")
    match: TicketMatch = TicketMatch.objects.create(
        ticket=ticket, project=project, building=building, unit=unit, matched_by=by, person_id=actor.person_id,
        reason=reason.strip()[:300], recorded_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip
    left = ticket.project_id
    ticket.project, ticket.building, ticket.unit, ticket.repeats = project, building, unit, None
    if project is not None and ticket.matter == Matter.UNKNOWN:
        ticket.matter = Matter.OURS
    ticket.save(update_fields=["project", "building", "unit", "matter", "repeats"])
    for key in {left, ticket.project_id}:
        join_repeats(ticket.caller_phone_index, key)
    ticket.refresh_from_db(fields=["repeats"])
    if project is not None:
        see_project(ticket, project)
    place = "".join(str(part) for part in (project, building, unit) if part is not None)
    record(
        event="ticket.matched" if project is not None else "ticket.unmatched",
        subject=ticket,
        facts={"number": ticket.number, "by": by.label, "place": place},
        reason=match.reason,
        rows=[
            Row.added(match, "ticket_id", "project_id", "building_id", "unit_id", "matched_by"),
            *Row.if_changed(ticket, before),
        ],
    )
    return match
