"""Which project a ticket may be about, counted anew from the names known at the moment; tickets that wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from projects.leads.choices import MatchedBy, Matter
from projects.leads.models import Ticket, TicketMatch, TicketProposal
from projects.leads.selectors.known import known_index, names_version, standing_roots
from projects.leads.selectors.texts import said_of
from projects.leads.selectors.tickets import tickets_for
from projects.ledger.models import Building, Project, Unit
from projects.ledger.pinyin import syllable
from registry.accounts.selectors.areas import TOWNSHIP
from registry.accounts.selectors.settings import areas
from registry.kernel.authority import Actor
from registry.kernel.matching.clusters import Cluster, UnmatchedText, cluster_texts
from registry.kernel.matching.known import Candidate, Match, TicketText, Verdict
from registry.kernel.matching.matcher import match_text
from registry.kernel.matching.reading import quoted_numbers

MOST: Final = 5000  # tickets that are clustered at once, the latest
VERDICTS: Final = {
    Verdict.ACCEPT: "可直接认定",
    Verdict.PROPOSE: "需人工认定",
    Verdict.NONE: "台账内没有相符的项目",
    Verdict.OTHER: "可能不是本事项",
}


@dataclass(frozen=True)
class ProposalLine:
    """One candidate as a page shows it."""

    candidate: Candidate
    project: Project
    building: Building | None
    unit: Unit | None


@dataclass(frozen=True)
class Proposals:
    """What the matcher makes of a ticket, and its candidates within the actor's reach, best first."""

    match: Match
    verdict: str
    lines: tuple[ProposalLine, ...]
    is_elsewhere: bool  # the first candidate is out of the actor's reach


@dataclass(frozen=True)
class ClusterLine:
    """Tickets that may be about one project that the ledger does not know."""

    cluster: Cluster
    tickets: tuple[Ticket, ...]


def township_names() -> dict[str, str]:
    """Return the townships by their codes. One query."""
    return dict(areas(TOWNSHIP).values_list("code", "name"))


def standing_match(ticket: Ticket) -> Match:
    """Return what was proposed for a ticket, counted anew where a name has changed since. Six queries at least."""
    proposal = TicketProposal.objects.filter(ticket=ticket, version=names_version()).first()
    return match_of(ticket) if proposal is None or _quotes(ticket) else match_from(proposal.answer)


def match_from(answer: Mapping[str, Any]) -> Match:
    """Return a match as it was stored."""
    candidates = tuple(
        Candidate(**{**each, "reasons": tuple(each["reasons"]), "doubts": tuple(each["doubts"])})
        for each in answer["candidates"]
    )
    return Match(**{**answer, "verdict": Verdict(answer["verdict"]), "candidates": candidates})


def stale_proposals(tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """Keep the tickets for which nothing is proposed by the names known now. One query for these."""
    fresh = TicketProposal.objects.filter(ticket=OuterRef("pk"), version=names_version())
    return tickets.exclude(Exists(fresh))


def _quotes(ticket: Ticket) -> bool:
    """Tell whether a ticket names an earlier one, which may have been matched since."""
    return bool(quoted_numbers(said_of(ticket).text))


def match_of(ticket: Ticket) -> Match:
    """Return what the matcher makes of a ticket by the names known now. Six queries at most, the index being kept."""
    said = said_of(ticket)
    towns = township_names() if ticket.township_code else {}
    text = TicketText(said.text, said.address, towns.get(ticket.township_code, ""), ticket.category)
    quoted = quoted_numbers(said.text)
    earlier: dict[str, int] = {}
    if quoted:
        roots = standing_roots()
        rows = Ticket.objects.filter(number__in=quoted, project__isnull=False).exclude(pk=ticket.pk)
        earlier = {number: roots.get(key, key) for number, key in rows.values_list("number", "project_id")}
    return match_text(known_index(), text, earlier=earlier)


def place_of_candidate(match: Match, candidate: Candidate) -> tuple[Building | None, Unit | None]:
    """Return the building and the home that the ticket names of a candidate, where they stand. Two queries."""
    if not candidate.building:
        return None, None
    building: Building | None = Building.objects.filter(
        project_id=candidate.project, number=candidate.building
    ).first()  # fmt: skip
    if building is None or not match.room:
        return building, None
    units = Unit.objects.filter(building=building, room=match.room)
    units = units.filter(entrance=match.entrance) if match.entrance else units
    homes = list(units[:2])
    return building, homes[0] if len(homes) == 1 else None


def proposals_for(actor: Actor, ticket: Ticket) -> Proposals:
    """Return the candidates of a ticket with what the actor may see of them."""
    match = standing_match(ticket)
    keys = [candidate.project for candidate in match.candidates]
    seen = {project.pk: project for project in Project.objects.visible_to(actor).filter(pk__in=keys)}
    lines = tuple(
        ProposalLine(candidate, seen[candidate.project], *place_of_candidate(match, candidate))
        for candidate in match.candidates
        if candidate.project in seen
    )
    return Proposals(match, VERDICTS[match.verdict], lines, bool(keys) and keys[0] not in seen)


def undecided(tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """Keep the tickets without a project that no person decided on, and that are not of another matter."""
    by_person = TicketMatch.objects.filter(ticket=OuterRef("pk"), matched_by=MatchedBy.PERSON)
    return tickets.filter(project__isnull=True).exclude(matter=Matter.OTHER).exclude(Exists(by_person))


def to_be_matched(actor: Actor) -> "QuerySet[Ticket]":
    """Return the queue of the workbench: open, undecided, within reach, the earliest due first. No query yet."""
    waiting: QuerySet[Ticket] = undecided(tickets_for(actor).still_open())  # type: ignore[attr-defined]
    return waiting.order_by("due_at", "id")


def unknown_projects(actor: Actor) -> tuple[list[ClusterLine], int]:
    """Return the clusters of two tickets and more among those without a project, and how many stand alone."""
    rows = tickets_for(actor).filter(project__isnull=True).exclude(matter=Matter.OTHER).order_by("-id")[:MOST]
    tickets = {ticket.pk: ticket for ticket in rows}
    towns = township_names()
    said = {key: said_of(ticket) for key, ticket in tickets.items()}
    texts = [
        UnmatchedText(key, said[key].text, said[key].address, towns.get(ticket.township_code, ""))
        for key, ticket in tickets.items()
    ]
    clusters = cluster_texts(texts, syllable=syllable, towns=towns.values())
    lines = [ClusterLine(each, tuple(tickets[key] for key in each.keys)) for each in clusters if len(each.keys) > 1]
    return lines, sum(len(each.keys) == 1 for each in clusters)


def cluster_of(actor: Actor, number: str) -> ClusterLine | None:
    """Return the cluster that a ticket is in now, with those that it stands with."""
    lines, _ = unknown_projects(actor)
    return next((line for line in lines if any(ticket.number == number for ticket in line.tickets)), None)
