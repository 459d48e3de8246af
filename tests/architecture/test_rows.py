"""A changed row is made by what happened to it, so that none loses a side by the way it is written."""

import ast

from tests.architecture.source import calls, sources

HOME = "registry/store/acts.py"


def bare_rows(tree: ast.AST) -> list[int]:
    """The lines where `Row(…)` is called as it stands."""
    return [call.lineno for call in calls(tree) if isinstance(call.func, ast.Name) and call.func.id == "Row"]


def test_rows_are_made_by_their_constructors() -> None:
    found = [f"{source.name}:{line}" for source in sources() if source.name != HOME for line in bare_rows(source.tree)]

    assert found == []


def test_the_search_for_bare_rows_sees_them() -> None:
    text = 'Row("ledger_unit", 1, None, {"tax": "settled"})\nRow.added(unit, "tax")\nBoundRow("x")\n'

    assert bare_rows(ast.parse(text)) == [1]
