"""办证通知书: the on-site office tells a family when, where and with what to come. A company paper: no red head."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class CertNotice(Kind):
    """The notice to a family that its home can be registered."""

    code: ClassVar[str] = "cert_notice"
    label: ClassVar[str] = "办证通知书"
    template: ClassVar[str] = "papers/kinds/cert_notice.html"
    version: ClassVar[str] = "2"
    is_official: ClassVar[bool] = False
    names_people: ClassVar[bool] = True
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        issuer: str,
        issued_on: date,
        recipients: str,
        location: str,
        use: str,
        area: str,
        materials: Sequence[Mapping[str, str]],
        place: str,
        phone: str,
    ) -> Snapshot:
        """Return the notice of one home as primitives.

        `materials` are name, form, condition and note of each paper: those always asked for make the table, those on a
        condition one sentence below it, so that the notice keeps to its page.
        """
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "issuer": issuer,
            "issued_on": issued_on.isoformat(),
            "recipients": recipients,
            "opening": "",
            "location": location,
            "home": {"use": use, "area": area},
            "appointment": "",
            "window": {
                "from": (issued_on + timedelta(days=5)).isoformat(),
                "to": (issued_on + timedelta(days=35)).isoformat(),
                "hours": "9:00—11:30，13:30—17:00",
                "note": "周六、周日不办",
            },
            "place": place,
            "materials": [
                {"name": material["name"], "form": material["form"], "note": material["note"]}
                for material in materials
                if not material["condition"]
            ],
            "also": [dict(material) for material in materials if material["condition"]],
            "fees": _fees(),
            "fee_note": "除上列费用外，办证不收取任何费用，也不需要找人代办。",
            "proxy": "可以委托他人办理。受托人携带双方身份证原件和授权委托书；委托书须经公证，或由委托人在办证窗口当面签署。",
            "late": "逾期不影响您办证的权利，也不收取滞纳费用。错过时间的，请电话改约；驻场结束后，到不动产登记中心办理。",
            "contact": {"phone": phone, "hours": "工作日9:00—17:00", "note": "也可到现场窗口查询办理进度。"},
            "verify": {},
        }


def _fees() -> list[dict[str, Any]]:
    return [
        {
            "name": "不动产登记费（住宅）",
            "amount": "80.00",
            "collector": "不动产登记中心",
            "note": "安置住房等按规定减免",
        },
        {"name": "契税", "amount": "按核定", "collector": "税务机关", "note": "符合条件的免征"},
        {"name": "住宅专项维修资金", "amount": "按核定", "collector": "住房资金管理机构", "note": "已交的出示凭证"},
    ]
