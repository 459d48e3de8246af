"""Tenancy: which projects, and rows of projects, an actor may see at all."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from projects.ledger.models import Alias, Participation, Project
from registry.accounts import services
from registry.accounts.models import Approval, Organisation
from registry.accounts.selectors import actor_of, session_assignment
from registry.audit.selectors import acts, may_read_chain
from registry.kernel.authority import Actor, Role, system_actor
from registry.kernel.errors import NotFound, Refused
from registry.store.acts import require_reach
from registry.store.clock import shanghai_day, true_now
from registry.store.guard import fixture_writes
from registry.store.root import project_by_code_unscoped, project_by_key_unscoped, project_model, visible_projects
from registry.store.scoping import is_visible
from tests.factories.accounts import (
    TODAY,
    Cast,
    assert_asks,
    lay_assignment,
    lay_cast,
    lay_organisation,
    lay_person,
    lay_setting,
)

pytestmark = pytest.mark.django_db
PLACES = {"P-1": "110105027", "P-2": "110105043", "P-3": "110108001"}


def lay_project(code: str, township: str) -> Project:
    with fixture_writes():
        return Project.objects.create(
            code=code, name=f"项目{code}", district_code=township[:6], district_name="某区", township_code=township,
            township_name="某乡", housing_type="commercial", taken_in_on=date(2019, 1, 1), act_id=1,
        )  # fmt: skip


def take_part(project: Project, organisation: Organisation, takes_part: bool = True, **when: Any) -> None:
    with fixture_writes():
        act = Participation.objects.count() + 1
        Participation.objects.create(
            project=project, organisation=organisation, takes_part=takes_part, act_id=act, **when
        )


def lay_rule(kind: str, district: str, sees: bool, since: date = date(2019, 1, 1)) -> None:
    lay_setting(f"sight.{kind}", sees, area_code=district, since=since)


@pytest.fixture
def projects(db: None) -> dict[str, Project]:
    return {code: lay_project(code, township) for code, township in PLACES.items()}


@pytest.fixture
def cast(projects: dict[str, Project]) -> Cast:
    cast = lay_cast(project_key=projects["P-1"].pk, strange_project_key=projects["P-3"].pk)
    take_part(projects["P-1"], cast.department.organisation)
    take_part(projects["P-1"], cast.centre.organisation)
    take_part(projects["P-3"], cast.strange_department.organisation)
    return cast


NAMED = {"department": "P-1", "centre": "P-1", "tax": "", "strange_department": "P-3"}  # where no rule gives sight
EXPECTED = {
    "city": "P-1 P-2 P-3", "auditor": "P-1 P-2 P-3", "district": "P-1 P-2", "district_second": "P-1 P-2",
    "township": "P-1", "department": "P-1 P-2", "centre": "P-1 P-2", "tax": "P-1 P-2", "developer": "P-1", "system_admin": "",
    "security_admin": "", "strange_district": "P-3", "strange_township": "P-3", "strange_department": "P-3",
    "strange_developer": "P-3",
}  # fmt: skip


def seen_by(actor: Actor, model: Any = Project, field: str = "code") -> list[str]:
    return sorted(model.objects.visible_to(actor).values_list(field, flat=True))


def test_each_role_sees_its_projects_and_no_others(cast: Cast) -> None:
    seen = {name: seen_by(getattr(cast, name).actor) for name in Cast.__annotations__}

    assert seen == {name: codes.split() for name, codes in EXPECTED.items()}
    assert seen_by(system_actor("L-3")) == ["P-1", "P-2", "P-3"]


@pytest.fixture
def by_name(cast: Cast) -> Cast:
    """The cast where every organ sees what it is named into alone."""
    for district in ("110105", "110108"):
        for kind in ("department", "registration_centre", "tax"):
            lay_rule(kind, district, False)
    return cast


def test_without_a_rule_an_organ_sees_what_it_is_named_into(by_name: Cast) -> None:
    assert {name: " ".join(seen_by(getattr(by_name, name).actor)) for name in NAMED} == NAMED


def test_a_rule_holds_for_its_kind_its_district_and_from_its_day(cast: Cast) -> None:
    lay_rule("tax", "110105", False, since=date(2022, 3, 8))
    lay_rule("tax", "110105", True, since=date(2022, 3, 9))
    lay_rule("tax", "110108", True)
    lay_rule("tax", "", True)

    assert seen_by(cast.tax.actor) == [], "from the day itself on"
    assert seen_by(actor_of(cast.tax.assignment, on=date(2022, 3, 7))) == ["P-1", "P-2"]
    assert seen_by(actor_of(cast.tax.assignment, on=date(2022, 3, 9))) == ["P-1", "P-2"]


def test_the_rule_comes_with_the_session_or_is_asked_for(cast: Cast) -> None:
    lay_rule("tax", "110105", False)
    found = session_assignment(assignment_id=cast.tax.assignment.pk, person_id=cast.tax.person.pk, on=TODAY)
    other = session_assignment(assignment_id=cast.centre.assignment.pk, person_id=cast.centre.person.pk, on=TODAY)
    assert found is not None
    assert other is not None

    with assert_asks(0):
        assert (actor_of(found, on=TODAY).sees_area, actor_of(other, on=TODAY).sees_area) == (False, True)


def test_an_organ_named_out_does_not_see_what_the_rule_would_show(cast: Cast, projects: dict[str, Project]) -> None:
    take_part(projects["P-2"], cast.tax.organisation, takes_part=False, effective_on=date(2022, 1, 1))

    assert seen_by(cast.tax.actor) == ["P-1"]


def test_the_last_word_stands(by_name: Cast, projects: dict[str, Project]) -> None:
    tax = by_name.tax
    for takes_part, since in ((True, None), (False, date(2021, 5, 1)), (True, date(2021, 2, 1))):
        take_part(projects["P-1"], tax.organisation, takes_part, effective_on=since)
    assert seen_by(tax.actor) == [], "said later of an earlier day, it changes nothing of today"

    take_part(projects["P-1"], tax.organisation, True, effective_on=date(2021, 5, 1))
    assert seen_by(tax.actor) == ["P-1"], "of the same day, what was said last"


def test_a_court_and_a_government_are_named_project_by_project(cast: Cast, projects: dict[str, Project]) -> None:
    for kind, area in (("court", "110105"), ("government", "110105"), ("department", "")):
        organ = lay_organisation(code=f"X-{kind}-{area or 'city'}", kind=kind, area_code=area)
        who = lay_person(username=f"x.{kind}{area}", organisation=organ)
        role = lay_assignment(who, organ, Role.DEPARTMENT)
        assert seen_by(actor_of(role, on=TODAY)) == [], kind
        take_part(projects["P-2"], organ)
        assert seen_by(actor_of(role, on=TODAY)) == ["P-2"], kind


def test_rows_of_a_project_follow_their_project(cast: Cast, projects: dict[str, Project]) -> None:
    with fixture_writes():
        for code, project in projects.items():
            Alias.objects.create(project=project, kind="common", text=f"俗名{code}", act_id=1)

    seen = {name: seen_by(getattr(cast, name).actor, Alias, "project__code") for name in Cast.__annotations__}

    assert seen == {name: codes.split() for name, codes in EXPECTED.items()}


def test_a_participant_sees_a_project_once_however_many_take_part(by_name: Cast, projects: dict[str, Project]) -> None:
    for player in (by_name.tax, by_name.developer, by_name.strange_department):
        take_part(projects["P-1"], player.organisation)

    assert seen_by(by_name.department.actor) == ["P-1"]


def test_a_participant_of_another_district_does_not_see_the_project(cast: Cast, projects: dict[str, Project]) -> None:
    take_part(projects["P-1"], cast.strange_department.organisation)

    assert seen_by(cast.strange_department.actor) == ["P-3"]


def test_a_project_handed_over_is_gone_for_its_former_township(cast: Cast, projects: dict[str, Project]) -> None:
    with fixture_writes():
        Project.objects.filter(code="P-1").update(township_code="110105043")

    assert (seen_by(cast.township.actor), seen_by(cast.district.actor)) == ([], ["P-1", "P-2"])


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.TOWNSHIP, Role.DEVELOPER])
def test_an_actor_without_reach_sees_nothing(cast: Cast, role: Role) -> None:
    assert seen_by(Actor(person_id=1, name="某", role=role)) == []


def test_a_department_of_the_city_sees_what_it_takes_part_in(cast: Cast, projects: dict[str, Project]) -> None:
    take_part(projects["P-3"], cast.department.organisation)
    at = cast.department.organisation.pk
    actor = Actor(person_id=1, name="某", role=Role.DEPARTMENT, organisation_id=at, area_code="")

    assert seen_by(actor) == ["P-1", "P-3"]


def test_reach_is_refused_as_if_there_were_nothing(cast: Cast, projects: dict[str, Project]) -> None:
    require_reach(cast.district.actor, projects["P-1"])
    require_reach(cast.district.actor, None)
    missing = Project(pk=999999)
    messages = set()
    for stranger, subject in ((cast.strange_district.actor, projects["P-1"]), (cast.district.actor, missing)):
        assert not is_visible(subject, stranger)
        with pytest.raises(NotFound) as refusal:
            require_reach(stranger, subject)
        messages.add(refusal.value.message)

    assert len(messages) == 1


def test_scope_is_one_condition_of_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    department, centre = cast.department.actor, replace(cast.centre.actor, sees_area=False)

    with django_assert_num_queries(2):
        assert (seen_by(department), seen_by(centre)) == (["P-1", "P-2"], ["P-1"])


def test_the_project_is_known_below_the_ledger(cast: Cast, projects: dict[str, Project]) -> None:
    assert project_model() is Project
    assert project_by_key_unscoped(projects["P-2"].pk) == projects["P-2"]
    assert (project_by_key_unscoped(999999), project_by_code_unscoped("P-9"), project_by_code_unscoped(" P-2 ")) == (
        None,
        None,
        projects["P-2"],
    )
    keys = [project.pk for project in projects.values()]
    assert visible_projects(cast.township.actor, keys) == {projects["P-1"].pk}


def test_the_chain_of_a_project_is_read_by_those_who_see_it(cast: Cast, projects: dict[str, Project]) -> None:
    key = projects["P-1"].pk
    readers = {name for name in Cast.__annotations__ if may_read_chain(getattr(cast, name).actor, key)}

    assert readers == {name for name, codes in EXPECTED.items() if "P-1" in codes}
    assert list(acts(cast.district.actor, chain=key)) == []
    with pytest.raises(NotFound):
        acts(cast.strange_district.actor, chain=key)


def test_a_developers_seat_is_decided_by_the_district_of_its_project(cast: Cast, projects: dict[str, Project]) -> None:
    """A district must not let its own staff into another district's project by way of a developer's seat."""
    today = shanghai_day(true_now())
    words: dict[str, Any] = {"organisation": cast.developer.organisation, "role": Role.DEVELOPER, "starts": today}

    with pytest.raises(Refused, match="未找到这个项目"):
        services.propose_assignment(
            actor=cast.district.actor, person=cast.developer.person, project_key=projects["P-3"].pk, **words
        )
    approval: Approval = services.propose_assignment(
        actor=cast.system_admin.actor, person=cast.developer.person, project_key=projects["P-3"].pk, **words
    )
    assert (approval.area_code, "项目P-3" in approval.title) == ("110108", True)
    with pytest.raises(NotFound):
        services.approve(actor=cast.district.actor, approval=approval)
    services.approve(actor=cast.strange_district.actor, approval=approval)

    assert seen_by(cast.developer.actor) == ["P-1"], "the day before it starts"
    assert cast.developer.person.assignments.in_force(today).count() == 2


def test_resetting_a_developer_of_a_foreign_project_is_beyond_a_district(
    cast: Cast, projects: dict[str, Project]
) -> None:
    lay_assignment(
        cast.developer.person, cast.developer.organisation, Role.DEVELOPER, project_key=projects["P-3"].pk,
        starts=shanghai_day(true_now()) + timedelta(days=1),
    )  # fmt: skip

    with pytest.raises(Refused, match="其他区"):
        services.reset_password(actor=cast.district.actor, person=cast.developer.person)
