"""办证通知书: the on-site office tells a family when, where and with what to come. A company paper: no red head.

What it says of the home is derived from `state`, which the snapshot keeps: only a home that can be accepted is told
that it meets the conditions, and only that one is given a time. Source of the wording: words §5.2, 1.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot

READY: Final = "ready"
PREPARE: Final = "请先准备下列材料，具备条件后另行通知，不必现在到场。"


def opening(state: Mapping[str, Any]) -> str:
    """Return the first sentence of a notice: what the state of the home allows to be said, and no more."""
    home = "您的房屋"
    match state["code"]:
        case "ready":
            return f"{home}已具备申请不动产转移登记的条件，请按下列时间、地点提交材料。"
        case "paused":
            return f"{home}所在范围自{state['since']}起由{state['organ']}暂停受理。{PREPARE}"
        case "building":
            return f"{home}尚有{'、'.join(state['gates'])}未办结，暂不能受理。{PREPARE}"
        case "matter":
            return f"{home}尚有下列事项未办结，暂不能受理：{'；'.join(state['matters'])}。{PREPARE}"
    raise ValueError(state["code"])


class CertNotice(Kind):
    """The notice to a family about the registration of its home."""

    code: ClassVar[str] = "cert_notice"
    label: ClassVar[str] = "办证通知书"
    template: ClassVar[str] = "papers/kinds/cert_notice.html"
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
        recipients: str,
        location: str,
        use: str,
        area: str,
        state: Mapping[str, Any],
        materials: Sequence[Mapping[str, str]],
        fees: Sequence[Mapping[str, str]],
        window: tuple[date, date, str],
        place: str,
        phone: str,
        settings: Mapping[str, Any],
    ) -> Snapshot:
        """Return the notice of one home as primitives.

        `materials` are name, form, condition and note of each paper: those always asked for make the table, those on a
        condition one sentence below it, so that the notice keeps to its page. `window` are two working days and what is
        to be said of them; it is told to a home that can be accepted alone. `settings` are those of the district.
        """
        is_ready = state["code"] == READY
        starts, ends, remark = window
        hours, registry = settings["office.hours"], settings["office.registry"]
        come = {
            "from": starts.isoformat(),
            "to": ends.isoformat(),
            "hours": f"工作日{hours}",
            "note": remark,
        }
        return {
            "title": cls.label,
            "keep": [],
            "heading": "",
            "issuer": issuer,
            "issued_on": issued_on.isoformat(),
            "recipients": recipients,
            "state": dict(state),
            "opening": opening(state),
            "location": location,
            "home": {"use": use, "area": area},
            "appointment": "",
            "window": come if is_ready else {},
            "place": place,
            "heads": {
                "materials": "须提交的材料" if is_ready else "须准备的材料",
                "also": "有下列情形的，还须提交：",
                "proxy": "委托办理",
                "late": "未按时办理的",
            },
            "materials": [
                {"name": material["name"], "form": material["form"], "note": material["note"]}
                for material in materials
                if not material["condition"]
            ],
            "also": [dict(material) for material in materials if material["condition"]],
            "fees": [dict(fee) for fee in fees],
            "fee_note": f"除上列费用外不收取其他费用，无需委托中介代办。依据{settings['fee.basis']}。",
            "proxy": "携带双方身份证件原件和授权委托书；委托书须经公证，"
            f"或由委托人与受托人共同到{settings['office.signing']}当面签署。",
            "late": f"不影响您的权利，可电话改约；驻场结束后到{registry}办理。" if is_ready else "",
            "contact": {"phone": phone, "hours": f"工作日{hours}", "note": ""},
            "verify": {},
        }
