"""The rule matches what it is sure of; a person confirms, and teaches a name; what nobody knows becomes a project."""

from collections.abc import Sequence
from typing import Any, Final

from projects.leads.choices import MatchedBy, Matter
from projects.leads.models import Ticket, TicketMatch
from projects.leads.selectors.known import names_version
from projects.leads.selectors.proposals import place_of_candidate, stale_proposals, standing_match, undecided
from projects.leads.services.matching import TOLD, last_match, match_ticket
from projects.leads.services.matters import keep_out_ticket
from projects.leads.services.proposals import propose_anew
from projects.ledger.choices import AliasKind
from projects.ledger.models import Alias, Building, Project, Unit
from projects.ledger.services.particulars import add_alias
from projects.ledger.services.projects import take_in_project
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import DomainError
from registry.kernel.matching.known import Verdict
from registry.kernel.tickets import TicketRefused, TicketState
from registry.store.acts import Row, after_act, current_act, require_reach, values_of, write
from registry.store.locks import lock

RULE: Final = "工单匹配"
SHORTEST_NAME: Final = 3
LONGEST_NAME: Final = 20
AT_ONCE: Final = 500


def match_by_rule(ticket: Ticket) -> bool:
    """Let the rule match a ticket, or keep it out, where it is sure; whether it did. A person's decision stands."""
    if not undecided(Ticket.objects.filter(pk=ticket.pk)).exists():
        return False
    match, actor = standing_match(ticket), system_actor(RULE)
    try:
        if match.verdict is Verdict.ACCEPT:
            first = match.candidates[0]
            building, unit = place_of_candidate(match, first)
            reason = f"{match.reason}（领先第二候选{match.gap}分，名称库{names_version()}）"
            project = Project.objects.get(pk=first.project)
            match_ticket(actor=actor, ticket=ticket, project=project, building=building, unit=unit, reason=reason)
            return True
        if match.verdict is Verdict.OTHER and match.is_sure and ticket.state == TicketState.WAITING:
            keep_out_ticket(actor=actor, ticket=ticket, reason=match.reason)
            return True
    except DomainError:  # somebody was first, or the place is settled otherwise: it stays with people
        return False
    return False


def match_what_waits(after: int = 0) -> tuple[int, int, int]:
    """Match some tickets that nobody decided on, in order of their key: how many, how many matched, the last key."""
    waiting = Ticket.objects.filter(pk__gt=after, state__in=(TicketState.WAITING, TicketState.RETURNED))
    tickets = list(undecided(waiting).order_by("pk")[:AT_ONCE])
    matched = sum(match_by_rule(ticket) for ticket in tickets)
    left = undecided(Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]))
    if stale := list(stale_proposals(left)):
        propose_anew(actor=system_actor(RULE), tickets=stale)
    return len(tickets), matched, tickets[-1].pk if tickets else 0


@write(Permission.TICKET_MATCH, on="ticket", once=True)
def confirm_project(
    *, actor: Actor, ticket: Ticket, project: Project, building: Building | None = None, unit: Unit | None = None,
    reason: str, taught: str = "",
) -> TicketMatch:  # fmt: skip
    """Confirm a candidate: it stands against every rule; the name that the ticket writes is known from now on.

    Refused as for matching by hand. A name that another project bears is not taught.
    """
    match: TicketMatch = match_ticket.within(
        actor=actor, ticket=ticket, project=project, building=building, unit=unit, reason=reason
    )
    after_act(lambda: _teach(project, taught))
    return match


@write(Permission.TICKET_MATCH, on="ticket", once=True)
def find_unknown(*, actor: Actor, ticket: Ticket, reason: str) -> TicketMatch:
    """Find that a ticket is about none of the known projects: it waits among the possible unknown ones.

    Refused: no reason; it is matched; it is of another matter.
    """
    act, current = current_act(), lock(ticket)
    if not reason.strip():
        raise TicketRefused("未填写理由。请写明认定的依据。", field="reason")
    if current.project_id is not None:
        raise TicketRefused(f"工单{current.number}已认定项目。请先取消项目认定。", code="matched")
    if current.matter == Matter.OTHER:
        raise TicketRefused(f"工单{current.number}已认定为非本事项。请先改认定。", code="other_matter")
    standing = last_match(current)
    if standing is not None and standing.matched_by == MatchedBy.PERSON:
        raise TicketRefused(f"工单{current.number}已由人工认定为台账外项目，没有改动。", code="same")
    before = values_of(current, TOLD)
    match: TicketMatch = TicketMatch.objects.create(
        ticket=current, project=None, matched_by=MatchedBy.PERSON, person_id=actor.person_id,
        reason=reason.strip()[:300], recorded_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip
    current.matter = Matter.OURS
    current.save(update_fields=["matter"])
    record(
        event="ticket.unknown_project",
        subject=current,
        facts={"number": current.number},
        reason=match.reason,
        rows=[Row.added(match, "ticket_id", "matched_by"), *Row.if_changed(current, before)],
    )
    return match


@write(Permission.PROJECT_CREATE, once=True)
def take_in_unknown(
    *, actor: Actor, tickets: Sequence[Ticket], names: Sequence[str] = (), **project: Any
) -> Project:  # fmt: skip
    """Make a project of tickets that fit none: it goes through the scope test, and the tickets come with it.

    Refused: no ticket; one that has a project by now; whatever keeps a project out of the ledger.
    """
    if not tickets:
        raise TicketRefused("没有选中工单。请从疑似新项目中选择。")
    for ticket in tickets:
        require_reach(actor, ticket)
    taken = [ticket.number for ticket in tickets if lock(ticket).project_id is not None]
    if taken:
        raise TicketRefused(f"工单{'、'.join(taken[:5])}已认定项目。请刷新后重新办理。", code="matched")
    said = {name: AliasKind.NICKNAME for name in names if name != project.get("name")}
    made: Project = take_in_project.within(actor=actor, aliases=said, **project)
    for ticket in tickets:
        match_ticket.within(
            actor=actor, ticket=ticket, project=made, reason=f"疑似新项目的{len(tickets)}件工单一并纳入“{made.name}”"
        )
    return made


def _teach(project: Project, name: str) -> None:
    text = name.strip()
    if not SHORTEST_NAME <= len(text) <= LONGEST_NAME or text == project.name:
        return
    if Alias.objects.filter(text=text).exists() or Project.objects.filter(name=text).exists():
        return
    add_alias(actor=system_actor(RULE), project=project, kind=AliasKind.NICKNAME, text=text)
