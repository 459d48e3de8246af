"""The three rates by project, township, district and executor; what makes each, and what if one were excluded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from projects.leads.selectors.cases import ScoredTicket, scored_tickets
from projects.leads.selectors.rate_rules import hotline_month, rules_on
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import every_name
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.periods import Month, Period
from registry.kernel.tickets.rates import (
    Case,
    Placed,
    RateRules,
    Rates,
    growth,
    ranked,
    rates_of,
    unnamed,
)

DIMENSIONS: Final = {"district": "区", "township": "街道、乡镇", "project": "项目", "executor": "承办单位"}
NOWHERE: Final = {"district": "未定区", "township": "未定街道、乡镇", "project": "未匹配项目"}
NAMED_LAST: Final = 3  # units of each group that a meeting hears by name


@dataclass(frozen=True)
class RateRow:
    """One unit: its rates and where it stands."""

    key: str
    label: str
    rates: Rates
    placed: Placed


@dataclass(frozen=True)
class RateTable:
    """The rates of a month by one dimension, with all that says how they were counted."""

    month: Month
    period: Period
    by: str
    rules: RateRules
    rows: Sequence[RateRow]
    total: Rates
    excluded: int
    earlier: int
    categories: Sequence[tuple[str, int]]
    unlabelled: int

    @property
    def growth(self) -> str:
        """How the number of tickets moved against the month before, in words."""
        value = growth(self.total.tickets, self.earlier)
        return "上期无工单" if value is None else f"比上期{'增' if value >= 0 else '减'}{abs(value)}%"

    @property
    def named_last(self) -> list[RateRow]:
        """Whom a meeting hears by name: the last of each group that has more than twice as many, and their ties."""
        named = []
        for band in dict.fromkeys(row.placed.band for row in self.rows if row.placed.place is not None):
            own = [row for row in self.rows if row.placed.band == band and row.placed.place is not None]
            if len(own) > 2 * NAMED_LAST:
                least = sorted((row.placed.place or 0 for row in own), reverse=True)[NAMED_LAST - 1]
                named += [row for row in own if (row.placed.place or 0) >= least]
        return named


@dataclass(frozen=True)
class Explained:
    """One ticket of a unit's rates: how it counted, and what the unit's rates were without it."""

    ticket: ScoredTicket
    case: Case
    without: Rates


def rate_table(actor: Actor, month: Month, by: str, *, now: datetime, known_at: datetime | None = None) -> RateTable:
    """Count the rates of a month by a dimension, in the actor's reach, as known at a moment. Some thirty queries."""
    period = hotline_month(month, known_at=known_at)
    rules = rules_on(period.last, known_at=known_at)
    tickets, excluded = scored_tickets(actor, period, now=now, known_at=known_at)
    earlier, _ = scored_tickets(actor, hotline_month(month.previous, known_at=known_at), now=now, known_at=known_at)
    cases = _cases_by(tickets, by)
    labels = _labels(by, cases)
    rates = {key: rates_of(of_unit, rules) for key, of_unit in cases.items()}
    keys = [key for key in rates if key]
    placed = dict(zip(keys, ranked([rates[key] for key in keys], rules), strict=True))
    rows = [
        RateRow(key, labels.get(key, NOWHERE.get(by, key)), rates[key], placed.get(key, Placed("不参加排名", None, 0)))
        for key in rates
    ]
    rows.sort(
        key=lambda row: (-row.rates.tickets if row.placed.place is None else -(10**9), row.placed.place or 0, row.label)
    )
    counted = Counter(ticket.category for ticket in tickets if ticket.category)
    return RateTable(
        month=month, period=period, by=by, rules=rules, rows=rows,
        total=rates_of([ticket.case(ticket.in_time) for ticket in tickets], rules),
        excluded=len(excluded), earlier=len(earlier), categories=counted.most_common(8),
        unlabelled=unnamed(len(tickets), counted.values()),
    )  # fmt: skip


def explained_rates(
    actor: Actor, month: Month, by: str, key: str, *, now: datetime, known_at: datetime | None = None
) -> tuple[str, RateTable, Rates, list[Explained], list[ScoredTicket]]:
    """Return a unit's label, the table, its rates, each ticket behind them with what if, and those left out of them."""
    table = rate_table(actor, month, by, now=now, known_at=known_at)
    row = next((row for row in table.rows if row.key == key), None)
    if row is None:
        raise NotFound("该单位本期没有工单，或不在您的范围内。请从三率列表进入。")
    tickets, excluded = scored_tickets(actor, table.period, now=now, known_at=known_at)
    own = [(ticket, case) for ticket, each, case in _of_units(tickets, by) if each == key]
    cases = [case for _, case in own]
    rows = [
        Explained(ticket, case, rates_of(cases[:at] + cases[at + 1 :], table.rules))
        for at, (ticket, case) in enumerate(own)
    ]
    left = [ticket for ticket, each, _ in _of_units(excluded, by) if each == key]
    return row.label, table, row.rates, rows, left


def _of_units(tickets: Iterable[ScoredTicket], by: str) -> Iterable[tuple[ScoredTicket, str, Case]]:
    """Each ticket with the units that it counts for: both executors of a ticket are scored (双派双考)."""
    for ticket in tickets:
        if by == "executor":
            for part in ticket.parts:
                yield ticket, str(part.organisation_id), ticket.case(part.in_time)
            continue
        key = {"district": ticket.district_code, "township": ticket.township_code}.get(by, str(ticket.project_id or ""))
        yield ticket, key, ticket.case(ticket.in_time)


def _cases_by(tickets: Iterable[ScoredTicket], by: str) -> dict[str, list[Case]]:
    cases: dict[str, list[Case]] = defaultdict(list)
    for _, key, case in _of_units(tickets, by):
        cases[key].append(case)
    return cases


def _labels(by: str, keys: Iterable[str]) -> dict[str, str]:
    numbers = [int(key) for key in keys if key] if by in ("project", "executor") else []
    if by == "project":
        return {str(pk): name for pk, name in Project.objects.filter(pk__in=numbers).values_list("pk", "name")}
    if by == "executor":
        return {str(row.pk): str(row) for row in Organisation.objects.filter(pk__in=numbers)}
    return every_name()
