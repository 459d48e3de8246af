"""From an assignment to the actor that services and selectors take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.accounts.choices import SIGHT, reach_of
from registry.accounts.models import Assignment, Person
from registry.accounts.selectors.settings import district_of, sees_area, sight_of
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import Refused
from registry.kernel.settings import SETTINGS
from registry.store.scoping import PARTICIPANT


@dataclass(frozen=True)
class RoleChoice:
    """One thing a person may act as: a role at an organisation. `key` is an assignment of it."""

    key: int
    label: str


def actor_of(assignment: Assignment, *, on: date) -> Actor:
    """Build the actor of an assignment on a day. No query if person, organisation and sight are loaded; one more
    for a developer's staff, whose reach is all projects assigned to them at that organisation on that day."""
    role = Role(assignment.role)
    return Actor(
        person_id=assignment.person_id,
        name=assignment.person.name,
        role=role,
        organisation_id=assignment.organisation_id,
        organisation_name=str(assignment.organisation),
        area_code=reach_of(role, assignment.organisation.area_code),
        project_ids=_projects_of(assignment, on) if role == Role.DEVELOPER else frozenset(),
        sees_area=role in PARTICIPANT and _sees_area(assignment, on),
    )


def _sees_area(assignment: Assignment, on: date) -> bool:
    """Read the setting beside the assignment if its query brought it, else ask for it."""
    organisation = assignment.organisation
    if not hasattr(assignment, "sight"):
        return sees_area(organisation, on=on)
    if assignment.sight is not None:
        return bool(assignment.sight)
    spec = SETTINGS.get(SIGHT + organisation.kind)
    return spec is not None and bool(spec.default(district_of(organisation)))


def _projects_of(assignment: Assignment, on: date) -> frozenset[int]:
    same = Assignment.objects.in_force(on).filter(
        person_id=assignment.person_id,
        organisation_id=assignment.organisation_id,
        role=assignment.role,
        project_key__isnull=False,
    )
    return frozenset(same.values_list("project_key", flat=True))


def session_assignment(*, assignment_id: int, person_id: int, on: date) -> Assignment | None:
    """Return the assignment of a session if it is the person's and in force on the day. One query."""
    assignment: Assignment | None = (
        Assignment.objects.in_force(on)
        .filter(pk=assignment_id, person_id=person_id)
        .select_related("person", "organisation")
        .annotate(sight=sight_of(on))
        .first()
    )
    return assignment


def role_choices(person_id: int, *, on: date) -> Sequence[RoleChoice]:
    """List what a person may act as on a day, one line per role and organisation. One query."""
    held = Assignment.objects.in_force(on).filter(person_id=person_id).select_related("organisation")
    choices: dict[tuple[str, int], RoleChoice] = {}
    for assignment in held.order_by("starts", "pk"):
        label = f"{Role(assignment.role).label}，{assignment.organisation}"
        choices.setdefault((assignment.role, assignment.organisation_id), RoleChoice(assignment.pk, label))
    return tuple(choices.values())


def actor_named(username: str, *, on: date) -> Actor:
    """Return the actor of a sign-in name, for commands; the person must have exactly one role on that day."""
    person: Person | None = Person.objects.filter(username=username, is_active=True).first()
    choices = role_choices(person.pk, on=on) if person is not None else ()
    if person is None or not choices:
        raise Refused(f"没有可用的账号{username}，或当日没有职责。请核对登录名。", code="unknown_user")
    if len(choices) > 1:
        raise Refused(
            f"账号{username}有{len(choices)}项职责，命令行无法确定使用的职责。请换用只有一项职责的账号。",
            code="many_roles",
        )
    assignment = session_assignment(assignment_id=choices[0].key, person_id=person.pk, on=on)
    if assignment is None:
        raise LookupError(username)
    return actor_of(assignment, on=on)


def actor_by_key(*, person_key: int | None, on: date) -> Actor:
    """Return the actor of a person for work that runs later; refused if no role is left on that day."""
    person = Person.objects.filter(pk=person_key or 0, is_active=True).first()
    if person is None:
        raise Refused("提出任务的账号已停用，任务没有做完。", code="unknown_user")
    return actor_named(person.username, on=on)


def actor_as(*, person_key: int | None, role: str, organisation_id: int | None, on: date) -> Actor:
    """Return the actor of a person in the role in which something was asked for; refused if it is over."""
    held = Assignment.objects.in_force(on).filter(
        person_id=person_key or 0, person__is_active=True, role=role, organisation_id=organisation_id
    )
    assignment: Assignment | None = held.select_related("person", "organisation").order_by("starts", "pk").first()
    if assignment is None:
        raise Refused("提出任务的账号已停用，或当时的职责已经结束，任务没有做完。", code="unknown_user")
    return actor_of(assignment, on=on)
