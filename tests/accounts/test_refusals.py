"""Every refusal of the accounts' services that no other test meets: its words, its field, and nothing written."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from registry.accounts import services
from registry.accounts.models import Approval, ApprovalStatus, Organisation, Person, SavedFilter
from registry.accounts.services import approvals
from registry.kernel.authority import Actor, Role, system_actor
from registry.store.clock import shanghai_day, true_now
from registry.store.guard import fixture_writes
from tests.factories.accounts import Cast, lay_organisation, lay_person
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db


def propose(cast: Cast, **more: Any) -> Any:
    today = shanghai_day(true_now())
    words = {
        "actor": cast.system_admin.actor, "person": cast.township.person, "organisation": cast.department.organisation,
        "role": Role.DEPARTMENT, "starts": today, **more,
    }  # fmt: skip
    return services.propose_assignment(**words)


def closed(organisation: Organisation) -> Organisation:
    with fixture_writes():
        Organisation.objects.filter(pk=organisation.pk).update(is_active=False)
    organisation.refresh_from_db()
    return organisation


def disabled(person: Person) -> Person:
    with fixture_writes():
        Person.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    return person


def vanished(approval: Approval) -> Any:
    """A proposal that is gone since it was read."""
    return SimpleNamespace(pk=approval.pk + 1000, kind=approval.kind, project_key=None)


def ahead(days: int) -> date:
    return shanghai_day(true_now()) + timedelta(days=days)


# name: what is done, the words of the refusal, the field that it stands under
REFUSALS: dict[str, tuple[Callable[[Cast], Any], str, str | None]] = {
    "a role at an organisation that is closed": (
        lambda c: propose(c, organisation=closed(c.department.organisation)), "已停用，不能授权", "organisation",
    ),
    "a role on a project that is none": (
        lambda c: propose(c, project_key=7), "“部门”不按项目授权", "project_key",
    ),
    "a project that nobody knows": (
        lambda c: propose(
            c, person=lay_person(username="new.one", organisation=c.developer.organisation),
            organisation=c.developer.organisation, role=Role.DEVELOPER, project_key=999_999,
        ), "未找到这个项目", "project_key",
    ),
    "a role for who is disabled": (
        lambda c: propose(c, person=disabled(c.township.person)), "账号已停用，不能授权", "person",
    ),
    "a role that ends before it starts": (
        lambda c: propose(c, starts=ahead(9), ends=ahead(9)),
        "结束日期须晚于开始日期", "ends",
    ),
    "an account at an organisation that is closed": (
        lambda c: services.create_person(
            actor=c.system_admin.actor, organisation=closed(c.department.organisation), username="chen.y", name="陈新"
        ), "已停用，不能开设账号", "organisation",
    ),
    "an account disabled without a reason": (
        lambda c: services.disable_person(actor=c.system_admin.actor, person=c.tax.person, reason=" "),
        "请写明停用的原因", "reason",
    ),
    "an organisation under one of another district": (
        lambda c: services.create_organisation(
            actor=c.system_admin.actor, code="NEW-1", name="新单位", kind="department", area_code="110105",
            parent=c.strange_district.organisation,
        ), "不在同一区", "parent",
    ),
    "a person that is gone": (
        lambda c: services.change_own_password(
            actor=Actor(999_999, "甲", Role.DISTRICT), old_password="a", new_password="b"
        ),
        "未找到这个人员", None,
    ),
    "the system's own password": (
        lambda c: services.change_own_password(actor=system_actor("x"), old_password="a", new_password="b"),
        "没有可修改密码的账号", None,
    ),
    "the system's own filter": (
        lambda c: services.drop_filter(actor=system_actor("x"), saved=SavedFilter(pk=1)), "系统规则没有自己的筛选", None,
    ),
    "a proposal that is gone": (
        lambda c: services.approve(actor=c.district_second.actor, approval=vanished(propose(c))), "未找到该提请事项", None,
    ),
    "somebody else's proposal, laid anew": (
        lambda c: approvals.propose_again(actor=c.district_second.actor, approval=propose(c)), "未找到该提请事项", None,
    ),
    "a proposal that rests on what was seen, by the start": (
        lambda c: approvals.withdraw_unseen(actor=system_actor("x"), approval=propose(c)), "由提请人撤回", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_it_is_refused_in_words(cast: Cast, name: str) -> None:
    act, words, field = REFUSALS[name]
    with pytest.raises(Exception, match=words) as caught:
        act(cast)

    assert getattr(caught.value, "field", None) == field
    assert Approval.objects.exclude(status=ApprovalStatus.WAITING).count() == 0


def test_a_second_proposal_about_the_same_waits_for_the_first(cast: Cast) -> None:
    propose(cast)

    with refused("同一事项已由壬系于", code="already_waiting"):
        propose(cast)


@pytest.mark.parametrize("username", ["Big", "district"])
def test_the_first_administrators_need_free_names(cast: Cast, username: str) -> None:
    with fixture_writes():
        for player in (cast.system_admin, cast.security_admin):
            player.assignment.delete()
    lay_organisation(code="C-OPS", kind="operations")

    with refused("不合规或已被使用", field="username"):
        services.create_first_admins(
            actor=system_actor("x"),
            organisation_name="运维",
            system_admin=(username, "甲"),
            security_admin=("sec.ok", "乙"),
        )
