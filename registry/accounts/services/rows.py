"""The changed rows of the accounts, as the trail keeps them. Names and telephones stay out of them."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from registry.store.acts import Row


def created_row(instance: models.Model, *fields: str) -> Row:
    """Return the row of something new."""
    return Row(instance._meta.db_table, instance.pk, None, _values(instance, fields))


def changed_row(instance: models.Model, before: Mapping[str, Any]) -> Row:
    """Return the row of a change: `before` holds the old values by field name."""
    return Row(instance._meta.db_table, instance.pk, dict(before), _values(instance, tuple(before)))


def _values(instance: models.Model, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(instance, field) for field in fields}
