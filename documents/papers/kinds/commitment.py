"""政府承诺函, in letter form between organs."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Final

from documents.papers.kinds.base import Kind, Snapshot

SUPERVISION: Final = (
    "承诺事项核验完成之前，除外范围的房屋不因本承诺办理登记；我单位定期巡查，发现交易或者加建的，"
    "即函告登记机构、住房和城乡建设、规划和自然资源部门。"
)


class CommitmentLetter(Kind):
    """The township's letter: what it promises, by when, proven how, verified by whom, and for which homes."""

    code: ClassVar[str] = "commitment"
    label: ClassVar[str] = "政府承诺函"
    template: ClassVar[str] = "papers/kinds/commitment.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    has_red_head: ClassVar[bool] = True
    archive: ClassVar[str] = "永久"

    @classmethod
    def snapshot(
        cls,
        *,
        title: str,
        project: str,
        organ: str,
        recipient: str,
        issued_on: date,
        fault: str,
        obligations: Sequence[dict[str, Any]],
        scope_in: Sequence[str],
        scope_out: Sequence[str],
        effects: Sequence[dict[str, str]],
        liability: str,
        basis: str = "",
        performer: str = "",
        undertaking_no: str = "",
        supervisor: str = "",
        advance_source: str = "",
        phone: str = "",
        person: str = "",
    ) -> Snapshot:
        """Return the letter as primitives."""
        return {
            "title": title,
            "keep": [project],
            "organ": organ,
            "marks": [],
            "to": recipient,
            "issued_on": issued_on.isoformat(),
            "facts": [line for line in fault.splitlines() if line.strip()],
            "lead": f"{f'依据{basis}，' if basis else ''}为保障无过错购房人的合法权益，按照“无错优先”原则，现就有关事项承诺如下：",
            "obligations": list(obligations),
            "scope_in": list(scope_in),
            "scope_in_note": "",
            "scope_out": list(scope_out),
            "effects": list(effects),
            "supervision": [
                line for line in (_performed(performer, undertaking_no), SUPERVISION, _watched(supervisor)) if line
            ],
            "liability": [
                liability or "承诺事项逾期未完成的，我单位依法依规承担责任，并继续督促整改到位。",
                *([f"需要先行垫付的，资金来源：{advance_source.rstrip('。')}。"] if advance_source else []),
            ],
            "closing": ["全部承诺事项经核验单位核验，并报工作专班同意后销号。"],
            "attachments": [],
            "contact": {"person": person, "phone": phone},
            "cc": "",
        }


def _performed(performer: str, undertaking_no: str) -> str:
    if not performer:
        return ""
    backed = f"，并已向我单位出具企业承诺书（{undertaking_no}），承担同等义务" if undertaking_no else ""
    return f"整改由{performer}实施{backed}。"


def _watched(supervisor: str) -> str:
    return f"本承诺事项由{supervisor}监督检查。" if supervisor else ""
