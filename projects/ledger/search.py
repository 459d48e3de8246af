"""How homes, projects and people of the ledger are found from the search box."""

import re
from typing import Final

from django.db.models import Q

from projects.ledger.choices import ProjectStatus
from projects.ledger.models import IN_THE_BOOKS, Agreement, Building, Project, Unit, UnitCertificate, UnitName
from projects.ledger.selectors.projects import project_search, projects_visible_to
from projects.ledger.services.people_search import MOST_PEOPLE, seek_holders, sought_person
from registry.kernel.authority import Actor, Permission
from registry.kernel.names import building_number, code_key
from registry.kernel.place_query import PlaceQuery
from registry.kernel.stages import Standing, Track, stage_of
from registry.web.actions import actions_for
from registry.web.search import ACTS, SHOWN, Group, Hit, Question, SearchSource
from registry.web.subject_pages import page_url

MOST = 50  # homes that are counted; beyond it the place is too wide to mean one
_BUILDING: Final = re.compile("(?P<name>.*?)(?P<number>[A-Za-z甲乙丙丁]*[0-9]+[A-Za-z]?)(?:号楼|栋楼?|幢楼?|座|#楼?)")
LEAST = 5  # characters of a number below which it is taken for a room


def find_units(actor: Actor, question: Question) -> Group | None:
    """Find homes by place, by what another office calls them, by unit code, certificate or agreement. ≤ 5 queries.

    A bare room is asked for on the page of a project only: in a whole city it means nobody.
    """
    ways = [way for way in (_by_place(question), _by_number(question)) if way is not None]
    if not ways:
        return None
    units = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS).select_related("building__project")
    rows: list[Unit] = []
    for way in ways:
        rows = rows or list(units.filter(way).distinct().order_by("id")[: MOST + 1])
    hint = "" if rows else _nearest(actor, question)
    hits = tuple(_unit_hit(unit) for unit in rows[:SHOWN])
    return Group("户", hits, min(len(rows), MOST), hint=hint, is_capped=len(rows) > MOST, is_place=True)


def _by_place(question: Question) -> Q | None:
    place = question.place
    if place is None or not (place.building or question.project_code):
        return None
    wanted = Q(room=place.room)
    if place.entrance:
        wanted &= Q(entrance=place.entrance)
    if place.building:
        wanted &= Q(building__number=place.building)
    return wanted & _of_project(question, place)


def _of_project(question: Question, place: PlaceQuery) -> Q:
    """The project that is named before the building, or the one whose page this is; anywhere if there is neither."""
    if place.name or question.project_code:
        return Q(building__project__in=Project.objects.filter(_meant(question, place)).values("pk"))
    return Q()


def _meant(question: Question, place: PlaceQuery) -> Q:
    return project_search(place.name) if place.name else Q(code=question.project_code)


def _by_number(question: Question) -> Q | None:
    key = code_key(question.text)
    if len(key) < LEAST:
        return None
    by_code = Q(unit_code=key)
    named = UnitName.objects.filter(text=question.text).values("unit")
    certified = UnitCertificate.objects.filter(number__in={question.text, key}, ended_act_id__isnull=True)
    agreed = Agreement.objects.filter(number__in={question.text, key})
    return by_code | Q(pk__in=named) | Q(pk__in=certified.values("unit")) | Q(pk__in=agreed.values("brought__unit"))


def _nearest(actor: Actor, question: Question) -> str:
    """Say how far the building goes, if it is one of a single project."""
    place = question.place
    if place is None or not place.building or not (place.name or question.project_code):
        return ""
    units = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS, building__number=place.building)
    last = units.filter(_of_project(question, place)).select_related("building").order_by("-floor_order", "-id").first()
    if last is None:
        project = projects_visible_to(actor).filter(_meant(question, place)).first()
        return f"{project.name}没有{place.building}号楼。请核对楼号。" if project else ""
    return f"{last.building}未找到该户；最高{last.floor}层，如{last}。请核对单元和户号。"


def _unit_hit(unit: Unit) -> Hit:
    standing = Standing(unit.standing)
    stage = stage_of(Track.CERTIFICATE, unit.certificate)
    return Hit(
        f"{unit.building.project.name} {unit.building}{unit}",
        page_url("unit", unit.building.project.code, unit.pk),
        tuple(text for text in (unit.get_use_display(), unit.holders_masked, unit.agreement_no) if text),
        stage.label if standing == Standing.ACTIVE else standing.label,
        stage.css if standing == Standing.ACTIVE else "waiting",
    )


def find_projects(actor: Actor, question: Question) -> Group:
    """Find projects by name, other name, initials, developer or address; for a home, by what stands before it."""
    place = question.place
    text = place.name if place is not None and place.name else question.text
    rows = projects_visible_to(actor).filter(project_search(text)).distinct().order_by("code")
    hits = tuple(
        Hit(
            project.name,
            page_url("project", project.code),
            (project.code, f"{project.district_name}{project.township_name}"),
            ProjectStatus(project.status).label,
        )
        for project in rows[:SHOWN]
    )
    count = len(hits) if len(hits) < SHOWN else rows.order_by().count()
    return Group("项目", hits, count, all_query=text)


def find_buildings(actor: Actor, question: Question) -> Group | None:
    """Find buildings by number in the project named before it, or whose page this is. Two queries."""
    match = _BUILDING.fullmatch(question.text)
    if match is None or not (match["name"].strip() or question.project_code):
        return None
    name, number = match["name"].strip(), building_number(match["number"])
    meant = project_search(name) if name else Q(code=question.project_code)
    rows = (
        Building.objects.visible_to(actor)
        .filter(number=number, project__in=Project.objects.filter(meant).values("pk"))
        .select_related("project")
        .order_by("project__code", "id")
    )
    hits = tuple(
        Hit(f"{building.project.name} {building.name}", page_url("building", building.project.code, building.number))
        for building in rows[:SHOWN]
    )
    return Group("楼栋", hits, len(hits) if len(hits) < SHOWN else rows.count())


def find_acts(actor: Actor, question: Question) -> Group | None:
    """Find what the actor may begin here: on the project whose page this is, or on the one home that is meant."""
    offers: list[tuple[str, str]] = []
    if question.project_code and (project := projects_visible_to(actor).filter(code=question.project_code).first()):
        offers += [offer for offer in actions_for("project", actor, project) if question.text in offer[0]]
    if (way := _by_place(question)) is not None:
        homes = Unit.objects.visible_to(actor).filter(IN_THE_BOOKS).filter(way).select_related("building__project")[:2]
        if len(homes) == 1:
            offers += actions_for("unit", actor, homes[0])
    hits = tuple(Hit(label, url, ("办事",)) for label, url in offers[:SHOWN])
    return Group(ACTS, hits, len(hits))


def find_people(actor: Actor, question: Question) -> Group | None:
    """Find right holders by whole name, whole identity number, telephone or its last four digits; each look is kept.

    While somebody types nothing is looked up; without the right a line says so. Neither tells whether there is one.
    """
    sought = sought_person(question.text)
    if sought is None:
        return None
    if not actor.can(Permission.PERSON_READ):
        hint = f"按{sought.what}查，需要看权利人的权限。可以按户号、协议号、文号查。"
        return None if sought.is_a_name else Group("权利人", hint=hint)
    if question.is_typing:
        return Group("权利人", hint=f"按回车键，按{sought.what}查权利人；每次查找都会留痕。")
    holders = seek_holders(actor=actor, sought=sought)
    hits = tuple(
        Hit(
            row.holder.name_masked,
            page_url("unit", row.unit.building.project.code, row.unit.pk),
            tuple(part for part in (row.holder.identity_masked, row.holder.phone_masked) if part),
            f"{row.unit.building.project.name} {row.unit.building}{row.unit}",
        )
        for row in holders[:SHOWN]
    )
    hint = "" if hits or (sought.is_a_name and sought.what != "姓名") else _NOBODY
    return Group("权利人", hits, len(holders), hint=hint, is_capped=len(holders) > MOST_PEOPLE)


_NOBODY: Final = "您的范围内没有查到。姓名须写全名，电话写末四位或全号，证件号码写全号。"
SEARCH = (
    SearchSource("person", 75, Permission.UNIT_READ, find_people),
    SearchSource("unit", 10, Permission.UNIT_READ, find_units),
    SearchSource("building", 15, Permission.UNIT_READ, find_buildings),
    SearchSource("act", 90, Permission.PROJECT_READ, find_acts),
    SearchSource("project", 20, Permission.PROJECT_READ, find_projects, all_view="ledger:projects"),
)
