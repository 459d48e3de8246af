"""Every kind of list is declared whole: template, example, rights, undo, a line in the how-to."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps

from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_in_place
from documents.render.template_xlsx import write_template
from registry.accounts.services.approvals import APPROVALS
from registry.kernel.authority import Role
from registry.kernel.errors import NotFound
from registry.lists.kinds import LISTS, ListKind, list_called

HOWTO = Path(__file__).resolve().parents[2] / "docs/howto/import.md"
BY_TWO = {"units": "import.undo", "stages": "list.undo"}  # taken back as a whole, by the approval of a second person
ONE_BY_ONE = {"accounts", "tickets"}  # not taken back as a list: an account is closed, a ticket kept out or excluded
EVERY = pytest.mark.parametrize("kind", LISTS.values(), ids=list(LISTS))


def test_every_kind_is_declared() -> None:
    of_projects = {"units", "buildings", "steps", "blockers", "letters", "stages", "returns"}
    assert set(LISTS) == {*of_projects, "projects", "accounts", "tickets"}


@EVERY
def test_its_template_has_its_columns_and_its_rules(kind: ListKind) -> None:
    content = write_template(kind.columns, title=kind.label, example=kind.example, rules=kind.rules)

    book = openpyxl.load_workbook(BytesIO(content))
    guide = "".join(str(cell.value) for row in book["填写说明"].iter_rows() for cell in row if cell.value)
    assert tuple(cell.value for cell in book.worksheets[0][1]) == kind.columns.headers
    assert kind.rules
    assert all(rule in guide for rule in kind.rules)


@EVERY
def test_its_example_is_read_without_an_error(kind: ListKind, tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"
    path.write_bytes(write_template(kind.columns, title=kind.label, rows=[kind.example]))

    result = read_in_place(path, kind.example.get("project", ""), shape=ListShape.of(kind))

    assert (result.file_error, result.rows_present) == ("", 1)
    assert [error.code for error in result.errors] == []
    assert {column.name for column in kind.columns if column.required} <= set(kind.example)


@EVERY
def test_some_role_sends_it_and_some_role_takes_it_back(kind: ListKind) -> None:
    assert [role for role in Role if kind.sent_by in role.permissions]
    assert (kind.undone_by is None) == (kind.name in ONE_BY_ONE)
    assert kind.undone_by is None or [role for role in Role if kind.undone_by in role.permissions]


@EVERY
def test_it_can_be_taken_back(kind: ListKind) -> None:
    if kind.name in BY_TWO:
        assert kind.take_back is None
        assert APPROVALS[BY_TWO[kind.name]].propose == kind.undone_by
        return

    if kind.name in ONE_BY_ONE:
        assert kind.take_back is None
        assert kind.take is not None
        return
    assert kind.take_back is not None
    assert kind.table in {model._meta.db_table for model in apps.get_models()}


@EVERY
def test_what_it_says_of_columns_is_about_its_columns(kind: ListKind) -> None:
    choosing = {column.name for column in kind.columns if column.choices}

    assert set(kind.limits) <= set(kind.columns.names)
    assert kind.several <= choosing
    assert {column.name for column in kind.translatable} == choosing - kind.several
    assert not kind.together or kind.together in kind.columns.headers
    assert kind.of_project == ("project" in kind.columns.names)


@EVERY
def test_the_how_to_has_a_line_about_it(kind: ListKind) -> None:
    lines = [line for line in HOWTO.read_text().splitlines() if line.startswith(f"| `{kind.name}` {kind.label} |")]

    [line] = lines
    module = line.split("|")[2].strip().strip("`")
    declared = (HOWTO.parents[2] / module).read_text()
    assert f'"{kind.label}"' in declared
    assert "ListKind(" in declared


def test_what_is_no_kind_is_not_found() -> None:
    with pytest.raises(NotFound, match="没有这种清单"):
        list_called("people")
