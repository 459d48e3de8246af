"""The tickets of a month as the report reads them: by district, township, project or executor, as known at a moment."""

from datetime import date, datetime, timedelta

from projects.leads.selectors.rates import DIMENSIONS, RateTable, rate_table
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.periods import Month, midnight_before
from registry.store.clock import database_now


def month_of_tickets(actor: Actor, month: Month, *, by: str, on: date, known_at: datetime | None = None) -> RateTable:
    """Return the rates of a month of the hotline by one dimension of DIMENSIONS, nothing of a caller in them.

    `on` is the last day on which a contact may have fallen due; `known_at` (None: as known now) is of every row, rule
    and place behind a figure, so a sealed month reads the same for ever. A project merged or split since counts where
    it stood then. Some thirty queries.
    """
    if by not in DIMENSIONS:
        raise NotFound("没有这种分类。请从三率列表进入。")
    until = midnight_before(on + timedelta(days=1))
    return rate_table(actor, month, by, now=min(until, database_now()), known_at=known_at)
