"""Reference tables kept by staff: a change, typed or from a file, is proposed whole and carried out when agreed to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from projects.casework.models import Holiday, Policy
from projects.casework.services.holidays import keep_holiday
from projects.casework.services.policy_lines import keep_policy
from projects.gates.models import BlockerType, GatePlan
from projects.gates.services.reference import keep_blocker_type, state_gate_plan
from projects.office.models import ChecklistItem
from projects.office.services.checklists import keep_checklist_item
from registry.accounts.models import Approval, Area, Organisation, Person
from registry.accounts.services import change_organisation, create_organisation, propose
from registry.accounts.services.areas import keep_area
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import Refused
from registry.store.locks import lock_rows

KIND: Final = "reference.change"
POLICIES: Final = "reference.policies"
Apply = Callable[[Actor, Mapping[str, Any], Person | None], object]


@dataclass(frozen=True)
class Line:
    """One line of a table as it would become: its key in words, its values, and what changes (label, before, after).

    `stood` marks the row that it was compared with ("": none): the values say also what its writer did not touch.
    """

    key: str
    values: Mapping[str, Any]
    changes: Sequence[tuple[str, str, str]]
    is_new: bool
    stood: str = ""

    def changes_in_words(self) -> tuple[str, str]:
        """The line as the second person reads it."""
        words = [
            f"{label}：{f'{before} → ' if not self.is_new else ''}{after or '（空）'}"
            for label, before, after in self.changes
        ]
        return f"{'新增' if self.is_new else '修改'} {self.key}", "；".join(words)


@dataclass(frozen=True)
class Table:
    """A table that staff keep: its name, what writes one line of it inside an act (told who agrees and who proposed),
    who may read it and who propose, and the kind of proposal."""

    name: str
    label: str
    apply: Apply
    read: Permission = Permission.PARAMETER_READ
    propose: Permission = Permission.PARAMETER_PROPOSE
    kind: str = KIND
    model: Any = None
    natural: tuple[str, ...] = ("code",)

    def kept(self, values: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Read the row that a line would change, as stored; none for a new line. One query."""
        found: Iterable[Mapping[str, Any]] = self.model.objects.filter(
            **{name: values[name] for name in self.natural}
        ).values()
        return found


def _keep_type(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    keep_blocker_type(values)


def _keep_plan(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    state_gate_plan(
        housing_type=values["housing_type"],
        gates=values["gates"],
        effective_on=date.fromisoformat(str(values["effective_on"])),
    )


def _keep_holiday(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    keep_holiday(
        day=date.fromisoformat(str(values["day"])),
        kind=values["kind"],
        name=values["name"],
        year=values["year"],
        notice=values["notice"],
    )


def _keep_area(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    keep_area(
        code=values["code"],
        name=values["name"],
        source=values["source"],
        as_of=date.fromisoformat(str(values["as_of"])),
        is_active=values["is_active"],
    )


def _keep_organisation(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    words = {name: values[name] for name in ("name", "short_name", "document_prefix")}
    parent = Organisation.objects.filter(pk=values["parent"]).first() if values["parent"] else None
    kept = Organisation.objects.filter(code=values["code"]).first()
    if kept is None:
        place = {name: values[name] for name in ("code", "kind", "area_code")}
        create_organisation.within(actor=actor, parent=parent, **place, **words)
        return
    if (kept.kind, kept.area_code) != (values["kind"], values["area_code"]):
        raise Refused(f"{kept}的类别和行政区划不能改：权限据此而定。请停用后另行登记。", field="kind")
    change_organisation.within(actor=actor, organisation=kept, parent=parent, is_active=values["is_active"], **words)


def _keep_checklist(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    keep_checklist_item({**values, "effective_on": date.fromisoformat(str(values["effective_on"]))})


def _keep_policy(actor: Actor, values: Mapping[str, Any], by: Person | None) -> None:
    keep_policy(actor=actor, words=values, drafted_by=by)


TABLES: Final = {
    table.name: table
    for table in (
        Table("blocker_types", "堵点类型", _keep_type, model=BlockerType),
        Table("gate_plans", "办证环节方案", _keep_plan, model=GatePlan, natural=("housing_type", "effective_on")),
        Table("holidays", "放假安排", _keep_holiday, model=Holiday, natural=("day",)),
        Table("areas", "行政区划", _keep_area, model=Area),
        Table("organisations", "单位", _keep_organisation, model=Organisation),
        Table(
            "checklists",
            "办证材料清单",
            _keep_checklist,
            model=ChecklistItem,
            natural=("applies_to", "name", "effective_on"),
        ),
        Table("policies", "政策", _keep_policy, Permission.POLICY_READ, Permission.POLICY_DRAFT, POLICIES, Policy),
    )
}


def propose_reference(*, actor: Actor, table: str, lines: Sequence[Line], source: str) -> Approval:
    """Lay changes of a table before a second person: all of them or none. Nothing is written to the table."""
    if not lines:
        raise Refused("内容未作修改，无需提请。", code="unchanged")
    label = TABLES[table].label
    approval: Approval = propose(
        actor=actor,
        kind=TABLES[table].kind,
        title=f"改定{label}{len(lines)}条",
        payload={
            "table": table,
            "source": source,
            "lines": [
                {
                    "key": line.key,
                    "values": dict(line.values),
                    "changes": list(line.changes),
                    "is_new": line.is_new,
                    "stood": line.stood,
                }
                for line in lines
            ],
        },
    )
    return approval


def lines_of(approval: Approval) -> list[Line]:
    """Read the lines of a proposal."""
    return [
        Line(
            line["key"],
            line["values"],
            [tuple(change) for change in line["changes"]],
            line["is_new"],
            line.get("stood", ""),
        )
        for line in approval.payload["lines"]
    ]


def row_mark(row: Any) -> str:
    """Mark a row of a table as it stands; "" where there is none."""
    return (
        check_mark({field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}) if row else ""
    )


def require_as_compared(approval: Approval) -> Mapping[str, Any]:
    """Lock the rows that a proposal would change and hold them against what it was made from, inside its act.

    What another's approval wrote since the line was opened or the file read would be taken back unseen: refused.
    """
    table = TABLES[approval.payload["table"]]
    for line in lines_of(approval):
        natural = {name: line.values[name] for name in table.natural}
        stands = next(iter(lock_rows(table.model.objects.filter(**natural).order_by("pk"))), None)
        if row_mark(stands) != line.stood:
            raise Refused(
                f"{line.key}在您打开或读入之后已被别人改动，没有提请。请重新打开（重新导入），核对后再提请。",
                code="overtaken",
            )
    return {}


def carry_out(*, actor: Actor, approval: Approval) -> int:
    """Write the lines that were agreed to. Runs inside the act of approval; one refused line refuses all."""
    table = TABLES[approval.payload["table"]]
    for line in lines_of(approval):
        table.apply(actor, line.values, approval.proposed_by)
    return len(approval.payload["lines"])
