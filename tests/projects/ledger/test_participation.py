"""Work gives sight: no act leaves an organisation with something on its desk in a project that it cannot see."""

import ast
from pathlib import Path

import pytest

from projects.ledger.models import Participation, Project
from projects.ledger.services.participation import PARTICIPANTS, take_part
from registry.accounts.choices import SEATS
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import WRITES, write
from registry.store.scoping import PARTICIPANT
from tests.factories.accounts import lay_organisation
from tests.factories.projects import TODAY, Estate, lay_blocker, on_day
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db
PRODUCT = dict(WRITES)
ROOT = Path(__file__).parents[3]
NO_PROJECT = {  # things that are of no one project
    "projects/ledger/services/reveal.py",
    "registry/accounts/services/approvals.py",
}


@write(Permission.BLOCKER_RAISE, on="project")
def lay_before(*, actor: Actor, project: Project, organisation: object) -> None:
    inbox.deliver(source="test:1", verb="办理", title="x", link="/", organisation=organisation, project_key=project.pk)  # type: ignore[arg-type]
    record(event="project.changed", subject=project, chain=project.id, facts={"fields": "x"}, rows=[])


WRITES.clear()
WRITES.update(PRODUCT)  # the table is the product's: others count its services


def sees(project: Project, organisation: object) -> bool:
    return bool(Participation.objects.filter(project=project, organisation=organisation).exists())


def test_a_thing_laid_on_a_desk_gives_sight_of_its_project_once(estate: Estate) -> None:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    assert not sees(estate.project, organ)
    with on_day(TODAY):
        for _ in range(2):
            lay_before(actor=estate.cast.district.actor, project=estate.project, organisation=organ)
    assert Participation.objects.filter(project=estate.project, organisation=organ).count() == 1


def test_whom_a_blocker_names_as_responsible_sees_the_project(estate: Estate) -> None:
    organ = lay_organisation(code="BM-YL", name="朝阳区园林绿化局", kind="department", area_code="110105")
    lay_blocker(estate, responsible=organ)
    assert sees(estate.project, organ)


def test_an_organ_of_another_district_is_given_no_work_that_it_cannot_see(estate: Estate) -> None:
    organ = lay_organisation(code="BM-HD", name="海淀区园林绿化局", kind="department", area_code="110108")
    with on_day(TODAY), refused("不属于朝阳区，看不到.*请选本区或市级的单位", code="other_district"):
        lay_before(actor=estate.cast.district.actor, project=estate.project, organisation=organ)


def test_a_township_sees_by_its_area_and_takes_no_part(estate: Estate) -> None:
    organ = estate.cast.township.organisation
    with on_day(TODAY):
        lay_before(actor=estate.cast.district.actor, project=estate.project, organisation=organ)
    assert not sees(estate.project, organ)


def test_every_kind_whose_people_see_by_taking_part_takes_part() -> None:
    kinds = {kind for role in PARTICIPANT for kind in SEATS[role].kinds}
    assert kinds == set(PARTICIPANTS)
    assert take_part.__name__ == "take_part"


def test_whatever_lays_a_thing_before_an_organisation_says_of_which_project() -> None:
    silent = []
    for path in sorted(ROOT.glob("[cdpr]*/**/services/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "inbox.deliver":
                given = {word.arg for word in node.keywords}
                place = str(path.relative_to(ROOT))
                if "organisation" in given and "project_key" not in given and place not in NO_PROJECT:
                    silent.append(place)
    assert silent == []
