"""By which settings a month is counted: as they stand on its last day, as known at the moment of the count."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from documents.reports.choices import BANDS, CAPACITY, TASK, TRUNCATE
from registry.accounts.selectors.settings import setting_spans
from registry.kernel.rates import Rounding


@dataclass(frozen=True)
class Terms:
    """Bands of the ranking, how shares are rounded, and what each district (the city: "") is to do and can do."""

    bands: tuple[int, ...] = (300, 80, 20)
    rounding: Rounding = "half_up"
    tasks: Mapping[str, int] = field(default_factory=dict)
    capacities: Mapping[str, int] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """Return the terms as a month keeps them."""
        return {**asdict(self), "bands": list(self.bands)}

    def within(self, district: str | None) -> "Terms":
        """Return the terms with the task of one district alone, or of none."""
        own = (
            {code: homes for code, homes in given.items() if code == district}
            for given in (self.tasks, self.capacities)
        )
        return Terms(self.bands, self.rounding, *own)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Terms":
        """Read what a month kept."""
        return cls(tuple(kept["bands"]), kept["rounding"], kept["tasks"], kept["capacities"])


def terms_on(districts: Collection[str], *, on: date, known_at: datetime | None = None) -> Terms:
    """Return the terms of a day, as known at a moment. One query."""
    places = ["", *sorted(districts)]
    spans = setting_spans((*BANDS, TRUNCATE, TASK, CAPACITY), places, known_at=known_at)

    def stated(name: str, place: str = "") -> Any:
        return next(value for since, value in reversed(spans[name, place]) if since is None or since <= on)

    return Terms(
        tuple(int(stated(name)) for name in BANDS),
        "truncate" if stated(TRUNCATE) else "half_up",
        *({place: homes for place in places if (homes := int(stated(name, place)))} for name in (TASK, CAPACITY)),
    )
