"""Tampering: columns, rows and records are altered by SQL, as whoever owns the database could."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from registry.store.guard import fixture_writes

DAY, MOMENT = date(2001, 2, 3), datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)


@contextmanager
def undone() -> Iterator[None]:
    """Do something to the database and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def undone_unchecked(model: type[models.Model]) -> Iterator[None]:
    """As `undone`, past the CHECKs of a table: its owner can drop them."""
    with undone(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            known = connection.introspection.get_constraints(cursor, model._meta.db_table)
            for name in (name for name, shape in known.items() if shape["check"]):
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{name}"')
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def columns_of(model: type[models.Model]) -> list[Any]:
    """The columns of a table but its key."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def other(field: Any, value: Any) -> Any:
    """Another value that the column may hold."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return MOMENT if value is None else value + timedelta(hours=1)
    if isinstance(field, models.DateField):
        return DAY if value is None else value + timedelta(days=1)
    if isinstance(field, models.JSONField):
        return {"altered": value}
    if isinstance(field, models.BinaryField):
        return (bytes(value) if value else b"")[:-1] + (b"\x01" if not value or bytes(value)[-1] != 1 else b"\x02")
    if isinstance(field, models.ForeignKey | models.IntegerField | models.DecimalField):
        return Decimal(7) if value is None else value + 1
    wanted = [key for key, _ in field.flatchoices if key != value] if field.choices else []
    text = (value or "")[: (field.max_length or 999) - 1]
    return wanted[0] if wanted else f"{text}改" if f"{text}改" != value else f"{text}动"


def alter(row: models.Model, field: Any) -> bool:
    """Alter one column by SQL; False if the database itself refuses."""
    real, quote = connection, connection.ops.quote_name
    value = other(field, getattr(row, field.attname))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(row._meta.db_table)} SET {quote(field.column)} = %s WHERE {quote(row._meta.pk.column)} = %s",
                [field.get_db_prep_save(value, real), row.pk],
            )
    except IntegrityError:
        return False
    return True


def some_row(model: type[models.Model]) -> models.Model:
    """The last row of a table, or one made up."""
    row = model._base_manager.order_by("-pk").first()
    if row is not None:
        return row
    made = model(**{field.attname: filler(field) for field in columns_of(model)})
    with fixture_writes():
        model._default_manager.bulk_create([made])
    return model._base_manager.get(pk=made.pk)


def filler(field: Any) -> Any:
    """A value that the column may hold."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.JSONField):
        return json.loads("{}")
    if isinstance(field, models.BinaryField):
        return b"\x00" * 16
    return other(field, None)
