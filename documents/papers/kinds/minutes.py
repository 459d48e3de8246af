"""会议纪要: what a meeting of a task force settled, and the tasks that came of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class MeetingMinutes(Kind):
    """The minutes of one meeting, sent to whoever has something to do. Source of the wording: words §5.3, 6."""

    code: ClassVar[str] = "minutes"
    label: ClassVar[str] = "会议纪要"
    template: ClassVar[str] = "papers/kinds/minutes.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    archive: ClassVar[str] = "永久"

    @classmethod
    def headed(cls, snapshot: Mapping[str, Any], *, organ: str, issued_on: date) -> Snapshot:
        """Put the organ where minutes have it: above their title and at their foot."""
        return {**snapshot, "heading": organ, "issuer": organ, "issued_on": issued_on.isoformat()}

    @classmethod
    def snapshot(
        cls,
        *,
        title: str,
        held_on: date,
        place: str,
        leader: str,
        text: str,
        tasks: Sequence[tuple[str, str, str, date]],
        present: str,
        attending: str,
        absent: str,
        recorder: str,
        sent_to: str,
    ) -> Snapshot:
        """Return the minutes as primitives; `tasks` are code, what, whose, by when."""
        return {
            "title": title
            if title.endswith("纪要")
            else f"{title}纪要"
            if title.endswith(("会", "会议"))
            else f"{title}会议纪要",
            "keep": [],
            "held_on": held_on.isoformat(),
            "place": place,
            "leader": leader,
            "paragraphs": [line.strip() for line in text.splitlines() if line.strip()],
            "tasks": [[code, what, owner, due.isoformat()] for code, what, owner, due in tasks],
            "people": [
                [word, names]
                for word, names in (("出席", present), ("列席", attending), ("请假", absent), ("记录", recorder))
                if names
            ],
            "sent_to": sent_to,
        }
