"""Reading units: the list of a project, one unit with all that hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Prefetch, Q, QuerySet

from projects.gates.selectors.building import Explanation, Held, explain
from projects.gates.selectors.drill_down import units_counted_by
from projects.ledger.models import IN_THE_BOOKS, Holder, Unit, UnitHolder
from projects.ledger.selectors.certificates import standing
from projects.progress.models import Hold, Submission
from projects.progress.selectors.queues import BY_CODE as QUEUES_BY_CODE
from projects.progress.selectors.queues import with_papers
from projects.progress.selectors.unit_history import unit_history
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound
from registry.kernel.gates import Papers
from registry.kernel.stages import STAGES, Standing, Track, Use, next_stages, stage_of
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

LIST_WORDS = (  # by which the list of units is narrowed
    "building", "use", "certificate", "tax", "fund", "standing", "entrance", "q", "figure", "side", "queue",
)  # fmt: skip
UNIT_ORDERS = (  # of the page and of its export
    Order("place", "楼栋", ("building__number_order", "building_id", "id")),
    Order("room", "户号", ("room", "id")),
    *by_heads(
        {
            "unit": "building__number_order",
            "use": ranked("use", Use),
            "unit_code": if_any("unit_code", ""),
            "holders": by_pinyin("holders_masked"),
            "area": if_any("area", Decimal(0), DecimalField(max_digits=12, decimal_places=2)),
            "agreement": "agreement_no",
            **{track.value: ranked(track.value, [stage.code for stage in STAGES[track]]) for track in Track},
            "certificate_on": if_any("certificate_on"),
            "standing": ranked("standing", Standing),
            "remark": by_pinyin("remark"),
        },
        tie=("building__number_order", "building_id", "id"),
    ),
)


def units_of(actor: Actor, project_id: int, *, filters: Mapping[str, str], on: date) -> "QuerySet[Unit]":
    """Return the units of a project narrowed by building, use, stage, entrance, text, a queue, or a figure's own units.

    No query yet, but those of a figure that hangs on gates.
    """
    units: QuerySet[Unit] = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS, building__project_id=project_id)
    named = {
        "building": "building__number",
        "use": "use",
        "certificate": "certificate",
        "tax": "tax",
        "fund": "fund",
        "standing": "standing",
        "entrance": "entrance",
    }
    for name, field in named.items():
        if filters.get(name):
            units = units.filter(**{field: filters[name]})
    if filters.get("side"):
        homes = Q(use="dwelling")
        units = units.filter(homes if filters["side"] == "homes" else ~homes).exclude(standing="excluded")
    if filters.get("queue") in QUEUES_BY_CODE:
        units = with_papers(units).filter(QUEUES_BY_CODE[filters["queue"]].condition)
    if filters.get("figure"):
        units = units.filter(units_counted_by(filters["figure"], project_id, on=on))
    text = filters.get("q", "").strip()
    if text:
        units = units.filter(Q(room__istartswith=text) | Q(agreement_no__icontains=text) | Q(unit_code=text))
    return units.select_related("building").order_by("building__number_order", "building_id", "id")


def unit_by_id(actor: Actor, project_id: int, pk: int) -> Unit:
    """Find a unit of a project. One query."""
    found = (
        Unit.objects.visible_to(actor)
        .select_related("building__project")
        .filter(building__project_id=project_id, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound("未找到该户，或不在您的范围内。")
    unit: Unit = found
    return unit


@dataclass(frozen=True)
class HolderLine:
    """A right holder as shown: masked."""

    id: int
    name: str
    identity: str
    phone: str
    role: str
    share: str
    note: str


def holders_of(unit: Unit) -> list[HolderLine]:
    """List the present holders, masked. One query."""
    rows = UnitHolder.objects.filter(unit=unit, ended_act_id__isnull=True).select_related("holder").order_by("position")
    return [
        HolderLine(
            row.holder_id,
            row.holder.name_masked,
            row.holder.identity_masked,
            row.holder.phone_masked,
            row.get_role_display(),
            row.share,
            row.note_masked,
        )
        for row in rows
    ]


def holder_of(actor: Actor, *, unit_id: int, pk: int) -> Holder:
    """Find a holder of a unit. One query."""
    found = Holder.objects.visible_to(actor).filter(pk=pk, holdings__unit_id=unit_id).first()
    if found is None:
        raise NotFound("没有这位权利人。")
    holder: Holder = found
    return holder


def unit_card(actor: Actor, unit: Unit) -> dict[str, Any]:
    """Return what a unit's page says besides why. Eight queries."""
    return {
        "unit": unit,
        "project": unit.building.project,
        "holders": holders_of(unit) if actor.can(Permission.PERSON_READ) else [],
        "holders_masked": unit.holders_masked,
        "certificates": list(standing([unit.id])),
        "timeline": unit_history(unit),
        "next": next_moves(actor, unit),
    }


def explained(unit: Unit, *, on: date) -> Explanation:
    """Say why a unit can or can't go on, with the reason for which it is set apart. One query more if it is."""
    held = Held()
    if unit.standing != Standing.ACTIVE:
        row = Hold.objects.filter(unit=unit, ends__isnull=True).first()
        held = Held(row.reason, row.review_on, row.starts) if row else held
    return explain(unit, on=on, held=held, papers=papers_of(unit))


def submission_of(unit: Unit) -> Submission | None:
    """Return what stands of a home's papers at the registration centre. One query."""
    return Submission.objects.filter(unit=unit, ended_act_id__isnull=True).first()


def submission_by_id(actor: Actor, unit: Unit, pk: int) -> Submission:
    """Find a round of a home's papers at the registration centre. One query."""
    row: Submission | None = Submission.objects.visible_to(actor).filter(unit=unit, pk=pk).first()
    if row is None:
        raise NotFound("没有这次送件或退回的登记。")
    return row


def with_standing_papers(units: "QuerySet[Unit]") -> "QuerySet[Unit]":
    """Give each home of a list the rounds of its papers that stand, as `standing_papers`. One query more."""
    waiting = Submission.objects.filter(ended_act_id__isnull=True)
    return units.prefetch_related(Prefetch("submissions", waiting, to_attr="standing_papers"))


def papers_of(unit: Unit) -> Papers | None:
    """Return where the papers of a home that waits for 受理 are. One query, of such a home."""
    row = submission_of(unit) if unit.certificate == "collected" else None
    return Papers(row.handed_on, row.returned_on, row.lacks) if row else None


def next_moves(actor: Actor, unit: Unit) -> list[tuple[str, str, str]]:
    """List the moves that this actor may try on the unit: track, stage, label."""
    found = []
    for track in Track:
        here = getattr(unit, track.value)
        ahead = next_stages(track, here) if here else ()
        found += [
            (track.value, stage, stage_of(track, stage).label) for stage in ahead if actor.may_advance(track, stage)
        ]
    return found
