"""Reference data: code lists that every installation starts with."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.ledger.models import Project
from projects.office.models import ChecklistItem
from registry.accounts.models import Area
from registry.store.guard import fixture_writes

OF_PROJECTS: Final = "台账里项目登记的名称"


def read(folder: str, name: str) -> Any:
    """Read a fixture file."""
    return json.loads((Path(settings.BASE_DIR) / "fixtures" / folder / f"{name}.json").read_text())


@transaction.atomic
def load_reference() -> tuple[int, int]:
    """Load the code lists, as far as they are not there yet; what staff changed stays."""
    with fixture_writes():
        known = set(BlockerType.objects.values_list("code", flat=True))
        types = [BlockerType(**row) for row in read("reference", "blocker_types") if row["code"] not in known]
        BlockerType.objects.bulk_create(types)
        plans = 0
        for row in read("reference", "gate_plans"):
            _, made = GatePlan.objects.get_or_create(
                housing_type=row["housing_type"],
                effective_on=date.fromisoformat(row["effective_on"]),
                defaults={"gates": row["gates"]},
            )
            plans += made
        stated = {day.isoformat() for day in Holiday.objects.values_list("day", flat=True)}
        Holiday.objects.bulk_create(Holiday(**row) for row in read("reference", "holidays") if row["day"] not in stated)
        _keep_areas_of_projects()
        asked = {(applies_to, name) for applies_to, name in ChecklistItem.objects.values_list("applies_to", "name")}
        ChecklistItem.objects.bulk_create(
            ChecklistItem(**row)
            for row in read("reference", "checklists")
            if (row["applies_to"], row["name"]) not in asked
        )
    return len(types), plans


def demo_areas() -> list[Area]:
    """Return the districts and townships of the demo's city, as its table has them."""
    path = Path(settings.BASE_DIR) / "fixtures" / "areas" / "beijing.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [
        Area(code=code, name=name, source=source, as_of=date.fromisoformat(as_of))
        for code, name, source, as_of, _ in rows
    ]


@transaction.atomic
def load_demo_areas() -> None:
    """Load the areas of the demo's city. Any other installation loads its own city's table on the page, two persons."""
    known = set(Area.objects.values_list("code", flat=True))
    with fixture_writes():
        Area.objects.bulk_create(area for area in demo_areas() if area.code not in known)


def _keep_areas_of_projects() -> None:
    """Codes of projects that were taken in when names were typed stay in use; their source says so."""
    known = set(Area.objects.values_list("code", flat=True))
    wanted: dict[str, Area] = {}
    places = ("district_code", "district_name", "township_code", "township_name", "taken_in_on")
    strange = Project.objects.exclude(township_code__in=Area.objects.values("code"))  # none but after an upgrade
    for district, its_name, town, town_name, on in strange.order_by("id").values_list(*places):
        for code, name in ((district, its_name), (town, town_name)):
            if code not in known:
                wanted[code] = Area(code=code, name=name, source=OF_PROJECTS, as_of=on)
    Area.objects.bulk_create(wanted.values())
