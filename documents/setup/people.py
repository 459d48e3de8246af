"""Demo organisations and accounts, one per role."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from documents.setup.reference import read
from registry.accounts.models import Assignment, Organisation, Person
from registry.kernel.authority import Role
from registry.store.guard import fixture_writes

PASSWORD = "Yanshi-2022-taizhang"
STARTS = date(2019, 1, 1)


@dataclass(frozen=True)
class DemoAccount:
    """One demo account, for the start-up message."""

    username: str
    name: str
    role: str
    organisation: str


@transaction.atomic
def load_people() -> dict[str, Organisation]:
    """Make the demo organisations and accounts; returns organisations by code."""
    with fixture_writes():
        organisations = {}
        for row in read("demo", "organisations"):
            organisations[row["code"]], _ = Organisation.objects.get_or_create(code=row["code"], defaults=row)
        for row in read("demo", "people"):
            _load_person(row, organisations)
    return organisations


def _load_person(row: dict[str, str], organisations: dict[str, Organisation]) -> None:
    organisation = organisations[row["organisation"]]
    person, made = Person.objects.get_or_create(
        username=row["username"],
        defaults={"name": row["name"], "must_change_password": False, "organisation": organisation},
    )
    if made:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        if row["role"] != Role.DEVELOPER.value:
            Assignment.objects.create(person=person, organisation=organisation, role=row["role"], starts=STARTS)


def assign_developer(username: str, project_id: int) -> None:
    """Assign a developer's person to a project."""
    with fixture_writes():
        person = Person.objects.get(username=username)
        Assignment.objects.get_or_create(
            person=person,
            organisation=person.organisation,
            role=Role.DEVELOPER.value,
            project_key=project_id,
            defaults={"starts": STARTS},
        )


def accounts() -> list[DemoAccount]:
    """List the demo accounts."""
    names = {row["code"]: row.get("short_name", row["name"]) for row in read("demo", "organisations")}
    return [
        DemoAccount(row["username"], row["name"], Role(row["role"]).label, names[row["organisation"]])
        for row in read("demo", "people")
    ]
