"""Reference data: code lists that every installation starts with."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from projects.casework.models import Holiday
from projects.gates.models import BlockerType, GatePlan
from projects.office.models import ChecklistItem
from registry.accounts.models import Area
from registry.store.guard import fixture_writes

AREAS_FROM: Final = "中华人民共和国县以上行政区划代码（民政部）"
AREAS_AS_OF: Final = date(2022, 12, 31)


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
        if not Area.objects.exists():  # another city's own table takes their place, by the page of reference data
            Area.objects.bulk_create(
                Area(**row, source=AREAS_FROM, as_of=AREAS_AS_OF) for row in read("reference", "districts")
            )
        asked = {(applies_to, name) for applies_to, name in ChecklistItem.objects.values_list("applies_to", "name")}
        ChecklistItem.objects.bulk_create(
            ChecklistItem(**row)
            for row in read("reference", "checklists")
            if (row["applies_to"], row["name"]) not in asked
        )
    return len(types), plans
