"""Rows to the database as rows: the same values as the ORM would have kept, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from projects.ledger.models import Unit
from registry.jobs.models import Job, JobState
from registry.store.bulk import insert_rows, reserve_keys, update_rows
from registry.store.guard import UnguardedWrite, fixture_writes
from tests.factories.projects import lay_estate

FIELDS = (
    "kind", "label", "params", "idempotency_key", "state", "stage", "done", "total", "checkpoint", "result", "error",
    "attempts", "max_attempts", "worker", "lease_until", "created_at", "done_before",
    "is_told", "seal", "outcome_seal",
)  # fmt: skip
MOMENT = datetime(2022, 3, 8, 4, 0, 0, 123000, tzinfo=UTC)


def line(key: str, **more):
    words = {
        "kind": "a.b", "label": "任务", "params": {"项目": [1, "二"]}, "idempotency_key": key,
        "state": JobState.QUEUED, "stage": "", "done": 3, "total": 9, "checkpoint": {}, "result": {}, "error": "",
        "attempts": 0, "max_attempts": 3, "worker": "", "lease_until": None, "created_at": MOMENT, "done_before": 0,
        "is_told": True, "seal": "", "outcome_seal": "", **more,
    }  # fmt: skip
    return tuple(words[name] for name in FIELDS)


@pytest.mark.django_db
def test_rows_are_kept_as_the_orm_would_keep_them():
    with fixture_writes():
        done = insert_rows(Job, FIELDS, (line(f"k{n}") for n in range(3)))
        Job.objects.create(**dict(zip(FIELDS, line("orm"), strict=True)))

    assert done == 3
    kept = list(Job.objects.order_by("id").values(*FIELDS))
    assert [row.pop("idempotency_key") for row in kept] == ["k0", "k1", "k2", "orm"]
    assert kept[0] == kept[1] == kept[2] == kept[3]
    assert kept[0]["params"] == {"项目": [1, "二"]}
    assert kept[0]["created_at"] == MOMENT


@pytest.mark.django_db
def test_a_row_that_stands_already_is_told_as_by_the_orm():
    """The door makes a refusal of it: what COPY raises by itself it would not know."""
    with fixture_writes(), transaction.atomic(), pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Job, ("id", *FIELDS), [(7, *line("k")), (7, *line("other"))])


@pytest.mark.django_db
def test_writing_outside_an_act_is_refused():
    with pytest.raises(UnguardedWrite):
        insert_rows(Job, FIELDS, [line("k")])
    with pytest.raises(UnguardedWrite):
        reserve_keys(Job, 3)


@pytest.mark.django_db
def test_a_row_of_another_length_or_an_unknown_field_is_a_fault_of_the_program():
    with fixture_writes():
        with pytest.raises(ValueError, match="zip"):
            insert_rows(Job, FIELDS, [line("k")[:-1]])
        with pytest.raises(LookupError, match="has no field best"):
            insert_rows(Job, ("best",), [(1,)])


def test_rows_are_updated_by_key_with_each_fields_own_conversion(cast):
    estate = lay_estate(cast)
    keys = estate.homes[:2]

    with fixture_writes():
        update_rows(
            Unit,
            ("area", "certificate", "certificate_on"),
            [(Decimal("70.07"), "notified", date(2022, 3, 1), key) for key in keys],
        )

    kept = Unit.objects.filter(pk__in=keys).values_list("area", "certificate", "certificate_on")
    assert set(kept) == {(Decimal("70.07"), "notified", date(2022, 3, 1))}
    assert Unit.objects.filter(certificate="notified").count() == 2


def test_keys_are_reserved_once(cast):
    estate = lay_estate(cast)
    with fixture_writes():
        keys = list(reserve_keys(Unit, 5))

    assert len(set(keys)) == 5
    assert min(keys) > max(estate.homes)
