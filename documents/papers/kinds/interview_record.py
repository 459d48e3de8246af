"""约谈记录: who met whom about a promise that is late, what was said and pledged."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class InterviewRecord(Kind):
    """The record of one interview, kept beside the notice that called to it. Source of the wording: words §5.3, 13."""

    code: ClassVar[str] = "interview_record"
    label: ClassVar[str] = "约谈记录"
    template: ClassVar[str] = "papers/kinds/interview_record.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "永久"

    @classmethod
    def snapshot(
        cls,
        *,
        project: str,
        promisor: str,
        letter: str,
        ordinal: int,
        what: str,
        due_on: date,
        late: int,
        summons: str,
        earlier: Sequence[str],
        held_on: date,
        place: str,
        interviewer: str,
        interviewed: str,
        attending: str,
        recorder: str,
        said: str,
        opinion: str,
        pledge: str,
    ) -> Snapshot:
        """Return the record as primitives; `late` are the days past the due day on the day of the interview."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "verify": {},
            "project": project,
            "promisor": promisor,
            "letter": letter,
            "ordinal": ordinal,
            "what": what,
            "due_on": due_on.isoformat(),
            "late": late,
            "summons": summons,
            "earlier": list(earlier),
            "held_on": held_on.isoformat(),
            "place": place,
            "interviewer": interviewer,
            "interviewed": interviewed,
            "attending": attending,
            "recorder": recorder,
            "said": [line.strip() for line in said.splitlines() if line.strip()],
            "opinion": [line.strip() for line in opinion.splitlines() if line.strip()],
            "pledge": [line.strip() for line in pledge.splitlines() if line.strip()],
        }
