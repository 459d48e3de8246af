"""The forecast of a month: as it was frozen, or made now from what its reader may see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from documents.reports.outlook import CITY, HISTORY, LEVELS, OUTLOOK, PROJECT, Ahead, outlook_rows
from documents.reports.selectors.terms import Terms
from projects.casework.selectors.opening_days import opening_days
from projects.ledger.selectors.paces import issued_paces
from registry.kernel.periods import Month
from registry.store.clock import SHANGHAI

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def made_outlook(
    rows: Rows, *, month: Month, known_at: datetime, levels: Iterable[str] = LEVELS
) -> list[dict[str, Any]]:
    """Make the forecast of a month from its entries. Five queries."""
    on = min(month.last, known_at.astimezone(SHANGHAI).date())
    codes = [entry["code"] for entry in rows["projects"]]
    ahead = Ahead(
        month,
        on,
        issued_paces(since=Month.of(on).plus(-HISTORY).first, on=on, known_at=known_at),
        opening_days(codes, on=on),
        {row["code"]: row["target_on"] for row in rows["ledger"]},
        Terms.of(rows["terms"][0]),
    )
    return outlook_rows(list(rows["projects"]), ahead, levels=levels)


def with_outlook(rows: Rows, *, month: Month, known_at: datetime) -> dict[str, Any]:
    """Return the rows of a month with its forecast, as it is frozen or kept. Five queries."""
    return {**rows, OUTLOOK.code: made_outlook(rows, month=month, known_at=known_at)}


def outlook_of(rows: Rows, *, month: Month, known_at: datetime, is_closed: bool) -> list[dict[str, Any]]:
    """Return every line of the forecast: frozen ones as they are; none for a month closed before there were any."""
    if OUTLOOK.code in rows or is_closed or "terms" not in rows:
        return list(map(dict, rows.get(OUTLOOK.code, ())))
    return made_outlook(rows, month=month, known_at=known_at)


def headline(rows: Rows, *, month: Month, known_at: datetime, is_closed: bool) -> dict[str, Any] | None:
    """Return the broadest line that the reader may see, if there is one: of the city, their district, their project."""
    if OUTLOOK.code in rows or is_closed or "terms" not in rows:
        kept = rows.get(OUTLOOK.code, ())
        return dict(kept[0]) if kept and (kept[0]["level"] != PROJECT or len(kept) == 1) else None
    return made_outlook(rows, month=month, known_at=known_at, levels=(CITY,))[0]
