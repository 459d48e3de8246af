"""Reference tables of gates: kinds of blocking issues, and the gates that a housing type needs from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from projects.gates.models import BlockerType, GatePlan, GatePlanChange
from projects.gates.services.readiness import refresh_readiness
from projects.ledger.models import ProjectVersion
from registry.audit.recording import record
from registry.kernel.errors import DomainError
from registry.store.acts import Row, current_act, within_act
from registry.store.locks import lock_where

TYPE_FIELDS = (
    "code", "head", "label", "gate", "level", "lead", "support", "paths", "lift", "condition", "decision",
    "limit_days", "limit_basis", "is_active",
)  # fmt: skip


class ReferenceRefused(DomainError):
    """A line of a reference table that can't be kept."""


@within_act
def keep_blocker_type(values: Mapping[str, Any]) -> None:
    """Add a kind of blocking issue or change the one of its code. Runs inside the act that was agreed to.

    What blockers and letters already say stays: the table is read when they are entered.
    """
    kept: BlockerType | None = lock_where(BlockerType, code=values["code"])
    before = {name: getattr(kept, name) for name in TYPE_FIELDS} if kept else None
    wanted = {name: values[name] for name in TYPE_FIELDS if name in values}  # a proposal of before has fewer
    row: BlockerType = kept or BlockerType()
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()

    record(
        event="blocker_type.kept",
        subject=row,
        facts={"code": row.code, "label": row.label},
        rows=Row.kept(row, before, *TYPE_FIELDS),
    )


@within_act
def state_gate_plan(*, housing_type: str, gates: Sequence[str], effective_on: date) -> None:
    """State which gates a housing type needs from a day on. Runs inside the act that was agreed to.

    The readiness of every project that is or was of the type is computed anew in the same act.
    """
    if not gates:
        raise ReferenceRefused("办证环节方案至少要有一个环节。请按房屋类型勾选需要的环节。", field="gates")
    plan: GatePlan | None = GatePlan.objects.filter(housing_type=housing_type, effective_on=effective_on).first()
    before = {"gates": plan.gates} if plan else None
    plan = plan or GatePlan(housing_type=housing_type, effective_on=effective_on)
    plan.gates = list(gates)
    plan.save()
    act = current_act()
    GatePlanChange.objects.create(
        plan=plan,
        was=before["gates"] if before else None,
        gates=plan.gates,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )
    touched = ProjectVersion.objects.filter(housing_type=housing_type)
    refresh_readiness(touched.order_by().values_list("project_id", flat=True).distinct())

    record(
        event="gate_plan.stated",
        subject=plan,
        facts={"housing_type": plan.get_housing_type_display(), "count": len(plan.gates), "on": effective_on},
        rows=Row.kept(plan, before, "housing_type", "effective_on", "gates"),
    )
