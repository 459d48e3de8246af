"""Guarded models: no write passes outside an act, by whatever door."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.accounts.models import Organisation
from registry.store.bulk import insert_rows, reserve_keys, update_rows
from registry.store.guard import UnguardedWrite, fixture_writes, technical_writes
from tests.factories.accounts import lay_organisation

pytestmark = pytest.mark.django_db

WRITES: dict[str, Callable[[Organisation], Any]] = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "create": lambda row: Organisation.objects.create(code="X", name="X", kind="court"),
    "get_or_create": lambda row: Organisation.objects.get_or_create(code="X", defaults={"name": "X", "kind": "court"}),
    "update_or_create": lambda row: Organisation.objects.update_or_create(code="X", defaults={"name": "X"}),
    "bulk_create": lambda row: Organisation.objects.bulk_create([Organisation(code="X", name="X", kind="court")]),
    "bulk_update": lambda row: Organisation.objects.bulk_update([row], ["name"]),
    "update": lambda row: Organisation.objects.filter(pk=row.pk).update(name="X"),
    "queryset delete": lambda row: Organisation.objects.filter(pk=row.pk).delete(),
    "related create": lambda row: row.children.create(code="X", name="X", kind="court"),
    "insert_rows": lambda row: insert_rows(Organisation, ("code",), [("X",)]),
    "update_rows": lambda row: update_rows(Organisation, ("name",), [("X", row.pk)]),
    "reserve_keys": lambda row: reserve_keys(Organisation, 3),
}


@pytest.mark.parametrize("door", WRITES)
def test_a_write_outside_an_act_raises(door: str) -> None:
    row = lay_organisation(code="A", name="甲")

    with pytest.raises(UnguardedWrite, match="Organisation"):
        WRITES[door](row)

    assert list(Organisation.objects.values_list("code", "name")) == [("A", "甲")]


def test_reading_needs_no_act() -> None:
    lay_organisation(code="A", name="甲")

    assert Organisation.objects.get(code="A").name == "甲"
    assert Organisation.objects.get_or_create(code="A")[1] is False


def test_the_permission_to_write_ends_with_its_block() -> None:
    row = lay_organisation(code="A", name="甲")

    for writer in (fixture_writes, technical_writes):
        with writer():
            row.save()
        with pytest.raises(UnguardedWrite):
            row.save()


def test_the_permission_to_write_ends_when_the_block_fails() -> None:
    row = lay_organisation(code="A", name="甲")

    with pytest.raises(ZeroDivisionError), fixture_writes():
        raise ZeroDivisionError

    with pytest.raises(UnguardedWrite):
        row.save()
