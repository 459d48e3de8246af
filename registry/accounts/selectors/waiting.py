"""What waits: approvals for a second person, and everybody's inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet

from registry.accounts.choices import APPROVAL_PILLS, ApprovalStatus
from registry.accounts.models import Approval, InboxItem, SavedFilter
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.lateness import how_late
from registry.kernel.periods import WEEKDAY_WORDS
from registry.store.clock import shanghai_day


@dataclass(frozen=True)
class Waiting:
    """One thing that waits, ready to show."""

    key: int
    verb: str
    title: str
    link: str
    project: str
    sender: str
    days_waited: int
    due_on: date | None
    days_late: int

    @property
    def is_late(self) -> bool:
        """Past its day."""
        return self.days_late > 0


@dataclass(frozen=True)
class Desk:
    """What lies on a desk on a day: all of it in order of urgency, with the counts that the page names."""

    items: Sequence[Waiting]
    late: int
    due_today: int
    due_this_week: int


def inbox_of(actor: Actor) -> QuerySet[InboxItem]:
    """Return what waits for the actor, most urgent first. No query."""
    items: QuerySet[InboxItem] = InboxItem.objects.waiting_for(actor).order_by(
        F("due_on").asc(nulls_last=True), "created_at", "pk"
    )
    return items


def inbox_count(actor: Actor) -> int:
    """Count what waits for the actor. One query."""
    return inbox_of(actor).order_by().count()


def waiting_for(actor: Actor, *, on: date, limit: int = 200) -> Desk:
    """Return what waits for the actor on a day. One query."""
    items = tuple(_waiting(item, on) for item in inbox_of(actor)[:limit])
    sunday = on + timedelta(days=6 - on.weekday())
    return Desk(
        items,
        late=sum(item.is_late for item in items),
        due_today=sum(item.due_on == on for item in items),
        due_this_week=sum(item.due_on is not None and on <= item.due_on <= sunday for item in items),
    )


def first_waiting(actor: Actor, *, on: date) -> Waiting | None:
    """Return what is most urgent of what waits for the actor. One query."""
    item = inbox_of(actor).first()
    return _waiting(item, on) if item is not None else None


@dataclass(frozen=True)
class DeskDay:
    """One day of the desk's week: what falls due on it, the late standing under today."""

    label: str
    is_today: bool
    count: int
    lines: Sequence[tuple[str, bool]]


def week_of(desk: Desk, *, on: date, days: int = 5, most: int = 4) -> list[DeskDay]:
    """Lay what waits over the next days, weekends passed over unless something falls due on them.

    No query. Empty if nothing waits with a day: a week of blanks tells nobody anything.
    """
    due: dict[date, list[tuple[str, bool]]] = {}
    for item in desk.items:
        if item.due_on is not None:
            late = f"，逾期{how_late(item.days_late)}" if item.is_late else ""
            due.setdefault(max(item.due_on, on), []).append((f"{item.verb}：{item.title}{late}", item.is_late))
    if not due:
        return []
    wanted: list[date] = []
    day = on
    while len(wanted) < days:
        if day.weekday() < 5 or day == on or day in due:
            wanted.append(day)
        day += timedelta(days=1)
    return [
        DeskDay(
            f"{'下' if day - timedelta(days=day.weekday()) > on else ''}周{WEEKDAY_WORDS[day.weekday()]} {day:%m-%d}",
            day == on,
            len(due.get(day, ())),
            _shortened(due.get(day, []), most),
        )
        for day in wanted
    ]


def _shortened(lines: list[tuple[str, bool]], most: int) -> list[tuple[str, bool]]:
    """The first few, and how many more."""
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], (f"另{len(lines) - most + 1}件", any(late for _, late in lines[most - 1 :]))]


def _waiting(item: InboxItem, on: date) -> Waiting:
    return Waiting(
        item.pk,
        item.verb,
        item.title,
        item.link,
        item.project_name,
        item.from_label,
        days_waited=max((on - shanghai_day(item.created_at)).days, 0),
        due_on=item.due_on,
        days_late=max((on - item.due_on).days, 0) if item.due_on else 0,
    )


def _person(actor: Actor) -> int:
    """The key of the actor's person; 0, which is nobody's, for a rule of the system."""
    return actor.person_id or 0


def approvals_waiting(actor: Actor, kinds: list[str]) -> QuerySet[Approval]:
    """Return the proposals of these kinds that the actor may decide, oldest first. No query."""
    proposals: QuerySet[Approval] = (
        Approval.objects.decidable_by(actor, kinds).select_related("proposed_by").order_by("proposed_at", "pk")
    )
    return proposals


def own_proposals(actor: Actor, *, limit: int = 30) -> QuerySet[Approval]:
    """Return what the actor proposed, newest first. No query."""
    proposals: QuerySet[Approval] = (
        Approval.objects.filter(proposed_by_id=_person(actor))
        .select_related("decided_by")
        .order_by("-proposed_at", "-pk")[:limit]
    )
    return proposals


def approval_in_reach(actor: Actor, pk: int) -> Approval:
    """Return a proposal, or refuse as if there were none. One query."""
    approval: Approval | None = (
        Approval.objects.visible_to(actor).select_related("proposed_by", "decided_by").filter(pk=pk).first()
    )
    if approval is None:
        raise NotFound("未找到该提请事项。请在列表中核对。")
    return approval


def status_label(approval: Approval) -> str:
    """Say how a proposal stands."""
    return str(ApprovalStatus(approval.status).label)


def status_pill(approval: Approval) -> str:
    """Return the class of the status's pill."""
    return APPROVAL_PILLS[ApprovalStatus(approval.status)]


def saved_filters(actor: Actor, page: str) -> QuerySet[SavedFilter]:
    """Return the actor's filters of a page, and those that its organisation shares, by name. No query."""
    filters: QuerySet[SavedFilter] = SavedFilter.objects.filter(page=page, person_id=_person(actor))
    if actor.organisation_id is not None:
        filters = filters | SavedFilter.objects.filter(page=page, is_shared=True, organisation_id=actor.organisation_id)
    return filters.order_by("name", "pk")


def own_filter(actor: Actor, pk: int) -> SavedFilter:
    """Return the actor's own saved filter, or refuse as if there were none. One query."""
    saved_filter: SavedFilter | None = SavedFilter.objects.filter(pk=pk, person_id=_person(actor)).first()
    if saved_filter is None:
        raise NotFound("未找到这个筛选。")
    return saved_filter
