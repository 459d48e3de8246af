"""The fixed cast: one person per role in district 110105, its township 110105027, and strangers of district 110108."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.accounts.middleware import ASSIGNMENT, EPOCH
from registry.accounts.models import Area, Assignment, Organisation, Person, Setting
from registry.accounts.selectors import actor_of
from registry.kernel.authority import Actor, Role
from registry.store.guard import fixture_writes

DISTRICT = "110105"
TOWNSHIP = "110105027"
STRANGE_DISTRICT = "110108"
STRANGE_TOWNSHIP = "110108001"
AREAS = {
    DISTRICT: "朝阳区", TOWNSHIP: "十八里店乡", "110105028": "另一乡", "110105043": "东湖街道",
    STRANGE_DISTRICT: "海淀区", STRANGE_TOWNSHIP: "海淀某镇", "110108027": "海淀某街道",
}  # fmt: skip
PASSWORD = "Ledger-2022-words"
STARTED = date(2019, 1, 1)
TODAY = date(2022, 3, 8)
NOT_COUNTED = ("django_session", "SAVEPOINT", "BEGIN", "COMMIT")


@dataclass(frozen=True)
class Player:
    """A person of the cast in its one role."""

    person: Person
    organisation: Organisation
    assignment: Assignment

    @property
    def actor(self) -> Actor:
        """The actor, built anew: assignments may have changed."""
        return actor_of(self.assignment, on=TODAY)


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    city: Player
    district: Player
    district_second: Player
    township: Player
    department: Player
    centre: Player
    tax: Player
    developer: Player
    auditor: Player
    system_admin: Player
    security_admin: Player
    strange_district: Player
    strange_township: Player
    strange_department: Player
    strange_developer: Player

    @property
    def strangers(self) -> tuple[Player, ...]:
        """Those of the other district."""
        return (self.strange_district, self.strange_township, self.strange_department, self.strange_developer)


# name of the player: role, organisation's code, its kind, its area, its name, the person's name
PARTS: dict[str, tuple[Role, str, str, str, str, str]] = {
    "city": (Role.CITY, "C-TF", "city_task_force", "", "市专班", "甲市"),
    "district": (Role.DISTRICT, "D-TF", "district_task_force", DISTRICT, "朝阳区专班", "乙区"),
    "district_second": (Role.DISTRICT, "D-TF", "district_task_force", DISTRICT, "朝阳区专班", "乙二"),
    "township": (Role.TOWNSHIP, "T-1", "township", TOWNSHIP, "十八里店乡", "丙乡"),
    "department": (Role.DEPARTMENT, "D-PLAN", "department", DISTRICT, "规自分局", "丁规"),
    "centre": (Role.REGISTRATION_CENTRE, "D-REG", "registration_centre", DISTRICT, "区登记中心", "戊登"),
    "tax": (Role.TAX, "D-TAX", "tax", DISTRICT, "区税务局", "己税"),
    "developer": (Role.DEVELOPER, "D-DEV", "developer", DISTRICT, "演示开发公司", "庚开"),
    "auditor": (Role.AUDITOR, "C-AUD", "audit", "", "市审计", "辛审"),
    "system_admin": (Role.SYSTEM_ADMIN, "C-OPS", "operations", "", "系统运维", "壬系"),
    "security_admin": (Role.SECURITY_ADMIN, "C-OPS", "operations", "", "系统运维", "癸安"),
    "strange_district": (Role.DISTRICT, "S-TF", "district_task_force", STRANGE_DISTRICT, "海淀区专班", "子区"),
    "strange_township": (Role.TOWNSHIP, "S-T1", "township", STRANGE_TOWNSHIP, "海淀某镇", "丑镇"),
    "strange_department": (Role.DEPARTMENT, "S-PLAN", "department", STRANGE_DISTRICT, "海淀规自分局", "寅规"),
    "strange_developer": (Role.DEVELOPER, "S-DEV", "developer", STRANGE_DISTRICT, "演示外区公司", "卯开"),
}


def lay_cast(*, project_key: int | None = None, strange_project_key: int | None = None) -> Cast:
    """Lay the whole cast; the developers get the projects given."""
    players = {}
    lay_areas()
    for name, (role, code, kind, area, label, person_name) in PARTS.items():
        at = lay_organisation(code=code, name=label, kind=kind, area_code=area)
        who = lay_person(username=name.replace("_", "."), name=person_name, organisation=at)
        keys = {"developer": project_key, "strange_developer": strange_project_key}
        players[name] = Player(who, at, lay_assignment(who, at, role, project_key=keys.get(name)))
    return Cast(**players)


def lay_areas() -> None:
    """Lay the table of a made-up city, as far as it is not there: two districts and the townships of the tests."""
    known = set(Area.objects.values_list("code", flat=True))
    with fixture_writes():
        Area.objects.bulk_create(
            Area(code=code, name=name, source="测试用表", as_of=STARTED)
            for code, name in AREAS.items()
            if code not in known
        )


def lay_organisation(
    *, code: str, name: str = "", kind: str = "department", area_code: str = "", **more: Any
) -> Organisation:
    """Lay an organisation once."""
    with fixture_writes():
        found: Organisation = Organisation.objects.get_or_create(
            code=code, defaults={"name": name or code, "kind": kind, "area_code": area_code, **more}
        )[0]
    return found


def lay_setting(name: str, value: object, *, area_code: str = "", since: date = STARTED) -> Setting:
    """Lay a dated setting."""
    with fixture_writes():
        setting: Setting = Setting.objects.create(
            name=name, area_code=area_code, value=value, effective_on=since, reason="试",
            recorded_at=datetime(since.year, since.month, since.day, tzinfo=UTC), act_id=1,
        )  # fmt: skip
    return setting


def lay_person(*, username: str, name: str = "某人", organisation: Organisation | None = None, **more: Any) -> Person:
    """Lay a person who signs in with PASSWORD and need not change it."""
    person = Person(username=username, name=name, organisation=organisation, **{"must_change_password": False, **more})
    person.set_password(PASSWORD)
    with fixture_writes():
        person.save()
    return person


def lay_assignment(
    person: Person, organisation: Organisation, role: Role, *, project_key: int | None = None,
    starts: date = STARTED, ends: date | None = None,
) -> Assignment:  # fmt: skip
    """Lay a role."""
    with fixture_writes():
        assignment: Assignment = Assignment.objects.create(
            person=person, organisation=organisation, role=role.value, project_key=project_key, starts=starts, ends=ends
        )
    return assignment


@contextmanager
def assert_asks(number: int) -> Iterator[None]:
    """Count the statements inside, those about keeping the session alive left out."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured if not any(word in query["sql"] for word in NOT_COUNTED)]
    assert len(asked) == number, "\n".join(asked)


def sign_in(player: Player, client: Client | None = None) -> Client:
    """Return a client with the session that signing in as the player makes."""
    client = client or Client()
    session = client.session
    session[SESSION_KEY] = str(player.person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = player.person.get_session_auth_hash()
    session[ASSIGNMENT] = player.assignment.pk
    session[EPOCH] = player.person.session_epoch
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client
