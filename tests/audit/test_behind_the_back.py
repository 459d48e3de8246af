"""Whole kinds of tampering, each tried on every table or by name: what stands is held against what no SQL can make."""

import random
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, models, transaction

from registry.audit.anchors import anchor_file, anchor_heads
from registry.audit.invariants import INVARIANTS
from registry.audit.models import AnchorTail, RowSnapshot
from registry.audit.services import bind_rows, rows_unbound
from registry.audit.snapshots import unpack
from registry.audit.trail import trail_faults, trailed_models
from registry.jobs.services import enqueue
from registry.kernel.authority import system_actor
from registry.kernel.errors import Refused
from registry.store.canary import place_canaries
from registry.store.clock import true_now
from registry.store.guard import fixture_writes
from tests.audit.behind_the_back import SHAPES, TAMPERINGS, execute
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


def _swap(model: type[models.Model], field: Any, first: models.Model, other: models.Model) -> bool:
    table, column = model._meta.db_table, field.column
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in (first, other)]
    if getattr(first, field.attname) == getattr(other, field.attname):
        return False
    try:
        with transaction.atomic():
            execute(f'UPDATE {table} SET "{column}" = %s WHERE id = %s', values[1], first.pk)
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
            ((first, other) for first, other in pairwise(kept) if _told(first) & _told(other)),
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
