"""会议议程: what a meeting of a task force takes up, sent with the notice of the meeting."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class MeetingAgenda(Kind):
    """The agenda of one meeting, as the ledger stands on the day of issue. Source of the wording: words §5.2, 8."""

    code: ClassVar[str] = "agenda"
    label: ClassVar[str] = "会议议程"
    template: ClassVar[str] = "papers/kinds/agenda.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        name: str,
        held_on: date,
        hour: str,
        place: str,
        leader: str,
        attending: str,
        recorder: str,
        as_of: date,
        done: tuple[int, int, int],
        moves: Sequence[Sequence[Any]],
        overdue: Sequence[Sequence[Any]],
        tasks: Sequence[tuple[str, str, str, date, int]],
        other: str,
    ) -> Snapshot:
        """Return the agenda as primitives.

        `done` counts the tasks given by meetings so far, those done and those late; `moves` are blocker, project,
        homes opened, holder, what it opens; `overdue` blocker, project, holder, days late; `tasks` code, what, whose,
        by when, days late; `other` further matters, one a line.
        """
        return {
            "title": f"{name.removesuffix('议程')}议程",
            "keep": [],
            "heading": "",
            "facts": [
                [word, said]
                for word, said in (
                    ("地点", place), ("主持", leader), ("参加", attending), ("记录", recorder),
                )
                if said
            ],
            "held_on": held_on.isoformat(),
            "hour": hour,
            "as_of": as_of.isoformat(),
            "done": list(done),
            "moves": [list(row) for row in moves],
            "overdue": [list(row) for row in overdue],
            "tasks": [[code, what, owner, due.isoformat(), late] for code, what, owner, due, late in tasks],
            "other": [line.strip() for line in other.splitlines() if line.strip()],
        }  # fmt: skip
