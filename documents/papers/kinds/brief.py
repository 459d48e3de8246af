"""项目简报: one page on a project for a leader who visits it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot

BLOCKERS: Final = 5
PROMISES: Final = 4
TASKS: Final = 4
PAUSES: Final = 2
NEXT: Final = 2
TEXT: Final = 25  # characters of a cell; what is longer ends in an ellipsis


class ProjectBrief(Kind):
    """What a leader must know before the car stops: how many homes, what holds them, who owes what by when."""

    code: ClassVar[str] = "brief"
    label: ClassVar[str] = "项目简报"
    template: ClassVar[str] = "papers/kinds/brief.html"
    version: ClassVar[str] = "2"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        issuer: str,
        issued_on: date,
        name: str,
        facts: Sequence[tuple[str, str]],
        figures: Sequence[tuple[str, int]],
        sentence: str,
        gates: Sequence[tuple[str, int, int]],
        blockers: Sequence[tuple[str, str, int, int]],
        promises: Sequence[tuple[str, str, str, int]],
        tasks: Sequence[tuple[str, str, str, int]],
        steps: Sequence[str],
        pauses: Sequence[str] = (),
    ) -> Snapshot:
        """Return the brief as primitives, cut to what one page holds; what is left out is counted.

        `gates` are label, homes passed, homes; `blockers` what, holder, units, days; `promises` and `tasks` what, who,
        by when, days late; `pauses` a sentence each.
        """

        def rows(of: Sequence[Any], most: int) -> list[list[Any]]:
            return [[_cut(cell) if isinstance(cell, str) else cell for cell in row] for row in of[:most]]

        most = BLOCKERS - min(len(pauses), PAUSES + 1)  # a pause takes the line of a blocker, and so does their rest
        return {
            "title": f"{name}简报",
            "keep": [name],
            "heading": "",
            "issuer": issuer,
            "issued_on": issued_on.isoformat(),
            "facts": [[label, value] for label, value in facts if value],
            "figures": [[label, value] for label, value in figures],
            "sentence": sentence,
            "gates": [[label, passed, homes] for label, passed, homes in gates],
            "blockers": rows(blockers, most),
            "more_blockers": max(0, len(blockers) - most),
            "promises": rows(promises, PROMISES),
            "more_promises": max(0, len(promises) - PROMISES),
            "tasks": rows(tasks, TASKS),
            "more_tasks": max(0, len(tasks) - TASKS),
            "pauses": [_cut(pause, 40) for pause in pauses[:PAUSES]],
            "more_pauses": max(0, len(pauses) - PAUSES),
            "steps": [_cut(step, 70) for step in steps[:NEXT]],
        }


def _cut(text: str, most: int = TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
