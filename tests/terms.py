"""The term base of the words of the office, `docs/terms.tsv`: what must not be written, and the word to use."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).resolve().parents[1] / "docs/terms.tsv"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Term(NamedTuple):
    """A pattern of words that are not used, what is used, the files that may hold it, and an example."""

    wrong: re.Pattern[str]
    right: str
    where: re.Pattern[str] | None
    example: str


@cache
def terms() -> tuple[Term, ...]:
    """The lines of the table."""
    _, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines]
    return tuple(
        Term(re.compile(wrong), right, re.compile(where) if where else None, example)
        for wrong, right, where, example in cells
    )


def forbidden(texts: Iterable[str], *, path: str = "") -> set[str]:
    """What of some texts the term base forbids, each with the word to use."""
    return {
        f"“{hit[0]}”→{term.right}：…{text[max(0, hit.start() - 12) : hit.end() + 12]}…".replace("\n", " ")
        for text in texts
        if CHINESE.search(text)
        for term in terms()
        if not (path and term.where and term.where.match(path))
        for hit in term.wrong.finditer(text)
    }
