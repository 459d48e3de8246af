"""What must hold of tickets: one state and one organisation at every moment, and counts that equal their lists."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from django.db.models import Count, Exists, OuterRef, Q

from projects.leads.choices import MatchedBy
from projects.leads.models import Ticket, TicketExecutor, TicketMatch, TicketProposal, TicketSpan
from projects.leads.selectors.known import names_version, standing_roots
from projects.leads.selectors.proposals import match_from, match_of, undecided
from registry.audit.invariants import Invariant, Violation
from registry.audit.selectors import moments_of
from registry.kernel.tickets import TicketState


def every_ticket_has_one_state_at_every_moment(project: int | None) -> Iterator[Violation]:
    """Read the stretches ticket by ticket: without gap from the record on, the last one what the ticket says."""
    spans = TicketSpan.objects.select_related("ticket")
    tickets = Ticket.objects.all()
    if project is not None:
        spans, tickets = spans.filter(ticket__project=project), tickets.filter(project=project)
    for number in tickets.filter(spans__isnull=True).values_list("number", flat=True):
        yield Violation(number, "有办理时段", "没有")
    rows = spans.order_by("ticket_id", "ordinal").iterator(chunk_size=2000)
    for _, group in groupby(rows, key=lambda span: span.ticket_id):
        life = list(group)
        ticket, last = life[0].ticket, life[-1]
        if life[0].starts_at != ticket.recorded_at:
            yield Violation(ticket.number, f"自{ticket.recorded_at}起有状态", f"自{life[0].starts_at}起")
        for span, following in pairwise(life):
            if span.ended_at != following.starts_at:
                yield Violation(ticket.number, f"第{span.ordinal}段止于{following.starts_at}", f"{span.ended_at}")
        if (last.ended_at, last.state, last.holder_id) != (None, ticket.state, ticket.holder_id):
            said = f"{ticket.get_state_display()}，单位{ticket.holder_id}"
            yield Violation(ticket.number, said, f"{last.get_state_display()}，单位{last.holder_id}")


def tickets_in_hand_have_their_executors(project: int | None) -> Iterator[Violation]:
    """A ticket in hand has exactly one lead, its holder; one that is not in hand has none that runs."""
    running = Q(executors__ended_at__isnull=True, executors__isnull=False)
    tickets = Ticket.objects.annotate(
        running=Count("executors", filter=running),
        leads=Count("executors", filter=running & Q(executors__is_lead=True)),
    )
    if project is not None:
        tickets = tickets.filter(project=project)
    wrong = tickets.filter(Q(state=TicketState.IN_HAND) & ~Q(leads=1) | ~Q(state=TicketState.IN_HAND) & ~Q(running=0))
    for ticket in wrong.order_by("id").iterator(chunk_size=2000):
        yield Violation(
            ticket.number, "办理中有一个主办单位，否则没有", f"{ticket.leads}个主办，{ticket.running}个承办"
        )
    leads = TicketExecutor.objects.filter(is_lead=True, ended_at__isnull=True).select_related("ticket", "organisation")
    if project is not None:
        leads = leads.filter(ticket__project=project)
    for part in leads.order_by("id").iterator(chunk_size=2000):
        if part.organisation_id != part.ticket.holder_id:
            yield Violation(part.ticket.number, f"在{part.organisation}", f"在单位{part.ticket.holder_id}")


def the_last_match_is_what_a_ticket_says(project: int | None) -> Iterator[Violation]:
    """A ticket's project, building and home are those of its last match; the building is of the project."""
    tickets = Ticket.objects.select_related("building", "unit")
    matches = TicketMatch.objects.all()
    if project is not None:
        tickets, matches = tickets.filter(project=project), matches.filter(ticket__project=project)
    roots = standing_roots()  # a ticket goes with its project into what that became part of
    last = {
        match.ticket_id: (_stands_in(match, roots), match.building_id, match.unit_id)
        for match in matches.select_related("building").order_by("id").iterator(chunk_size=2000)
    }
    for ticket in tickets.order_by("id").iterator(chunk_size=2000):
        stands = (roots.get(ticket.project_id, ticket.project_id), ticket.building_id, ticket.unit_id)
        if stands != last.get(ticket.pk, (None, None, None)):
            yield Violation(ticket.number, f"最后一次认定{last.get(ticket.pk)}", f"{stands}")


def _stands_in(match: TicketMatch, roots: dict[int, int]) -> int | None:
    """The project that a match leads to now: where its building stands, else what its project became part of."""
    key: int | None = match.building.project_id if match.building is not None else match.project_id
    return roots.get(key, key) if key is not None else None


def no_rule_overturns_a_person(project: int | None) -> Iterator[Violation]:
    """Once a person decided what a ticket is about, no match by a rule follows."""
    earlier = TicketMatch.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"), matched_by=MatchedBy.PERSON)
    rows = TicketMatch.objects.filter(Exists(earlier), matched_by=MatchedBy.RULE).select_related("ticket")
    if project is not None:
        rows = rows.filter(ticket__project=project)
    for match in rows.order_by("id").iterator(chunk_size=2000):
        yield Violation(match.ticket.number, "人工认定之后系统不再认定", "系统又作了认定")


def proposals_are_what_the_matcher_makes(project: int | None) -> Iterator[Violation]:
    """What is proposed is what its act laid, each column as its answer says; by the names known now, and for a ticket
    that nobody decided on, it is what the matcher makes of it, whole."""
    if project is not None:
        return  # a ticket that nobody decided on is of no project
    laid_at = moments_of(TicketProposal.objects.values("act_id"))
    waiting = set(undecided(Ticket.objects.all()).values_list("id", flat=True))
    version = names_version()
    for key in TicketProposal.objects.exclude(ticket__in=Ticket.objects.all()).values_list("ticket_id", flat=True):
        yield Violation(f"工单{key}", "有这件工单", "没有")
    rows = TicketProposal.objects.select_related("ticket").order_by("ticket_id")
    for proposal in rows.iterator(chunk_size=2000):
        try:
            told = match_from(proposal.answer)
        except (KeyError, TypeError, ValueError):
            yield Violation(proposal.ticket.number, "候选项目可读", "读不出来")
            continue
        stored = (proposal.verdict, proposal.project_id, proposal.gap, proposal.reason)
        if stored != (told.verdict, told.project, told.gap, told.reason[:300]):
            yield Violation(
                proposal.ticket.number, f"{told.verdict} {told.project}", f"{stored[0]} {stored[1]}，与所存不符"
            )
        if laid_at.get(proposal.act_id) != proposal.proposed_at:
            yield Violation(proposal.ticket.number, "由操作写入", f"{proposal.proposed_at}没有写入它的操作")
        if proposal.version == version and proposal.ticket_id in waiting:
            match = match_of(proposal.ticket)
            if not match.quoted and match != told:
                yield Violation(
                    proposal.ticket.number, f"{match.verdict} {match.project}", f"{told.verdict} {told.project}"
                )


def counts_of_tickets_equal_their_lists(project: int | None) -> Iterator[Violation]:
    """Every ticket is counted once: by state, by organisation and by who handles it now, each adds up to the list."""
    tickets = Ticket.objects.all() if project is None else Ticket.objects.filter(project=project)
    whole = tickets.count()
    states = {each.value for each in TicketState}
    by_state = dict(tickets.order_by().values_list("state").annotate(n=Count("id")))
    if sum(count for state, count in by_state.items() if state in states) != whole:
        yield Violation("工单状态", f"各状态合计{whole}件", f"{by_state}")
    running = TicketSpan.objects.filter(ended_at__isnull=True, ticket__in=tickets)
    by_span = dict(running.order_by().values_list("state").annotate(n=Count("ticket", distinct=True)))
    for state in sorted(states):
        if by_state.get(state, 0) != by_span.get(state, 0):
            yield Violation(
                f"工单状态{TicketState(state).label}",
                f"清单{by_state.get(state, 0)}件",
                f"时段{by_span.get(state, 0)}件",
            )
    by_holder = dict(tickets.order_by().values_list("holder").annotate(n=Count("id")))
    by_turn = dict(running.order_by().values_list("holder").annotate(n=Count("ticket", distinct=True)))
    for holder in sorted(by_holder.keys() | by_turn.keys()):
        if by_holder.get(holder, 0) != by_turn.get(holder, 0):
            yield Violation(
                f"单位{holder}的工单", f"清单{by_holder.get(holder, 0)}件", f"时段{by_turn.get(holder, 0)}件"
            )
    of_project = dict(tickets.filter(project__isnull=False).order_by().values_list("project").annotate(n=Count("id")))
    demands = tickets.filter(project__isnull=False, repeats__isnull=True).order_by()
    by_demand = dict(demands.values_list("project").annotate(n=Count("id")))
    for key, count in sorted(of_project.items()):
        if not 0 < by_demand.get(key, 0) <= count:
            yield Violation(f"项目{key}的诉求", f"1至{count}个", f"{by_demand.get(key, 0)}个")


def repeats_are_of_one_caller_about_one_project(project: int | None) -> Iterator[Violation]:
    """A ticket that repeats another is of the same number and project, came later, and that one repeats none."""
    rows = Ticket.objects.filter(repeats__isnull=False).select_related("repeats")
    if project is not None:
        rows = rows.filter(project=project)
    for ticket in rows.order_by("id").iterator(chunk_size=2000):
        first = ticket.repeats
        same = first.caller_phone_index == ticket.caller_phone_index and first.project_id == ticket.project_id
        if not same or first.repeats_id is not None or first.received_at > ticket.received_at:
            yield Violation(ticket.number, "首件同号码、同项目、在先", f"首件{first.number}")


INVARIANTS = (
    Invariant("I62", "工单件数等于清单：按状态、单位、项目各自相加，一件一次", counts_of_tickets_equal_their_lists),
    Invariant("I75", "未认定工单的候选项目等于按现有名称重算的结果", proposals_are_what_the_matcher_makes),
    Invariant("I76", "人工认定之后没有系统认定", no_rule_overturns_a_person),
    Invariant("I58", "每件工单每一时刻有一个状态、一个单位，首尾相接", every_ticket_has_one_state_at_every_moment),
    Invariant("I59", "办理中的工单有且只有一个主办单位，其余没有在办单位", tickets_in_hand_have_their_executors),
    Invariant("I61", "重复来电的首件是同一号码、同一项目最早的工单", repeats_are_of_one_caller_about_one_project),
    Invariant("I60", "工单的项目、楼栋、房屋等于最后一次认定", the_last_match_is_what_a_ticket_says),
)
