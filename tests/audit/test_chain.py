"""The trail: what is recorded, how it is chained, and that any tampering is named."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from registry.audit import recording
from registry.audit.models import Act, ActRow, ChainHead
from registry.audit.recording import canonical, link_hash, record
from registry.audit.selectors import chain_faults, chain_timeline, timeline
from registry.kernel.authority import Permission, system_actor
from registry.store.acts import WRITES, NothingRecorded, Row, batch, write
from registry.store.guard import fixture_writes

pytestmark = pytest.mark.django_db
ACTOR = system_actor("L-3")


@pytest.fixture
def note() -> Iterator[Callable[..., None]]:
    """A service that only records."""

    @write(Permission.NOTE_WRITE)
    def note_for_test(
        *, actor: Any, chain: int | None = None, facts: Any = None, rows: Any = (), more: str = ""
    ) -> None:
        if more:
            record(event=more, facts={"first": True}, chain=chain)
        record(event="filter.saved", facts=facts or {"name": "甲"}, rows=rows, chain=chain)

    yield lambda **words: note_for_test(actor=ACTOR, **words)
    del WRITES["note_for_test"]


def faults() -> list[tuple[int, int, str]]:
    return [(fault.chain, fault.seq, fault.what) for fault in chain_faults()]


def lay(note: Callable[..., None], number: int = 4, chain: int = 7) -> list[Act]:
    for place in range(number):
        note(chain=chain, facts={"name": f"第{place + 1}条"}, rows=[Row("t", place, {"a": 1}, {"a": place})])
    return list(Act.objects.filter(chain=chain).order_by("seq"))


def test_an_act_keeps_who_what_and_when(note: Callable[..., None]) -> None:
    with batch("B-1"):
        note(chain=7, facts={"name": "甲", "on": date(2022, 3, 8), "area": Decimal("60.50")})

    act = Act.objects.get()
    assert (act.chain, act.seq, act.event, act.batch_id) == (7, 1, "filter.saved", "B-1")
    assert (act.actor_name, act.actor_role, act.actor_person) == ("系统（规则：L-3）", "system_admin", None)
    assert act.facts == {"name": "甲", "on": "2022-03-08", "area": "60.50"}
    assert (act.previous_hash, act.backfilled) == ("", False)


def test_each_act_is_chained_to_the_one_before(note: Callable[..., None]) -> None:
    acts = lay(note)

    assert [act.seq for act in acts] == [1, 2, 3, 4]
    assert [act.previous_hash for act in acts] == ["", *(act.hash for act in acts[:3])]
    assert ChainHead.objects.get(chain=7).hash == acts[-1].hash
    assert faults() == []


def test_chains_of_projects_do_not_touch_each_other(note: Callable[..., None]) -> None:
    for chain in (7, None, 8, 7, None):
        note(chain=chain)

    assert sorted(Act.objects.values_list("chain", "seq")) == [(0, 1), (0, 2), (7, 1), (7, 2), (8, 1)]
    assert faults() == []


def test_one_act_belongs_to_one_chain(note: Callable[..., None]) -> None:
    @write(Permission.NOTE_WRITE)
    def two_chains(*, actor: Any) -> None:
        record(event="filter.saved", chain=7)
        record(event="filter.saved", chain=8)

    with pytest.raises(NothingRecorded, match="two chains"):
        two_chains(actor=ACTOR)
    del WRITES["two_chains"]

    assert not Act.objects.exists()


def test_the_last_event_names_the_act_and_the_others_stand_within(note: Callable[..., None]) -> None:
    note(more="filter.dropped")

    assert Act.objects.get().facts == {"name": "甲", "within": [["filter.dropped", {"first": True}]]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", "person.created"), ("facts", {"name": "改"}), ("reason", "改"), ("actor_name", "别人"),
        ("actor_role", "city"), ("actor_person", 5), ("subject_label", "改"), ("recorded_at", "2020-01-01T00:00:00Z"),
        ("batch_id", "x"), ("backfilled", True), ("rows_count", 9), ("rows_digest", "0" * 64), ("previous_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)  # fmt: skip
def test_a_changed_act_is_named(note: Callable[..., None], field: str, value: object) -> None:
    target = lay(note)[1]

    with fixture_writes():
        Act.objects.filter(pk=target.pk).update(**{field: value})

    assert (7, 2, "记录被改动，或其前一条被改动") in faults()


def test_a_deleted_act_is_named(note: Callable[..., None]) -> None:
    target = lay(note)[1]

    with fixture_writes():
        target.changed_rows.all().delete()
        target.delete()

    assert faults() == [(7, 3, "序号应为2，缺少记录"), (7, 3, "记录被改动，或其前一条被改动")]


def test_a_deleted_last_act_is_named(note: Callable[..., None]) -> None:
    target = lay(note)[-1]

    with fixture_writes():
        target.changed_rows.all().delete()
        target.delete()

    assert faults() == [(7, 4, "链头与最后一条记录不符")]


def test_rows_of_no_act_are_named(note: Callable[..., None]) -> None:
    lay(note)

    with fixture_writes():
        ActRow.objects.create(act_id=5, table="t", key=9, before=None, after={"a": 9})

    assert faults() == [(0, 0, "有明细不属于任何记录")]
    with fixture_writes():
        ActRow.objects.filter(act_id=5).delete()


def test_an_inserted_act_is_named(note: Callable[..., None]) -> None:
    last = lay(note)[-1]
    last.pk, last.seq, last.previous_hash = last.pk + 1, 5, last.hash
    last.rows_count, last.rows_digest = 0, ""
    last.hash = link_hash(last.previous_hash, recording.hashed_fields(last))  # a forger who knows the algorithm

    with fixture_writes():
        last.save(force_insert=True)

    assert faults() == [(7, 5, "没有封印，或封印不符：不是本系统写的"), (7, 4, "链头与最后一条记录不符")]


def test_swapped_acts_are_named(note: Callable[..., None]) -> None:
    acts = lay(note)

    with fixture_writes():
        for act, seq in ((acts[1], 99), (acts[2], 2), (acts[1], 3)):
            Act.objects.filter(pk=act.pk).update(seq=seq)

    assert {(seq, what) for _, seq, what in faults()} == {(seq, "记录被改动，或其前一条被改动") for seq in (2, 3, 4)}


@pytest.mark.parametrize("tamper", ["before", "after", "key", "delete", "insert", "swap"])
def test_tampered_rows_are_named(note: Callable[..., None], tamper: str) -> None:
    note(chain=7, rows=[Row("t", 1, None, {"a": 1}), Row("t", 2, {"a": 1}, {"a": 2})])
    first, second = ActRow.objects.order_by("id")

    with fixture_writes():
        if tamper in ("before", "after"):
            ActRow.objects.filter(pk=second.pk).update(**{tamper: {"a": 9}})
        elif tamper == "key":
            ActRow.objects.filter(pk=second.pk).update(key=3)
        elif tamper == "delete":
            second.delete()
        elif tamper == "insert":
            ActRow.objects.create(act=first.act, table="t", key=9, before=None, after={"a": 9})
        else:
            ActRow.objects.filter(pk=first.pk).update(key=2, before={"a": 1}, after={"a": 2})
            ActRow.objects.filter(pk=second.pk).update(key=1, before=None, after={"a": 1})

    assert faults() == [(7, 1, "明细被改动")]


def test_rows_added_to_an_act_without_any_are_named(note: Callable[..., None]) -> None:
    note(chain=7)

    with fixture_writes():
        ActRow.objects.create(act=Act.objects.get(), table="t", key=9, before=None, after={"a": 9})

    assert faults() == [(7, 1, "明细被改动")]


def test_a_moved_or_lost_head_is_named(note: Callable[..., None]) -> None:
    lay(note)

    with fixture_writes():
        ChainHead.objects.filter(chain=7).update(seq=3)
    assert faults() == [(7, 3, "链头与最后一条记录不符"), (7, 3, "链头没有封印，或封印不符")]
    with fixture_writes():
        ChainHead.objects.filter(chain=7).delete()

    assert [what for _, _, what in faults()] == ["链头缺失"] * 4


def test_a_seq_stands_once_in_its_chain(note: Callable[..., None]) -> None:
    last = lay(note)[-1]
    last.pk += 1

    with pytest.raises(IntegrityError), transaction.atomic(), fixture_writes():
        last.save(force_insert=True)


def test_the_hash_covers_every_field_of_an_act(note: Callable[..., None]) -> None:
    """Negative control of the tampering above: a field left out of the hash could be changed unseen."""
    fields = {field.name for field in Act._meta.concrete_fields}

    assert fields - set(recording.HASHED) == {"previous_hash", "seal", *recording.SEALED}


def test_the_chain_is_verified_by_recomputing_not_by_comparing(note: Callable[..., None], monkeypatch: Any) -> None:
    """Negative control: with the hash switched off, a change would pass."""
    target = lay(note)[1]
    with fixture_writes():
        Act.objects.filter(pk=target.pk).update(reason="改")
    assert faults() != []

    stored = dict(Act.objects.values_list("previous_hash", "hash"))
    monkeypatch.setattr("registry.audit.selectors.link_hash", lambda previous, fields: stored[previous])

    assert faults() == []


def test_the_hash_of_an_act_is_over_the_one_before_it_and_never_changes() -> None:
    """The value stands here in full: what is stored was hashed by this rule and must be proven by it for ever."""
    fields = {"seq": 2, "event": "x.y"}

    assert link_hash("0" * 64, fields) == "a239fc0cc20638c8b9f309d1a3e9d33c8aa11c97b06cdb4d72f8579442bbe9a8"
    assert link_hash("1" * 64, fields) != link_hash("0" * 64, fields)


def test_canonical_text_is_one_for_one_value() -> None:
    assert canonical({"乙": 1, "甲": [1, {"b": None, "a": True}]}) == '{"乙":1,"甲":[1,{"a":true,"b":null}]}'
    with pytest.raises(TypeError, match="can't be recorded"):
        canonical(object())


def test_timelines_read_newest_first_in_sentences(note: Callable[..., None], django_assert_num_queries: Any) -> None:
    lay(note)

    with django_assert_num_queries(1):
        lines = chain_timeline(chain=7, limit=2)
    with django_assert_num_queries(2):
        of_row = timeline(table="t", key=1)

    assert [line.text for line in lines] == ["保存筛选“第4条”", "保存筛选“第3条”"]
    assert lines[0].who == "系统"
    assert [line.text for line in of_row] == ["保存筛选“第2条”"]
    assert [line.text for line in chain_timeline(chain=7, before=lines[-1].act_id)] == [
        "保存筛选“第2条”", "保存筛选“第1条”",
    ]  # fmt: skip


def test_an_act_costs_few_statements(note: Callable[..., None], django_assert_max_num_queries: Any) -> None:
    """Clock, head made, head locked, act, rows, head moved, and the savepoint around them."""
    note(chain=7)

    with django_assert_max_num_queries(9):
        note(chain=7, rows=[Row("t", key, None, {"a": key}) for key in range(50)])

    assert connection.in_atomic_block
