"""Nothing of one city outside the fixtures: names, codes and abbreviations stand in files that another city replaces.

Examples in docstrings are no screen; what the demo tells of its own city is fixture in all but place.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("registry", "projects", "commitments", "documents", "templates")
OF_A_CITY = re.compile(r"北京(?!时间)|朝阳|海淀|(?<!\d)11010\d(?!\d{12})|朝专|京房|京[（(]|[A-Z]{2}-(?:110|0137)")
ALLOWED = {  # file: why
    "documents/setup/projects.py": "the story of the demo",
    "documents/setup/today.py": "the story of the demo",
    "documents/setup/lists.py": "the story of the demo",
    "documents/setup/office.py": "the story of the demo",
    "documents/setup/management/commands/load_demo.py": "the story of the demo",
    "registry/kernel/identifiers/identity.py": "the region of made-up identity numbers",
}


def spoken(path: Path) -> Iterator[str]:
    """The texts of a file that a person may read: of code its strings without docstrings, of templates everything."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield text
        return
    tree = ast.parse(text)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_nothing_of_one_city_stands_outside_the_fixtures() -> None:
    named = {
        str(path.relative_to(ROOT)): hits
        for place in PLACES
        for path in sorted((ROOT / place).rglob("*"))
        if path.suffix in (".py", ".html", ".txt", ".js", ".css")
        and (hits := sorted({hit for text in spoken(path) for hit in OF_A_CITY.findall(text)}))
    }

    assert {path: hits for path, hits in named.items() if path not in ALLOWED} == {}
    assert set(ALLOWED) <= set(named), "an exception that is none any more"
