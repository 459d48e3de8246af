"""A closed month and what was said of it later: figures side by side, for what a reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from documents.reports.changes import bridge_in, stage_rows
from documents.reports.models import MonthClose, MonthRestatement
from projects.ledger.models import Project
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.periods import Month
from registry.store.scoping import CITY

RESTATE = "month.restate"


@dataclass(frozen=True)
class Versions:
    """The versions of a month: as closed first, then each restatement, with the figures of all of them."""

    close: MonthClose
    restatements: Sequence[MonthRestatement]
    figures: Sequence[tuple[str, str, Sequence[int], int]]  # label, unit, number by version, last less first


def closed_month(month: Month) -> MonthClose:
    """Find a closed month. One query."""
    close: MonthClose | None = MonthClose.objects.select_related("closed_by").filter(month=str(month)).first()
    if close is None:
        raise NotFound(f"{month.label}尚未结账，没有可以对照的版本。")
    return close


def versions_of(actor: Actor, month: Month) -> Versions:
    """Return the versions of a closed month, of the projects that the actor may see. Three queries."""
    close = closed_month(month)
    restatements = list(close.restatements.select_related("restated_by").order_by("version"))
    whole = [close.rows, *(restatement.rows for restatement in restatements)]
    if "projects" not in close.rows:
        return Versions(close, restatements, [])
    codes = None if actor.role in CITY else set(Project.objects.visible_to(actor).values_list("code", flat=True))
    closings = [_closings(rows, codes) for rows in whole]
    figures = [
        (label, unit, [closing.get(code, (label, unit, 0))[2] for closing in closings], 0)
        for code, (label, unit, _) in closings[0].items()
    ]
    return Versions(close, restatements, [(*row[:3], row[2][-1] - row[2][0]) for row in figures])


def _closings(rows: Mapping[str, Any], codes: set[str] | None) -> dict[str, tuple[str, str, int]]:
    entries = [entry for entry in rows["projects"] if codes is None or entry["code"] in codes]
    stages = stage_rows(entries, bridge_in(entries))
    return {row["code"]: (row["label"], row["unit"], row["closing"]) for row in stages}


def differences(close: MonthClose, rows: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Return the figures of the whole that a later count gives otherwise: label, as closed, as known then. No query."""
    before, after = _closings(close.rows, None), _closings(rows, None)
    return [
        (label, number, after[code][2])
        for code, (label, _, number) in before.items()
        if code in after and after[code][2] != number
    ]
