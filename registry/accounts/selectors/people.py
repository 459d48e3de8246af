"""Reading people and organisations, within the actor's reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Assignment, Organisation, Person
from registry.accounts.querysets import OrganisationQuerySet
from registry.accounts.selectors.areas import every_name
from registry.accounts.selectors.settings import DISTRICT
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.store.root import project_model


@dataclass(frozen=True)
class HeldRole:
    """One role of a person, ready to show."""

    key: int
    role: str
    organisation: str
    project: str
    starts: date
    ends: date | None
    is_over: bool


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    person: Person
    roles: tuple[HeldRole, ...]


@dataclass(frozen=True)
class Branch:
    """One line of the tree of organisations; `depth` is its indent."""

    organisation: Organisation
    depth: int
    kind: str
    area: str
    people: int

    @property
    def indent(self) -> str:
        """Full-width spaces, one pair a level."""
        return "　　" * self.depth


def people(actor: Actor, *, text: str = "", role: str = "", organisation_id: int | None = None) -> QuerySet[Person]:
    """Return the people in reach, filtered; order and page them at the call. No query."""
    in_sight = Person.objects.visible_to(actor).select_related("organisation")
    if text:
        in_sight = in_sight.filter(Q(name__contains=text) | Q(username__startswith=text.lower()))
    if role:
        in_sight = in_sight.filter(pk__in=Assignment.objects.filter(role=role).values("person_id"))
    if organisation_id:
        seated = Assignment.objects.filter(organisation_id=organisation_id).values("person_id")
        in_sight = in_sight.filter(Q(organisation_id=organisation_id) | Q(pk__in=seated))
    wanted: QuerySet[Person] = in_sight
    return wanted


def person_rows(shown: Sequence[Person], *, on: date) -> list[PersonRow]:
    """Return people with the roles they hold on a day or later. Two queries, however many people."""
    held: dict[int, list[HeldRole]] = {}
    assignments = Assignment.objects.not_over(on).filter(person__in=[person.pk for person in shown])
    for key, role in _held(assignments, on):
        held.setdefault(key, []).append(role)
    return [PersonRow(person, tuple(held.get(person.pk, ()))) for person in shown]


def roles_of(person: Person, *, on: date) -> list[HeldRole]:
    """Return every role a person has or had, newest first. Two queries."""
    return [role for _, role in _held(Assignment.objects.filter(person=person), on)]


def _held(assignments: QuerySet[Assignment], on: date) -> list[tuple[int, HeldRole]]:
    roles = list(assignments.select_related("organisation").order_by("-starts", "-pk"))
    keys = {assignment.project_key for assignment in roles if assignment.project_key is not None}
    names = _project_names(keys) if keys else {}
    return [
        (
            assignment.person_id,
            HeldRole(
                assignment.pk,
                Role(assignment.role).label,
                str(assignment.organisation),
                names.get(assignment.project_key or 0, ""),
                assignment.starts,
                assignment.ends,
                assignment.ends is not None and assignment.ends <= on,
            ),
        )
        for assignment in roles
    ]


def _project_names(keys: set[int]) -> dict[int, str]:
    return {project.pk: str(project) for project in project_model().objects.filter(pk__in=keys)}


def person_in_reach(actor: Actor, pk: int) -> Person:
    """Return a person, or refuse as if there were none. One query."""
    person: Person | None = Person.objects.visible_to(actor).select_related("organisation").filter(pk=pk).first()
    if person is None:
        raise NotFound("未找到这个人员。请在人员列表中核对。")
    return person


def assignment_in_reach(actor: Actor, pk: int) -> Assignment:
    """Return an assignment, or refuse as if there were none. One query."""
    assignment: Assignment | None = (
        Assignment.objects.visible_to(actor).select_related("person", "organisation").filter(pk=pk).first()
    )
    if assignment is None:
        raise NotFound("未找到这项职责。请在人员页面核对。")
    return assignment


def organisations(actor: Actor) -> OrganisationQuerySet:
    """Return the organisations in reach, by code. No query."""
    in_reach: OrganisationQuerySet = Organisation.objects.visible_to(actor).order_by("code")
    return in_reach


def every_organisation() -> QuerySet[Organisation]:
    """Return all organisations in use, for pickers: their names are public. No query."""
    receivers: QuerySet[Organisation] = Organisation.objects.in_use().order_by("code")
    return receivers


def organisation_in_reach(actor: Actor, pk: int) -> Organisation:
    """Return an organisation, or refuse as if there were none. One query."""
    organisation: Organisation | None = Organisation.objects.visible_to(actor).filter(pk=pk).first()
    if organisation is None:
        raise NotFound("未找到这个单位。请在单位列表中核对。")
    return organisation


def organisation_tree(actor: Actor) -> list[Branch]:
    """Return the organisations in reach as a tree, parents before children. Two queries."""
    shown: list[Any] = list(
        organisations(actor).annotate(people_count=Count("people", filter=Q(people__is_active=True)))
    )
    keys = {organisation.pk for organisation in shown}
    below: dict[int | None, list[Organisation]] = {}
    for organisation in shown:
        below.setdefault(organisation.parent_id if organisation.parent_id in keys else None, []).append(organisation)
    names = every_name()
    branches: list[Branch] = []
    waiting: list[tuple[Any, int]] = [(organisation, 0) for organisation in reversed(below.get(None, []))]
    while waiting:
        organisation, depth = waiting.pop()
        label = OrganisationKind(organisation.kind).label
        area = _area_in_words(organisation.area_code, names)
        branches.append(Branch(organisation, depth, str(label), area, organisation.people_count))
        waiting.extend((child, depth + 1) for child in reversed(below.get(organisation.pk, [])))
    return branches


def _area_in_words(code: str, names: Mapping[str, str]) -> str:
    """Where an organisation lies by name: 长安区南村镇; a code that the table has no more stands as it is."""
    if len(code) < DISTRICT:
        return "市级"
    return "".join(names.get(part, part) for part in dict.fromkeys((code[:DISTRICT], code)))


def names_of_people(keys: set[int]) -> dict[int, str]:
    """Return the names of people by key, with their organisation. One query."""
    named = Person.objects.filter(pk__in=keys).select_related("organisation")
    return {
        person.pk: f"{person.organisation} {person.name}" if person.organisation else person.name for person in named
    }
