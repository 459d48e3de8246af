"""Marks of the units of one building today, and why one of them can't go on."""

from dataclasses import dataclass
from datetime import date

from projects.gates.models import Blocker
from projects.gates.selectors.blockers import building_names_of
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Unit
from projects.ledger.selectors.table import TableUnit
from registry.kernel.gates import Reason, ReasonKind, compute_gates, render_why, telephone_words, why
from registry.kernel.gates.reasons import Line
from registry.kernel.scope import UnitFacts
from registry.kernel.stages import Feature, Standing, Use

PAST = ("accepted", "recorded", "printed", "issued")  # what a pause stops no more
STANDING_MARKS = {"held": "held", "carried": "carried", "excluded": "excluded"}


def unit_marks(project_id: int, building_id: int, units: list[TableUnit], *, on: date) -> dict[int, str]:
    """Return the strongest mark of each unit of a building; a pause marks whom it stops. Nine queries."""
    facts = facts_of([project_id], building_id=building_id)[project_id]
    table = compute_gates(facts, on=on)
    gates = table.buildings[building_id]
    columns = gates.columns
    marks = {unit.id: STANDING_MARKS[unit.standing] for unit in units if unit.standing in STANDING_MARKS}
    issued = {unit.id for unit in units if unit.certificate == "issued"}
    past = {unit.id for unit in units if unit.certificate in PAST}
    shut = (columns.everything & ~gates.cleared) | gates.stopped("accepted")
    recording = {unit.id for unit in units if unit.certificate != "accepted"}
    for mask, mark, runs_on in (
        (shut, "blocked", past),
        (gates.stopped("recorded"), "blocked", recording),
        (gates.paused, "paused", past),
        (gates.at_fault, "fault", issued),
    ):
        for unit_id in columns.units_of(mask):
            if unit_id not in runs_on:
                marks[unit_id] = mark
    return marks


@dataclass(frozen=True)
class Explanation:
    """Why a unit can or can't go on: sentences for the clerk, words for the owner. `next` is what it can't do yet."""

    lines: tuple[Line, ...]
    words: str
    is_ready: bool
    blockers: tuple[str, ...]
    next: str = "受理"


def explain(unit: Unit, *, on: date) -> Explanation:
    """Say why, for one unit. Ten queries; only unit pages run it."""
    project_id = unit.building.project_id
    facts = facts_of([project_id], building_id=unit.building_id)[project_id]
    stated = UnitFacts(unit.id, unit.building_id, unit.entrance, unit.floor, Use(unit.use), Feature(unit.features))
    reasons: list[Reason] = why(stated, facts, on, standing=Standing(unit.standing), stage=unit.certificate)
    if unit.certificate == "issued":
        return Explanation((Line(ReasonKind.DONE, f"已于{unit.certificate_on}发证。"),), "您家的证已经发出。", True, ())
    return Explanation(
        lines=tuple(render_why(reasons, building_names_of(project_id))),
        words=telephone_words(reasons),
        is_ready=any(reason.kind == ReasonKind.READY for reason in reasons),
        blockers=tuple(reason.blocker for reason in reasons if reason.blocker),
        next="登簿" if unit.certificate == "accepted" else "受理",
    )


def blockers_of(project_id: int) -> list[Blocker]:
    """List the blockers of a project, withdrawn ones apart, those that catch most first. One query."""
    rows = Blocker.objects.filter(project_id=project_id, withdrawn_reason="")
    return list(rows.select_related("type", "responsible").order_by("-units_caught", "number"))
