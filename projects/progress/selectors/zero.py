"""Zero means zero: how many units are issued, left over and explained, or neither."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from projects.ledger.models import IN_THE_BOOKS, Unit
from projects.progress.models import Residual
from registry.kernel.stages import HOLD_REASONS, Standing

SAMPLE = 3


@dataclass(frozen=True)
class ZeroCount:
    """The units due of a project, and what became of them; `sample` names some that are unexplained."""

    total: int
    issued: int
    left_over: int
    flagged: int
    unexplained: int
    sample: tuple[str, ...]


@dataclass(frozen=True)
class LeftOver:
    """One residual as the page lists it."""

    key: int
    unit: Unit
    reason: str
    row: Residual
    state: str
    is_late: bool


def valid_residuals(on: date) -> "QuerySet[Residual]":
    """Return the residuals that explain their unit on a day: signed, not ended, review not past, unit held."""
    valid: QuerySet[Residual] = Residual.objects.filter(
        starts__lte=on, ends__isnull=True, review_on__gte=on, unit__standing=Standing.HELD.value
    )
    return valid


def unexplained_units(project_id: int, *, on: date) -> "QuerySet[Unit]":
    """Return the units due that are neither issued nor left over with a valid residual. No query yet."""
    units: QuerySet[Unit] = (
        Unit.objects.filter(IN_THE_BOOKS, building__project_id=project_id)
        .exclude(standing=Standing.EXCLUDED.value)
        .exclude(certificate="issued")
        .exclude(Exists(valid_residuals(on).filter(unit=OuterRef("pk"))))
    )
    return units


def zero_count(project_id: int, *, on: date) -> ZeroCount:
    """Count a project's way to zero on a day. Five queries at most."""
    due = Unit.objects.filter(IN_THE_BOOKS, building__project_id=project_id).exclude(standing=Standing.EXCLUDED.value)
    valid = valid_residuals(on).filter(unit__building__project_id=project_id).exclude(unit__certificate="issued")
    open_units = unexplained_units(project_id, on=on)
    names = open_units.select_related("building").order_by("building__number_order", "id")[:SAMPLE]
    return ZeroCount(
        total=due.count(),
        issued=due.filter(certificate="issued").count(),
        left_over=valid.count(),
        flagged=valid.filter(is_month_end=True).count(),
        unexplained=open_units.count(),
        sample=tuple(f"{unit.building}{unit}" for unit in names),
    )


def residuals_of(project_id: int, *, on: date) -> list[LeftOver]:
    """List the residuals of a project that are not ended, next review first. One query."""
    rows = (
        Residual.objects.filter(unit__building__project_id=project_id, ends__isnull=True)
        .select_related("unit__building")
        .order_by("review_on", "id")
    )
    return [
        LeftOver(
            row.id,
            row.unit,
            HOLD_REASONS[row.reason],
            row,
            f"{row.signed_by}{row.starts}复核" if row.starts else "等第二人复核",
            row.review_on < on,
        )
        for row in rows[:500]
    ]


def projects_with_lapsed(on: date) -> list[int]:
    """Return the projects in which a residual's review is past on a day. One query."""
    rows = Residual.objects.filter(starts__isnull=False, ends__isnull=True, review_on__lt=on)
    return list(
        rows.values_list("unit__building__project_id", flat=True).distinct().order_by("unit__building__project")
    )
