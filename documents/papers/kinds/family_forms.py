"""授权委托书 and 预约单: what a family takes along to the office: a form to sign, the half hour that was booked.

Source of the wording: words §5.3, 14; a 委托书 is signed before the registry or a notary, and the form says so.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot
from registry.kernel.periods import WEEKDAY_WORDS

MATTERS: Final = ("材料提交", "申请登记", "缴纳税费", "领取证书")


class PowerOfAttorney(Kind):
    """The form by which a holder lets another act; who that is, and for how long, is written by hand."""

    code: ClassVar[str] = "power_of_attorney"
    label: ClassVar[str] = "授权委托书"
    template: ClassVar[str] = "papers/kinds/power_of_attorney.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    names_people: ClassVar[bool] = True
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls, *, issued_on: date, recipients: Sequence[str], location: str, settings: Mapping[str, Any]
    ) -> Snapshot:
        """Return the form of one home as primitives; each holder signs one of its own."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "issuer": "",
            "issued_on": issued_on.isoformat(),
            "recipients": list(recipients),
            "location": location,
            "matters": list(MATTERS),
            "signing": settings["office.signing"],
            "registry": settings["office.registry"],
        }


class BookingSlip(Kind):
    """When and where a family is expected."""

    code: ClassVar[str] = "booking_slip"
    label: ClassVar[str] = "预约单"
    template: ClassVar[str] = "papers/kinds/booking_slip.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    names_people: ClassVar[bool] = True
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        issued_on: date,
        recipients: Sequence[str],
        location: str,
        day: date,
        at: str,
        is_claim: bool,
        settings: Mapping[str, Any],
    ) -> Snapshot:
        """Return the slip of one booking as primitives. `is_claim`: the certificate waits to be fetched."""
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "issuer": "",
            "issued_on": issued_on.isoformat(),
            "recipients": "、".join(recipients) or "权利人",
            "location": location,
            "day": day.isoformat(),
            "weekday": f"星期{WEEKDAY_WORDS[day.weekday()]}",
            "at": at,
            "place": settings["office.place"] or "驻场办证服务点",
            "bring": (
                "权利人本人带身份证件原件和领证通知书。"
                if is_claim
                else "权利人本人带身份证件原件，以及办证通知书所列材料。"
            )
            + "委托他人的，另带双方身份证件原件和授权委托书。",
            "phone": settings["office.phone"],
            "hours": f"工作日{settings['office.hours']}",
        }
