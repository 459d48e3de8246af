"""One word for one thing: the term base holds for every text of the program, wherever it is shown."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, sources
from tests.terms import Term, forbidden, terms

SHOWN = (
    "templates/**/*.html",
    "registry/web/static/registry/*.js",
    "fixtures/**/*.json",
    "README.zh-CN.md",
    ".ci/*.sh",
    "deploy/*",
)
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def strings_of(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def shown_files() -> list[Path]:
    return [path for pattern in SHOWN for path in sorted(ROOT.glob(pattern))]


def test_no_text_of_the_code_holds_a_forbidden_word() -> None:
    wrong = {source.name: hits for source in sources() if (hits := forbidden(strings_of(source), path=source.name))}

    assert not wrong, "\n".join(f"{name}: {sorted(hits)}" for name, hits in wrong.items())


def test_no_template_script_or_reference_table_holds_a_forbidden_word() -> None:
    wrong = {}
    for path in shown_files():
        name = path.relative_to(ROOT).as_posix()
        lines = COMMENT.sub("", path.read_text(encoding="utf-8")).splitlines()
        if hits := forbidden(lines, path=name):
            wrong[name] = hits

    assert not wrong, "\n".join(f"{name}: {sorted(hits)}" for name, hits in wrong.items())
    assert len(shown_files()) > 100, "the files are found"


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.wrong.pattern[:20])
def test_each_term_catches_its_example(term: Term) -> None:
    """Negative control."""
    assert forbidden([term.example]), term.example
    assert term.right
