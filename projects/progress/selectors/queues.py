"""Work that stands in a step: how many homes, how long the oldest, in which projects. Made from the ledger, not tasks.

A home stands in a queue by its stage and its standing alone; whoever sees its project sees it there, and the role says
whose work it is. Carried, held and excluded homes wait for nobody here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Min, Q

from projects.ledger.models import Unit
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound

LONG: Final = 90  # days after which a wait is counted apart


@dataclass(frozen=True)
class Queue:
    """A step in which homes wait: its words, who does it, the stages and the state of tax that make it up."""

    code: str
    label: str
    done_by: str
    certificate: tuple[str, ...]
    tax: str = ""

    @property
    def condition(self) -> Q:
        """What makes a home stand here."""
        wanted = Q(certificate__in=self.certificate, standing="active")
        return wanted & Q(tax=self.tax) if self.tax else wanted


TAXED: Final = ("collected", "accepted")  # before recording, the tax is due
QUEUES: Final = (
    Queue("collect", "待收材料", "办证中心", ("notified",)),
    Queue("assess", "待核税", "税务", TAXED, "unassessed"),
    Queue("settle", "待完税", "税务", TAXED, "assessed"),
    Queue("accept", "待受理", "登记中心", ("collected",)),
    Queue("record", "待登簿", "登记中心", ("accepted",)),
    Queue("print", "待缮证", "登记中心", ("recorded",)),
    Queue("issue", "待发证", "办证中心", ("printed",)),
)
BY_CODE: Final = {queue.code: queue for queue in QUEUES}
EVERY: Final = tuple(BY_CODE)
OF_ROLE: Final[dict[Role, tuple[str, ...]]] = {
    Role.REGISTRATION_CENTRE: ("accept", "record", "print", "issue"),
    Role.TAX: ("assess", "settle"),
    Role.DEVELOPER: ("collect", "accept", "issue"),
    Role.TOWNSHIP: EVERY,
    Role.DISTRICT: EVERY,
    Role.CITY: EVERY,
    Role.AUDITOR: EVERY,
}


@dataclass(frozen=True)
class QueueState:
    """A queue on a day, in an actor's reach: units in it, the oldest day of arrival, how many waited long."""

    queue: Queue
    count: int
    oldest_on: date | None
    long: int
    on: date

    @property
    def days(self) -> int:
        """The days that the oldest has waited."""
        return (self.on - self.oldest_on).days if self.oldest_on else 0


def has_queues(actor: Actor) -> bool:
    """Whether the actor's role has queues. No query."""
    return not actor.is_system and Role(actor.role) in OF_ROLE


def queues_of(actor: Actor, *, on: date) -> list[QueueState]:
    """Return the queues of the actor's role in its reach, in the order of the road. One query."""
    if not has_queues(actor):
        return []
    codes = OF_ROLE[Role(actor.role)]
    stages = {stage for code in codes for stage in BY_CODE[code].certificate}
    rows = (
        Unit.objects.visible_to(actor)
        .filter(certificate__in=sorted(stages), standing="active")
        .values_list("certificate", "tax")
        .annotate(units=Count("id"), oldest=Min("certificate_on"), long=Count("id", filter=_waited_long(on)))
        .order_by()
    )
    cells = {(certificate, tax): (units, oldest, long) for certificate, tax, units, oldest, long in rows}
    return [_state(BY_CODE[code], cells, on) for code in codes]


def _waited_long(on: date) -> Q:
    return Q(certificate_on__lt=on - timedelta(days=LONG))


def _state(queue: Queue, cells: dict[tuple[str, str], tuple[int, date | None, int]], on: date) -> QueueState:
    mine = [
        cell
        for (certificate, tax), cell in cells.items()
        if certificate in queue.certificate and queue.tax in ("", tax)
    ]
    oldest = min((day for _, day, _ in mine if day), default=None)
    return QueueState(queue, sum(units for units, _, _ in mine), oldest, sum(long for *_, long in mine), on)


@dataclass(frozen=True)
class QueueProject:
    """What stands in a queue in one project."""

    code: str
    name: str
    place: str
    count: int
    oldest_on: date | None
    long: int
    days: int


def queue_named(actor: Actor, code: str) -> Queue:
    """Find a queue of the actor's role. No query."""
    if actor.is_system or code not in OF_ROLE.get(Role(actor.role), ()):
        raise NotFound("没有这一项工作，或不是本岗位的。")
    return BY_CODE[code]


def queue_projects(actor: Actor, queue: Queue, *, on: date) -> Sequence[QueueProject]:
    """Return what stands in a queue by project, the longest wait first. One query."""
    names = [f"building__project__{name}" for name in ("code", "name", "district_name", "township_name")]
    rows = (
        Unit.objects.visible_to(actor)
        .filter(queue.condition)
        .values_list(*names)
        .annotate(units=Count("id"), oldest=Min("certificate_on"), long=Count("id", filter=_waited_long(on)))
        .order_by("oldest", "building__project__code")
    )
    return [
        QueueProject(code, name, f"{district}{township}", units, oldest, long, (on - oldest).days if oldest else 0)
        for code, name, district, township, units, oldest, long in rows
    ]
