"""People and their rights: opened by one, granted by another, ended at once."""

from datetime import date, timedelta

import pytest

from registry.accounts import services
from registry.accounts.models import Approval, Assignment, InboxItem, Person
from registry.accounts.selectors import actor_of, waiting_for
from registry.accounts.services import approvals, people
from registry.audit.models import Act, ActRow
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound, PermissionRefused, Refused
from registry.store.clock import shanghai_day, true_now
from tests.factories.accounts import PASSWORD, Cast, lay_assignment, lay_organisation, lay_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return shanghai_day(true_now())


def newcomer(cast: Cast) -> Person:
    return services.create_person(
        actor=cast.system_admin.actor, organisation=cast.township.organisation, username="chen.x", name="陈 新",
        phone="19900001234",
    )  # fmt: skip


def propose(cast: Cast, person: Person, starts: date, actor: Actor | None = None) -> Approval:
    return services.propose_assignment(
        actor=actor or cast.system_admin.actor,
        person=person,
        organisation=cast.township.organisation,
        role=Role.TOWNSHIP,
        starts=starts,
    )


def test_create_person_opens_an_account_without_password_or_rights(cast: Cast) -> None:
    person = newcomer(cast)

    act = Act.objects.latest("id")
    assert (person.name, person.phone_masked, person.has_usable_password()) == ("陈新", "199****1234", False)
    assert not person.assignments.exists()
    assert (act.event, act.subject_key, act.chain, act.actor_person) == (
        "person.created", person.pk, 0, cast.system_admin.person.pk,
    )  # fmt: skip
    assert ActRow.objects.get(act=act).after == {
        "username": "chen.x", "organisation_id": cast.township.organisation.pk, "is_active": True,
    }  # fmt: skip


def test_create_person_is_denied_to_who_keeps_no_accounts(cast: Cast) -> None:
    with pytest.raises(PermissionRefused):
        services.create_person(
            actor=cast.security_admin.actor, organisation=cast.township.organisation, username="chen.x", name="陈新"
        )


def test_create_person_outside_the_district_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        services.create_person(
            actor=cast.strange_district.actor, organisation=cast.township.organisation, username="chen.x", name="陈新"
        )


@pytest.mark.parametrize(
    ("username", "message"),
    [("District", "已被使用"), ("1x", "小写字母开头"), ("陈新", "小写字母开头"), ("ab", "小写字母开头")],
)
def test_create_person_with_a_bad_or_taken_name_is_refused(cast: Cast, username: str, message: str) -> None:
    with pytest.raises(Refused, match=message) as refusal:
        services.create_person(
            actor=cast.system_admin.actor, organisation=cast.city.organisation, username=username, name="陈新"
        )

    assert refusal.value.field == "username"


def test_create_person_is_rolled_back_if_the_record_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.store.acts._recorders", [_broken])

    with pytest.raises(RuntimeError, match="no record"):
        newcomer(cast)

    assert not Person.objects.filter(username="chen.x").exists()


def _broken(act: object) -> None:
    raise RuntimeError("no record")


def test_assignment_is_granted_by_a_second_person_with_a_first_password(cast: Cast, today: date) -> None:
    person = newcomer(cast)
    approval = propose(cast, person, today)
    assert not person.assignments.exists()

    decision = services.approve(actor=cast.security_admin.actor, approval=approval)

    assignment = Assignment.objects.get(person=person)
    person.refresh_from_db()
    assert (assignment.proposed_by_id, assignment.granted_by_id) == (
        cast.system_admin.person.pk, cast.security_admin.person.pk,
    )  # fmt: skip
    assert person.check_password(decision.outcome.first_password)
    assert person.must_change_password
    act = Act.objects.latest("id")
    assert (act.event, act.facts["within"][0][0]) == ("assignment.granted", "approval.approved")
    assert decision.outcome.first_password not in str(list(Act.objects.values())) + str(list(ActRow.objects.values()))


def test_a_second_role_brings_no_new_password(cast: Cast, today: date) -> None:
    approval = services.propose_assignment(
        actor=cast.district.actor, person=cast.department.person, organisation=cast.centre.organisation,
        role=Role.REGISTRATION_CENTRE, starts=today,
    )  # fmt: skip

    decision = services.approve(actor=cast.district_second.actor, approval=approval)

    cast.department.person.refresh_from_db()
    assert decision.outcome.first_password == ""
    assert cast.department.person.check_password(PASSWORD)


def test_assignment_is_not_granted_by_who_proposed_it(cast: Cast, today: date) -> None:
    approval = propose(cast, newcomer(cast), today, cast.district.actor)

    with pytest.raises(Refused, match="不能是同一人"):
        services.approve(actor=cast.district.actor, approval=approval)

    approval.refresh_from_db()
    assert approval.status == "waiting"


def test_assignment_is_not_granted_by_who_receives_it(cast: Cast, today: date) -> None:
    approval = services.propose_assignment(
        actor=cast.system_admin.actor, person=cast.district.person, organisation=cast.centre.organisation,
        role=Role.REGISTRATION_CENTRE, starts=today,
    )  # fmt: skip

    with pytest.raises(Refused, match="授予本人"):
        services.approve(actor=cast.district.actor, approval=approval)

    approval.refresh_from_db()
    assert (approval.status, approval.decided_by) == ("waiting", None)
    assert InboxItem.objects.filter(source=approvals.source_of(approval), done_at__isnull=True).count() == 2


def test_assignment_of_another_district_is_not_found(cast: Cast, today: date) -> None:
    approval = propose(cast, newcomer(cast), today)

    with pytest.raises(NotFound):
        services.approve(actor=cast.strange_district.actor, approval=approval)


def test_assignment_is_not_granted_without_the_permission(cast: Cast, today: date) -> None:
    approval = propose(cast, newcomer(cast), today)

    with pytest.raises(PermissionRefused):
        services.approve(actor=cast.city.actor, approval=approval)


def test_a_proposal_stands_in_the_inbox_of_those_who_may_decide_it(cast: Cast, today: date) -> None:
    propose(cast, newcomer(cast), today, cast.district.actor)

    waiting = {
        name: len(waiting_for(getattr(cast, name).actor, on=today).items)
        for name in ("district", "district_second", "security_admin", "strange_district", "system_admin", "township")
    }

    assert waiting == {
        "district": 0, "district_second": 1, "security_admin": 1, "strange_district": 0, "system_admin": 0, "township": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("role", "player", "message"),
    [
        (Role.CITY, "township", "不设“市级专班”"),
        (Role.DISTRICT, "city", "不设“区专班”"),
        (Role.SYSTEM_ADMIN, "district", "不设“系统管理员”"),
        (Role.DEVELOPER, "developer", "只看指定的项目"),
    ],
)
def test_a_role_needs_an_organisation_that_offers_its_seat(
    cast: Cast, today: date, role: Role, player: str, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        services.propose_assignment(
            actor=cast.system_admin.actor, person=cast.township.person,
            organisation=getattr(cast, player).organisation, role=role, starts=today,
        )  # fmt: skip


def test_administrators_are_kept_apart(cast: Cast, today: date) -> None:
    with pytest.raises(Refused, match="不能由同一人担任"):
        services.propose_assignment(
            actor=cast.city.actor, person=cast.system_admin.person, organisation=cast.security_admin.organisation,
            role=Role.SECURITY_ADMIN, starts=today,
        )  # fmt: skip


def test_a_role_is_not_granted_twice_or_into_the_past(cast: Cast, today: date) -> None:
    with pytest.raises(Refused, match="已有这项职责"):
        propose(cast, cast.township.person, today)
    with pytest.raises(Refused, match="不得早于今日"):
        propose(cast, newcomer(cast), today - timedelta(days=1))


def test_a_district_proposes_within_its_district_only(cast: Cast, today: date) -> None:
    with pytest.raises(NotFound):
        propose(cast, cast.strange_township.person, today, cast.strange_district.actor)


def test_end_assignment_today_ends_rights_and_sessions(cast: Cast, today: date) -> None:
    services.end_assignment(actor=cast.district.actor, assignment=cast.township.assignment, ends=today, reason="调离")

    cast.township.person.refresh_from_db()
    assert not Assignment.objects.in_force(today).filter(person=cast.township.person).exists()
    assert cast.township.person.session_epoch == 1
    assert (Act.objects.latest("id").event, Act.objects.latest("id").reason) == ("assignment.ended", "调离")


def test_end_assignment_later_keeps_the_session_until_then(cast: Cast, today: date) -> None:
    ends = today + timedelta(days=10)
    services.end_assignment(actor=cast.district.actor, assignment=cast.township.assignment, ends=ends)

    cast.township.person.refresh_from_db()
    assert cast.township.person.session_epoch == 0
    assert Assignment.objects.in_force(ends - timedelta(days=1)).filter(person=cast.township.person).exists()
    assert not Assignment.objects.in_force(ends).filter(person=cast.township.person).exists()


def test_end_assignment_that_has_not_begun_leaves_it_never_in_force(cast: Cast, today: date) -> None:
    begins = today + timedelta(days=30)
    held = lay_assignment(cast.township.person, cast.department.organisation, Role.DEPARTMENT, starts=begins)

    services.end_assignment(actor=cast.district.actor, assignment=held, ends=today)

    assert not Assignment.objects.in_force(begins).filter(pk=held.pk).exists()


def test_end_assignment_into_the_past_or_later_than_it_ends_is_refused(cast: Cast, today: date) -> None:
    with pytest.raises(Refused, match="不得早于今日"):
        services.end_assignment(
            actor=cast.district.actor, assignment=cast.township.assignment, ends=today - timedelta(days=1)
        )
    services.end_assignment(actor=cast.district.actor, assignment=cast.township.assignment, ends=today)
    with pytest.raises(Refused, match="不能延后"):
        services.end_assignment(
            actor=cast.district.actor, assignment=cast.township.assignment, ends=today + timedelta(days=1)
        )


def test_end_assignment_of_another_district_is_not_found(cast: Cast, today: date) -> None:
    with pytest.raises(NotFound):
        services.end_assignment(actor=cast.strange_district.actor, assignment=cast.township.assignment, ends=today)


def test_reset_password_hands_out_a_new_one_and_ends_sessions(cast: Cast) -> None:
    issued = services.reset_password(actor=cast.district.actor, person=cast.township.person, reason="忘记")

    cast.township.person.refresh_from_db()
    assert cast.township.person.check_password(issued.first_password)
    assert not cast.township.person.check_password(PASSWORD)
    assert (cast.township.person.must_change_password, cast.township.person.session_epoch) == (True, 1)
    assert Act.objects.latest("id").event == "password.reset"


def test_reset_password_is_denied_to_who_opens_accounts(cast: Cast) -> None:
    with pytest.raises(PermissionRefused):
        services.reset_password(actor=cast.system_admin.actor, person=cast.township.person)


def test_reset_password_of_who_serves_elsewhere_too_is_refused(cast: Cast) -> None:
    lay_assignment(cast.township.person, cast.strange_township.organisation, Role.TOWNSHIP)

    with pytest.raises(Refused, match="其他区或市级"):
        services.reset_password(actor=cast.district.actor, person=cast.township.person)

    assert services.reset_password(actor=cast.security_admin.actor, person=cast.township.person).first_password


def test_reset_password_before_any_grant_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="尚无复核同意的职责"):
        services.reset_password(actor=cast.security_admin.actor, person=newcomer(cast))


def test_reset_password_of_oneself_or_of_a_closed_account_is_refused(cast: Cast) -> None:
    services.disable_person(actor=cast.system_admin.actor, person=cast.township.person, reason="离职")

    with pytest.raises(Refused, match="账号已停用"):
        services.reset_password(actor=cast.district.actor, person=cast.township.person)
    with pytest.raises(Refused, match="不能重设自己的密码"):
        services.reset_password(actor=cast.district.actor, person=cast.district.person)

    cast.township.person.refresh_from_db()
    assert cast.township.person.check_password(PASSWORD)


def test_disable_person_closes_the_account(cast: Cast) -> None:
    services.disable_person(actor=cast.system_admin.actor, person=cast.township.person, reason="离职")

    cast.township.person.refresh_from_db()
    assert (cast.township.person.is_active, cast.township.person.session_epoch) == (False, 1)
    with pytest.raises(Refused, match="已经停用"):
        services.disable_person(actor=cast.system_admin.actor, person=cast.township.person, reason="离职")
    with pytest.raises(Refused, match="自己"):
        services.disable_person(actor=cast.system_admin.actor, person=cast.system_admin.person, reason="离职")


def test_change_own_password_keeps_to_the_rules(cast: Cast) -> None:
    words = {"actor": cast.township.actor, "old_password": PASSWORD}
    refused = {
        "short-A1": "10", "onlylowercase": "四类", "township-A1x": "登录名", PASSWORD: "相同",
    }  # fmt: skip
    for new, message in refused.items():
        with pytest.raises(Refused, match=message):
            services.change_own_password(**words, new_password=new)
    with pytest.raises(Refused, match="当前密码错误"):
        services.change_own_password(actor=cast.township.actor, old_password="x", new_password="Fresh-words-77")

    services.change_own_password(**words, new_password="Fresh-words-77")

    cast.township.person.refresh_from_db()
    assert cast.township.person.check_password("Fresh-words-77")
    assert (cast.township.person.must_change_password, cast.township.person.session_epoch) == (False, 1)


def test_checking_an_old_hash_writes_nothing(cast: Cast) -> None:
    """Django would re-hash and save at sign-in; that write is outside the one write path."""
    old = "pbkdf2_sha256$1000$salt$" + "A" * 43 + "="
    person = lay_person(username="old.hash")
    person.password = old

    assert not person.check_password("whatever")
    assert people.USERNAME.fullmatch("old.hash")


def test_actor_of_a_developer_reaches_all_its_projects_at_that_organisation(cast: Cast, today: date) -> None:
    player = cast.developer
    first = lay_assignment(player.person, player.organisation, Role.DEVELOPER, project_key=7)
    lay_assignment(player.person, player.organisation, Role.DEVELOPER, project_key=8)
    lay_assignment(player.person, player.organisation, Role.DEVELOPER, project_key=9, ends=today)
    other = lay_organisation(code="D-DEV2", kind="developer", area_code="110105")
    lay_assignment(player.person, other, Role.DEVELOPER, project_key=10)

    assert actor_of(first, on=today).project_ids == frozenset({7, 8})


def test_actor_of_an_area_has_its_code(cast: Cast) -> None:
    codes = {
        name: getattr(cast, name).actor.area_code for name in ("city", "district", "township", "centre", "developer")
    }

    assert codes == {"city": "", "district": "110105", "township": "110105027", "centre": "110105", "developer": ""}
