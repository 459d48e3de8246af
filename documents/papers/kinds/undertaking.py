"""企业承诺书: what a firm undertakes so that the township's letter may stand."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot

HOMES: Final = "整改完成前，不处置不列入承诺范围的房屋，不设定新的抵押；期间发生转让的，及时书面告知你单位。"
LIABILITY: Final = "逾期未完成的，我单位依法承担责任。"


class Undertaking(Kind):
    """A firm's undertaking, item by item as the letter has them. Source of the wording: words §5.3, 4."""

    code: ClassVar[str] = "undertaking"
    label: ClassVar[str] = "企业承诺书"
    template: ClassVar[str] = "papers/kinds/undertaking.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "永久"

    @classmethod
    def snapshot(
        cls,
        *,
        project: str,
        recipient: str,
        letter: str,
        letter_number: str,
        obligations: Sequence[Mapping[str, Any]],
        supervisor: str,
        funds: str,
        contact: str,
    ) -> Snapshot:
        """Return the undertaking as primitives; `obligations` have what, measure, due_on, proof."""
        return {
            "title": f"关于{project}整改事项的企业承诺书",
            "keep": [project, "企业承诺书"],
            "heading": "",
            "verify": {},
            "to": recipient,
            "project": project,
            "letter": letter,
            "letter_number": letter_number,
            "obligations": [dict(each) for each in obligations],
            "supervisor": supervisor,
            "funds": funds.rstrip("。"),
            "homes": HOMES,
            "liability": LIABILITY,
            "contact": contact,
        }
