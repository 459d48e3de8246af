"""What waits for whom: upper apps put items in and close them, inside their own acts."""

from collections.abc import Callable
from datetime import date

from registry.accounts.models import InboxItem, Organisation, Person
from registry.kernel.authority import Role
from registry.kernel.inbox import inbox_kind
from registry.store.acts import current_act, within_act

_sight: list[Callable[[Organisation, int], None]] = []


def declare_sight(give: Callable[[Organisation, int], None]) -> None:
    """Name what lets an organisation see the project of a thing laid on its desk (the ledger, at start)."""
    _sight[:] = [give]


@within_act
def deliver(
    *,
    source: str,
    verb: str,
    title: str,
    link: str,
    organisation: Organisation | None = None,
    person: Person | None = None,
    role: Role | None = None,
    area_code: str = "",
    not_for: int | None = None,
    project_key: int | None = None,
    project_name: str = "",
    from_label: str = "",
    due_on: date | None = None,
) -> InboxItem:
    """Lay one thing before a person, an organisation (or one role there), or a role in an area.

    Call it inside an act; `source` ("kind:key") closes it, and its kind (`kernel.inbox`) says by which events and what
    it may ask. `not_for` is the key of the person who must not do it (the proposer). An organisation that a thing of a
    project is laid before sees that project from then on.
    If, and only if, neither person nor organisation is given, role and area decide.
    """
    if person is None and organisation is None and role is None:
        raise ValueError("an inbox item waits for somebody")
    if verb not in inbox_kind(source).verbs:
        raise ValueError(f"{source} never asks for {verb}")
    if organisation is not None and project_key is not None:
        for give in _sight:
            give(organisation, project_key)
    item: InboxItem = InboxItem.objects.create(
        source=source,
        verb=verb,
        title=title[:200],
        link=link,
        organisation=organisation,
        person=person,
        role=str(role or ""),
        area_code=area_code,
        not_for_id=not_for,
        project_key=project_key,
        project_name=project_name,
        from_label=from_label[:80],
        due_on=due_on,
        created_at=current_act().recorded_at,
    )
    return item


@within_act
def change_due(source: str, due_on: date) -> int:
    """Put another day on what waits of a source, and return how many. Call it inside an act."""
    return InboxItem.objects.filter(source=source, done_at__isnull=True).update(due_on=due_on)


@within_act
def readdress(former: Organisation, to: Organisation, *, project_key: int) -> int:
    """Lay what waits for an organisation in a project before another, and return how many. Call it inside an act."""
    for give in _sight:
        give(to, project_key)
    waiting = InboxItem.objects.filter(organisation=former, project_key=project_key, done_at__isnull=True)
    return waiting.update(organisation=to)


@within_act
def settle(source: str) -> int:
    """Mark everything of a source as done, and return how many. Call it inside an act."""
    return InboxItem.objects.filter(source=source, done_at__isnull=True).update(done_at=current_act().recorded_at)
