"""Reading the trail: timelines and verification."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, Q, QuerySet

from registry.audit.messages import event_message
from registry.audit.models import SYSTEM_CHAIN, Act, ActRow, ChainHead
from registry.audit.recording import act_seal, hashed_fields, head_seal, link_hash, rows_digest
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.store.acts import first_key_at
from registry.store.clock import SHANGHAI, shanghai_day
from registry.store.root import visible_projects

READS_SYSTEM_CHAIN = frozenset({Role.CITY, Role.AUDITOR, Role.SECURITY_ADMIN})


@dataclass(frozen=True)
class Happening:
    """One line of a timeline, ready to show."""

    act_id: int
    at: datetime
    who: str
    text: str
    reason: str


@dataclass(frozen=True)
class Fault:
    """One place where a chain does not hold."""

    chain: int
    seq: int
    what: str


def timeline(*, table: str, key: int, limit: int = 20) -> list[Happening]:
    """List the acts on a row or of which the row is part, newest first. Two queries."""
    by_row = ActRow.objects.filter(table=table, key=key).order_by("-act_id").values_list("act_id", flat=True)[:limit]
    wanted = Act.objects.filter(id__in=list(by_row)) | Act.objects.filter(subject_table=table, subject_key=key)
    return [happening(act) for act in wanted.order_by("-id")[:limit]]


def last_change(subjects: Collection[tuple[str, int]], name: str) -> Happening | None:
    """Return the last act that changed a field of any of these rows; else the last that touched them. Two queries.

    `name` is the field's; a foreign key is kept under its column. Of the rows' last fifty changes.
    """
    wanted = Q()
    for table, key in subjects:
        wanted |= Q(table=table, key=key)
    rows = ActRow.objects.filter(wanted).order_by("-act_id")[:50] if subjects else ()
    touching = [row for row in rows if row.after is not None]
    telling = [row for row in touching if name in row.after or f"{name}_id" in row.after]
    latest = next(iter(telling or touching), None)
    return happening(Act.objects.get(pk=latest.act_id)) if latest is not None else None


def acts_of_person(person_id: int, event: str, since: datetime, until: datetime) -> "QuerySet[Act]":
    """Return the acts of an event by a person between two moments, whatever their project. No query yet.

    Keys grow with time: the first of the span bounds the rows that are read.
    """
    acts: QuerySet[Act] = Act.objects.filter(
        actor_person=person_id, event=event, id__gte=first_key_at(since), recorded_at__gte=since
    )
    return acts.filter(recorded_at__gte=since, recorded_at__lt=until)


def acts_by(actor: Actor, *, since: datetime, limit: int) -> list[Happening]:
    """Return what an actor did since a moment, newest first. One query; keys grow with time and bound it."""
    acts = Act.objects.filter(actor_person=actor.person_id or 0, id__gte=first_key_at(since), recorded_at__gte=since)
    return [happening(act) for act in acts.order_by("-id")[:limit]]


def counts_of_events(actor: Actor, events: Collection[str], *, since: datetime) -> Counter[str]:
    """Return how often events happened since a moment in the projects that the actor may see. Two queries."""
    acts = Act.objects.filter(id__gte=first_key_at(since), recorded_at__gte=since, event__in=events).order_by()
    rows = list(acts.values_list("chain", "event").annotate(count=Count("id")))
    seen = visible_projects(actor, sorted({chain for chain, _, _ in rows if chain != SYSTEM_CHAIN})) if rows else ()
    counts: Counter[str] = Counter()
    for chain, event, count in rows:
        if chain in seen:
            counts[event] += count
    return counts


def rows_of_act(act_id: int, *, table: str) -> dict[int, tuple[Any, Any]]:
    """Return what an act recorded of the rows of a table: before and after by key. One query."""
    rows = ActRow.objects.filter(act_id=act_id, table=table).order_by("id").values_list("key", "before", "after")
    return {key: (before, after) for key, before, after in rows}


def keys_of_act(act_id: int, *, table: str) -> QuerySet[Any, int]:
    """Return the query of the keys that an act recorded of a table: a condition for other tables."""
    return ActRow.objects.filter(act_id=act_id, table=table).values_list("key", flat=True)


def values_then(rows: "QuerySet[Any]", *fields: str, known_at: datetime | None) -> dict[int, dict[str, Any]]:
    """Return what rows said of fields at a moment, by key: those alone that an act has changed since. One query.

    None for the moment is now: nothing has changed since, and nothing is asked. Only fields that every act tells of.
    """
    if known_at is None:
        return {}
    later = ActRow.objects.filter(
        table=rows.model._meta.db_table, key__in=rows.order_by().values("pk"), act__recorded_at__gt=known_at
    )
    then: dict[int, dict[str, Any]] = defaultdict(dict)
    for key, before in later.order_by("-act__recorded_at", "-id").values_list("key", "before"):
        then[key] |= {
            name: rows.model._meta.get_field(name).to_python(before[name]) for name in fields if name in (before or ())
        }
    return then


def acts_since(
    act_id: int, *, table: str, keys: Sequence[int] | QuerySet[Any, int], but: Sequence[str] = (), but_batch: str = ""
) -> dict[int, int]:
    """Return the last later act on each of these rows, events in `but` and a batch left out. Two queries."""
    later: dict[int, int] = {}
    rows = ActRow.objects.filter(table=table, key__in=keys, act_id__gt=act_id)
    acts = Act.objects.filter(subject_table=table, subject_key__in=keys, id__gt=act_id).exclude(event__in=but)
    if but_batch:
        rows, acts = rows.exclude(act__batch_id=but_batch), acts.exclude(batch_id=but_batch)
    for key, act in (*rows.values_list("key", "act_id"), *acts.values_list("subject_key", "id")):
        later[key] = max(act, later.get(key, 0))
    return later


def person_of_act(act_id: int) -> int | None:
    """Return the key of who did an act; none for the system. One query."""
    key: int | None = Act.objects.filter(pk=act_id).values_list("actor_person", flat=True).first()
    return key


def office_of_act(act_id: int) -> tuple[str, str] | None:
    """Return as what and for whom an act was done: the role and the name of the organisation. One query."""
    office: tuple[str, str] | None = (
        Act.objects.filter(pk=act_id).values_list("actor_role", "actor_organisation").first()
    )
    return office


def happenings(act_ids: Collection[int]) -> dict[int, Happening]:
    """Return acts ready to show. One query."""
    return {act.id: happening(act) for act in Act.objects.filter(id__in=act_ids)}


def told(act_ids: Collection[int]) -> dict[int, tuple[Happening, dict[str, Any]]]:
    """Return acts ready to show, each with its facts. One query."""
    return {act.id: (happening(act), act.facts) for act in Act.objects.filter(id__in=act_ids)}


def moments_of(act_ids: "Collection[int] | QuerySet[Any, Any]") -> dict[int, datetime]:
    """Return when each act was recorded, of keys or of a query for them; none for a key that no act has. One query."""
    return dict(Act.objects.filter(id__in=act_ids).values_list("id", "recorded_at"))


def authors_of(act_ids: Collection[int]) -> dict[int, str]:
    """Return who did acts, by name. One query."""
    return dict(Act.objects.filter(id__in=act_ids).values_list("id", "actor_name"))


def organisations_of(act_ids: Collection[int]) -> dict[int, str]:
    """Return for which organisation acts were done, by name. One query."""
    return dict(Act.objects.filter(id__in=act_ids).values_list("id", "actor_organisation"))


def facts_told(act_ids: Collection[int], event: str) -> dict[int, dict[str, Any]]:
    """Return the facts of an event of acts, the act's own or one that another act did within it. One query."""
    told: dict[int, dict[str, Any]] = {}
    for key, name, facts in Act.objects.filter(id__in=act_ids).values_list("id", "event", "facts"):
        for named, each in [(name, facts), *facts.get("within", ())]:
            if named == event:
                told[key] = each
    return told


def chain_timeline(*, chain: int, limit: int = 20, before: int | None = None) -> list[Happening]:
    """List the acts of a project (or of the system, 0), newest first. One query."""
    trail = Act.objects.filter(chain=chain)
    if before is not None:
        trail = trail.filter(seq__lt=Act.objects.filter(pk=before).values("seq"))
    return [happening(act) for act in trail.order_by("-seq")[:limit]]


def acts(
    actor: Actor,
    *,
    chain: int = SYSTEM_CHAIN,
    events: Sequence[str] = (),
    who: str = "",
    starts: date | None = None,
    ends: date | None = None,
) -> QuerySet[Act]:
    """Return the acts of a project, or of the system, if the chain is in reach; both days are included.

    The system's chain is read by the city, audit and security; a project's by whoever may see the project. Anything
    else is refused as if it did not exist. One query if a project is named, none otherwise.
    """
    if not may_read_chain(actor, chain):
        raise NotFound("未找到这个项目的操作记录。请核对项目编号。")
    trail = Act.objects.filter(chain=chain)
    if events:
        trail = trail.filter(event__in=events)
    if who:
        trail = trail.filter(Q(actor_name__contains=who) | Q(actor_organisation__contains=who))
    if starts is not None:
        trail = trail.filter(recorded_at__gte=_midnight(starts))
    if ends is not None:
        trail = trail.filter(recorded_at__lt=_midnight(ends + timedelta(days=1)))
    wanted: QuerySet[Act] = trail
    return wanted


def acts_of_project(key: int, *, events: Sequence[str]) -> "QuerySet[Act]":
    """Return the acts of a project of some kinds, newest first. No query yet."""
    return Act.objects.filter(chain=key, event__in=events).order_by("-id")


def has_happened(event: str, **facts: str) -> bool:
    """Return whether an act of an event says some facts. One query."""
    return Act.objects.filter(event=event, **{f"facts__{name}": value for name, value in facts.items()}).exists()


def last_day_of(event: str) -> date | None:
    """Return the day of the last act of an event; nothing if there is none. One query."""
    moment = Act.objects.filter(event=event).order_by("-id").values_list("recorded_at", flat=True).first()
    return shanghai_day(moment) if moment is not None else None


def first_day_of_record() -> date | None:
    """Return the day of the first act of the installation. One query."""
    moment = Act.objects.order_by("id").values_list("recorded_at", flat=True).first()
    return shanghai_day(moment) if moment is not None else None


def may_read_chain(actor: Actor, chain: int) -> bool:
    """Return whether a chain is in the actor's reach. One query for a project's."""
    if chain == SYSTEM_CHAIN:
        return actor.is_system or actor.role in READS_SYSTEM_CHAIN
    return chain in visible_projects(actor, [chain])


def act_in_reach(actor: Actor, pk: int) -> Act:
    """Return an act, or refuse as if there were none. Two queries."""
    act: Act | None = Act.objects.filter(pk=pk).first()
    if act is None or not may_read_chain(actor, act.chain):
        raise NotFound("未找到这条操作记录。请从列表进入。")
    return act


def rows_of(act: Act, *, limit: int = 200) -> Sequence[ActRow]:
    """Return the rows that an act changed, as stored. One query."""
    return tuple(act.changed_rows.order_by("id")[:limit])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def happening(act: Act) -> Happening:
    """Turn an act into a readable line."""
    who = act.actor_organisation or act.actor_name
    return Happening(act.id, act.recorded_at, who, event_message(act), act.reason)


def heads(*, chain: int | None = None) -> Sequence[ChainHead]:
    """Return the last link of each chain (or of one): what is anchored outside the database. One query."""
    found = ChainHead.objects.order_by("chain")
    return tuple(found if chain is None else found.filter(chain=chain))


def chain_faults(*, chain: int | None = None) -> Iterator[Fault]:
    """Recompute every link (of one chain, or of all) and name each that does not hold."""
    for head in heads(chain=chain):
        yield from _faults_of(head)
    orphaned = Act.objects.exclude(chain__in=ChainHead.objects.values("chain"))
    for act in (orphaned if chain is None else orphaned.filter(chain=chain)).order_by("chain", "seq"):
        yield Fault(act.chain, act.seq, "链头缺失")
    yield from _stray_rows(chain)


def _stray_rows(chain: int | None) -> Iterator[Fault]:
    """Rows under an act that changed none, or under no act at all: the digests above never look at them."""
    silent = Act.objects.filter(rows_count=0, changed_rows__isnull=False).distinct()
    for act in silent.filter(chain=chain) if chain is not None else silent:
        yield Fault(act.chain, act.seq, "明细被改动")
    if chain is None and ActRow.objects.exclude(act_id__in=Act.objects.values("id")).exists():
        yield Fault(SYSTEM_CHAIN, 0, "有明细不属于任何记录")


NO_ROWS = rows_digest(())


def _row_digests(chain: int) -> dict[int, str]:
    """The digest of the rows of each act of a chain. One query, however many acts."""
    rows = ActRow.objects.filter(act__chain=chain).order_by("act_id", "id")
    stream = rows.values_list("act_id", "table", "key", "before", "after").iterator(chunk_size=5000)
    return {
        act: rows_digest((table, key, before, after) for _, table, key, before, after in group)
        for act, group in groupby(stream, key=itemgetter(0))
    }


def _faults_of(head: ChainHead) -> Iterator[Fault]:
    previous, seq = "", 0
    digests = _row_digests(head.chain)
    for act in Act.objects.filter(chain=head.chain).order_by("seq").iterator():
        seq += 1
        if act.seq != seq:
            yield Fault(head.chain, act.seq, f"序号应为{seq}，缺少记录")
            seq = act.seq
        if act.previous_hash != previous or link_hash(previous, hashed_fields(act)) != act.hash:
            yield Fault(head.chain, act.seq, "记录被改动，或其前一条被改动")
        if act.rows_count and digests.get(act.id, NO_ROWS) != act.rows_digest:
            yield Fault(head.chain, act.seq, "明细被改动")
        if act.seal != act_seal(act):
            yield Fault(head.chain, act.seq, "没有封印，或封印不符：不是本系统写的")
        previous = act.hash
    if (seq, previous) != (head.seq, head.hash):
        yield Fault(head.chain, head.seq, "链头与最后一条记录不符")
    if head.seal != head_seal(head.chain, head.seq, head.hash):
        yield Fault(head.chain, head.seq, "链头没有封印，或封印不符")


def head_of(*, chain: int) -> str:
    """Return the hash of the last link of a chain; "" if it has none. One query."""
    return ChainHead.objects.filter(chain=chain).values_list("hash", flat=True).first() or ""
