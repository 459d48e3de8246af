"""Marks of the units of one building today, and why one of them can't go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from projects import ports
from projects.gates.models import Blocker
from projects.gates.selectors.blockers import building_names_of
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Unit, UnitHolder
from projects.ledger.selectors.certificates import standing
from projects.ledger.selectors.fund import fund_rule
from projects.ledger.selectors.table import TableUnit
from registry.kernel.gates import (
    Call,
    Papers,
    Reason,
    ReasonKind,
    closing_words,
    compute_gates,
    render_why,
    telephone_words,
    why,
)
from registry.kernel.gates.reasons import DecidedBuilding, Line
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
class Held:
    """Why a unit is set apart, by the code of the closed list, and the day on which that is looked at again."""

    reason: str = ""
    review_on: date | None = None
    since: date | None = None


@dataclass(frozen=True)
class Explanation:
    """Why a unit can or can't go on: sentences for the clerk, words for the owner.

    `heading` says where it stands; `next` is what it can't do yet.
    """

    lines: tuple[Line, ...]
    words: str
    is_ready: bool
    blockers: tuple[str, ...]
    heading: str
    next: str = "受理"
    closing: tuple[tuple[str, str], ...] = ()


HEADINGS = {  # by stage: of a unit that can go on, and of one that can't
    "waiting": ("可以收材料、受理", "不能受理的原因"),
    "notified": ("可以收材料、受理", "不能受理的原因"),
    "collected": ("可以送受理", "不能受理的原因"),
    "accepted": ("已受理，待登簿", "已受理，不能登簿的原因"),
    "recorded": ("已登簿，待缮证", "已登簿，后续办理须注意"),
    "printed": ("已缮证，待领取", "已缮证，后续办理须注意"),
    "issued": ("已发证", "已发证"),
}
NEXT = {"accepted": "登簿", "recorded": "缮证", "printed": "发证"}
TOLD_BY_NOTICE = ("notified", "printed")


def reasons_of(unit: Unit, *, on: date) -> list[Reason]:
    """Return why a unit can or can't go on from its stage, as data. Ten queries."""
    project_id = unit.building.project_id
    facts = facts_of([project_id], building_id=unit.building_id)[project_id]
    return why(stated(unit), facts, on, standing=Standing(unit.standing), stage=unit.certificate)


FEW: Final = 4  # buildings that are read one by one rather than with their whole project


def reasons_of_units(units: Sequence[Unit], *, on: date) -> dict[int, list[Reason]]:
    """Return why each of many units of one project can or can't go on. Twelve queries; a few times that for few."""
    of_building: dict[int, list[Unit]] = {}
    for unit in units:
        of_building.setdefault(unit.building_id, []).append(unit)
    project_id = units[0].building.project_id if units else 0
    whole = facts_of([project_id])[project_id] if len(of_building) > FEW else None
    reasons: dict[int, list[Reason]] = {}
    for building, own in of_building.items():
        facts = whole or facts_of([project_id], building_id=building)[project_id]
        decided = DecidedBuilding.of(facts, building, on)
        for unit in own:
            stage, standing_now = unit.certificate, Standing(unit.standing)
            reasons[unit.pk] = why(stated(unit), facts, on, standing=standing_now, stage=stage, decided=decided)
    return reasons


def stated(unit: Unit) -> UnitFacts:
    """Return what the rules ask of a unit."""
    return UnitFacts(unit.id, unit.building_id, unit.entrance, unit.floor, Use(unit.use), Feature(unit.features))


def explain(unit: Unit, *, on: date, held: Held | None = None, papers: Papers | None = None) -> Explanation:
    """Say why, for one unit. Sixteen queries; only unit pages run it."""
    papers = (papers if unit.certificate == "collected" else None) or Papers()
    reasons = reasons_of(unit, on=on)
    is_ready = any(reason.kind == ReasonKind.READY for reason in reasons)
    is_issued = unit.certificate == "issued"
    held = held or Held()
    legacy = [row.issued_on for row in standing([unit.id]) if row.is_legacy and row.issued_on] if is_issued else []
    call = Call(
        stage=unit.certificate,
        reasons=reasons,
        today=on,
        use=Use(unit.use),
        features=Feature(unit.features),
        stage_on=unit.certificate_on,
        tax=unit.tax,
        fund=fund_rule(unit.building.project.district_code).stage(unit.use, unit.fund, on),
        hold=held.reason,
        held_on=held.since,
        review_on=held.review_on,
        legacy_on=min(legacy, default=None),
        appointment=ports.appointment(unit) if unit.certificate in TOLD_BY_NOTICE else None,
        desk=ports.desk(unit, on=on),
        papers=papers,
        phone_tail=_phone_tail(unit),
    )
    issued = (Line(ReasonKind.DONE, f"已于{unit.certificate_on}发证。"),)
    return Explanation(
        lines=issued if is_issued else tuple(render_why(reasons, building_names_of(unit.building.project_id))),
        words=telephone_words(call),
        is_ready=is_ready,
        blockers=() if is_issued else tuple(reason.blocker for reason in reasons if reason.blocker),
        heading=_heading(unit.certificate, is_ready, papers),
        next=NEXT.get(unit.certificate, "受理"),
        closing=closing_words(call),
    )


def _heading(stage: str, is_ready: bool, papers: Papers) -> str:
    """What stands over the reasons: of a home that can be accepted, where its papers are."""
    if is_ready and papers.returned_on:
        return "登记中心已退回，补齐后重新送件"
    return "已送件，待受理" if is_ready and papers.are_there else HEADINGS[stage][not is_ready]


def _phone_tail(unit: Unit) -> str:
    """The last four digits of the telephone of the first holder who has one, as the mask shows them."""
    masked = UnitHolder.objects.filter(unit=unit, ended_act_id__isnull=True).exclude(holder__phone_masked="")
    first = masked.order_by("position").values_list("holder__phone_masked", flat=True).first() or ""
    tail = str(first)[-4:]
    return tail if tail.isdigit() and len(tail) == 4 else ""


def blockers_of(project_id: int) -> list[Blocker]:
    """List the blockers of a project, withdrawn ones apart, those that catch most first. One query."""
    rows = Blocker.objects.filter(project_id=project_id, withdrawn_reason="")
    return list(rows.select_related("type", "responsible").order_by("-units_caught", "number"))
