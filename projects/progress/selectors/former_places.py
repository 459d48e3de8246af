"""Old addresses of buildings and units: a split, a merge or a new number moves them; the old one finds them."""

from django.db.models import Q

from projects.ledger.models import Building, BuildingPlacement, Project, Unit
from registry.kernel.authority import Actor


def former_projects(code: str) -> list[int]:
    """List the keys of the projects that a code named once, merged or not. One query."""
    named = Project.objects.filter(Q(code=code) | Q(aliases__kind="former_code", aliases__text=code))
    return list(named.order_by("id").values_list("id", flat=True).distinct())


def building_now_at(actor: Actor, code: str, number: str) -> tuple[str, str] | None:
    """Return the code and number under which a building stands now, if it once stood there. Three queries."""
    placed = BuildingPlacement.objects.filter(project__in=former_projects(code), number=number).order_by("-id")
    keys = list(placed.values_list("building", flat=True)[:1])
    building: Building | None = (
        Building.objects.visible_to(actor).select_related("project").filter(pk__in=keys).first() if keys else None
    )
    if building is None or (building.project.code, building.number) == (code, number):
        return None
    return building.project.code, building.number


def unit_now_at(actor: Actor, code: str, pk: int) -> str | None:
    """Return the code of the project in which a unit stands now, if it once was here. Three queries."""
    unit: Unit | None = Unit.objects.visible_to(actor).select_related("building__project").filter(pk=pk).first()
    if unit is None or unit.building.project.code == code:
        return None
    was_there = BuildingPlacement.objects.filter(building=unit.building_id, project__in=former_projects(code))
    return unit.building.project.code if was_there.exists() else None
