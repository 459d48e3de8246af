"""材料移交清单 and 不动产权证书领取签收表: what went from one organisation to another, and who fetches certificates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class HandoverList(Kind):
    """The list that goes with the bags, signed on both sides. Source of the wording: words §5.3, 9."""

    code: ClassVar[str] = "handover_list"
    label: ClassVar[str] = "材料移交清单"
    template: ClassVar[str] = "papers/kinds/handover_list.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        manifest: str,
        code: str,
        project: str,
        purpose: str,
        sender: str,
        receiver: str,
        way: str,
        sent: str,
        signed: str,
        due_on: date | None,
        lines: Sequence[Mapping[str, Any]],
        back: Sequence[Mapping[str, Any]],
    ) -> Snapshot:
        """Return the list as primitives; `lines` say place, holders (masked), contents, copies, originals, note."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "verify": {},
            "manifest": manifest,
            "code": code,
            "project": project,
            "purpose": purpose,
            "sender": sender,
            "receiver": receiver,
            "way": way,
            "sent": sent,
            "signed": signed,
            "due_on": due_on.isoformat() if due_on else "",
            "lines": [dict(line) for line in lines],
            "back": [dict(line) for line in back],
            "homes": len({line["place"] for line in lines}),
            "copies": sum(line["copies"] for line in lines),
            "originals": sum(line["originals"] for line in lines),
        }


class SignatureSheet(Kind):
    """The sheet on which certificates are signed for, a line a certificate. Source of the wording: words §5.3, 15."""

    code: ClassVar[str] = "signature_sheet"
    label: ClassVar[str] = "不动产权证书领取签收表"
    template: ClassVar[str] = "papers/kinds/signature_sheet.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "永久"

    @classmethod
    def snapshot(cls, *, manifest: str, project: str, place: str, lines: Sequence[Mapping[str, Any]]) -> Snapshot:
        """Return the sheet as primitives; `lines` say place, holders (masked), number, blank; the rest is written."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "verify": {},
            "manifest": manifest,
            "project": project,
            "place": place,
            "lines": [dict(line) for line in lines],
        }
