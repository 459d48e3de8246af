"""Which places a district does not register to an owner, through time: its settings as bars of gates."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from projects.gates.choices import PLACES_OF
from projects.ledger.models import Project
from registry.accounts.selectors.settings import setting_spans
from registry.kernel.gates import BarFact


def bars_of(project_ids: Iterable[int], *, known_at: datetime | None = None) -> Mapping[int, tuple[BarFact, ...]]:
    """Return by project the bars that its district's settings lay on parking and storage places. Two queries."""
    districts = dict(Project.objects.filter(id__in=list(project_ids)).values_list("id", "district_code"))
    spans = setting_spans(PLACES_OF, set(districts.values()), known_at=known_at)
    return {
        key: tuple(bar for name in PLACES_OF for bar in _bars(name, spans[name, district]))
        for key, district in districts.items()
    }


def _bars(name: str, held: list[tuple[Any, Any]]) -> Iterable[BarFact]:
    scope, label = PLACES_OF[name]
    ends = [since for since, _ in held[1:]] + [None]
    for (since, is_registered), until in zip(held, ends, strict=True):
        if not is_registered:
            yield BarFact(scope, f"按本区设置，{label}不办理转移登记", since, until)
