"""Saved filters of list pages."""

from registry.accounts.models import SavedFilter
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound, Refused
from registry.store.acts import Row, write


@write(Permission.ACCOUNT_SELF)
def save_filter(*, actor: Actor, page: str, name: str, query: str, is_shared: bool = False) -> SavedFilter:
    """Keep a filter of a page under a name; the same name again replaces it."""
    name, person_id = name.strip(), _person(actor)
    if not name:
        raise Refused("请给筛选起个名称。", field="name")
    if len(query) > 1000:
        raise Refused("筛选条件过长，不能保存。请减少条件。", field="query")

    SavedFilter.objects.filter(person_id=person_id, page=page, name=name).delete()
    saved: SavedFilter = SavedFilter.objects.create(
        person_id=person_id,
        organisation_id=actor.organisation_id if is_shared else None,
        page=page,
        name=name,
        query=query.lstrip("?"),
        is_shared=is_shared,
    )

    record(
        event="filter.saved",
        subject=saved,
        facts={"name": name, "page": page},
        rows=[Row.added(saved, "page", "name", "query", "is_shared")],
    )
    return saved


@write(Permission.ACCOUNT_SELF)
def drop_filter(*, actor: Actor, saved: SavedFilter) -> None:
    """Remove the actor's own saved filter."""
    mine: SavedFilter | None = SavedFilter.objects.filter(pk=saved.pk, person_id=_person(actor)).first()
    if mine is None:
        raise NotFound("未找到这个筛选。")
    row = Row.removed(mine, "page", "name", "query")

    mine.delete()

    record(event="filter.dropped", facts={"name": row.before["name"] if row.before else ""}, rows=[row])


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("系统规则没有自己的筛选。")
    return actor.person_id
