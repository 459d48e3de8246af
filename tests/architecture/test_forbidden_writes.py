"""Rows change in services, the store and the trail. The guarded models say so at run time, this test at review."""

import ast

import pytest

from tests.architecture.source import Source, called_name, calls, sources

ALWAYS = {"bulk_create", "bulk_update", "update_or_create", "get_or_create"}
OF_QUERYSETS = {"update", "delete", "create", "insert_rows", "update_rows"}
READING = {"objects", "filter", "exclude", "all", "visible_to", "order_by", "select_for_update"}

# Where rows are written. Technical tables (jobs, heartbeats) and reference data are no acts of a person.
WRITERS = ("registry/store", "registry/audit", "registry/jobs", "documents/setup")
# The two ways past the guard, and who may take them.
PASSES = {
    "fixture_writes": ("registry/store", "documents/setup"),
    "technical_writes": ("registry/store", "registry/jobs", "registry/audit/anchors.py"),  # how far the anchors go
}
# `save` and `delete` of what is no row: workbooks, PDFs, forms that hand over to a service.
NO_ROWS = ("documents/render", "documents/intake/reading")


def may_write(source: Source) -> bool:
    """Services write; so do the tool boxes that they stand on."""
    parts = {part.removesuffix(".py") for part in source.path.parts}
    return source.is_in(*WRITERS) or bool({"services", "backfill"} & parts)


def comes_from_a_queryset(node: ast.expr) -> bool:
    """Whether `x.filter(…)` or `Model.objects` stands left of the call."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute):
            if node.attr in READING:
                return True
            node = node.value
        else:
            node = node.func
    return False


def writes(source: Source) -> list[str]:
    """The places where a file writes rows."""
    found = []
    for call in calls(source.tree):
        match call.func:
            case ast.Attribute(attr=name) if name in ALWAYS:
                found.append(call)
            case ast.Attribute(attr=name, value=left) if name in OF_QUERYSETS and comes_from_a_queryset(left):
                found.append(call)
            case ast.Name(id="insert_rows" | "update_rows"):
                found.append(call)
            case ast.Attribute(attr="save", value=left) if not _is_super(left) and not source.is_in(*NO_ROWS):
                found.append(call)
    return [f"{source.name}:{call.lineno} {ast.unparse(call.func)}" for call in found]


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def test_rows_are_written_by_services_alone() -> None:
    found = [place for source in sources() if not may_write(source) for place in writes(source)]

    assert found == []


@pytest.mark.parametrize("name", PASSES)
def test_the_guard_is_passed_by_reference_data_and_technical_tables_alone(name: str) -> None:
    found = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        if not source.is_in(*PASSES[name])
        for call in calls(source.tree)
        if called_name(call) == name
    ]

    assert found == []


def test_the_search_for_writes_sees_them() -> None:
    text = """
Unit.objects.filter(pk=1).update(stage="x")
unit.save(update_fields=["stage"])
Unit.objects.bulk_create(rows)
digest.update(b"")
super().save()
"""
    found = [call for call in calls(ast.parse(text)) if isinstance(call.func, ast.Attribute)]
    seen = {
        ast.unparse(call.func)
        for call in found
        if call.func.attr in ALWAYS  # type: ignore[union-attr]
        or (call.func.attr in OF_QUERYSETS and comes_from_a_queryset(call.func.value))  # type: ignore[union-attr]
    }

    assert seen == {"Unit.objects.filter(pk=1).update", "Unit.objects.bulk_create"}


def test_raw_sql_stays_in_the_store() -> None:
    found = [
        f"{source.name}:{call.lineno}"
        for source in sources()
        if not source.is_in("registry/store", "registry/web/doctor.py", "documents/render")
        for call in calls(source.tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"raw", "executemany", "extra"}
    ]

    assert found == []
