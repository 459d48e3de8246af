"""The work of an organisation that goes through homes, by project: its steps as columns, the longest wait first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from projects.progress.selectors.queues import BY_CODE, LONG, OF_ROLE, Queue, cells_of, standing_in
from registry.kernel.authority import THROUGH_HOMES, Actor, Permission, Role

OWN: Final = {Role.REGISTRATION_CENTRE: "登记中心", Role.TAX: "税务", Role.DEVELOPER: "办证中心"}  # who does its steps
SHOWN: Final = 12


@dataclass
class ProjectWork:
    """What stands in the steps of a role in one project."""

    code: str
    name: str
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    oldest: date | None = None

    def days(self, on: date) -> int:
        """The days that the oldest home has waited."""
        return (on - self.oldest).days if self.oldest else 0

    def is_long(self, on: date) -> bool:
        """Whether the oldest waits longer than a queue may."""
        return self.days(on) > LONG


def work_by_project(actor: Actor, *, on: date) -> tuple[Sequence[Queue], list[ProjectWork]]:
    """Return the steps of the actor's role and its projects with work in them, the longest wait first. One query."""
    if actor.is_system or actor.role not in THROUGH_HOMES:
        return (), []
    queues = [BY_CODE[code] for code in OF_ROLE[Role(actor.role)]]
    projects: dict[str, ProjectWork] = {}
    for cell in cells_of(actor, queues, "building__project__code", "building__project__name", on=on):
        code, name = cell.names
        for queue in queues:
            if cell.stands_in(queue):
                work = projects.setdefault(code, ProjectWork(code, name))
                work.counts[queue.code] += cell.units
                work.oldest = min(filter(None, (work.oldest, cell.wait_in(queue).oldest)), default=None)
    return queues, sorted(projects.values(), key=lambda work: (work.oldest or date.max, work.code))


def own_homes(actor: Actor, works: Sequence[ProjectWork]) -> int:
    """Count the homes that wait for the actor's own doing, not for another's, in all its projects. No query."""
    own = {queue.code for queue in _own_queues(actor)}
    return sum(count for work in works for code, count in work.counts.items() if code in own)


def homes_waiting(actor: Actor) -> int:
    """Count the homes that wait for the actor's own doing, for the bar. One query, none for who goes through none."""
    own = _own_queues(actor)
    return standing_in(actor, own) if own and actor.can(Permission.UNIT_READ) else 0


def _own_queues(actor: Actor) -> list[Queue]:
    if actor.is_system or actor.role not in THROUGH_HOMES:
        return []
    role = Role(actor.role)
    return [BY_CODE[code] for code in OF_ROLE[role] if BY_CODE[code].done_by == OWN[role]]
