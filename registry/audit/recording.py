"""Recording: services call `record`; the act is stored, chained, when the service is done."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from registry.audit.models import SYSTEM_CHAIN, Act, ActRow, ChainHead
from registry.audit.snapshots import Part, keep_parts, parts_of, seals_digest
from registry.audit.together import ChangedRow, Writer, wait_together, waiting
from registry.kernel.errors import Refused
from registry.store import acts
from registry.store.bulk import insert_rows
from registry.store.crypto import keyed_digest
from registry.store.guard import act_writes
from registry.store.once import Found, answer_of
from registry.store.touched import Touched, take_touched

HASHED = (
    "id", "chain", "seq", "event", "subject_table", "subject_key", "subject_label", "actor_person", "actor_name",
    "actor_role", "actor_organisation", "facts", "reason", "batch_id", "backfilled", "rows_count", "rows_digest",
    "recorded_at",
)  # fmt: skip

ACT_FIELDS = tuple(field.attname for field in Act._meta.concrete_fields)
SEALED = ("hash", "snapshots", "once_key", "once_answer")


def record(
    *,
    event: str,
    subject: models.Model | None = None,
    facts: Mapping[str, Any] | None = None,
    reason: str = "",
    rows: Iterable[acts.Row] = (),
    chain: int | None = None,
) -> None:
    """Add an event and its changed rows to the open act.

    `facts` are primitives that the sentence of the event names; `chain` is the project id (default: the system's).
    Called more than once, the last event names the act and the earlier ones stand in its facts.
    """
    act = acts.current_act()
    act.entries.append(acts.Entry(event, subject, dict(facts or {}), reason))
    act.rows.extend(rows)
    if chain is not None:
        if act.chain not in (None, chain):
            raise acts.NothingRecorded(f"one act, two chains: {act.chain} and {chain}")
        act.chain = chain


def canonical(value: Any) -> str:
    """Return the one text of a value that the hash is taken over."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} can't be recorded")


def plain(value: Any) -> Any:
    """Turn facts into JSON-ready data."""
    return json.loads(canonical(value))


def link_hash(previous: str, fields: Mapping[str, Any]) -> str:
    """Return the hash of an act over the one before it."""
    return hashlib.new("sm3", f"{previous}\n{canonical(fields)}".encode()).hexdigest()


def rows_digest(rows: Iterable[tuple[str, int, Any, Any]]) -> str:
    """Return the digest of the changed rows, in their order."""
    digest = hashlib.new("sm3")
    for table, key, before, after in rows:
        digest.update(canonical([table, key, before, after]).encode())
    return digest.hexdigest()


def store_act(act: acts.Act) -> None:
    """Write the act with its rows and snapshots and move the head of its chain. Locks the head, last of all.

    Among acts that are stored together it waits for the last of them (`together`).
    """
    rows = [(row.table, row.key, _data(row.before), _data(row.after)) for row in act.rows]
    keep_writer(Writer(take_touched(), _unchained(act, rows), rows, tuple(act.kept)))


def keep_laid(touched: Touched) -> None:
    """Keep what reference loading and technical work wrote; among acts stored together, in their order."""
    keep_writer(Writer(touched))


def keep_writer(writer: Writer) -> None:
    """Store what a writer did, or have it wait for those that are stored with it."""
    if not wait_together(writer):
        store_writers([writer], parts_of([writer.touched]))


@contextmanager
def stored_together() -> Iterator[None]:
    """Store the acts of a list at its end, all at once. Inside the transaction that carries the list out.

    For acts that don't read the trail of those before them.
    """
    with waiting(_store_waiting):
        yield


def _store_waiting(writers: Sequence[Writer], parts: Sequence[Sequence[Part]]) -> None:
    with act_writes():
        store_writers(writers, parts)


def store_writers(writers: Sequence[Writer], parts: Sequence[Sequence[Part]]) -> None:
    """Write acts in their order, with their rows and what snapshots keep of them. Locks the heads, last of all."""
    keys = [writer.act.pk if writer.act is not None else None for writer in writers]
    seals = keep_parts(list(zip(keys, parts, strict=True)))
    by_chain: dict[int, list[tuple[Act, str]]] = defaultdict(list)
    for writer, own in zip(writers, seals, strict=True):
        if writer.act is not None:
            by_chain[writer.act.chain].append((writer.act, seals_digest((*writer.kept, *own))))
    for chain in sorted(by_chain):
        _extend(chain, by_chain[chain])
    rows = ((key, *row) for key, writer in zip(keys, writers, strict=True) for row in writer.rows)
    insert_rows(ActRow, ("act_id", "table", "key", "before", "after"), rows)


def _unchained(act: acts.Act, rows: Sequence[ChangedRow]) -> Act:
    """Return the act as it is stored, before it has its place in the chain."""
    last = act.entries[-1]
    facts = dict(last.facts)
    if len(act.entries) > 1:
        facts["within"] = [[entry.event, dict(entry.facts)] for entry in act.entries[:-1]]
    return Act(
        id=act.id,
        chain=act.chain if act.chain is not None else SYSTEM_CHAIN,
        event=last.event,
        subject_table=last.subject._meta.db_table if last.subject is not None else "",
        subject_key=last.subject.pk if last.subject is not None else None,
        subject_label=str(last.subject)[:200] if last.subject is not None else "",
        actor_person=act.actor.person_id,
        actor_name=act.actor.name,
        actor_role=str(act.actor.role),
        actor_organisation=act.actor.organisation_name,
        facts=plain(facts),
        reason=last.reason,
        batch_id=act.batch_id,
        backfilled=act.backfilled,
        rows_count=len(rows),
        rows_digest=rows_digest(rows) if rows else "",
        recorded_at=act.recorded_at,
        once_key=act.once_key or None,
        once_answer=_answer(act) if act.once_key else None,
    )


def _extend(chain: int, links: Sequence[tuple[Act, str]]) -> None:
    """Put acts at the end of a chain, each linked to the one before, and move its head."""
    head = _lock_head(chain)
    seq, last = head.seq, head.hash
    for seq, (stored, snapshots) in enumerate(links, start=head.seq + 1):
        stored.seq, stored.previous_hash, stored.snapshots = seq, last, snapshots
        last = stored.hash = link_hash(last, hashed_fields(stored))
        stored.seal = act_seal(stored)
    [(first, _), *more] = links
    first.save(force_insert=True)
    insert_rows(Act, ACT_FIELDS, ([getattr(stored, name) for name in ACT_FIELDS] for stored, _ in more))
    ChainHead.objects.filter(chain=chain).update(seq=seq, hash=last, seal=head_seal(chain, seq, last))


def act_seal(stored: Act) -> str:
    """Return the seal of an act over its hash and what the hash leaves out: nobody makes it without the key file."""
    if not stored.snapshots:  # from before the snapshots
        return keyed_digest("audit.act", stored.hash)
    return keyed_digest("audit.act", canonical([getattr(stored, name) for name in SEALED]))


def head_seal(chain: int, seq: int, link: str) -> str:
    """Return the seal of the last link of a chain."""
    return keyed_digest("audit.head", f"{chain}|{seq}|{link}")


def _answer(act: acts.Act) -> list[Any]:
    row = answer_of(act.result, act.entries[-1].subject)
    return [act.service, row._meta.db_table if row is not None else "", row.pk if row is not None else None]


def find_once(person: int, key: str, service: str) -> Found | None:
    """Find the answer of a person's act under the key of a form. Refused if the act was another service's."""
    answer = Act.objects.filter(actor_person=person, once_key=key).values_list("once_answer", flat=True).first()
    if answer is None:
        return None
    name, table, row = answer
    if name != service:
        raise Refused("这张表单已用于办理另一事项。请返回页面重新填写后提交。", code="key_reused")
    if not table:
        return Found(None)
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    return Found(model._base_manager.filter(pk=row).first())


def _data(values: Mapping[str, Any] | None) -> Any:
    return None if values is None else plain(values)


def hashed_fields(stored: Act) -> dict[str, Any]:
    """Return the fields of an act that its hash covers."""
    return {name: getattr(stored, name) for name in HASHED}


def _lock_head(chain: int) -> ChainHead:
    known: ChainHead | None = ChainHead.objects.select_for_update().filter(chain=chain).first()
    if known is not None:
        return known
    ChainHead.objects.bulk_create([ChainHead(chain=chain)], ignore_conflicts=True)
    head: ChainHead = ChainHead.objects.select_for_update().get(chain=chain)
    return head
