"""Work that stands in a step: how many homes, how long the oldest, in which projects. Made from the ledger, not tasks.

A home stands in a queue by its stage and its standing alone, and before 受理 by where its papers are: with the office
(待送件), at the registration centre (待受理), given back by it (退回补正). Whoever sees its project sees it there, and
the role says whose work it is. Carried, held and excluded homes wait for nobody here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, FilteredRelation, Min, Q, Value, When
from django.db.models.functions import Coalesce

from projects.ledger.models import Building, Unit
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet

WHOLE_CITY: Final = frozenset({Role.CITY, Role.AUDITOR})
LONG: Final = 90  # days after which a wait is counted apart


@dataclass(frozen=True)
class Queue:
    """A step in which homes wait: its words, who does it, what makes it up, and since when a home waits in it."""

    code: str
    label: str
    done_by: str
    certificate: tuple[str, ...]
    tax: str = ""
    papers: str = ""

    @property
    def condition(self) -> Q:
        """What makes a home stand here, asked `with_papers`."""
        wanted = Q(certificate__in=self.certificate, standing="active")
        return wanted & Q(**({"tax": self.tax} if self.tax else {}), **PAPERS.get(self.papers, {}))

    @property
    def since(self) -> str:
        """The day of a home, asked `with_papers`, from which it waits here."""
        return SINCE.get(self.papers, "certificate_on")

    @property
    def verb(self) -> str:
        """What is to be done here."""
        return self.label.removeprefix("退回").removeprefix("待")


TAXED: Final = ("collected", "accepted")  # before recording, the tax is due
PAPERS: Final[dict[str, dict[str, bool]]] = {
    "office": {"submission__isnull": True},
    "centre": {"submission__isnull": False, "submission__returned_on__isnull": True},
    "back": {"submission__returned_on__isnull": False},
}
SINCE: Final = {"centre": "submission__handed_on", "back": "submission__returned_on"}
QUEUES: Final = (
    Queue("collect", "待收材料", "办证中心", ("notified",)),
    Queue("assess", "待核税", "税务", TAXED, "unassessed"),
    Queue("settle", "待完税", "税务", TAXED, "assessed"),
    Queue("submit", "待送件", "办证中心", ("collected",), papers="office"),
    Queue("accept", "待受理", "登记中心", ("collected",), papers="centre"),
    Queue("mend", "退回补正", "办证中心", ("collected",), papers="back"),
    Queue("record", "待登簿", "登记中心", ("accepted",)),
    Queue("print", "待缮证", "登记中心", ("recorded",)),
    Queue("issue", "待发证", "办证中心", ("printed",)),
)
BY_CODE: Final = {queue.code: queue for queue in QUEUES}
EVERY: Final = tuple(BY_CODE)
OF_ROLE: Final[dict[Role, tuple[str, ...]]] = {
    Role.REGISTRATION_CENTRE: ("accept", "record", "print", "issue", "mend", "submit"),
    Role.TAX: ("assess", "settle"),
    Role.DEVELOPER: ("collect", "submit", "mend", "accept", "issue"),
    Role.TOWNSHIP: EVERY,
    Role.DISTRICT: EVERY,
    Role.CITY: EVERY,
    Role.AUDITOR: EVERY,
}


def with_papers(units: "QuerySet[Unit]") -> "QuerySet[Unit]":
    """Add to homes what stands of their papers at the registration centre, as `submission`. No query yet."""
    return units.annotate(
        submission=FilteredRelation(
            "submissions", condition=Q(submissions__ended_act_id__isnull=True, certificate="collected")
        )
    )


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
    queues = [BY_CODE[code] for code in OF_ROLE[Role(actor.role)]]
    cells = cells_of(actor, queues, on=on)
    return [_state(queue, [cell for cell in cells if cell.stands_in(queue)], on) for queue in queues]


@dataclass(frozen=True)
class Wait:
    """Since when the oldest of some homes waits, and how many waited long."""

    oldest: date | None
    long: int


@dataclass(frozen=True)
class Cell:
    """Homes at one stage, of one state of tax, with their papers in one place: how many, how long in each reckoning."""

    names: tuple[str, ...]
    certificate: str
    tax: str
    papers: str
    units: int
    at_stage: Wait
    with_papers: Wait

    def stands_in(self, queue: Queue) -> bool:
        """Whether these homes wait in a queue."""
        is_there = self.certificate in queue.certificate and queue.tax in ("", self.tax)
        return is_there and queue.papers in ("", self.papers)

    def wait_in(self, queue: Queue) -> Wait:
        """How long they wait in it."""
        return self.with_papers if queue.papers else self.at_stage


def cells_of(actor: Actor, queues: Sequence[Queue], *names: str, on: date) -> list[Cell]:
    """Count the homes that stand in any of the queues in the actor's reach, by `names` too. One query."""
    rows = (
        _placed(actor, queues)
        .annotate(since=Coalesce("submission__returned_on", "submission__handed_on", "certificate_on"))
        .values_list(*names, "certificate", "tax", "place")
        .annotate(
            units=Count("id"),
            oldest=Min("certificate_on"),
            long=Count("id", filter=_waited_long("certificate_on", on)),
            oldest_papers=Min("since"),
            long_papers=Count("id", filter=_waited_long("since", on)),
        )
        .order_by()
    )
    return [
        Cell(tuple(own), certificate, tax, papers, units, Wait(oldest, long), Wait(first, late))
        for *own, certificate, tax, papers, units, oldest, long, first, late in rows
    ]


def standing_in(actor: Actor, queues: Sequence[Queue]) -> int:
    """Count the homes that stand in any of the queues in the actor's reach, without their ages. One query."""
    rows = _placed(actor, queues).values_list("certificate", "tax", "place").annotate(units=Count("id")).order_by()
    nobody = Wait(None, 0)
    cells = [Cell((), certificate, tax, papers, units, nobody, nobody) for certificate, tax, papers, units in rows]
    return sum(cell.units for cell in cells if any(cell.stands_in(queue) for queue in queues))


def _placed(actor: Actor, queues: Sequence[Queue]) -> Any:  # homes with annotations, which no type names
    """The homes at the stages of some queues, with where their papers are. No query."""
    stages = sorted({stage for queue in queues for stage in queue.certificate})
    place = Case(
        When(submission__returned_on__isnull=False, then=Value("back")),
        When(submission__isnull=False, then=Value("centre")),
        default=Value("office"),
    )
    return with_papers(_in_reach(actor).filter(certificate__in=stages, standing="active")).annotate(place=place)


def _in_reach(actor: Actor) -> "QuerySet[Unit]":
    """The homes that the actor sees; of a part of the city by its buildings, so that no other home is read."""
    if actor.role in WHOLE_CITY:
        return Unit.objects.visible_to(actor)
    return Unit.objects.filter(building__in=Building.objects.visible_to(actor).order_by())


def _waited_long(field: str, on: date) -> Q:
    return Q(**{f"{field}__lt": on - timedelta(days=LONG)})


def _state(queue: Queue, cells: Sequence[Cell], on: date) -> QueueState:
    waits = [cell.wait_in(queue) for cell in cells]
    oldest = min((wait.oldest for wait in waits if wait.oldest), default=None)
    return QueueState(queue, sum(cell.units for cell in cells), oldest, sum(wait.long for wait in waits), on)


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


def queues_named(actor: Actor) -> list[Queue]:
    """Return the queues of the actor's role, uncounted. No query."""
    return [BY_CODE[code] for code in OF_ROLE[Role(actor.role)]] if has_queues(actor) else []


def queue_named(actor: Actor, code: str) -> Queue:
    """Find a queue of the actor's role. No query."""
    if actor.is_system or code not in OF_ROLE.get(Role(actor.role), ()):
        raise NotFound("没有这一项工作，或不是本岗位的。")
    return BY_CODE[code]


def queue_projects(actor: Actor, queue: Queue, *, on: date) -> Sequence[QueueProject]:
    """Return what stands in a queue by project, the longest wait first. One query."""
    names = [f"building__project__{name}" for name in ("code", "name", "district_name", "township_name")]
    rows = (
        with_papers(_in_reach(actor))
        .filter(queue.condition)
        .values_list(*names)
        .annotate(units=Count("id"), oldest=Min(queue.since), long=Count("id", filter=_waited_long(queue.since, on)))
        .order_by("oldest", "building__project__code")
    )
    return [
        QueueProject(code, name, f"{district}{township}", units, oldest, long, (on - oldest).days if oldest else 0)
        for code, name, district, township, units, oldest, long in rows
    ]
