"""What is changed behind the ledger's back is named: every column of every table, from the models' own fields."""

from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from commitments.models import Clause
from projects.ledger.models import ProjectTally, Tally, Unit
from registry.accounts.models import Assignment, Person
from registry.audit.invariants import INVARIANTS
from registry.audit.models import Act, ActRow, ChainHead, RowSnapshot
from registry.audit.services import keep_rows_as_they_stand
from registry.audit.snapshots import reader_of
from registry.audit.trail import trail_faults, trailed_models
from registry.kernel.authority import system_actor
from registry.kernel.errors import Refused
from registry.store.guard import fixture_writes
from registry.store.touched import is_trailed
from tests.factories.projects import Estate
from tests.factories.tampering import alter, columns_of, some_row, undone, undone_unchecked

pytestmark = pytest.mark.django_db

# Tables that the trail does not keep, and what stands for it.
EXEMPT = {
    "audit_act": "sealed and chained: I13, below",
    "audit_actrow": "under the digest of its act: I13, below",
    "audit_chainhead": "sealed: I13, below",
    "audit_rowsnapshot": "sealed: I42, below",
    "auth_group": "unused: rights follow from roles in code",
    "auth_permission": "unused: rights follow from roles in code",
    "axes_accessattempt": "technical: failed sign-ins, no fact of the ledger",
    "axes_accessattemptexpiration": "technical: failed sign-ins",
    "axes_accessfailurelog": "technical: failed sign-ins",
    "axes_accesslog": "technical: sign-ins",
    "django_admin_log": "unused: no model is in an admin of Django's own",
    "django_content_type": "technical: Django's list of models",
    "django_session": "technical: sessions, each signed under its own key: tests/accounts",
    "jobs_job": "technical: work and its progress; what is to be done, and for whom, is sealed: I48, tests/jobs",
    "jobs_workerbeat": "technical: signs of life",
    "leads_ticketproposal": "counted anew from words and names: I75",
    "ledger_tally": "counted anew: I2, below",
    "ledger_projecttally": "summed anew: I2, below",
    "store_formdraft": "technical: what was typed and not sent, sealed for its person and place, gone in days",
    "store_heldfile": "technical: a file chosen and not sent, sealed for its person and form, gone in a day",
}
KEPT = [model for model in trailed_models() if not model.__module__.startswith("tests.")]


def named(code: str) -> list[str]:
    return [f"{violation.subject} {violation.found}" for violation in INVARIANTS[code].check(None)]


def test_every_table_is_kept_or_exempt_with_a_reason() -> None:
    tables = {model._meta.db_table for model in apps.get_models() if not is_trailed(model)}

    assert tables == EXEMPT.keys()


def test_the_laid_story_equals_its_trail(story: Estate) -> None:
    assert named("I42") == []


def test_every_column_of_every_table_is_named_when_it_is_altered(story: Estate) -> None:
    """Each table's last row (or one made up): every column altered by SQL, every one named with its value."""
    missed: list[str] = []
    altered = 0
    for model in KEPT:
        with undone_unchecked(model):
            row = some_row(model)
            columns = {field.column for field in columns_of(model) if alter(row, field)}
            named = {fault.column for fault in trail_faults(table=model._meta.db_table) if fault.key == row.pk}
            missed += [f"{model._meta.db_table}.{column}" for column in columns - named]
            altered += len(columns)

    assert missed == []
    assert altered > 700


def test_a_row_put_in_or_taken_out_of_any_table_is_named(story: Estate) -> None:
    missed: list[str] = []
    for model in KEPT:
        table = model._meta.db_table
        with undone_unchecked(model):
            row = some_row(model)
            with connection.cursor() as cursor:  # another key: one row taken out, one put in
                cursor.execute(f"UPDATE {table} SET id = %s WHERE id = %s", [row.pk + 1000, row.pk])
            named = {(fault.key, fault.actual) for fault in trail_faults(table=table)}
            if named != {(row.pk, "不经操作删去了"), (row.pk + 1000, "没有写入它的操作")}:
                missed.append(f"{table} {named}")

    assert missed == []


@pytest.mark.parametrize("key", [-5, 0])
def test_a_row_put_in_under_a_key_before_all_others_is_named(story: Estate, key: int) -> None:
    """Nothing is kept of it, and its key is of the time before the snapshots: on books that never were, no excuse."""
    missed: list[str] = []
    for model in KEPT:
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in columns_of(model))
        with undone_unchecked(model):
            row = some_row(model)
            unique = [field for field in columns_of(model) if field.unique or field.null]
            values = ", ".join(
                "NULL" if f.null else _renamed(f) if f in unique else f'"{f.column}"' for f in columns_of(model)
            )
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(
                        f'INSERT INTO "{table}" (id, {columns}) SELECT %s, {values} FROM "{table}" WHERE id = %s',
                        [key, row.pk],
                    )
            except IntegrityError:
                continue  # the table allows no second row like this one
            if (key, "没有写入它的操作") not in {(fault.key, fault.actual) for fault in trail_faults(table=table)}:
                missed.append(table)

    assert missed == []


def _renamed(field: Any) -> str:
    """Another value of a column, as long as the one that stands."""
    return f"'x' || substr(\"{field.column}\", 2)" if isinstance(field, models.CharField) else f'"{field.column}"'


NAMED_BY: dict[type[models.Model], tuple[str, ...]] = {
    Act: ("I13", "I42"),
    ActRow: ("I13",),
    ChainHead: ("I13",),
    RowSnapshot: ("I42",),
    Tally: ("I2",),
    ProjectTally: ("I2",),
}


@pytest.mark.parametrize("model", NAMED_BY, ids=lambda model: model._meta.db_table)
def test_every_column_of_what_the_trail_leaves_out_is_named_by_another_invariant(
    model: type[models.Model], story: Estate
) -> None:
    missed: list[str] = []
    for field in columns_of(model):
        with undone_unchecked(model):
            row = model._base_manager.order_by("pk").last()
            assert row is not None
            if alter(row, field) and not any(named(code) for code in NAMED_BY[model]):
                missed.append(f"{model._meta.db_table}.{field.column}")

    assert missed == []


def test_what_was_kept_can_neither_be_taken_back_nor_made_anew(story: Estate) -> None:
    """A row altered with its snapshot: taken out, written over, or an older one put in its place."""
    kept = RowSnapshot.objects.filter(table="commitments_instrument").order_by("-id")
    last, older = kept[0], kept[1]
    with undone(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_rowsnapshot WHERE id = %s", [last.pk])
        assert any("缺少或被改动" in line for line in named("I42"))
    with undone(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_rowsnapshot SET content = %s WHERE id = %s", [bytes(older.content), last.pk])
        assert f"audit_rowsnapshot {last.pk} 被改动，或读不出来" in named("I42")
    with undone(), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO audit_rowsnapshot (act_key, "table", bucket, first_made, content, seal)'
            ' SELECT act_key, "table", bucket, first_made, content, seal FROM audit_rowsnapshot WHERE id = %s',
            [older.pk],
        )
        assert any("缺少或被改动" in line for line in named("I42"))
    with undone(), connection.cursor() as cursor:
        for key, place in ((last.pk, -1), (older.pk, last.pk), (-1, older.pk)):
            cursor.execute("UPDATE audit_rowsnapshot SET id = %s WHERE id = %s", [place, key])
        assert f"audit_rowsnapshot {last.pk} 被改动，或读不出来" in named("I42")


def test_a_writer_that_is_not_watched_would_be_found_out(story: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: with the noting of updates off, the ledger's own write looks like tampering."""
    monkeypatch.setattr("registry.store.guard.note", lambda *args, **kwargs: None)
    with undone():
        with fixture_writes():
            Unit.objects.filter(pk=story.homes[0]).update(remark="另记")
        assert named("I42") == [f"ledger_unit {story.homes[0]} remark 另记"]


def test_an_update_within_an_act_is_kept(story: Estate) -> None:
    with undone():
        with fixture_writes():
            Unit.objects.filter(pk=story.homes[0]).update(remark="另记")
        assert named("I42") == []


@pytest.mark.parametrize("at", ["2022-03-08 02:00:00", "2022-03-08 02:00:00.500000", "2022-03-08 02:00:00.000001"])
def test_both_databases_give_a_row_in_the_one_form_that_is_kept(story: Estate, at: str) -> None:
    """Days, moments and truth values are asked of the database in that form: a book moved to the other stays sound."""
    with undone(), fixture_writes():
        person = story.cast.township.person
        moment = datetime.fromisoformat(f"{at}+00:00")
        Person.objects.filter(pk=person.pk).update(password_changed_at=moment, is_active=False)
        Assignment.objects.filter(pk=story.cast.township.assignment.pk).update(starts=date(2021, 1, 4), ends=None)
        rows = [
            dict(zip(["id", *reader.columns], *reader.by_key([key]).values(), strict=True))
            for reader, key in (
                (reader_of(Person), person.pk), (reader_of(Assignment), story.cast.township.assignment.pk)
            )
        ]  # fmt: skip

    assert (rows[0]["password_changed_at"], rows[0]["is_active"]) == (at, 0)
    assert (rows[1]["starts"], rows[1]["ends"]) == ("2021-01-04", None)


def test_rows_from_before_the_snapshots_are_not_judged(story: Estate) -> None:
    """Books of an older release: nothing kept, nothing named; what is written from then on is."""
    key = str(story.homes[0])
    with undone():
        with fixture_writes():
            RowSnapshot.objects.all().delete()
            Act.objects.update(snapshots="")
        assert named("I42") == []
        with fixture_writes():
            Unit.objects.filter(pk=story.homes[0]).update(remark="另记")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_unit SET remark = '改', agreement_no = '9'")
        assert {tuple(line.split()[1:3]) for line in named("I42")} == {(key, "agreement_no"), (key, "remark")}


def test_rows_of_older_books_are_kept_once_and_judged_from_then_on(story: Estate) -> None:
    with fixture_writes():
        RowSnapshot.objects.all().delete()
        Act.objects.update(snapshots="")
    rows = sum(model._base_manager.count() for model in KEPT)

    assert keep_rows_as_they_stand(actor=system_actor("test")) == rows
    assert named("I42") == []
    with undone(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_unit SET remark = '改' WHERE id = %s", [story.homes[0]])
        assert named("I42") == [f"ledger_unit {story.homes[0]} remark 改"]
    with undone(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_rowsnapshot WHERE \"table\" = 'ledger_unit'")
        assert any("缺少或被改动" in line for line in named("I42"))
    with pytest.raises(Refused, match="不必再留"):
        keep_rows_as_they_stand(actor=system_actor("test"))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL refuses what is no JSON and no day")
def test_what_cannot_be_read_is_named_and_stops_nothing(story: Estate) -> None:
    with undone_unchecked(Clause), connection.cursor() as cursor:
        cursor.execute("UPDATE commitments_clause SET scope_in = '{kaputt', starts = '2022-13-45'")
        cursor.execute("UPDATE ledger_holder SET identity = x'00'")
        columns = {line.split()[2] for line in named("I42")}

    assert columns == {"scope_in", "starts", "identity"}
