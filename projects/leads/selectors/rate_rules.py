"""By which rules the three rates are counted on a day: dated settings of the city, with the source that they name."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from projects.casework.choices import HOTLINE_CLOSING
from projects.leads.choices import (
    BANDS,
    BASICALLY,
    BY_CALLER,
    CLASS_LIMITS,
    CLASS_NAMES,
    DEDUCTIONS,
    RATE_SETTINGS,
    SIGNALS,
    SOURCE,
    TRUNCATES,
    WEIGHTS,
)
from registry.accounts.selectors.settings import setting_spans
from registry.kernel.periods import Month, Period
from registry.kernel.tickets.rates import RateRules, read_limits

NOT_SET: Final = "—"  # of a text that has no value yet


@dataclass(frozen=True)
class SignalRules:
    """Thresholds of the work list: days compared, days ahead, least tickets, times as many, percent that repeat."""

    window: timedelta
    ahead: timedelta
    least: int
    rise: int
    repeated: int


def rules_on(on: date, *, known_at: datetime | None = None) -> RateRules:
    """Return the rules that hold on a day, as known at a moment. One query."""
    held = _held([spec.name for spec in RATE_SETTINGS], on, known_at)
    weights = tuple(int(held[name]) for name in WEIGHTS)
    deductions = tuple(int(held[name]) for name in DEDUCTIONS)
    names = _text(held[CLASS_NAMES])
    return RateRules(
        source=_text(held[SOURCE]),
        weights=(weights[0], weights[1], weights[2]),
        deductions=(deductions[0], deductions[1], deductions[2], deductions[3]),
        by_caller=bool(held[BY_CALLER]),
        basically_counts=bool(held[BASICALLY]),
        bands=read_limits(_text(held[BANDS]), "排名分组"),
        classes=read_limits(_text(held[CLASS_LIMITS]), "评价等次分数线"),
        class_names=tuple(part.strip() for part in names.split("、") if part.strip()),
        rounding="truncate" if held[TRUNCATES] else "half_up",
    )


def hotline_month(month: Month, *, known_at: datetime | None = None) -> Period:
    """Return the days of a month of the hotline: its own cut-off, as it was set on the month's last day. One query."""
    closing = _held([HOTLINE_CLOSING], month.last, known_at)[HOTLINE_CLOSING]
    return month.period(closing_day=int(closing))


def hotline_month_of(on: date) -> Month:
    """Return the month of the hotline that a day lies in. One query."""
    return Month.of(on, closing_day=int(_held([HOTLINE_CLOSING], on, None)[HOTLINE_CLOSING]))


def signal_rules_on(on: date) -> SignalRules:
    """Return from which thresholds on a project stands on the work list, as set on a day. One query."""
    held = _held(list(SIGNALS), on, None)
    window, ahead, least, rise, repeated = (int(held[name]) for name in SIGNALS)
    return SignalRules(timedelta(days=window), timedelta(days=ahead), least, rise, repeated)


def _held(names: list[str], on: date, known_at: datetime | None) -> dict[str, Any]:
    spans = setting_spans(names, [""], known_at=known_at)
    return {name: [value for since, value in spans[name, ""] if since is None or since <= on][-1] for name in names}


def _text(value: Any) -> str:
    text = str(value or "").strip()
    return "" if text == NOT_SET else text
