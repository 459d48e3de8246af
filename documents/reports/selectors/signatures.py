"""Who reports which part of a month, and whether what they signed is what is counted now."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from documents.reports.choices import BY_TOWNS, SIGNED_FIRST, SignatureKind
from documents.reports.entries import Entry
from documents.reports.models import MonthSignature
from registry.accounts.selectors.settings import setting_on
from registry.kernel.authority import Actor, Role
from registry.kernel.periods import Month

SIGNED: Final = ("code", "bridge", "risen", "fallen", "figures", "gates", "flow")
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Unit:
    """A unit of report and how its part stands: what it sums up to, who reported and who reviewed it."""

    area_code: str
    name: str
    is_district: bool
    figures: Mapping[str, int]
    corrections: int
    digest: str
    reports_itself: bool
    report: MonthSignature | None = None
    review: MonthSignature | None = None

    @property
    def signatures(self) -> tuple[MonthSignature | None, MonthSignature | None]:
        """The last report and the last review."""
        return self.report, self.review

    @property
    def is_reported(self) -> bool:
        """Whether what was reported is what is counted now."""
        return self.report is not None and self.report.rows_hash == self.digest

    @property
    def is_reviewed(self) -> bool:
        """The same of the review."""
        return self.review is not None and self.review.rows_hash == self.digest

    @property
    def state(self) -> str:
        """How the part stands, in words."""
        if self.is_district and self.review is not None:
            return "已审核" if self.is_reviewed else "审核后数有变动，须重新审核"
        if self.report is not None:
            return "已填报" if self.is_reported else "填报后数有变动，须重新填报"
        return "待填报" if self.reports_itself else "待审核"


def part_digest(entries: Sequence[Entry]) -> str:
    """Return the hash of a part of a month: of what was counted, without what a project is called today."""
    rows = [{name: entry[name] for name in SIGNED} for entry in sorted(entries, key=lambda entry: str(entry["code"]))]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def units_of(month: Month, rows: Rows) -> list[Unit]:
    """List the units of report of the projects of a month: districts, and their townships where those report.

    Three queries.
    """
    by_towns = bool(setting_on(BY_TOWNS, on=month.last))
    latest = {
        (signature.kind, signature.area_code): signature
        for signature in MonthSignature.objects.filter(month=str(month)).select_related("signed_by").order_by("id")
    }
    entries = [entry for entry in rows["projects"] if not entry["gone"]]
    units = []
    for code in sorted({entry["district_code"] for entry in entries}):
        own = [entry for entry in entries if entry["district_code"] == code]
        units.append(_unit(code, own[-1]["district"], own, rows, latest, is_district=True, reports_itself=not by_towns))
        if by_towns:
            for town in sorted({entry["township_code"] for entry in own}):
                part = [entry for entry in own if entry["township_code"] == town]
                units.append(
                    _unit(town, part[-1]["township"], part, rows, latest, is_district=False, reports_itself=True)
                )
    return units


def _unit(
    code: str, name: str, entries: Sequence[Entry], rows: Rows, latest: Mapping[tuple[str, str], MonthSignature], *,
    is_district: bool, reports_itself: bool,
) -> Unit:  # fmt: skip
    codes = {entry["code"] for entry in entries}
    figures = {name: sum(entry["figures"].get(name, 0) for entry in entries) for name in ("due", "issued", "remaining")}
    figures["issued_month"] = sum(entry["flow"]["issued_month"] for entry in entries)
    return Unit(
        code, name, is_district, figures, sum(row["code"] in codes for row in rows["corrections"]),
        part_digest(json.loads(json.dumps(entries))), reports_itself,
        latest.get((SignatureKind.REPORT.value, code)), latest.get((SignatureKind.REVIEW.value, code)),
    )  # fmt: skip


def units_seen_by(actor: Actor, units: Sequence[Unit]) -> list[Unit]:
    """Keep the units that a reader may see: a township its own, a district its own and its townships. No query."""
    if actor.role in (Role.CITY, Role.AUDITOR):
        return list(units)
    if actor.role == Role.DISTRICT:
        return [unit for unit in units if unit.area_code.startswith(actor.area_code)]
    return [unit for unit in units if unit.area_code == actor.area_code and not unit.is_district]


def is_asked_for(month: Month) -> bool:
    """Whether a month is closed only after its units signed. One query."""
    return bool(setting_on(SIGNED_FIRST, on=month.last))


def unsigned_units(month: Month, rows: Rows) -> str:
    """Say which units keep a month from its close, where a setting asks for their word; nothing if none.

    Four queries.
    """
    if not is_asked_for(month):
        return ""
    waiting = [
        unit for unit in units_of(month, rows)
        if (unit.is_district and not unit.is_reviewed) or (unit.reports_itself and not unit.is_reported)
    ]  # fmt: skip
    if not waiting:
        return ""
    named = "、".join(f"{unit.name}（{unit.state}）" for unit in waiting[:5])
    return f"{month.label}还有{len(waiting)}个单位未完成填报、审核：{named}"
