"""What units have beside their use (夹层, 擅改用途 …): each change is stated from a day on."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Max

from projects.ledger.models import FeatureChange
from registry.store.acts import current_act, within_act
from registry.store.bulk import insert_rows

FIELDS = ("unit_id", "was", "features", "effective_on", "recorded_at", "act_id")


class FeatureStatement(NamedTuple):
    """A unit had some features and has others from a day on (bits of `Feature`)."""

    unit_id: int
    was: int
    features: int
    on: date


@within_act
def change_features(statements: Sequence[FeatureStatement]) -> None:
    """Write down what changed, from what to what; the units' own column is the caller's. Inside an open act."""
    act = current_act()
    insert_rows(
        FeatureChange,
        FIELDS,
        ((*stated, act.recorded_at, act.id) for stated in statements if stated.was != stated.features),
    )


def last_feature_days(unit_ids: Collection[int]) -> dict[int, date]:
    """Return, by unit, the day from which its last change of features holds. One query."""
    rows = FeatureChange.objects.filter(unit__in=unit_ids).values_list("unit_id")
    return dict(rows.annotate(last=Max("effective_on")))
