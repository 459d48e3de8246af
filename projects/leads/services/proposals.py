"""Proposals are stored as they are made: when a ticket comes in, and anew once a name or a number changes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from projects.leads.models import Ticket, TicketProposal
from projects.leads.selectors.known import names_version
from projects.leads.selectors.proposals import match_of, stale_proposals, undecided
from registry.audit.recording import record
from registry.jobs.models import Job, JobState
from registry.jobs.services import enqueue
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.tickets import OPEN, TicketRefused
from registry.store.acts import current_act, within_act, write

MATCHING: Final = "leads.matching"  # the job


@within_act
def lay_proposal(ticket: Ticket) -> TicketProposal:
    """Store what the matcher makes of a ticket by the names known now, in place of what it made before."""
    act, match = current_act(), match_of(ticket)
    told = {
        "version": names_version(), "verdict": match.verdict, "reason": match.reason[:300], "project_id": match.project,
        "gap": match.gap, "answer": asdict(match), "proposed_at": act.recorded_at, "act_id": act.id,
    }  # fmt: skip
    proposal, _ = TicketProposal.objects.update_or_create(ticket=ticket, defaults=told)
    made: TicketProposal = proposal
    return made


@write(Permission.TICKET_MATCH)
def propose_anew(*, actor: Actor, tickets: Sequence[Ticket]) -> int:
    """Propose anew for tickets that nobody decided on, and return for how many. Refused: none of them needs it."""
    keys = [ticket.pk for ticket in tickets]
    stale = list(stale_proposals(undecided(Ticket.objects.visible_to(actor).filter(pk__in=keys))).order_by("pk"))
    if not stale:
        raise TicketRefused("候选项目已按现有名称计算，无需重新计算。", code="nothing_stale")
    for ticket in stale:
        lay_proposal(ticket)
    record(event="tickets.proposed", facts={"count": len(stale)})
    return len(stale)


@within_act
def ask_to_match() -> None:
    """Ask for the job that matches and proposes anew, once a name has changed and tickets wait. Answers the port."""
    waits = undecided(Ticket.objects.filter(state__in=OPEN)).exists()
    if waits and not Job.objects.filter(kind=MATCHING, state=JobState.QUEUED).exists():
        enqueue(actor=system_actor("工单匹配"), kind=MATCHING, key=f"{MATCHING}:{current_act().id}", params={})
