"""Reading blockers: lists, one blocker explained, what hangs on a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from projects import ports
from projects.gates.models import BasisDocument, Blocker, BlockerVersion, GateStep
from projects.ledger.models import Building, Unit
from registry.audit.selectors import timeline
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.scope import Scope

BLOCKER_STATES = {"open": "未解", "resolved": "已解", "all": "全部"}


def blockers_visible_to(actor: Actor, *, query: str = "", state: str = "open") -> "QuerySet[Blocker]":
    """This will give the blockers that the actor may see, narrowed by state and text. No query yet."""
    rows = Blocker.objects.visible_to(actor).select_related("project", "type", "responsible")
    if state == "open":
        rows = rows.filter(resolved_on__isnull=True, withdrawn_reason="")
    elif state == "resolved":
        rows = rows.filter(resolved_on__isnull=False)
    if query:
        rows = rows.filter(Q(number__istartswith=query) | Q(title__icontains=query) | Q(project__name__icontains=query))
    found: QuerySet[Blocker] = rows
    return found


def blocker_by_number(actor: Actor, number: str) -> Blocker:
    """This will find a blocker by its number. One query."""
    found = (
        Blocker.objects.visible_to(actor).select_related("project", "type", "responsible").filter(number=number).first()
    )
    if found is None:
        raise NotFound(f"没有堵点{number}。")
    blocker: Blocker = found
    return blocker


def building_names_of(project_id: int) -> dict[int, str]:
    """This will give the names of a project's buildings by key. One query."""
    return dict(Building.objects.filter(project_id=project_id).values_list("id", "name"))


def explain_blocker(actor: Actor, blocker: Blocker) -> Mapping[str, Any]:
    """This will give all that a blocker's page says. Six queries."""
    names = building_names_of(blocker.project_id)
    versions = list(BlockerVersion.objects.filter(blocker=blocker).order_by("effective_on", "id"))
    last = versions[-1]
    fault = Scope.from_data(last.at_fault)
    reliefs = [r for r in ports.reliefs([blocker.project_id]).get(blocker.project_id, ()) if r.blocker_id == blocker.id]
    return {
        "blocker": blocker,
        "project": blocker.project,
        "scope": Scope.from_data(last.scope).describe(names),
        "at_fault": fault.describe(names) if fault.terms else "没有",
        "versions": [(v.effective_on, Scope.from_data(v.scope).describe(names)) for v in versions],
        "lift": blocker.type.get_lift_display(),
        "condition": blocker.type.condition,
        "reliefs": [(r.label, r.scope.describe(names), r.starts, r.ends) for r in reliefs],
        "timeline": timeline(table=Blocker._meta.db_table, key=blocker.id),
    }


def document_by_id(actor: Actor, pk: int) -> BasisDocument:
    """This will find a basis document. One query."""
    found = BasisDocument.objects.visible_to(actor).select_related("project").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这份文件。")
    document: BasisDocument = found
    return document


@dataclass(frozen=True)
class Hanging:
    """What rests on a document: its steps, and the homes already accepted or issued behind them."""

    steps: tuple[str, ...]
    accepted: int
    issued: int


def hanging_on(document: BasisDocument) -> Hanging:
    """This will list what a revocation touches, before it is done. Four queries."""
    steps = GateStep.objects.filter(document=document, revoked_on__isnull=True).select_related("building")
    rows = list(steps.order_by("gate", "building__number_order"))
    homes = Unit.objects.filter(building__project_id=document.project_id)
    keys = [step.building_id for step in rows if step.building_id]
    if keys and len(keys) == len(rows):
        homes = homes.filter(building_id__in=keys)
    return Hanging(
        tuple(
            f"{step.get_gate_display()}：{step.building or '全部楼栋'}{step.get_part_display() or ''}" for step in rows
        ),
        homes.filter(certificate__in=("accepted", "recorded", "printed")).count(),
        homes.filter(certificate="issued").count(),
    )
