"""Published tables that ship as examples, and published figures beside the ledger's own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from registry.kernel.errors import NotFound
from registry.kernel.foreign import read_sheet

CITY: Final = ""


@dataclass(frozen=True)
class Quoted:
    """A published figure, as quoted: of what and when, by whom; a project's name where it speaks of one."""

    code: str
    of: str
    as_of: str
    source: str
    figure: str  # of the ledger, that it may be held against
    text: str
    number: int
    explains: str
    project: str = CITY


def examples() -> list[tuple[str, str]]:
    """Return the published tables that ship: code and title."""
    files = sorted(_folder().glob("P*.csv"), key=lambda path: int(path.stem[1:]))
    return [(path.stem, _title(path)) for path in files]


def example(code: str) -> str:
    """Return the text of a shipped table. Refused: a code that none has."""
    if code not in dict(examples()):
        raise NotFound("没有这张示例表。请从示例中选。")
    return (_folder() / f"{code}.csv").read_text()


def beside_the_ledger(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the quoted figures, each beside what the entries of a month say of the same to its reader."""
    lines = []
    for quoted in (Quoted(**line) for line in json.loads((_folder() / "quoted.json").read_text())):
        own = [row["figures"] for row in rows.get("projects", ()) if quoted.project in (CITY, row["name"])]
        number = sum(figures.get(quoted.figure, 0) for figures in own) if own else None
        gap = None if number is None else number - quoted.number
        lines.append({"quoted": quoted, "own": number, "gap": gap})
    return lines


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "fixtures" / "published"


def _title(path: Path) -> str:
    words = read_sheet(path.read_text()).words
    return f"{words['标题']}（{words['期间']}）"
