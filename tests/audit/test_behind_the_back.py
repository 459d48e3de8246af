"""Whole kinds of tampering, each tried on every table or by name: what stands is held against what no SQL can make."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, models, transaction

from projects.ledger.models import Tally
from registry.audit.anchors import anchor_file, anchor_heads
from registry.audit.invariants import INVARIANTS
from registry.audit.models import Act, ActRow, AnchorTail, ChainHead, RowSnapshot
from registry.audit.services import bind_rows, rows_unbound
from registry.audit.snapshots import unpack
from registry.audit.trail import trail_faults, trailed_models
from registry.jobs.models import Job
from registry.jobs.services import enqueue
from registry.kernel.authority import system_actor
from registry.kernel.errors import Refused
from registry.store.canary import place_canaries
from registry.store.clock import SHANGHAI, true_now
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to
from tests.factories.tampering import columns_of, undone, undone_unchecked

pytestmark = pytest.mark.django_db

SEED = 20_220_308
MODELS = [model for model in trailed_models() if not model.__module__.startswith("tests.")]


@pytest.fixture
def books(story: Estate, settings: Any, tmp_path: Any) -> Estate:
    """The story as an installation has it: canaries placed, rows laid by set-up bound, heads anchored."""
    settings.DATA_DIR = tmp_path
    place_canaries()
    bring_to(story, story.homes, "collected", TODAY)
    for key in "一二":
        enqueue(actor=system_actor("试"), kind="month.count", key=key, params={}, label="每日计数")
    anchor_heads(at=true_now())
    bind_rows(actor=system_actor("试"))
    anchor_heads(at=true_now())
    return story


def execute(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def named() -> set[str]:
    """The invariants that name something."""
    return {code for code, invariant in INVARIANTS.items() if any(invariant.violations(None))}


def faults_of(model: type[models.Model]) -> set[Any]:
    return {fault.key for fault in trail_faults(table=model._meta.db_table)}


def test_sound_books_are_sound(books: Estate) -> None:
    assert named() == set()
    assert not rows_unbound()


# Every table, from the models' own fields ---------------------------------------------------------------------------


def test_a_table_emptied_with_all_that_was_kept_of_it_is_named(books: Estate) -> None:
    """Rows and snapshots together: what was laid without an act too, once it was bound."""
    missed, tried = [], 0
    for model in MODELS:
        table = model._meta.db_table
        if not RowSnapshot.objects.filter(table=table).exists():
            continue
        tried += 1
        with undone():
            execute('DELETE FROM audit_rowsnapshot WHERE "table" = %s', table)
            if not any("缺少或被改动" in fault.actual for fault in trail_faults()):
                missed.append(table)

    assert missed == []
    assert tried > 25


def test_rows_laid_without_an_act_are_bound_once_and_a_second_start_makes_no_act(story: Estate) -> None:
    assert rows_unbound()
    loose = RowSnapshot.objects.filter(act_key=None).count()
    with undone():  # negative control: before, a table and what was kept of it go unseen
        execute("DELETE FROM audit_rowsnapshot WHERE act_key IS NULL AND \"table\" = 'accounts_assignment'")
        with connection.constraint_checks_disabled():
            execute("DELETE FROM accounts_assignment")
        assert faults_of(next(model for model in MODELS if model._meta.db_table == "accounts_assignment")) == set()
        assert list(trail_faults(table="accounts_assignment")) == []

    assert bind_rows(actor=system_actor("试")) == loose

    assert not rows_unbound()
    assert list(trail_faults()) == []
    with pytest.raises(Refused, match="没有待归入操作记录的行"):
        bind_rows(actor=system_actor("试"))


def test_what_does_not_bear_its_seal_is_not_bound(story: Estate) -> None:
    forged = RowSnapshot.objects.filter(act_key=None).order_by("id")[0]
    execute("UPDATE audit_rowsnapshot SET seal = %s WHERE id = %s", "0" * 64, forged.pk)

    bind_rows(actor=system_actor("试"))

    assert RowSnapshot.objects.get(pk=forged.pk).act_key is None
    assert [fault.key for fault in trail_faults() if fault.table == "audit_rowsnapshot"] == [forged.pk]


def test_two_rows_that_change_places_are_named(books: Estate) -> None:
    """What stands in one row and what stands in another, column by column but for keys and what is unique."""
    missed, swapped = [], 0
    for model in MODELS:
        with undone_unchecked(model):
            pair = list(model._base_manager.order_by("pk")[:2])
            if len(pair) < 2:
                continue
            moved = [field for field in columns_of(model) if _swap(model, field, *pair)]
            if not moved:
                continue
            swapped += 1
            if not {row.pk for row in pair} <= faults_of(model):
                missed.append(model._meta.db_table)

    assert missed == []
    assert swapped > 15


def _swap(model: type[models.Model], field: Any, one: models.Model, other: models.Model) -> bool:
    table, column = model._meta.db_table, field.column
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in (one, other)]
    if getattr(one, field.attname) == getattr(other, field.attname):
        return False
    try:
        with transaction.atomic():
            execute(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', values[1], one.pk)
            execute(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', values[0], other.pk)
    except IntegrityError:
        return False
    return True


def test_a_sealed_value_of_before_put_back_with_its_snapshot_is_named(books: Estate) -> None:
    """Replay: the last word on a row taken out, the word before stands again, genuine and sealed."""
    missed, tried = [], 0
    for model in MODELS:
        table = model._meta.db_table
        kept = RowSnapshot.objects.filter(table=table).order_by("-id")
        last, before = next(
            ((one, other) for one, other in pairwise(kept) if _told(one) & _told(other)),
            (None, None),
        )
        if last is None or before is None or model is AnchorTail:  # the last line of the anchors is bound by the next
            continue
        tried += 1
        with undone_unchecked(model):
            execute("DELETE FROM audit_rowsnapshot WHERE id = %s", last.pk)
            for key in _told(last) & _told(before):
                _put_back(model, key, before)
            if not any("缺少或被改动" in fault.actual for fault in trail_faults()):
                missed.append(table)

    assert missed == []
    assert tried >= 5


def _told(snapshot: RowSnapshot) -> set[int]:
    return {row[0] for row in unpack(snapshot.content)["rows"]}


def _put_back(model: type[models.Model], key: int, before: RowSnapshot) -> None:
    """Write the words of a snapshot over the row, but for those that stand as digests."""
    told = unpack(before.content)
    row = next(row for row in told["rows"] if row[0] == key)
    for field, value in zip(columns_of(model), row[1:], strict=True):
        if type(field) in (models.CharField, models.BooleanField) and not str(value).startswith("≈"):
            execute(f'UPDATE {model._meta.db_table} SET "{field.column}" = %s WHERE id = %s', value, key)


def test_any_row_of_any_table_may_be_drawn(books: Estate) -> None:
    """A seeded draw of rows, not the last ones alone: taken from under its key and put under another."""
    dice, missed = random.Random(SEED), []
    for model in MODELS:
        table, keys = model._meta.db_table, list(model._base_manager.values_list("pk", flat=True))
        if not keys:
            continue
        key = dice.choice(keys)
        with undone_unchecked(model), connection.constraint_checks_disabled():
            execute(f"UPDATE {table} SET id = %s WHERE id = %s", -key, key)
            if not {key, -key} <= faults_of(model):
                missed.append(f"{table} {key} under another key")
    assert missed == []


# By name --------------------------------------------------------------------------------------------------------------


def canary(_: Estate) -> None:
    execute("DELETE FROM store_keycanary")


def canary_and_its_snapshot(_: Estate) -> None:
    execute("DELETE FROM store_keycanary")
    execute("DELETE FROM audit_rowsnapshot WHERE \"table\" = 'store_keycanary'")


def table_added(_: Estate) -> None:
    execute("CREATE TABLE ledger_hidden (id integer)")


def column_added(_: Estate) -> None:
    execute("ALTER TABLE ledger_unit ADD COLUMN hidden integer")


def index_dropped(_: Estate) -> None:
    execute("DROP INDEX act_by_chain")


def view_added(_: Estate) -> None:
    execute("CREATE VIEW hidden AS SELECT 1 AS one")


def tally_of_nothing_added(_: Estate) -> None:
    row = Tally.objects.order_by("pk")[0]
    execute(
        'INSERT INTO ledger_tally (building_id, "use", standing, track, stage, count) VALUES (%s, %s, %s, %s, %s, 0)',
        row.building_id, "garage", row.standing, row.track, row.stage,
    )  # fmt: skip


def tally_of_nothing_moved(_: Estate) -> None:
    key = Tally.objects.filter(count=0).values_list("pk", flat=True)[0]
    execute("UPDATE ledger_tally SET \"use\" = 'garage' WHERE id = %s", key)


def tally_of_nothing_counted(_: Estate) -> None:
    key = Tally.objects.filter(count=0).values_list("pk", flat=True)[0]
    execute("UPDATE ledger_tally SET count = 1 WHERE id = %s", key)


def migration_deleted(_: Estate) -> None:
    execute("DELETE FROM django_migrations WHERE app = 'audit' AND name = '0002_once'")


def migration_added(_: Estate) -> None:
    execute("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '0099_more', %s)", true_now())


def migration_moved(_: Estate) -> None:
    then = datetime(2020, 1, 1, tzinfo=SHANGHAI)
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'audit' AND name = '0004_row_snapshots'", then)


def job_older_than_seals(_: Estate) -> None:
    """A job without a seal, and the day on which jobs began to be sealed moved past it."""
    key = Job.objects.order_by("pk").values_list("pk", flat=True)[0]
    execute("UPDATE jobs_job SET seal = '', person_key = 1 WHERE id = %s", key)
    later = true_now() + timedelta(minutes=30)
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'jobs'", later)


def migrations_of_tomorrow(_: Estate) -> None:
    execute("UPDATE django_migrations SET applied = %s WHERE app = 'jobs'", true_now() + timedelta(days=1))


def right_by_group(_: Estate) -> None:
    execute("INSERT INTO auth_group (name) VALUES ('管理员')")


def act_row_swapped(_: Estate) -> None:
    one, other = _two_rows_of_an_act()
    for key, place in ((one, -1), (other, one), (-1, other)):
        execute("UPDATE audit_actrow SET id = %s WHERE id = %s", place, key)


def act_row_moved(_: Estate) -> None:
    one, _other = _two_rows_of_an_act()
    another = Act.objects.exclude(pk=ActRow.objects.get(pk=one).act_id).order_by("id")[0].pk
    execute("UPDATE audit_actrow SET act_id = %s WHERE id = %s", another, one)


def act_row_doubled(_: Estate) -> None:
    one, _other = _two_rows_of_an_act()
    execute(
        'INSERT INTO audit_actrow (act_id, "table", "key", before, after)'
        ' SELECT act_id, "table", "key", before, after FROM audit_actrow WHERE id = %s', one,
    )  # fmt: skip


def act_row_edited(_: Estate) -> None:
    one, _other = _two_rows_of_an_act()
    execute("UPDATE audit_actrow SET after = '{}' WHERE id = %s", one)


def _two_rows_of_an_act() -> tuple[int, int]:
    act = Act.objects.filter(rows_count__gte=2).order_by("id")[0]
    one, other = ActRow.objects.filter(act=act).order_by("id")[:2]
    return one.pk, other.pk


def acts_swapped(_: Estate) -> None:
    one, other = Act.objects.exclude(chain=0).order_by("id")[:2]
    execute("UPDATE audit_act SET facts = %s WHERE id = %s", "{}" if one.facts else '{"a": 1}', one.pk)
    execute("UPDATE audit_act SET reason = %s WHERE id = %s", f"{one.reason}。", other.pk)


def act_of_another_person(_: Estate) -> None:
    execute("UPDATE audit_act SET actor_person = actor_person + 1 WHERE actor_person IS NOT NULL")


def act_under_another_chain(_: Estate) -> None:
    act = Act.objects.exclude(chain=0).order_by("-id")[0]
    execute("UPDATE audit_act SET chain = 0, seq = 9999 WHERE id = %s", act.pk)


def chain_gone(_: Estate) -> None:
    """All of a project's record, its head and what was kept: nothing is left to contradict but the anchors."""
    chain = ChainHead.objects.exclude(chain=0).values_list("chain", flat=True)[0]
    execute("DELETE FROM audit_actrow WHERE act_id IN (SELECT id FROM audit_act WHERE chain = %s)", chain)
    execute("DELETE FROM audit_rowsnapshot WHERE act_key IN (SELECT id FROM audit_act WHERE chain = %s)", chain)
    execute("DELETE FROM audit_act WHERE chain = %s", chain)
    execute("DELETE FROM audit_chainhead WHERE chain = %s", chain)


def head_set_back(_: Estate) -> None:
    head = ChainHead.objects.exclude(chain=0).order_by("chain")[0]
    before = Act.objects.get(chain=head.chain, seq=head.seq - 1)
    execute("UPDATE audit_chainhead SET seq = %s, hash = %s WHERE chain = %s", before.seq, before.hash, head.chain)


def once_key_taken(_: Estate) -> None:
    act = Act.objects.exclude(actor_person=None).order_by("id")[0]
    execute(
        "UPDATE audit_act SET once_key = 'x', once_answer = '[\"advance_units\", \"\", null]' WHERE id = %s", act.pk
    )


def tail_set_back(_: Estate) -> None:
    execute("UPDATE audit_anchortail SET lines = lines - 1")


def tail_gone(_: Estate) -> None:
    execute("DELETE FROM audit_anchortail")


def anchors_emptied(_: Estate) -> None:
    anchor_file().write_bytes(b"")


def anchors_cut(_: Estate) -> None:
    anchor_file().write_bytes(anchor_file().read_bytes().splitlines(keepends=True)[0])


def anchors_and_tail_gone(_: Estate) -> None:
    anchor_file().unlink()
    execute("DELETE FROM audit_anchortail")


def snapshots_under_no_act(_: Estate) -> None:
    """Taken from their acts, each is one laid without an act again: its seal knows better."""
    execute("UPDATE audit_rowsnapshot SET act_key = NULL")


def snapshots_of_another_table(_: Estate) -> None:
    execute("UPDATE audit_rowsnapshot SET \"table\" = 'ledger_building' WHERE \"table\" = 'ledger_unit'")


TAMPERINGS: dict[Callable[[Estate], None], str] = {
    canary: "I42", canary_and_its_snapshot: "I42", tally_of_nothing_added: "I2",
    tally_of_nothing_moved: "I2", tally_of_nothing_counted: "I2", job_older_than_seals: "I48", act_row_swapped: "I13",
    act_row_moved: "I13", act_row_doubled: "I13", act_row_edited: "I13", acts_swapped: "I13",
    act_of_another_person: "I13", act_under_another_chain: "I13", chain_gone: "I41", head_set_back: "I13",
    once_key_taken: "I13", tail_set_back: "I42", tail_gone: "I42", anchors_emptied: "I41", anchors_cut: "I41",
    anchors_and_tail_gone: "I42", snapshots_under_no_act: "I42", snapshots_of_another_table: "I42",
}  # fmt: skip
# What I49 names, in its words; all at once, for it reads the whole shape of the database each time.
SHAPES: dict[Callable[[Estate], None], str] = {
    table_added: "多出表 ledger_hidden", column_added: "表 ledger_unit 多出列 hidden",
    index_dropped: "表 audit_act 缺少约束或索引 act_by_chain", view_added: "多出视图 hidden",
    migration_deleted: "缺少迁移记录 audit 0002_once", migration_added: "多出迁移记录 audit 0099_more",
    migration_moved: "迁移记录 audit 0004_row_snapshots 的时间早于它所依据的 audit",
    migrations_of_tomorrow: "迁移记录 jobs 0001_initial 的时间", right_by_group: "表 auth_group 有行",
}  # fmt: skip


def test_each_is_named(books: Estate) -> None:
    missed, anchors = [], anchor_file().read_bytes()
    for tamper, code in TAMPERINGS.items():
        with undone():
            tamper(books)
            if not any(INVARIANTS[code].violations(None)):
                missed.append(tamper.__name__)
        anchor_file().write_bytes(anchors)

    assert missed == []


def test_what_was_planted_in_the_shape_of_the_database_is_named(books: Estate) -> None:
    with undone():
        if connection.vendor == "postgresql":
            execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait is not altered
        for tamper in SHAPES:
            tamper(books)
        told = [violation.found for violation in INVARIANTS["I49"].violations(None)]

    assert [words for words in SHAPES.values() if not any(line.startswith(words) for line in told)] == []


def test_a_session_opens_under_its_own_key_alone(books: Estate) -> None:
    """Laid under a key of one's own, copied, or swapped with another's: an empty session, nobody is signed in."""
    city, tax = sign_in(books.cast.city), sign_in(books.cast.tax)
    assert city.get("/projects/").status_code == tax.get("/projects/").status_code == 200
    keys = [client.cookies["sessionid"].value for client in (city, tax)]
    with fixture_writes():
        row = Session.objects.get(pk=keys[0])
        Session.objects.filter(pk=keys[1]).update(session_data=row.session_data)
        Session.objects.create(session_key="k" * 32, session_data=row.session_data, expire_date=row.expire_date)
    mine = sign_in(books.cast.district)
    for key in (keys[1], "k" * 32):
        mine.cookies["sessionid"] = key
        answer = mine.get("/projects/")
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/"), key
