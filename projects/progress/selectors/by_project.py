"""How lists of projects with their counts are sorted by their heads."""

from typing import Any, Final

from django.db.models.functions import Greatest

from projects.ledger.selectors.counts import tallied
from registry.kernel.stages import STAGES, Track, at_or_beyond
from registry.lists.orders import Order, by_heads, by_pinyin

SIDES: Final = ((True, "住宅", "套"), (False, "商业、配套等", "间"))
PROGRESS_ORDERS: Final = (
    Order("code", "编号", ("code", "id")),
    *by_heads(
        {
            "name": by_pinyin("name"),
            "due": tallied(),
            **{
                stage: tallied(at_or_beyond(Track.CERTIFICATE, stage))
                for stage in ("collected", "accepted", "recorded")
            },
            "tax": tallied(("settled",), track="tax"),
            "fund": tallied(("settled",), track="fund"),
            "issued": tallied(("issued",)),
            "issued_rate": tallied(("issued",)) * 1_000_000 / Greatest(tallied(), 1),
        },
        tie=("code", "id"),
    ),
)


def side_orders(track: Track) -> tuple[Order, ...]:
    """Return the orders of the list of a track: by name, and by each stage of homes and of the rest."""
    stages: dict[str, Any] = {
        f"{side}-{stage.code}": tallied((stage.code,), dwelling=is_home, track=track.value)
        for side, (is_home, _, _) in enumerate(SIDES)
        for stage in STAGES[track]
    }
    by_name = {"name": by_pinyin("name"), **{name.replace("-", "_"): key for name, key in stages.items()}}
    return (Order("code", "编号", ("code", "id")), *by_heads(by_name, tie=("code", "id")))
