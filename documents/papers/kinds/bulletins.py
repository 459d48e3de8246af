"""月度通报 of a closed month, as a bulletin and as an official circular; 进展快报 of a week.

Their figures come from the month (`documents.reports`), which hands them over as primitives; no kind counts anything.
Source: practice §4.6, look-3 §4, words §5.3 no 10.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from documents.papers.kinds.base import Kind, Snapshot


class MonthBulletin(Kind):
    """简报体: issued by number, reported and sent, without a seal."""

    code: ClassVar[str] = "month_bulletin"
    label: ClassVar[str] = "月度通报"
    template: ClassVar[str] = "papers/kinds/month_bulletin.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    archive: ClassVar[str] = "永久"

    @classmethod
    def number(cls, prefix: str, year: int, serial: int) -> str:
        """Count the issues of a year: 〔2022〕第2期."""
        return f"{prefix}〔{year}〕第{serial}期"

    @classmethod
    def headed(cls, snapshot: Mapping[str, Any], *, organ: str, issued_on: date) -> Snapshot:
        """Put the organ where a bulletin has it: under its masthead."""
        return {**snapshot, "issuer": organ, "issued_on": issued_on.isoformat()}

    @classmethod
    def completed(cls, snapshot: Mapping[str, Any], *, number: str, made_at: str, digest: str) -> Snapshot:
        """Add the number; the masthead prints what follows the name of the series."""
        full = super().completed(snapshot, number=number, made_at=made_at, digest=digest)
        _, mark, rest = number.partition("〔")
        return {**full, "issue": f"{mark}{rest}" or number}

    @classmethod
    def snapshot(
        cls,
        *,
        place: str,
        month: str,
        sections: Sequence[tuple[str, str]],
        tables: Sequence[Mapping[str, Any]],
        months: Sequence[tuple[str, int, str]],
        ahead: Mapping[str, Any],
        report_to: str,
        send_to: str,
        basis: str,
    ) -> Snapshot:
        """Return the bulletin as primitives."""
        return {
            "masthead": "历史遗留项目办证月度通报",
            "title": f"{month}{place}办证进展情况",
            "keep": [month, place],
            "sections": [[head, text] for head, text in sections],
            "tables": [dict(table) for table in tables],
            "months": [list(row) for row in months],
            "ahead": dict(ahead),
            "report_to": report_to,
            "send_to": send_to,
            "basis": basis,
        }


class MonthCircular(Kind):
    """公文体: a numbered circular of the government office or the leading group, with the place of its seal."""

    code: ClassVar[str] = "month_circular"
    label: ClassVar[str] = "月度通报（公文）"
    template: ClassVar[str] = "papers/kinds/month_circular.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = True
    has_red_head: ClassVar[bool] = True
    archive: ClassVar[str] = "永久"

    @classmethod
    def snapshot(
        cls,
        *,
        place: str,
        month: str,
        sections: Sequence[tuple[str, str]],
        tables: Sequence[Mapping[str, Any]],
        months: Sequence[tuple[str, int, str]],
        ahead: Mapping[str, Any],
        report_to: str,
        send_to: str,
        basis: str,
    ) -> Snapshot:
        """Return the circular as primitives: its tables are attachments; charts are the bulletin's alone."""
        return {
            "title": f"关于{month}历史遗留项目不动产登记问题化解工作情况的通报",
            "keep": [month],
            "organ": "",
            "marks": [],
            "to": send_to.rstrip("。"),
            "sections": [[head, text] for head, text in sections],
            "basis": basis,
            "attachments": [
                {
                    "title": f"{month}{table['title']}",
                    "note": "；".join(said for said in (f"单位：{table['unit']}", table["note"]) if said),
                    "columns": table["columns"] if table["rows"] else [],
                    "rows": table["rows"],
                    "total": table["total"],
                }
                for table in tables
            ],
            "contact": {"person": "", "phone": ""},
            "cc": report_to.rstrip("。"),
        }


class ProgressFlash(Kind):
    """快报 for a dispatch meeting: the same figures of a month that runs, marked as not closed."""

    code: ClassVar[str] = "progress_flash"
    label: ClassVar[str] = "进展快报"
    template: ClassVar[str] = "papers/kinds/bulletin.html"
    version: ClassVar[str] = "1"
    is_official: ClassVar[bool] = False
    archive: ClassVar[str] = "10年"

    @classmethod
    def snapshot(
        cls,
        *,
        place: str,
        as_of: str,
        definition: str,
        figures: Sequence[tuple[str, int, Sequence[str]]],
        lead: Sequence[str],
        tables: Sequence[Mapping[str, Any]],
    ) -> Snapshot:
        """Return the flash as primitives; `figures` are name, number and what is said under it."""
        return {
            "title": f"{place}历史遗留项目办证进展快报（未结账）",
            "keep": [place],
            "as_of": as_of,
            "definition": definition,
            "figures": [
                {"name": name, "value": f"{number:,}", "unit": "套", "split": list(split)}
                for name, number, split in figures
            ],
            "lead": list(lead),
            "sections": [
                {
                    "title": table["title"], "unit": table["unit"], "bars": [], "columns": table["columns"],
                    "rows": table["rows"], "total": table["total"], "notes": [table["note"]] if table["note"] else [],
                }
                for table in tables
            ],
            "notes": ["本快报的数随台账变动，未经结账，不作为通报、考核依据；结账数以月度通报为准。"],
        }  # fmt: skip
