"""Certificates of units: what stands, whose a number is, and how the numbers read as one text."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from projects.ledger.models import Project, Unit, UnitCertificate
from registry.kernel.authority import Actor
from registry.kernel.days import AnyDay

CHUNK: Final = 800
LONGEST: Final = Unit._meta.get_field("certificate_no").max_length


@dataclass(frozen=True)
class PlacedCertificate:
    """A certificate as a file states it; without a day where the file says none."""

    number: str
    is_legacy: bool = False
    issued_on: AnyDay | None = None  # a row with a day ahead is refused by itself


def standing(units: "Iterable[int] | None" = None, *, project: Project | None = None) -> "QuerySet[UnitCertificate]":
    """Return the standing certificates of some units or of a project, unit by unit in order. No query yet."""
    found: QuerySet[UnitCertificate] = UnitCertificate.objects.filter(ended_act_id__isnull=True)
    if project is not None:
        found = found.filter(unit__building__project=project)
    if units is not None:
        found = found.filter(unit_id__in=units)
    return found.order_by("unit_id", "position", "id")


def certificates_by_unit(project: Project) -> dict[int, tuple[PlacedCertificate, ...]]:
    """Return the standing certificates of each unit of a project that has one. One query."""
    found: dict[int, list[PlacedCertificate]] = defaultdict(list)
    for unit, number, is_legacy, on in standing(project=project).values_list(
        "unit_id", "number", "is_legacy", "issued_on"
    ):
        found[unit].append(PlacedCertificate(number, is_legacy, on))
    return {unit: tuple(those) for unit, those in found.items()}


def certificate_owners(numbers: Sequence[str], *, reader: Actor | None = None) -> dict[str, tuple[int, str]]:
    """Return the unit that a number stands for in the whole ledger, and its name for who may see it.

    Whoever states a number is told that it is taken, but of a home out of reach not where it is. A query for each 800
    numbers, and one more where some are taken.
    """
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(numbers), CHUNK):
        part = UnitCertificate.objects.filter(ended_act_id__isnull=True, number__in=numbers[start : start + CHUNK])
        found |= {number: (unit, "") for number, unit in part.values_list("number", "unit_id")}
    if reader is None or not found:
        return found
    for start in range(0, len(taken := list(found)), CHUNK):
        seen = UnitCertificate.objects.visible_to(reader).filter(
            ended_act_id__isnull=True, number__in=taken[start : start + CHUNK]
        )
        for one in seen.select_related("unit__building__project"):
            place = f"{one.unit.building.project.code} {one.unit.building}{one.unit}"
            found[one.number] = (one.unit_id, place)
    return found


def joined_numbers(certificates: Iterable[PlacedCertificate]) -> str:
    """Return the numbers as one text, as the unit's row and the sheets have it."""
    return "、".join(one.number for one in certificates)[:LONGEST]
