"""From a figure to the units that it counts: every figure on a page is the length of this list."""

from datetime import date

from django.db.models import Q

from projects.gates.metrics import BY_CODE
from projects.gates.selectors.assessed import assessed_projects
from projects.gates.selectors.facts import facts_of
from projects.ledger.selectors.stages import stages_past_acceptance
from registry.kernel.errors import NotFound
from registry.kernel.gates import compute_gates
from registry.kernel.gates.rest import Rest, reached_on, rest_masks
from registry.kernel.stages import Standing, Track, at_or_beyond

NOBODY = Q(pk__in=[])
HOME = Q(use="dwelling")
COUNTED = ~Q(standing=Standing.EXCLUDED.value)
ISSUED = Q(certificate="issued")
BY_STANDING = {"held": Standing.HELD.value, "carried": Standing.CARRIED.value}
RESTS = frozenset(rest.value for rest in Rest) - BY_STANDING.keys()
REACHED = ("collected", "accepted", "recorded", "issued")


def units_counted_by(figure: str, project_id: int, *, on: date) -> Q:
    """Return the filter over units that a project's figure counts today; NotFound for an unknown figure.

    No query for what the ledger counts; those of the facts for what hangs on gates.
    """
    if figure not in BY_CODE:
        raise NotFound("未找到该指标。请从页面上的数字进入。")
    if figure == "involved":
        return HOME
    if figure == "excluded":
        return HOME & ~COUNTED
    if figure == "others":
        return ~HOME & COUNTED
    if figure == "others_cleared":
        return ~HOME & Q(id__in=_units(project_id, "cleared", on))
    return HOME & COUNTED & _of_homes(figure, project_id, on)


def _of_homes(figure: str, project_id: int, on: date) -> Q:
    if figure == "due":
        return Q()
    if figure == "remaining":
        return ~ISSUED
    if figure in ("unassessed", "unassessed_projects", "cleared_assessed"):
        is_assessed = bool(assessed_projects([project_id], on=on))
        if figure == "cleared_assessed":
            return Q(id__in=_units(project_id, "cleared", on)) if is_assessed else NOBODY
        return NOBODY if is_assessed else Q()
    if figure in RESTS:
        return ~ISSUED & _in_rest(Rest(figure), project_id, on)
    if figure in REACHED:
        return Q(certificate__in=at_or_beyond(Track.CERTIFICATE, figure))
    if figure in BY_STANDING:
        return ~ISSUED & Q(standing=BY_STANDING[figure])
    if figure == "ready_not_issued":
        return ~ISSUED & Q(id__in=_units(project_id, "ready", on))
    if figure == "blocked":
        return ~ISSUED & Q(standing=Standing.ACTIVE.value) & ~Q(id__in=_units(project_id, "ready", on))
    return Q(id__in=_units(project_id, figure, on))


def _in_rest(rest: Rest, project_id: int, on: date) -> Q:
    active = Q(standing=Standing.ACTIVE.value)
    if not assessed_projects([project_id], on=on):
        return active if rest == Rest.UNASSESSED else NOBODY
    if rest == Rest.UNASSESSED:
        return NOBODY
    table = compute_gates(facts_of([project_id])[project_id], on=on)
    stages = stages_past_acceptance([project_id])[project_id]
    units: list[int] = []
    for gates in table.buildings.values():
        units += gates.columns.units_of(rest_masks(gates, reached_on(gates, stages, on))[rest])
    return active & Q(id__in=units)


def _units(project_id: int, figure: str, on: date) -> list[int]:
    table = compute_gates(facts_of([project_id])[project_id], on=on)
    units: list[int] = []
    for gates in table.buildings.values():
        units += gates.columns.units_of(gates.figure(figure) & gates.counted)
    return units
