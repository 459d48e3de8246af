"""A project's tickets month by month, beside the gates that were made and the homes that went on."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from projects.gates.models import GateStep
from projects.leads.models import Ticket
from projects.ledger.models import Move, Project
from registry.kernel.authority import Actor
from registry.kernel.gates import Gate
from registry.kernel.periods import Month, midnight_before
from registry.kernel.tickets import TicketState
from registry.store.clock import shanghai_day

MONTHS: Final = 12
LEFT: Final = (TicketState.OUT, TicketState.EXCLUDED)


@dataclass(frozen=True)
class CourseMonth:
    """One month: tickets and demands, the gates made, the homes accepted and issued."""

    month: Month
    tickets: int
    demands: int
    gates: Sequence[str]
    accepted: int
    issued: int


def course_of(actor: Actor, project: Project, *, on: date) -> list[CourseMonth]:
    """Return the last twelve months, the latest first. Three queries."""
    last = Month.of(on)
    months = [last.plus(-at) for at in range(MONTHS)]
    since = months[-1].first
    rows = Ticket.objects.visible_to(actor).filter(project=project, received_at__gte=midnight_before(since))
    told = list(rows.exclude(state__in=LEFT).values_list("received_at", "repeats_id"))
    tickets = _by_month(shanghai_day(at) for at, _ in told)
    demands = _by_month(shanghai_day(at) for at, root in told if root is None)
    steps = GateStep.objects.filter(project=project, revoked_on__isnull=True, effective_on__gte=since)
    gates: dict[Month, dict[str, None]] = {}
    for gate, effective_on in steps.order_by("effective_on", "id").values_list("gate", "effective_on"):
        gates.setdefault(Month.of(effective_on), {})[Gate(gate).label] = None
    moves = Move.objects.filter(
        unit__building__project=project, to_stage__in=("accepted", "issued"), reversed_by__isnull=True,
        occurred_on__gte=since,
    )  # fmt: skip
    gone = list(moves.values_list("to_stage", "occurred_on"))
    by_stage = {stage: _by_month(day for each, day in gone if each == stage) for stage in ("accepted", "issued")}
    return [
        CourseMonth(
            month, tickets[month], demands[month], tuple(gates.get(month, ())), by_stage["accepted"][month],
            by_stage["issued"][month],
        )
        for month in months
    ]  # fmt: skip


def _by_month(days: Iterable[date]) -> Counter[Month]:
    return Counter(Month.of(day) for day in days)
