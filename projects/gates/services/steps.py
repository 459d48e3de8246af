"""Gate steps: one document makes many; units that are not passable are left out, by name."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from projects.gates.choices import ORGAN_OF
from projects.gates.models import BasisDocument, GateStep, StepLeftOut
from projects.gates.selectors.beginnings import require_possible
from projects.gates.selectors.facts import facts_of, tell_steps
from projects.gates.selectors.powers import maker_elsewhere
from projects.gates.selectors.reckoning import kept_maker
from projects.gates.services.readiness import locked_once, refresh_readiness
from projects.ledger.locks import lock_project
from projects.ledger.models import Building, Project, Unit
from registry.audit.recording import record
from registry.audit.selectors import acts_of_project
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError
from registry.kernel.gates import Gate, ProjectFacts, StepStatus, compute_gates, shut_by
from registry.kernel.gates.table import NEEDED_BY
from registry.kernel.stages import Part
from registry.store.acts import Row, current_act, within_act, write

DEPARTMENTS: Final = frozenset(organ.label for organ in ORGAN_OF)  # as they are called until a district names them


class StepRefused(DomainError):
    """A step that can't be recorded."""


@dataclass(frozen=True)
class LeftOut:
    """A unit that a step leaves out, and why."""

    unit_id: int
    label: str
    reason: str


@dataclass(frozen=True)
class StepsPreview:
    """What recording a document for buildings and a part would do, or did: then with the key of the document."""

    buildings: tuple[str, ...]
    passing: int
    left_out: tuple[LeftOut, ...]
    already: int = 0
    document_id: int = 0


def preview_steps(
    *,
    project: Project,
    gate: Gate,
    buildings: Sequence[Building],
    part: Part | None,
    on: date,
    status: StepStatus = StepStatus.PASSED,
) -> StepsPreview:
    """Say how many units a step would pass and which it would leave out. No building means all of them.

    A made step says that what it needs is made too, so a unit that is shut at an earlier gate is left out as well:
    nobody at fault rides along. Writes nothing; 11 queries.
    """
    buildings = list(buildings) or list(Building.objects.filter(project=project).order_by("number_order", "id"))
    alone = buildings[0].pk if len(buildings) == 1 else None
    facts = facts_of([project.id], building_id=alone)[project.id]
    table = compute_gates(facts, on=on)
    wanted = {building.id for building in buildings}
    passing, already = 0, 0
    shut: dict[int, Gate] = {}
    for columns in facts.buildings:
        if columns.id in wanted:
            gates, rest = table.buildings[columns.id], columns.part_mask(part)
            already += (gates.passed.get(gate, 0) & rest).bit_count()
            for one in (gate, *(_needed(gate) if status.is_made else ())):
                held = rest & ~gates.passable(one) & (~gates.passed[one] if one != gate else -1)
                shut.update(dict.fromkeys(columns.units_of(held), one))
                rest &= ~held
            passing += rest.bit_count()
    return StepsPreview(tuple(str(b) for b in buildings), passing, _name_left_out(facts, shut, on), already)


def _needed(gate: Gate) -> list[Gate]:
    return [one for one in Gate.building_gates() if gate in NEEDED_BY[one]]


def _name_left_out(facts: ProjectFacts, shut: Mapping[int, Gate], on: date) -> tuple[LeftOut, ...]:
    if not shut:
        return ()
    units = Unit.objects.filter(id__in=list(shut)).select_related("building").order_by("building_id", "id")
    return tuple(LeftOut(one.id, f"{one.building}{one}", shut_by(facts, one.id, shut[one.id], on)) for one in units)


def _recorded(document: BasisDocument) -> StepsPreview:
    """Say again what recording a document did: the answer to a form sent twice."""
    act = acts_of_project(document.project_id, events=["steps.recorded"]).get(id=document.act_id)
    left = StepLeftOut.objects.filter(step__document=document).select_related("unit__building").order_by("pk")
    left_out = tuple(LeftOut(one.unit_id, f"{one.unit.building}{one.unit}", one.reason) for one in left)
    return StepsPreview((), act.facts["passing"], left_out, document_id=document.pk)


@within_act
def require_maker(actor: Actor, project: Project, gate: Gate) -> None:
    """Refuse an organ that records, or takes back, what another organ makes."""
    district, today = project.district_code, current_act().today
    maker = kept_maker((actor, gate, district, today), lambda: maker_elsewhere(actor, gate, district, on=today))
    if maker:
        unset = "本区尚未设定该机关的全称，可在“设置”的“环节办理机关”提请设定。" if maker in DEPARTMENTS else ""
        raise StepRefused(
            f"“{gate.label}”由{maker}办理，{actor.organisation_name}不能代记、代撤。请由办理机关或专班记。{unset}",
            field="gate",
            code="not_maker",
        )


@write(Permission.STEP_RECORD, on="project", once=_recorded)
def record_steps(
    *,
    actor: Actor,
    project: Project,
    gate: Gate,
    status: StepStatus,
    buildings: Sequence[Building],
    part: Part | None,
    document_no: str,
    organ: str,
    issued_on: date,
    effective_on: FactDay,
    title: str = "",
) -> StepsPreview:
    """Record one document as a step of a gate for several buildings (or the whole project, if none given).

    Units that are not passable on that day are left out by name. Refused if no unit passes, if the choice holds no
    unit, if the day lies ahead, if the gate is a unit's own, or if a building is not of the project. Source:
    architecture §2, domain §11.9.
    """
    locked = locked_once(project.pk)
    act = current_act()
    for field, day in (("issued_on", issued_on), ("effective_on", effective_on)):
        require_possible(locked, day, field=field)
    if not document_no.strip():
        raise StepRefused("未填写文号。请按文件填写，如×规自核〔2021〕12号。", field="document_no")
    if gate.is_unit_level:
        raise StepRefused(f"“{gate.label}”按户办理，不按楼栋登记环节。请在户的页面办理。", field="gate")
    require_maker(actor, project, gate)
    if any(building.project_id != project.id for building in buildings):
        raise StepRefused("所选楼栋不全在本项目内。请重新选择楼栋。", field="buildings")
    whole = list(buildings) or list(Building.objects.filter(project=project).order_by("number_order", "id"))
    preview = preview_steps(project=project, gate=gate, buildings=whole, part=part, on=effective_on, status=status)
    if status.passes and preview.passing == 0 and preview.left_out:
        raise StepRefused(
            f"“{gate.label}”没有可办结的户：{preview.left_out[0].reason}。请先解除堵点，再登记本环节。",
            code="step_over_blocker",
        )
    covered = preview.passing + len(preview.left_out)
    if not status.passes and covered and preview.already == covered:
        raise StepRefused(
            f"所选楼栋的“{gate.label}”均已办结，登记“{status.label}”不产生变动。原登记有误的，请先撤销原依据文件。",
            code="already_made",
            field="status",
        )
    if (buildings or part) and preview.passing == 0 and not preview.left_out:
        raise StepRefused("所选楼栋和部分内没有户。请重新选择楼栋，或改选另一部分。", field="buildings")
    document = BasisDocument.objects.create(
        project=project, number=document_no.strip(), title=title, organ=organ, issued_on=issued_on, act_id=act.id
    )
    act.result = document
    steps = _write_steps(project, gate, status, buildings, whole, part, document, effective_on)
    left_out = _write_left_out(steps, preview.left_out)

    refresh_readiness([project.id], since=effective_on)
    record(
        event="steps.recorded",
        subject=project,
        chain=project.id,
        facts={
            "gate": gate.label,
            "status": status.label,
            "document": document.number,
            "buildings": len(whole),
            "part": part.label if part else "全部",
            "passing": preview.passing,
            "left_out": len(preview.left_out),
        },
        rows=[Row.added(step, "gate", "status") for step in steps],
    )
    tell_steps(project.id, steps, left_out)
    return replace(preview, document_id=document.id)


def _write_steps(
    project: Project,
    gate: Gate,
    status: StepStatus,
    chosen: Sequence[Building],
    whole: Sequence[Building],
    part: Part | None,
    document: BasisDocument,
    effective_on: date,
) -> list[GateStep]:
    act = current_act()
    common: dict[str, Any] = {
        "project": project,
        "gate": gate.value,
        "status": status.value,
        "document": document,
        "effective_on": effective_on,
        "recorded_at": act.recorded_at,
        "act_id": act.id,
    }
    if not chosen and part is None:
        return [GateStep.objects.create(**common)]
    return [GateStep.objects.create(building=building, part=part.value if part else "", **common) for building in whole]


def _write_left_out(steps: Sequence[GateStep], left_out: Sequence[LeftOut]) -> Mapping[int, Collection[int]]:
    """Write whom the steps leave out; the units by step."""
    units: dict[int, set[int]] = defaultdict(set)
    if not left_out:
        return units
    by_building = {step.building_id: step for step in steps}
    buildings = dict(Unit.objects.filter(id__in=[one.unit_id for one in left_out]).values_list("id", "building_id"))
    laid = [
        StepLeftOut(
            step=by_building.get(buildings[one.unit_id]) or steps[0], unit_id=one.unit_id, reason=one.reason[:200]
        )
        for one in left_out
    ]
    StepLeftOut.objects.bulk_create(laid, batch_size=2000)
    for each in laid:
        units[each.step_id].add(each.unit_id)
    return units


@write(Permission.STEP_REVOKE, on="document")
def revoke_document(*, actor: Actor, document: BasisDocument, revoked_on: date, reason: str) -> int:
    """Revoke every step that rests on a document, from a day on. Issued homes stay issued."""
    lock_project(document.project_id)
    act = current_act()
    if not reason.strip():
        raise StepRefused("未填写撤销原因。", field="reason")
    steps = list(GateStep.objects.filter(document=document, revoked_on__isnull=True))
    if not steps:
        raise StepRefused(f"{document.number}没有仍有效的环节，无须撤销。")
    for gate in {step.gate for step in steps}:
        require_maker(actor, document.project, Gate(gate))
    if any(revoked_on < step.effective_on for step in steps):
        raise StepRefused("撤销日期早于办理日期。请核对日期。", field="revoked_on")
    for step in steps:
        step.revoked_on, step.revoked_reason, step.revoked_act_id = revoked_on, reason, act.id
        step.save(update_fields=["revoked_on", "revoked_reason", "revoked_act_id"])

    refresh_readiness([document.project_id], since=revoked_on)
    record(
        event="steps.revoked",
        subject=document,
        chain=document.project_id,
        facts={"document": document.number, "count": len(steps), "on": revoked_on},
        reason=reason,
        rows=[
            Row.of("gates_gatestep", s.id, before={"revoked_on": None}, after={"revoked_on": revoked_on}) for s in steps
        ],
    )
    return len(steps)
