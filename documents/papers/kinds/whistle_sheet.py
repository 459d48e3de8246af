"""吹哨报到单: which departments a township called, to where, about what, and what they answered."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from documents.papers.kinds.base import Kind, Snapshot, in_one_sentence


class WhistleSheet(Kind):
    """The sheet of one whistle: signed on the spot, kept with it. Source of the wording: words §5.3, 7."""

    code: ClassVar[str] = "whistle_sheet"
    label: ClassVar[str] = "吹哨报到单"
    template: ClassVar[str] = "papers/kinds/whistle_sheet.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        whistle: str,
        project: str,
        blocker: str,
        units: int,
        place: str,
        meet_at: str,
        asked: str,
        calls: Sequence[tuple[str, int, str, str, date | None]],
        done: str,
    ) -> Snapshot:
        """Return the sheet as primitives; `calls` are department, days to answer, when it came, answer, its day."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "verify": {},
            "whistle": whistle,
            "project": project,
            "blocker": blocker,
            "units": units,
            "place": place,
            "meet_at": meet_at,
            "asked": in_one_sentence(asked),
            "done": in_one_sentence(done),
            "calls": [
                [organ, limit, came, answer, answered.isoformat() if answered else ""]
                for organ, limit, came, answer, answered in calls
            ],
        }
