"""承诺事项销号确认单: that every promise of a letter was kept, proven how, verified by whom, closed by whom."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class ClosingRecord(Kind):
    """The record of a closed letter, kept with it. Source of the wording: words §5.3, 12."""

    code: ClassVar[str] = "closing_record"
    label: ClassVar[str] = "承诺事项销号确认单"
    template: ClassVar[str] = "papers/kinds/closing_record.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "永久"

    @classmethod
    def snapshot(
        cls,
        *,
        issuer: str,
        issued_on: date,
        project: str,
        letter: str,
        number: str,
        promisor: str,
        performer: str,
        obligations: Sequence[tuple[str, date, date, date | None, str, str, str]],
        asked: tuple[date | None, str],
        verified: tuple[date | None, str],
        closed_on: date | None,
        blockers: Sequence[tuple[str, int]],
    ) -> Snapshot:
        """Return the record as primitives.

        `obligations` are what, due, due at first, day of verification, proof, verifier, state; `asked` and `verified`
        the day and the person; `blockers` what the letter lifted, with its units.
        """
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "issuer": issuer,
            "issued_on": issued_on.isoformat(),
            "project": project,
            "letter": letter,
            "letter_number": number,
            "promisor": promisor,
            "performer": performer,
            "obligations": [
                {
                    "what": what,
                    "due_on": due.isoformat(),
                    "was_due_on": "" if due == original else original.isoformat(),
                    "verified_on": verified_on.isoformat() if verified_on else "",
                    "proof": proof,
                    "verifier": verifier,
                    "state": state,
                }
                for what, due, original, verified_on, proof, verifier, state in obligations
            ],
            "asked_on": asked[0].isoformat() if asked[0] else "",
            "asked_by": asked[1],
            "verified_on": verified[0].isoformat() if verified[0] else "",
            "verified_by": verified[1],
            "closed_on": closed_on.isoformat() if closed_on else "",
            "blockers": [[name, units] for name, units in blockers],
            "verify": {},
        }
