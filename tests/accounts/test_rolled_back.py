"""Every service of the accounts leaves nothing behind if its record fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from registry.accounts import services
from registry.accounts.services.account_lists import AccountDraft, open_accounts
from registry.accounts.services.settings import decide_setting
from registry.accounts.services.tokens import issue_token, revoke_token
from registry.kernel.authority import Role, system_actor
from registry.store.acts import WRITES
from registry.store.clock import shanghai_day, true_now
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def _proposal(cast: Cast) -> Any:
    return services.propose_assignment(
        actor=cast.district.actor, person=cast.township.person, organisation=cast.department.organisation,
        role=Role.DEPARTMENT, starts=shanghai_day(true_now()),
    )  # fmt: skip


def _token(cast: Cast) -> Any:
    today = shanghai_day(true_now())
    return issue_token(
        actor=cast.district.actor,
        organisation=cast.district.organisation,
        name="12345平台",
        ends=today + timedelta(days=30),
    )


# Each prepares what its service needs, with the trail whole, and gives the act to try.
ACTS: dict[str, Callable[[Cast], Callable[[], Any]]] = {
    "approve": lambda c: _with(_proposal(c), lambda a: services.approve(actor=c.district_second.actor, approval=a)),
    "return_back": lambda c: _with(
        _proposal(c), lambda a: services.return_back(actor=c.district_second.actor, approval=a, remark="缺")
    ),
    "withdraw": lambda c: _with(_proposal(c), lambda a: services.withdraw(actor=c.district.actor, approval=a)),
    "propose": lambda c: (
        lambda: services.propose(
            actor=c.district.actor, kind="assignment.grant", title="x", payload=_seat(c), area_code="110105"
        )
    ),
    "propose_again": lambda c: _with(
        _proposal(c), lambda a: services.approvals.propose_again(actor=c.district.actor, approval=a)
    ),
    "withdraw_unseen": lambda c: _with(
        _unseen(_proposal(c)), lambda a: services.approvals.withdraw_unseen(actor=system_actor("x"), approval=a)
    ),
    "propose_assignment": lambda c: lambda: _proposal(c),
    "record_restore_drill": lambda c: (
        lambda: services.record_restore_drill(actor=system_actor("x"), file="b.zip", is_sound=True, said="")
    ),
    "record_key_rotation": lambda c: (
        lambda: services.record_key_rotation(actor=system_actor("x"), number=2, suite="sm")
    ),
    "end_assignment": lambda c: (
        lambda: services.end_assignment(
            actor=c.district.actor, assignment=c.township.assignment, ends=shanghai_day(true_now())
        )
    ),
    "create_person": lambda c: (
        lambda: services.create_person(
            actor=c.district.actor, organisation=c.township.organisation, username="chen.x", name="陈新"
        )
    ),
    "disable_person": lambda c: (
        lambda: services.disable_person(actor=c.district.actor, person=c.township.person, reason="离职")
    ),
    "issue_token": lambda c: lambda: _token(c),
    "revoke_token": lambda c: _with(
        _token(c).token, lambda token: revoke_token(actor=c.district.actor, token=token, reason="换平台")
    ),
    "reset_password": lambda c: lambda: services.reset_password(actor=c.district.actor, person=c.township.person),
    "change_own_password": lambda c: (
        lambda: services.change_own_password(
            actor=c.township.actor, old_password=PASSWORD, new_password="Fresh-words-77"
        )
    ),
    "create_organisation": lambda c: (
        lambda: services.create_organisation(
            actor=c.district.actor, code="T-9", name="示范街道", kind="township", area_code="110105043"
        )
    ),
    "change_organisation": lambda c: (
        lambda: services.change_organisation(actor=c.district.actor, organisation=c.township.organisation, name="新名")
    ),
    "open_accounts": lambda c: lambda: open_accounts(actor=c.district.actor, drafts=[_draft(c)], file_name="账号.xlsx"),
    "decide_setting": lambda c: (
        lambda: decide_setting(
            actor=c.city.actor,
            name="sight.tax",
            area_code="110105",
            value="no",
            effective_on=shanghai_day(true_now()),
            reason="分工",
            first=FirstPerson.of(c.system_admin.person),
        )
    ),
    "create_first_admins": lambda c: _without_admins(c),
    "save_filter": lambda c: lambda: services.save_filter(actor=c.district.actor, page="p", name="甲", query="a=1"),
    "drop_filter": lambda c: _with(
        services.save_filter(actor=c.district.actor, page="p", name="甲", query="a=1"),
        lambda kept: services.drop_filter(actor=c.district.actor, saved=kept),
    ),
}


def _with(made: Any, act: Callable[[Any], Any]) -> Callable[[], Any]:
    return lambda: act(made)


def _seat(cast: Cast) -> dict[str, Any]:
    return {
        "person": cast.township.person.pk, "organisation": cast.township.organisation.pk, "role": "township",
        "project_key": None, "starts": "2030-01-01", "ends": None,
    }  # fmt: skip


def _draft(cast: Cast) -> AccountDraft:
    today = shanghai_day(true_now())
    return AccountDraft(2, "wangsl", "王示例", "", cast.township.organisation, Role.TOWNSHIP, None, today, None)


def _unseen(approval: Any) -> Any:
    with fixture_writes():
        type(approval).objects.filter(pk=approval.pk).update(about="")
    return approval


def _without_admins(cast: Cast) -> Callable[[], Any]:
    with fixture_writes():
        cast.system_admin.assignment.delete()
        cast.security_admin.assignment.delete()
    return lambda: services.create_first_admins(
        actor=system_actor("x"), organisation_name="运维", system_admin=("aaa", "甲"), security_admin=("bbb", "乙")
    )


def digest() -> dict[str, list[Any]]:
    """Every row of the accounts and of the trail."""
    models = [*apps.get_app_config("accounts").get_models(), *apps.get_app_config("audit").get_models()]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def broken(act: object) -> None:
    raise RuntimeError("no record")


def test_every_service_is_here() -> None:
    assert set(ACTS) == {name for name, spec in WRITES.items() if spec.module.startswith("registry.accounts.")}


@pytest.mark.parametrize("name", ACTS)
def test_a_service_leaves_nothing_if_its_record_fails(cast: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    act = ACTS[name](cast)
    before = digest()

    with monkeypatch.context() as patched:
        patched.setattr("registry.store.acts._recorders", [broken])
        with pytest.raises(RuntimeError, match="no record"):
            act()
    assert digest() == before

    act()
    assert digest() != before, "with the record whole the same act goes through"
