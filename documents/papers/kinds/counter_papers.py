"""材料接收清单 and 材料补充告知单: what the on-site office took in, and everything that lacks, told once.

Neither is a 受理凭证 of the registry, and both say so. Source of the wording: words §5.3, 2 and 3.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot

NO_ACCEPTANCE: Final = "本单不是登记机构的受理凭证。"


def _common(
    *,
    title: str,
    issuer: str,
    issued_on: date,
    recipients: Sequence[str],
    location: str,
    came_on: date,
    bring_by: date,
    code: str,
    homes: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> Snapshot:
    return {
        "title": title,
        "keep": [],
        "heading": "",
        "issuer": issuer,
        "issued_on": issued_on.isoformat(),
        "recipients": "、".join(recipients) or "权利人",
        "location": location,
        "came_on": came_on.isoformat(),
        "bring_by": bring_by.isoformat(),
        "code": code,
        "homes": [
            {
                "place": home["place"],
                "taken": list(home["taken"]),
                "lacks": list(home["lacks"]),
                "is_complete": home["is_complete"],
            }
            for home in homes
        ],
        "registry": settings["office.registry"],
        "place": settings["office.place"] or "驻场办证服务点",
        "hours": f"工作日{settings['office.hours']}",
        "phone": settings["office.phone"],
        "no_acceptance": NO_ACCEPTANCE,
    }


class CollectionReceipt(Kind):
    """The receipt of the papers that a family handed in, for all of its homes."""

    code: ClassVar[str] = "collection_receipt"
    label: ClassVar[str] = "材料接收清单"
    template: ClassVar[str] = "papers/kinds/collection_receipt.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    names_people: ClassVar[bool] = True
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(cls, **words: Any) -> Snapshot:
        """Return the receipt of one visit as primitives."""
        said = _common(title=cls.label, **words)
        taken = [paper for home in said["homes"] for paper in home["taken"]]
        return {**said, "kinds": len(taken), "copies": sum(paper["copies"] for paper in taken)}


class SupplementNotice(Kind):
    """Everything that still lacks for the homes of a family, told once."""

    code: ClassVar[str] = "supplement_notice"
    label: ClassVar[str] = "材料补充告知单"
    template: ClassVar[str] = "papers/kinds/supplement_notice.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    names_people: ClassVar[bool] = True
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(cls, **words: Any) -> Snapshot:
        """Return the notice of one visit as primitives."""
        return _common(title=cls.label, **words)
