"""Reading blockers: lists, one blocker explained, what hangs on a document."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from projects import ports
from projects.gates.models import BasisDocument, Blocker, BlockerVersion, LiftKind
from projects.gates.selectors.conditions import checks_of
from projects.gates.selectors.powers import held_elsewhere
from projects.gates.selectors.watchlist import watched_count
from projects.ledger.models import Building
from registry.audit.selectors import timeline
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound, PermissionRefused
from registry.kernel.gates import Gate
from registry.kernel.scope import Scope
from registry.lists.orders import Order, by_heads, by_pinyin, ranked

BLOCKER_ORDERS = (  # of the page and of its export
    Order("size", "涉及户数", ("-units_caught", "number")),
    Order("newest", "最近发现", ("-found_on", "-id")),
    *by_heads(
        {
            "number": "number",
            "project": by_pinyin("project__name"),
            "gate": ranked("gate", Gate),
            "units_caught": "units_caught",
            "units_at_fault": "units_at_fault",
            "responsible": by_pinyin("responsible__name"),
            "found_on": "found_on",
            "lift": "type__lift",
        },
        tie=("number",),
    ),
)
BLOCKER_STATES = {"open": "未解决", "resolved": "已解决", "all": "全部"}


def blockers_visible_to(actor: Actor, *, query: str = "", state: str = "open") -> "QuerySet[Blocker]":
    """Return the blockers that the actor may see, narrowed by state and text. No query yet."""
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
    """Find a blocker by its number. One query."""
    found = (
        Blocker.objects.visible_to(actor).select_related("project", "type", "responsible").filter(number=number).first()
    )
    if found is None:
        raise NotFound(f"没有堵点{number}。")
    blocker: Blocker = found
    return blocker


def blocker_in_hand(actor: Actor, number: str) -> Blocker:
    """Find the blocker of a form that changes or ends it; who may not is told so before anything is typed."""
    blocker = blocker_by_number(actor, number)
    if elsewhere := held_elsewhere(actor, blocker):
        raise PermissionRefused(elsewhere)
    return blocker


def building_names_of(project_id: int) -> dict[int, str]:
    """Return the names of a project's buildings by key. One query."""
    return dict(Building.objects.filter(project_id=project_id).values_list("id", "name"))


def last_scopes(blocker: Blocker) -> tuple[Scope, Scope]:
    """Return the scope and the at-fault part of a blocker as they are now. One query."""
    last = BlockerVersion.objects.filter(blocker=blocker).order_by("-effective_on", "-id")[0]
    return Scope.from_data(last.scope), Scope.from_data(last.at_fault)


def explain_blocker(actor: Actor, blocker: Blocker) -> Mapping[str, Any]:
    """Return all that a blocker's page says. Eight queries."""
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
        "versions": [
            (
                v.effective_on,
                v.get_kind_display(),
                "没有" if v.kind == "resolved" else Scope.from_data(v.scope).describe(names),
                v.reason,
            )
            for v in versions
        ],
        "is_conditional": blocker.type.lift == LiftKind.CONDITIONAL,
        "checks": checks_of(blocker),
        "watched": watched_count(blocker),
        "lift": blocker.type.get_lift_display(),
        "condition": blocker.type.condition,
        "reliefs": [(r.label, r.scope.describe(names), r.starts, r.ends) for r in reliefs],
        "timeline": timeline(table=Blocker._meta.db_table, key=blocker.id),
    }


def document_by_id(actor: Actor, pk: int) -> BasisDocument:
    """Find a basis document. One query."""
    found = BasisDocument.objects.visible_to(actor).select_related("project").filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这份文件。")
    document: BasisDocument = found
    return document
