"""The tables as the database has them beside the tables as the models say: what an edited or lost migration leaves."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper


def differences() -> list[str]:
    """Name each table, column, and named constraint in which the database is not what the models say."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        kept = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
        return [words for model in kept for words in _missing(model, tables, cursor)]


def _missing(model: type[models.Model], tables: set[str], cursor: CursorWrapper) -> Iterator[str]:
    table = model._meta.db_table
    if model._meta.proxy:
        return
    if table not in tables:
        yield f"缺少表 {table}"
        return
    there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    for field in model._meta.local_concrete_fields:
        if field.column not in there:
            yield f"表 {table} 缺少列 {field.column}"
    for extra in sorted(there - {field.column for field in model._meta.local_concrete_fields}):
        yield f"表 {table} 多出列 {extra}"
    named = set(connection.introspection.get_constraints(cursor, table))
    for rule in (*model._meta.constraints, *model._meta.indexes):
        if rule.name not in named:
            yield f"表 {table} 缺少约束或索引 {rule.name}"
