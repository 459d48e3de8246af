"""领证通知书: a family whose certificate is made is told when, where and with what to fetch it."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class ClaimNotice(Kind):
    """The notice that a certificate waits to be fetched. Source of the wording: words §5.3, 1."""

    code: ClassVar[str] = "claim_notice"
    label: ClassVar[str] = "领证通知书"
    template: ClassVar[str] = "papers/kinds/claim_notice.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    names_people: ClassVar[bool] = True
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        issuer: str,
        issued_on: date,
        recipients: Sequence[str],
        location: str,
        use: str,
        area: str,
        numbers: Sequence[str],
        starts: date,
        ends: date,
        place: str,
        phone: str,
    ) -> Snapshot:
        """Return the notice of one home as primitives. `starts` and `ends` are working days; `numbers` may be none."""
        each = "共有人均须到场，不能到场的出具授权委托书。" if len(recipients) > 1 else ""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "issuer": issuer,
            "issued_on": issued_on.isoformat(),
            "recipients": "、".join(recipients) or "权利人",
            "location": location,
            "home": {"use": use, "area": area},
            "numbers": list(numbers),
            "window": {
                "from": starts.isoformat(),
                "to": ends.isoformat(),
                "hours": "9:00—11:30，13:30—17:00",
                "note": "法定节假日和周六、周日不办",
            },
            "place": place,
            "who": f"权利人本人带身份证件原件。{each}",
            "proxy": "带双方身份证件原件和授权委托书；委托书须经公证，或由委托人在办证窗口当面签署。",
            "check": "领取时请核对权利人姓名、坐落、面积、用途、附记，无误后在签收表上签字。",
            "late": "逾期未领的，证书继续保管，不影响您的权利；可电话改约。",
            "contact": {"phone": phone, "hours": "工作日9:00—17:00"},
            "verify": {},
        }
