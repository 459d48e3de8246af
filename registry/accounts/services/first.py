"""The first two administrators: before them nobody could grant anything."""

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Assignment, Organisation, Person
from registry.accounts.services.people import USERNAME, IssuedPassword, issue_password
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import PermissionRefused, Refused
from registry.kernel.names import clean_person_name
from registry.store.acts import Row, current_act, write

OPERATIONS = "OPERATIONS"


@write(Permission.ACCOUNT_MANAGE)
def create_first_admins(
    *, actor: Actor, organisation_name: str, system_admin: tuple[str, str], security_admin: tuple[str, str]
) -> tuple[IssuedPassword, IssuedPassword]:
    """Open an empty registry to its system and security administrators (each a sign-in name and a name).

    If, and only if: the system itself acts (a command on the server), and nobody holds either role yet.
    """
    if not actor.is_system:
        raise PermissionRefused("首批管理员只能在服务器上用命令开设。")
    if Assignment.objects.filter(role__in=[Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value]).exists():
        raise Refused("已有系统管理员或安全管理员。新增人员由系统管理员提请、安全管理员复核。", code="already_granted")

    organisation = _operations(organisation_name)
    rows = [Row.added(organisation, "code", "name", "kind")]
    system = _seat(organisation, Role.SYSTEM_ADMIN, *system_admin, rows)
    security = _seat(organisation, Role.SECURITY_ADMIN, *security_admin, rows)

    record(
        event="admins.created",
        subject=organisation,
        facts={"system": system.person.name, "security": security.person.name},
        rows=rows,
    )
    return system, security


def _operations(name: str) -> Organisation:
    organisation: Organisation = Organisation.objects.get_or_create(
        code=OPERATIONS, defaults={"name": name, "kind": OrganisationKind.OPERATIONS}
    )[0]
    return organisation


def _seat(organisation: Organisation, role: Role, username: str, name: str, rows: list[Row]) -> IssuedPassword:
    if not USERNAME.fullmatch(username) or Person.objects.filter(username=username).exists():
        raise Refused(f"登录名{username}不合规或已被使用。请换一个：小写字母开头，3—40位。", field="username")
    person = Person(username=username, name=clean_person_name(name), organisation=organisation)
    person.set_unusable_password()
    person.save(force_insert=True)
    assignment = Assignment.objects.create(
        person=person, organisation=organisation, role=role.value, starts=current_act().today
    )
    rows.append(Row.added(person, "username", "organisation_id"))
    rows.append(Row.added(assignment, "person_id", "organisation_id", "role", "starts"))
    return IssuedPassword(person, issue_password(person))
