"""The tables as the database has them beside the tables as the models say: what an edited or lost migration leaves, and
what somebody planted who owns the database."""

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from registry.store.applied import applied_wrongly


def differences() -> list[str]:
    """Name each table, column and constraint that is not as the models say, and whatever else somebody planted.

    That is: triggers, rules, views, functions and tables of no model; records of migrations that are not what they
    were; rows of tables that nothing uses.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        kept = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        extra = tables - {model._meta.db_table for model in kept} - {MigrationRecorder.Migration._meta.db_table}
        return [
            *(words for model in kept for words in _missing(model, tables, cursor)),
            *(f"多出表 {table}" for table in sorted(extra)),
            *_planted(cursor),
            *applied_wrongly(),
            *_used(tables, cursor),
        ]


# Tables of Django's own that the program never writes: rights follow from roles in code, no model is in its admin.
_UNUSED: Final = (
    "accounts_person_groups", "accounts_person_user_permissions", "auth_group", "auth_group_permissions",
    "django_admin_log",
)  # fmt: skip


def _used(tables: set[str], cursor: CursorWrapper) -> Iterator[str]:
    for table in _UNUSED:
        if table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
            if cursor.fetchone()[0]:
                yield f"表 {table} 有行：程序并不使用这张表"


# What acts or shows behind the program's back; the program makes none of them.
_PLANTED: Final = {
    "sqlite": "SELECT CASE type WHEN 'trigger' THEN '触发器' ELSE '视图' END, name FROM sqlite_master"
    " WHERE type IN ('trigger', 'view') ORDER BY name",
    "postgresql": "SELECT '触发器', tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
    " WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT '规则', rulename FROM pg_rules WHERE schemaname = current_schema()"
    " UNION ALL SELECT '视图', viewname FROM pg_views WHERE schemaname = current_schema()"
    " UNION ALL SELECT '函数', proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 2",
}


def _planted(cursor: CursorWrapper) -> Iterator[str]:
    cursor.execute(_PLANTED[connection.vendor])
    yield from (f"多出{kind} {name}" for kind, name in cursor.fetchall())


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
    shapes = connection.introspection.get_constraints(cursor, table)
    for rule in (*model._meta.constraints, *model._meta.indexes):
        if rule.name not in shapes:
            yield f"表 {table} 缺少约束或索引 {rule.name}"
    once = {tuple(shape["columns"] or ()) for shape in shapes.values() if shape["unique"]}
    tied = {column for shape in shapes.values() if shape["foreign_key"] for column in shape["columns"]}
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key and (field.column,) not in once:
            yield f"表 {table} 的列 {field.column} 缺少唯一约束"
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True) and field.column not in tied:
            yield f"表 {table} 的列 {field.column} 缺少外键约束"
