"""Every home in reach as rows of a sheet, streamed: what a workbook of 600,000 homes is made of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

from django.db.models import Q, QuerySet

from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit, UnitHolder
from registry.kernel.authority import Actor
from registry.kernel.identifiers import IdentityKind
from registry.kernel.stages import STAGES, Standing, Track, Use
from registry.store.crypto import decrypt

PORTION: Final = 900
READ: Final = 4_500
NONE: Final = "无"
PROJECT: Final = ("code", "name", "district_name")
FIELDS: Final = (
    "entrance", "floor", "room", "unit_code", "use", "area", "holders_masked", "agreement_no", "certificate",
    "certificate_on", "tax", "fund", "standing", "certificate_no", "remark",
)  # fmt: skip
HOLDERS_AT: Final = 2 + FIELDS.index("holders_masked")  # in a row that begins with the keys of unit and building
NARROWED: Final[Mapping[str, str]] = {
    "project": "building__project__code",
    "district": "building__project__district_code",
    "use": "use",
    "certificate": "certificate",
    "standing": "standing",
}


def detail_units(actor: Actor, words: Mapping[str, str]) -> "QuerySet[Unit]":
    """Return the units in the actor's reach, narrowed by the filters. No query yet."""
    units: QuerySet[Unit] = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS)
    return units.filter(Q(**{field: words[name] for name, field in NARROWED.items() if words.get(name)}))


def detail_rows(actor: Actor, words: Mapping[str, str], *, with_people: bool) -> Iterator[tuple[Any, ...]]:
    """Return a row for each unit, in the order of projects and buildings, each project as it is when its turn
    comes. One query a project and one for each 4,500 units: none has to sort or hold the whole city, and each is read
    to its end before a row is given, so that the writer of a beat meets no open cursor.

    `with_people` opens names, identity numbers and telephones: one more query for each 900 units, and only for an
    export that its second person agreed to.
    """
    units = detail_units(actor, words)
    projects = Project.objects.visible_to(actor).order_by("id").values_list("id", *PROJECT)
    for project, *named in list(projects):
        names = dict(Building.objects.filter(project_id=project).values_list("id", "name"))
        rows = _in_portions(units.filter(building_id__in=list(names)))
        if not with_people:
            for row in rows:
                yield (*named, names[row[1]], *row[2:])
            continue
        while portion := list(islice(rows, PORTION)):
            people = _people([row[0] for row in portion])
            for row in portion:
                known = people.get(row[0], ("", "", "", ""))
                yield (*named, names[row[1]], *row[2:HOLDERS_AT], *known, *row[HOLDERS_AT + 1 :])


def _in_portions(units: "QuerySet[Unit]") -> Iterator[tuple[Any, ...]]:
    """The units of a project by building, so many a query, each going on after the last unit read."""
    wanted = units.order_by("building_id", "id").values_list("id", "building_id", *FIELDS)
    unit, building = 0, 0
    while part := list(wanted.filter(Q(building_id=building, id__gt=unit) | Q(building_id__gt=building))[:READ]):
        yield from part
        if len(part) < READ:
            return
        unit, building = part[-1][:2]


def detail_words() -> dict[str, dict[str, str]]:
    """Return the words of the coded columns, by column name."""
    return {
        "use": {str(use.value): use.label for use in Use},
        "standing": {str(standing.value): standing.label for standing in Standing},
        **{track.value: {stage.code: stage.label for stage in STAGES[track]} for track in Track},
    }


def _people(units: list[int]) -> dict[int, tuple[str, str, str, str]]:
    """Names with shares, kinds and numbers of papers, telephones of the holders of some units, in clear. One query."""
    holdings = UnitHolder.objects.filter(unit_id__in=units, ended_act_id__isnull=True).order_by("unit_id", "position")
    people: dict[int, list[tuple[str, str, str, str]]] = defaultdict(list)
    for unit, name, share, kind, identity, phone in holdings.values_list(
        "unit_id", "holder__name", "share", "holder__identity_kind", "holder__identity", "holder__phone"
    ):
        people[unit].append(
            (
                decrypt(name, "holder.name") + (f"（{share}）" if share else ""),
                IdentityKind(kind).label,
                decrypt(identity, "holder.identity") if identity else "",
                decrypt(phone, "holder.phone") if phone else "",
            )
        )
    return {unit: _joined(stated) for unit, stated in people.items()}


def _joined(people: list[tuple[str, str, str, str]]) -> tuple[str, str, str, str]:
    """Join what is known of several people in the same order; 无 stands for what one of them lacks."""
    names, kinds, identities, phones = (
        "、".join(text or NONE for text in column) if any(column) else "" for column in zip(*people, strict=True)
    )
    return names, kinds if identities else "", identities, phones
