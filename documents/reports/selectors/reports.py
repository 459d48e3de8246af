"""Reading months: which are closed, the rows of one, as its reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from documents.reports.changes import Scope
from documents.reports.figures import VERSION
from documents.reports.hotline import HOTLINE
from documents.reports.layouts import PARTS
from documents.reports.models import MonthClose, MonthCount
from documents.reports.monthly import part_of, total_rates, within
from documents.reports.outlook import DISTRICT, OUTLOOK
from documents.reports.parts import Part
from documents.reports.selectors.instructions import seen_by
from documents.reports.selectors.months import is_counted_apart, preview_month
from documents.reports.selectors.outlooks import MADE, made_rows
from documents.reports.selectors.terms import Terms
from documents.reports.sheets import INSTRUCTIONS, PROMISES
from projects.ledger.models import Project
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.periods import Month
from registry.kernel.rates import Rounding
from registry.store.scoping import CITY

RANKED: Final = ("ranking", "cells")  # of districts, one against another


class NotCounted(DomainError):
    """An open month of a large ledger of which there is no count yet."""


@dataclass(frozen=True)
class MonthView:
    """A month as shown: frozen, or computed now."""

    month: Month
    cut_off_on: date
    known_at: datetime
    rows: Mapping[str, list[dict[str, Any]]]
    is_closed: bool
    stamp: str
    version: str = VERSION
    faults: Sequence[str] = ()
    scope_name: str = ""
    is_apart: bool = False
    reader: Actor | None = None

    @property
    def has_changes(self) -> bool:
        """Whether it keeps the entries of its projects: months closed before them don't."""
        return "projects" in self.rows

    @property
    def is_open_to_make(self) -> bool:
        """Whether what a month tells besides its counts is made when it is asked for."""
        return not self.is_closed and "terms" in self.rows

    def sheet(self, part: Part) -> list[dict[str, Any]]:
        """Return the rows of a sheet. Four or five queries for one that is made."""
        if part not in MADE:
            return self.rows[part.code]
        rows = made_rows(self.rows, part.code, month=self.month, known_at=self.known_at, is_closed=self.is_closed)
        if part is INSTRUCTIONS and self.reader is not None:
            return [dict(row) for row in seen_by(self.reader, rows)]
        if part is HOTLINE and self.reader is not None and self.reader.role not in CITY:
            own = self.reader.area_code if self.reader.role == Role.DISTRICT else None
            return [row for row in rows if row["district_code"] == own]
        return rows

    @property
    def whole(self) -> Mapping[str, list[dict[str, Any]]]:
        """The rows with every sheet in them, for the workbook."""
        return {**self.rows, **{part.code: self.sheet(part) for part in self.parts}}

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sheets that it has: months closed before a sheet was made don't have it."""
        return tuple(part for part in PARTS if part.code in self.rows or (part in MADE and self.is_open_to_make))


def closed_months() -> list[MonthClose]:
    """List the closed months, newest first. One query."""
    return list(MonthClose.objects.select_related("closed_by").order_by("-month"))


def month_view(actor: Actor, month: Month, *, now: datetime) -> MonthView:
    """Return a month's rows: frozen if it is closed, else as known now; the actor's part of them.

    The city and the auditors see the whole; everybody else the lines of the projects that they may see, and sums of
    them. Of a closed month both come from what was frozen: it is computed again, as known then, only where it was
    closed before the entries of projects were kept. An open month of a large ledger is as it was counted last.
    """
    closed = MonthClose.objects.filter(month=str(month)).first()
    rows: Mapping[str, list[dict[str, Any]]]
    faults: Sequence[str] = ()
    is_apart = closed is None and is_counted_apart()
    if is_apart:
        count = MonthCount.objects.filter(month=str(month)).first()
        if count is None:
            raise NotCounted(f"{month.label}月报尚未计算。请在月报页上点“现在计算”，算完再看。")
        rows, stamp, now, faults = count.rows, "未结账，按截至时刻计算", count.known_at, count.faults
    elif closed is None:
        computed = preview_month(month=month)
        rows, stamp, faults = computed.rows, "未结账，随台账变动", computed.faults
    else:
        rows, stamp = closed.rows, f"已结账，校验 {closed.rows_hash[:12]}"
    if actor.role not in CITY:
        rows, kept = _own(actor, month, closed, rows)
        stamp = f"{stamp if closed is None else '已结账'}；只含本人可见的{kept}个项目"
    if closed is None:
        return MonthView(month, month.last, now, rows, False, stamp, faults=faults, is_apart=is_apart, reader=actor)
    return MonthView(month, closed.cut_off_on, closed.known_at, rows, True, stamp, closed.figures_version, reader=actor)


def view_within(view: MonthView, scope: Scope) -> MonthView:
    """Return a month for a district, a township or a project of what its reader may see. Refused: one without any."""
    here = [entry for entry in view.rows["projects"] if scope.has(entry)] if view.has_changes else []
    if not here:
        raise NotFound("这个月的月报里没有这个区、街乡或项目。请从月报的表里点进来。")
    first = here[0]
    name = first["name"] if scope.code else first["township"] if scope.township else first["district"]
    return replace(view, rows=within(view.rows, scope), scope_name=name)


def _own(
    actor: Actor, month: Month, closed: MonthClose | None, rows: Mapping[str, list[dict[str, Any]]]
) -> tuple[Mapping[str, list[dict[str, Any]]], int]:
    """Return the rows of the projects that the actor may see, in the words of the month. One query."""
    own = set(Project.objects.visible_to(actor).values_list("code", flat=True))
    labels = {row["code"]: row["label"] for row in rows["types"]}
    if "projects" in rows:
        part = _ranked(part_of(rows, own, labels, month), actor)
    elif closed is not None:
        again = preview_month(month=month, known_at=closed.known_at).rows
        ledger = [row for row in rows["ledger"] if row["code"] in own]
        counted = part_of({**again, "ledger": ledger}, own, labels, month)
        part = {name: counted[name] for name in rows if name in counted} | {"definitions": rows["definitions"]}
    return part, len(part["ledger"])


def _is_own_district(row: Mapping[str, Any], actor: Actor) -> bool:
    return actor.role == Role.DISTRICT and row["level"] == DISTRICT and row["district_code"] == actor.area_code


def _ranked(rows: dict[str, list[dict[str, Any]]], actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Keep of ranking and forecast what a reader may see: a district its own lines and place; others their projects."""
    district = actor.area_code if actor.role == Role.DISTRICT else None
    codes = {entry["code"] for entry in rows["projects"]}
    for name in RANKED:
        if name in rows:
            rows = {**rows, name: [row for row in rows[name] if row["district_code"] == district]}
    if OUTLOOK.code in rows:
        own = [row for row in rows[OUTLOOK.code] if row["code"] in codes or _is_own_district(row, actor)]
        rows = {**rows, OUTLOOK.code: own}
    if PROMISES.code in rows:
        rows = {**rows, PROMISES.code: [row for row in rows[PROMISES.code] if row["code"] in codes]}
    if "terms" in rows:
        rows = {**rows, "terms": [Terms.of(kept).within(district).kept() for kept in rows["terms"]]}
    return rows


def totals_of(columns: Any, rows: list[dict[str, Any]], rounding: Rounding = "half_up") -> dict[str, Any]:
    """Sum what a sheet sums, for the page's last row."""
    totals: dict[str, Any] = {c.name: sum(c.read(row) or 0 for row in rows) for c in columns if c.total}
    return totals | total_rates(rows, rounding) if "issued" in totals else totals
