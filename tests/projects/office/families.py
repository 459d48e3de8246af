"""A family for the tests of the office: two more homes and a parking place of the first home's people."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from projects.ledger.models import Unit
from projects.office.models import Visit
from projects.office.selectors.families import family_card
from projects.office.services.visits import receive_family
from projects.progress.services import PlacedHolder, PlacedUnit, place_units
from registry.kernel.identifiers.identity import synthetic_identity, synthetic_phone
from registry.kernel.stages import Use
from tests.factories.projects import PLACED, TODAY, Estate, holder_name, home, on_day

FAMILY = 2  # the row of the list whose people hold more


def lay_family(estate: Estate) -> list[int]:
    """Place a second home by the same agreement, a third of the same person, and a parking place; all four keys."""
    person = PlacedHolder(holder_name(FAMILY), "resident", synthetic_identity(FAMILY), synthetic_phone(FAMILY))
    rows = [
        home("3", "1", 2, 90, agreement_no=f"AZ-{FAMILY:04d}"),
        replace(home("3", "1", 3, 91), holders=(person,)),
        PlacedUnit(92, "3", "", "-1", -1, "B1-118", Use.PARKING, holders=(person,), agreement_no="CW-0118"),
    ]
    with on_day(PLACED):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=PLACED, source="补充清册"
        )
    placed = Unit.objects.filter(building__project=estate.project, building__number="3").order_by("id")
    return [estate.homes[0], *placed.values_list("id", flat=True)]


def unit_of(key: int) -> Unit:
    """A home, read anew."""
    unit: Unit = Unit.objects.select_related("building__project").get(pk=key)
    return unit


def all_papers(key: int, on: Any = TODAY) -> list[str]:
    """The papers that a home is asked for and that must be handed in."""
    own = next(line for line in family_card(unit_of(key), on=on) if line.unit.pk == key)
    return [paper.name for paper in own.asked if paper.is_needed]


def come(
    estate: Estate, handed: dict[int, Collection[str]], *, on: Any = TODAY, by: str = "township", **words: Any
) -> Visit:
    """The family comes on a day; the card of the first home is open."""
    with on_day(on):
        visit: Visit = receive_family(
            actor=getattr(estate.cast, by).actor, unit=unit_of(next(iter(handed))), handed=handed, came_on=on, **words
        )
    return visit
