"""Every service of accounts: denied without the right, unknown to strangers, undone if its record fails."""

from datetime import timedelta
from typing import Any

import pytest

from projects.ledger.choices import CUT_OFF
from registry.accounts import services
from registry.accounts.models import Approval, Assignment
from registry.accounts.services import approvals
from registry.accounts.services.account_lists import AccountDraft, AccountsRefused, open_accounts
from registry.accounts.services.keys import record_key_rotation, record_restore_drill
from registry.accounts.services.settings import decide_setting
from registry.accounts.services.tokens import issue_token, revoke_token
from registry.kernel.authority import Role
from registry.kernel.errors import Refused
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import PASSWORD, lay_person
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import (
    Prepared,
    Trial,
    digest,
    services_of,
    try_as_a_stranger,
    try_unrecorded_then_recorded,
    try_without_the_right,
)

pytestmark = pytest.mark.django_db


def seat(estate: Estate) -> Approval:
    """A waiting proposal of a role."""
    with on_day(TODAY):
        approval: Approval = asked(estate)(estate.cast.system_admin.actor)
    return approval


# Organisations and people -------------------------------------------------------------------------------------------


def organisation(estate: Estate) -> Prepared:
    return lambda actor: services.create_organisation(
        actor=actor, code="NEW-1", name="新单位", kind="department", area_code="110105"
    )


def renamed(estate: Estate) -> Prepared:
    township = estate.cast.township.organisation
    return lambda actor: services.change_organisation(actor=actor, organisation=township, name="十八里店地区")


def person(estate: Estate) -> Prepared:
    township = estate.cast.township.organisation
    return lambda actor: services.create_person(actor=actor, organisation=township, username="wsl01", name="王示例")


def disabled(estate: Estate) -> Prepared:
    return lambda actor: services.disable_person(actor=actor, person=estate.cast.township.person, reason="调离")


def reset(estate: Estate) -> Prepared:
    return lambda actor: services.reset_password(actor=actor, person=estate.cast.township.person, reason="忘记")


def own_password(estate: Estate) -> Prepared:
    return lambda actor: services.change_own_password(
        actor=actor, old_password=PASSWORD, new_password="Other-2022-words"
    )


def first_two(estate: Estate) -> Prepared:
    with fixture_writes():
        Assignment.objects.filter(role__in=[Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value]).delete()
    return lambda actor: services.create_first_admins(
        actor=actor, organisation_name="运维", system_admin=("zhao1", "赵一"), security_admin=("qian2", "钱二")
    )


# Roles and what two decide ------------------------------------------------------------------------------------------


def asked(estate: Estate) -> Prepared:
    township = estate.cast.township.organisation
    with fixture_writes():
        who = lay_person(username="csl01", name="陈示例", organisation=township)
    return lambda actor: services.propose_assignment(
        actor=actor, person=who, organisation=township, role=Role.TOWNSHIP, starts=TODAY
    )


def listed(estate: Estate) -> Prepared:
    township = estate.cast.township.organisation
    draft = AccountDraft(2, "wsl01", "王示例", "", township, Role.TOWNSHIP, None, TODAY, None)
    return lambda actor: open_accounts(actor=actor, drafts=[draft], file_name="账号.xlsx")


def ended(estate: Estate) -> Prepared:
    assignment = estate.cast.township.assignment
    return lambda actor: services.end_assignment(actor=actor, assignment=assignment, ends=TODAY + timedelta(days=1))


def proposed(estate: Estate) -> Prepared:
    values = {"name": CUT_OFF, "area_code": "", "value": "2025-12-31", "effective_on": TODAY}
    return lambda actor: approvals.propose(actor=actor, kind="setting", title="改定设置", payload=values, reason="会议")


def agreed(estate: Estate) -> Prepared:
    approval = seat(estate)
    return lambda actor: approvals.approve(actor=actor, approval=approval)


def returned(estate: Estate) -> Prepared:
    approval = seat(estate)
    return lambda actor: approvals.return_back(actor=actor, approval=approval, remark="单位不对")


def withdrawn(estate: Estate) -> Prepared:
    approval = seat(estate)
    return lambda actor: approvals.withdraw(actor=actor, approval=approval)


def again(estate: Estate) -> Prepared:
    approval = seat(estate)
    return lambda actor: approvals.propose_again(actor=actor, approval=approval)


def unseen(estate: Estate) -> Prepared:
    approval = seat(estate)
    with fixture_writes():
        Approval.objects.update(about="")
    return lambda actor: approvals.withdraw_unseen(actor=actor, approval=approval)


def decided(estate: Estate) -> Prepared:
    first = FirstPerson.of(estate.cast.system_admin.person, 1)
    return lambda actor: decide_setting(
        actor=actor, name=CUT_OFF, area_code="", value="2025-12-31", effective_on=TODAY, reason="会议", first=first
    )


# One's own filters, the machine -------------------------------------------------------------------------------------


def kept(estate: Estate) -> Prepared:
    return lambda actor: services.save_filter(actor=actor, page="p", name="甲", query="a=1")


def dropped(estate: Estate) -> Prepared:
    with on_day(TODAY):
        saved = kept(estate)(estate.cast.district.actor)
    return lambda actor: services.drop_filter(actor=actor, saved=saved)


def rotated(estate: Estate) -> Prepared:
    return lambda actor: record_key_rotation(actor=actor, number=2, suite="sm")


def drilled(estate: Estate) -> Prepared:
    return lambda actor: record_restore_drill(actor=actor, file="备份", is_sound=True, said="核对通过")


def token_words(estate: Estate) -> dict[str, Any]:
    return {"organisation": estate.cast.district.organisation, "name": "区热线系统", "ends": TODAY + timedelta(days=90)}


def token_issued(estate: Estate) -> Prepared:
    return lambda actor: issue_token(actor=actor, **token_words(estate))


def token_revoked(estate: Estate) -> Prepared:
    with on_day(TODAY):
        token = issue_token(actor=estate.cast.system_admin.actor, **token_words(estate)).token
    return lambda actor: revoke_token(actor=actor, token=token, reason="系统停用")


TRIALS: dict[str, Trial] = {
    "issue_token": Trial("token.issued", "system_admin", "strange_district", token_issued),
    "revoke_token": Trial("token.revoked", "system_admin", "strange_district", token_revoked),
    "create_organisation": Trial("organisation.created", "system_admin", "", organisation),
    "change_organisation": Trial("organisation.changed", "system_admin", "strange_district", renamed),
    "create_person": Trial("person.created", "system_admin", "strange_district", person),
    "disable_person": Trial("person.disabled", "system_admin", "strange_district", disabled),
    "reset_password": Trial("password.reset", "security_admin", "strange_district", reset),
    "change_own_password": Trial("password.changed", "township", "", own_password, denied=""),
    "create_first_admins": Trial("admins.created", "system", "", first_two),
    "propose_assignment": Trial("approval.proposed", "system_admin", "strange_district", asked),
    "open_accounts": Trial("approval.proposed", "system_admin", "", listed),
    "end_assignment": Trial("assignment.ended", "system_admin", "strange_district", ended),
    "propose": Trial("approval.proposed", "system_admin", "", proposed),
    "approve": Trial("assignment.granted", "security_admin", "strange_district", agreed, denied="system_admin"),
    "return_back": Trial("approval.returned", "security_admin", "strange_district", returned, denied="system_admin"),
    "withdraw": Trial("approval.withdrawn", "system_admin", "security_admin", withdrawn, denied=""),
    "propose_again": Trial("approval.proposed", "system_admin", "security_admin", again, denied=""),
    "withdraw_unseen": Trial("approval.withdrawn", "system", "", unseen),
    "decide_setting": Trial("setting.decided", "city", "", decided),
    "save_filter": Trial("filter.saved", "district", "", kept, denied=""),
    "drop_filter": Trial("filter.dropped", "district", "district_second", dropped, denied=""),
    "record_key_rotation": Trial("keys.rotated", "system", "", rotated),
    "record_restore_drill": Trial("restore.drilled", "system", "", drilled),
}


def test_every_service_is_tried() -> None:
    assert set(TRIALS) == services_of("registry.accounts.")


@pytest.mark.parametrize("name", [name for name, trial in TRIALS.items() if trial.denied])
def test_a_service_is_denied_without_the_right_and_writes_nothing(estate: Estate, name: str) -> None:
    try_without_the_right(TRIALS[name], estate)


@pytest.mark.parametrize("name", [name for name, trial in TRIALS.items() if trial.stranger])
def test_a_service_is_unknown_to_a_stranger_and_writes_nothing(estate: Estate, name: str) -> None:
    try_as_a_stranger(TRIALS[name], estate)


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_unrecorded_then_recorded(TRIALS[name], estate, monkeypatch)


@pytest.mark.parametrize("decide", ["approve", "return_back"])
def test_nobody_decides_on_what_they_proposed(estate: Estate, decide: str) -> None:
    """A second role is not a second person."""
    approval = seat(estate)
    with fixture_writes():
        Approval.objects.update(proposed_by=estate.cast.security_admin.person)
    before = digest()

    with on_day(TODAY), pytest.raises(Refused, match="须由两人办理"):
        getattr(approvals, decide)(actor=estate.cast.security_admin.actor, approval=approval, remark="同意")

    assert digest() == before


def test_a_list_of_accounts_is_refused_to_a_stranger_by_its_line(estate: Estate) -> None:
    act, before = listed(estate), digest()

    with on_day(TODAY), pytest.raises(AccountsRefused, match="未找到这条记录") as caught:
        act(estate.cast.strange_district.actor)

    assert (caught.value.row, digest()) == (2, before)
