"""Since when a project can have existed: what is told of it can't be of an earlier day."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Min

from projects.gates.models import GateStep
from projects.ledger.models import Project
from registry.kernel.days import FIRST_DAY
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, StepStatus

BEGINNING: Final = (Gate.LAND_SUPPLY, Gate.LAND_PLAN_PERMIT, Gate.WORKS_PLAN_PERMIT, Gate.CONSTRUCTION_PERMIT)
BEFORE_OWN: Final = 30  # years before its own days within which a project may have been begun, if they don't say


@dataclass(frozen=True)
class Beginning:
    """The first day on which a project can have existed, and what says so."""

    day: date
    why: str

    def refusal(self, on: date) -> str:
        """Say why a day is too early; "" if it is not."""
        return "" if on >= self.day else f"{on}早于{self.day}（{self.why}）。请核对年份。"


def may_be_early(project: Project, on: date) -> bool:
    """Tell whether a day needs a look at all: from its taking in on, a project is there. No query."""
    return on < project.taken_in_on


def beginning_of(project: Project) -> Beginning:
    """Return the earliest of a project's own days: land, permits, occupation, sale. One query.

    A project that has none but the day it was taken in may have been begun thirty years before.
    """
    if own := _own_days(project):
        return Beginning(max(FIRST_DAY, min(own)), "本项目用地、许可、入住中最早的一天；更早的请先补记")
    return _begun_before(project.taken_in_on)


def latest_beginning(project: Project) -> Beginning:
    """Return the bound of what comes first of all, land and permits and what stood in their way. One query."""
    return _begun_before(min([*_own_days(project), project.taken_in_on]))


def _own_days(project: Project) -> list[date]:
    steps = GateStep.objects.filter(
        project=project, gate__in=BEGINNING, status=StepStatus.PASSED.value, revoked_on__isnull=True
    )
    permitted = steps.aggregate(first=Min("effective_on"))["first"]
    occupied = date(project.occupied_from, 1, 1) if project.occupied_from else None
    return [day for day in (permitted, occupied, project.sold_on) if day is not None]


def _begun_before(day: date) -> Beginning:
    first = max(FIRST_DAY, date(day.year - BEFORE_OWN, 1, 1))
    return Beginning(first, f"本项目最早的日期前{BEFORE_OWN}年")


def require_possible(project: Project, on: date, *, field: str) -> None:
    """Refuse a day of a project's land, permits or blockers on which it can't have existed."""
    if may_be_early(project, on) and (said := latest_beginning(project).refusal(on)):
        raise DomainError(said, code="DATE_BOUND", field=field)
