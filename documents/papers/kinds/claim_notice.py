"""领证通知书: a family whose certificate is made is told when, where and with what to fetch it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot

ALL_COME: Final = "共有人均须到场，不能到场的出具授权委托书。"
ONE_COMES: Final = "可由一位共有人领取，其余共有人出具授权委托书。"


class ClaimNotice(Kind):
    """The notice that a certificate waits to be fetched. Source of the wording: words §5.3, 1."""

    code: ClassVar[str] = "claim_notice"
    label: ClassVar[str] = "领证通知书"
    template: ClassVar[str] = "papers/kinds/claim_notice.html"
    version: ClassVar[str] = "3"
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
        remark: str,
        place: str,
        phone: str,
        settings: Mapping[str, Any],
    ) -> Snapshot:
        """Return the notice of one home as primitives. `starts` and `ends` are working days; `numbers` may be none.

        `remark` is what is to be said of the days; `settings` are those of the district's office.
        """
        hours = settings["office.hours"]
        each = ALL_COME if settings["claim.all"] else ONE_COMES
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
                "hours": f"工作日{hours}",
                "note": remark or "法定节假日、休息日不办",
            },
            "place": place,
            "who": f"权利人本人带身份证件原件。{each if len(recipients) > 1 else ''}",
            "proxy": "带双方身份证件原件和授权委托书；委托书须经公证，"
            f"或由委托人与受托人共同到{settings['office.signing']}当面签署。",
            "check": "领取时请核对权利人姓名、坐落、面积、用途、附记，无误后在签收表上签字。",
            "late": f"逾期未领的，证书由驻场服务点或{settings['office.registry']}保管，不影响您的权利；可电话改约。",
            "contact": {"phone": phone, "hours": f"工作日{hours}"},
            "verify": {},
        }
