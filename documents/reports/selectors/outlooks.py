"""What a month tells besides its counts (forecast, promises, instructions): as frozen, or made for its reader."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from commitments.selectors.promises_then import promises_on
from documents.reports.hotline import HOTLINE, hotline_rows
from documents.reports.outlook import CITY, HISTORY, LEVELS, OUTLOOK, PROJECT, Ahead, outlook_rows
from documents.reports.selectors.instructions import unanswered_rows
from documents.reports.selectors.terms import Terms
from documents.reports.sheets import INSTRUCTIONS, PROMISES, promise_rows
from projects.casework.selectors.opening_days import opening_days
from projects.leads.selectors.rates import rate_table
from projects.ledger.selectors.paces import issued_paces
from registry.kernel.authority import system_actor
from registry.kernel.periods import Month
from registry.store.clock import SHANGHAI

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
MADE: Final = (OUTLOOK, PROMISES, INSTRUCTIONS, HOTLINE)  # of an open month, when they are asked for


def made_outlook(
    rows: Rows, *, month: Month, known_at: datetime, levels: Iterable[str] = LEVELS
) -> list[dict[str, Any]]:
    """Make the forecast of a month from its entries. Five queries."""
    on = _day(month, known_at)
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


def made_promises(rows: Rows, *, month: Month, known_at: datetime) -> list[dict[str, Any]]:
    """List the promises of the projects of a month. Four queries."""
    return promise_rows(promises_on(_day(month, known_at)), (entry["code"] for entry in rows["projects"]))


def made_instructions(rows: Rows, *, month: Month, known_at: datetime) -> list[dict[str, Any]]:
    """List what leaders wrote on the bulletins of the months before and is not answered. Two queries."""
    return unanswered_rows(before=month, on=_day(month, known_at))


def made_hotline(rows: Rows, *, month: Month, known_at: datetime) -> list[dict[str, Any]]:
    """Count the rates of the hotline's month by district, as known at the moment. Some thirty queries."""
    return hotline_rows(rate_table(system_actor("月报"), month, "district", now=known_at, known_at=known_at))


def with_made(rows: Rows, *, month: Month, known_at: datetime) -> dict[str, Any]:
    """Return the rows of a month with all that is made of it, as it is frozen. Some forty queries."""
    made = {
        OUTLOOK.code: made_outlook(rows, month=month, known_at=known_at),
        PROMISES.code: made_promises(rows, month=month, known_at=known_at),
        INSTRUCTIONS.code: made_instructions(rows, month=month, known_at=known_at),
        HOTLINE.code: made_hotline(rows, month=month, known_at=known_at),
    }
    return {**rows, **made}


def made_rows(rows: Rows, code: str, *, month: Month, known_at: datetime, is_closed: bool) -> list[dict[str, Any]]:
    """Return a sheet that is made: frozen as it is; none for a month closed before there was any."""
    if code in rows or is_closed or "terms" not in rows:
        return list(map(dict, rows.get(code, ())))
    makers: Mapping[str, Callable[..., list[dict[str, Any]]]] = {
        OUTLOOK.code: made_outlook, PROMISES.code: made_promises, INSTRUCTIONS.code: made_instructions,
        HOTLINE.code: made_hotline,
    }  # fmt: skip
    return makers[code](rows, month=month, known_at=known_at)


def headline(rows: Rows, *, month: Month, known_at: datetime, is_closed: bool) -> dict[str, Any] | None:
    """Return the broadest line that the reader may see, if there is one: of the city, their district, their project."""
    if OUTLOOK.code in rows or is_closed or "terms" not in rows:
        kept = rows.get(OUTLOOK.code, ())
        return dict(kept[0]) if kept and (kept[0]["level"] != PROJECT or len(kept) == 1) else None
    return made_outlook(rows, month=month, known_at=known_at, levels=(CITY,))[0]


def _day(month: Month, known_at: datetime) -> date:
    return min(month.last, known_at.astimezone(SHANGHAI).date())
