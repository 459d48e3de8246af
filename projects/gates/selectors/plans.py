"""Which gates are needed when: the plan of a housing type by day, as known at a moment."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from projects.gates.models import GatePlan, GatePlanChange
from registry.kernel.gates import Gate

Plan = frozenset[Gate]
DEFAULT: Final[Plan] = frozenset(gate for gate in Gate.building_gates() if gate != Gate.PRESALE_PERMIT)


class Plans:
    """The plans of housing types, each from a day on; before the first stated day the first holds.

    A type without a plan needs every building gate but the presale permit.
    """

    def __init__(self, stated: Mapping[str, Sequence[tuple[date, Plan]]]) -> None:
        self._stated = stated

    def on(self, housing_type: str, day: date) -> Plan:
        """Return the gates that a housing type needs on a day."""
        rows = self._stated.get(housing_type)
        if not rows:
            return DEFAULT
        return rows[max(0, bisect_right(rows, day, key=lambda row: row[0]) - 1)][1]

    def days(self, housing_type: str) -> list[date]:
        """Return the days on which the plan of a type changes."""
        return [on for on, _ in self._stated.get(housing_type, ())[1:]]


def gate_plans(*, known_at: datetime | None = None) -> Plans:
    """Read the plans as known at a moment (None: now). One query, or two."""
    gates: dict[int, list[str] | None] = {}
    if known_at is not None:
        changes = list(GatePlanChange.objects.order_by("id").values_list("plan_id", "was", "gates", "recorded_at"))
        gates = {plan: was for plan, was, _, _ in reversed(changes)}
        gates |= {plan: then for plan, _, then, at in changes if at <= known_at}
    stated: dict[str, list[tuple[date, Plan]]] = defaultdict(list)
    for plan in GatePlan.objects.order_by("effective_on", "id"):
        known = gates.get(plan.pk, plan.gates)
        if known is not None:
            stated[plan.housing_type].append((plan.effective_on, frozenset(Gate(code) for code in known)))
    return Plans(stated)
