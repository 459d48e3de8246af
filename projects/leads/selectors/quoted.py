"""Published figures that stand beside ours as quoted: nobody counted them here."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

FILE: Final = Path("fixtures") / "reference" / "quoted_rates.json"


@dataclass(frozen=True)
class QuotedRates:
    """A published series: what it is of, where it stands, its months with the figures as printed."""

    of: str
    source: str
    rows: tuple[tuple[str, str, str, str], ...]


@cache
def quoted_rates() -> QuotedRates:
    """Return the series, read once. No query."""
    data = json.loads((Path(settings.BASE_DIR) / FILE).read_text(encoding="utf-8"))
    rows = tuple((row["month"], row["response"], row["solved"], row["satisfied"]) for row in data["rows"])
    return QuotedRates(data["of"], data["source"], rows)
