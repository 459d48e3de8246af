"""Who pays into the maintenance fund (住宅专项维修资金): by use, as the district has set it, on a day.

One rule for all that ask: the track that a unit opens on, the guard of 登簿, the voucher on the checklist, the line of
the notice, the words on the telephone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from projects.ledger.choices import FUND_OF_USE
from registry.accounts.selectors.settings import setting_spans
from registry.kernel.stages import STAGES, Track, Use

Spans = Sequence[tuple[date | None, Any]]


@dataclass(frozen=True)
class FundRule:
    """Which uses of a district pay, through time: by use, from which day on it does or does not."""

    spans: Mapping[Use, Spans]
    by_day: dict[date, frozenset[Use]] = field(default_factory=dict, compare=False)  # a list asks for each row

    def uses(self, on: date) -> frozenset[Use]:
        """Return the uses that pay on a day."""
        if on not in self.by_day:
            self.by_day[on] = frozenset(use for use, spans in self.spans.items() if _on(spans, on))
        return self.by_day[on]

    def stage(self, use: str, stored: str, on: date) -> str:
        """Return the stage of a unit's fund on a day, by its use then: "" if it pays none, whatever was opened."""
        return (stored or STAGES[Track.FUND][0].code) if Use(use) in self.uses(on) else ""


def _on(spans: Spans, on: date) -> bool:
    return bool([value for since, value in spans if since is None or since <= on][-1])


def fund_rule(district_code: str, *, known_at: datetime | None = None) -> FundRule:
    """Return the rule of a district as known at a moment; now, if none is named. One query."""
    spans = setting_spans(FUND_OF_USE.values(), [district_code], known_at=known_at)
    return FundRule({use: spans[name, district_code] for use, name in FUND_OF_USE.items()})
