"""整改通知书: what an inspection saw that is not as promised, and by when it has to be mended."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from documents.papers.kinds.base import Kind, Snapshot, in_one_sentence


class RectificationNotice(Kind):
    """A township's notice to who has to mend: it urges, it does not punish. Source of the wording: words §5.3, 5."""

    code: ClassVar[str] = "rectification"
    label: ClassVar[str] = "整改通知书"
    template: ClassVar[str] = "papers/kinds/rectification.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    archive: ClassVar[str] = "30年"

    @classmethod
    def headed(cls, snapshot: Mapping[str, Any], *, organ: str, issued_on: date) -> Snapshot:
        """Put the organ under its words: a notice to a firm has no red head."""
        return {**snapshot, "issuer": organ, "issued_on": issued_on.isoformat()}

    @classmethod
    def snapshot(
        cls,
        *,
        recipient: str,
        project: str,
        place: str,
        letter: str,
        letter_number: str,
        ordinal: int,
        what: str,
        proof: str,
        verifier: str,
        inspected_on: date,
        seen: str,
        asked: str,
        mend_by: date,
        state_within: int,
        authority: str,
    ) -> Snapshot:
        """Return the notice as primitives; `asked` is a line each thing to be done, `seen` the facts."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "verify": {},
            "to": recipient,
            "project": project,
            "place": place,
            "letter": letter,
            "letter_number": letter_number,
            "ordinal": ordinal,
            "what": what,
            "proof": proof,
            "verifier": verifier,
            "inspected_on": inspected_on.isoformat(),
            "seen": in_one_sentence(seen),
            "asked": [line.strip().rstrip("；。") for line in asked.splitlines() if line.strip()],
            "mend_by": mend_by.isoformat(),
            "state_within": state_within,
            "authority": authority,
        }
