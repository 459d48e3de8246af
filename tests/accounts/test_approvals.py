"""Approval by a second person: any app's act, carried out in the act in which another agrees."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from registry.accounts import services
from registry.accounts.models import Approval, InboxItem, Organisation
from registry.accounts.selectors import approval_in_reach, approvals_waiting, own_proposals
from registry.accounts.services import ApprovalKind
from registry.accounts.services.approvals import APPROVALS, source_of
from registry.audit.messages import EVENT_MESSAGES
from registry.audit.models import Act
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import NotFound, PermissionRefused, Refused
from registry.store.acts import MonthOpen, current_act, require_month_alone
from registry.store.month import MonthGate
from tests.factories.accounts import TOWNSHIP, Cast

pytestmark = pytest.mark.django_db
KIND = "organisation.rename"


def rename(*, actor: Actor, approval: Approval) -> str:
    name = approval.payload["name"]
    if name == "refuse":
        raise Refused("名称不合规。请另起名称。")
    Organisation.objects.filter(pk=approval.payload["organisation"]).update(name=name)
    if name != "unrecorded":
        record(event="organisation.changed", facts={"name": name})
    return name


@pytest.fixture(autouse=True)
def kind() -> Iterator[ApprovalKind]:
    declared = ApprovalKind(KIND, "更名", Permission.CORRECTION_APPROVE, Permission.CORRECTION_PROPOSE, rename)
    services.declare_kind(declared)
    yield declared
    del APPROVALS[KIND]


def propose(cast: Cast, name: str = "新名", actor: Actor | None = None, **more: Any) -> Approval:
    organisation = cast.township.organisation
    return services.propose(
        actor=actor or cast.township.actor, kind=KIND, title=f"更名为{name}", reason="印章更换",
        payload={"organisation": organisation.pk, "name": name}, area_code=organisation.area_code, **more,
    )  # fmt: skip


def name_of(cast: Cast) -> str:
    return Organisation.objects.get(pk=cast.township.organisation.pk).name


def test_a_proposal_changes_nothing_and_is_recorded(cast: Cast) -> None:
    approval = propose(cast)

    act = Act.objects.latest("id")
    assert name_of(cast) == "十八里店乡"
    assert (approval.status, approval.proposed_by_id) == ("waiting", cast.township.person.pk)
    assert (act.event, act.reason, act.facts) == (
        "approval.proposed",
        "印章更换",
        {"title": "更名为新名", "kind": "更名"},
    )


def test_a_title_longer_than_its_field_is_cut_on_every_engine(cast: Cast) -> None:
    approval = propose(cast, "名" * 300)

    approval.refresh_from_db()
    assert (len(approval.title), approval.title[:6]) == (200, "更名为名名名")
    laid = InboxItem.objects.filter(source=source_of(approval))
    assert set(laid.values_list("title", flat=True)) == {approval.title}


def test_approval_carries_out_in_one_act(cast: Cast) -> None:
    approval = propose(cast)
    before = Act.objects.count()

    decision = services.approve(actor=cast.district.actor, approval=approval, remark="同意")

    act = Act.objects.latest("id")
    assert (name_of(cast), decision.outcome, Act.objects.count()) == ("新名", "新名", before + 1)
    assert (act.event, act.facts["within"]) == (
        "organisation.changed", [["approval.approved", {"title": "更名为新名", "remark": "同意"}]],
    )  # fmt: skip
    assert decision.approval.decided_by_id == cast.district.person.pk
    assert not InboxItem.objects.filter(source=source_of(approval), done_at__isnull=True).exists()


def test_approval_of_what_is_then_refused_decides_nothing(cast: Cast) -> None:
    approval = propose(cast, "refuse")

    with pytest.raises(Refused, match="不合规"):
        services.approve(actor=cast.district.actor, approval=approval)

    approval.refresh_from_db()
    assert (approval.status, name_of(cast)) == ("waiting", "十八里店乡")


def test_approval_is_rolled_back_if_the_record_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    approval = propose(cast)

    def broken(act: object) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr("registry.store.acts._recorders", [broken])
    with pytest.raises(RuntimeError, match="no record"):
        services.approve(actor=cast.district.actor, approval=approval)

    approval.refresh_from_db()
    assert (approval.status, name_of(cast)) == ("waiting", "十八里店乡")


def test_a_proposal_needs_the_permission_to_propose(cast: Cast) -> None:
    with pytest.raises(PermissionRefused):
        propose(cast, actor=cast.auditor.actor)

    assert not Approval.objects.exists()


def test_a_proposal_on_a_subject_out_of_reach_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        propose(cast, actor=cast.strange_township.actor, subject=cast.township.organisation)


@pytest.mark.parametrize(
    ("player", "error", "message"),
    [
        ("township", PermissionRefused, "权限"),
        ("strange_district", NotFound, "未找到"),
        ("department", NotFound, "未找到"),
        ("auditor", PermissionRefused, "权限"),
    ],
)
def test_approval_by_who_may_not_is_refused(cast: Cast, player: str, error: type[Exception], message: str) -> None:
    approval = propose(cast)

    with pytest.raises(error, match=message):
        services.approve(actor=getattr(cast, player).actor, approval=approval)

    assert name_of(cast) == "十八里店乡"


def test_nobody_approves_its_own_proposal(cast: Cast) -> None:
    approval = propose(cast, actor=cast.district.actor)

    with pytest.raises(Refused, match="不能是同一人") as refusal:
        services.approve(actor=cast.district.actor, approval=approval)

    assert refusal.value.code == "second_person"
    services.approve(actor=cast.district_second.actor, approval=approval)
    assert name_of(cast) == "新名"


def test_a_kind_may_name_its_deciders(cast: Cast) -> None:
    del APPROVALS[KIND]
    services.declare_kind(
        ApprovalKind(
            KIND,
            "更名",
            Permission.CORRECTION_APPROVE,
            Permission.CORRECTION_PROPOSE,
            rename,
            deciders=(Role.DISTRICT,),
        )
    )
    approval = propose(cast)

    assert [item.role for item in InboxItem.objects.all()] == ["district"]
    with pytest.raises(Refused, match="不由市级专班复核。请由区专班办理"):
        services.approve(actor=cast.city.actor, approval=approval)


def test_a_proposal_is_decided_once(cast: Cast) -> None:
    approval = propose(cast)
    services.approve(actor=cast.district.actor, approval=approval)

    for service in (services.approve, services.return_back):
        with pytest.raises(Refused, match="已同意") as refusal:
            service(actor=cast.district_second.actor, approval=approval, remark="晚了")
        assert refusal.value.code == "already_decided"


def test_return_back_needs_a_reason_and_changes_nothing(cast: Cast) -> None:
    approval = propose(cast)

    with pytest.raises(Refused, match="退回的原因"):
        services.return_back(actor=cast.district.actor, approval=approval, remark=" ")
    services.return_back(actor=cast.district.actor, approval=approval, remark="缺印章样")

    approval.refresh_from_db()
    assert (approval.status, approval.remark, name_of(cast)) == ("returned", "缺印章样", "十八里店乡")
    assert Act.objects.latest("id").event == "approval.returned"


def test_withdraw_is_for_the_proposer_alone(cast: Cast) -> None:
    approval = propose(cast)

    with pytest.raises(NotFound):
        services.withdraw(actor=cast.district.actor, approval=approval)
    services.withdraw(actor=cast.township.actor, approval=approval)

    approval.refresh_from_db()
    assert approval.status == "withdrawn"
    with pytest.raises(Refused, match="已撤回"):
        services.approve(actor=cast.district.actor, approval=approval)


def test_lists_show_what_waits_for_whom(cast: Cast) -> None:
    approval = propose(cast)
    kinds = services.kinds_decided_by(cast.district.actor)

    assert {"assignment.grant", KIND} <= set(kinds)
    assert list(approvals_waiting(cast.district.actor, kinds)) == [approval]
    assert list(approvals_waiting(cast.strange_district.actor, kinds)) == []
    assert list(own_proposals(cast.township.actor)) == [approval]
    assert list(own_proposals(cast.district.actor)) == []


def test_a_proposal_is_read_by_those_concerned(cast: Cast, kind: ApprovalKind) -> None:
    approval = propose(cast)
    readers = set()
    for name in Cast.__annotations__:
        actor = getattr(cast, name).actor
        try:
            found = approval_in_reach(actor, approval.pk)
            kind.require_reader(actor, found)
        except NotFound:
            continue
        readers.add(name)

    assert readers == {"township", "district", "district_second", "city", "auditor"}


def test_administrators_see_no_proposal_on_a_project(cast: Cast) -> None:
    approval = propose(cast, project_key=7)

    for player in (cast.system_admin, cast.security_admin):
        with pytest.raises(NotFound):
            approval_in_reach(player.actor, approval.pk)


def test_a_kind_is_declared_once(kind: ApprovalKind) -> None:
    services.declare_kind(kind)

    with pytest.raises(ValueError, match="two declarations"):
        services.declare_kind(ApprovalKind(KIND, "别的", kind.permission, kind.propose, rename))


def test_every_event_of_approvals_has_a_sentence() -> None:
    assert {"approval.proposed", "approval.approved", "approval.returned", "approval.withdrawn"} <= set(EVENT_MESSAGES)


@pytest.fixture
def closing() -> Iterator[list[MonthGate]]:
    """A kind whose carrying out closes something; gives the gates of its acts."""
    gates: list[MonthGate] = []

    def freeze(*, actor: Actor, approval: Approval) -> None:
        require_month_alone()
        gates.append(current_act().month)
        record(event="organisation.changed", facts={"name": approval.title})

    services.declare_kind(
        ApprovalKind(
            "test.close", "结账", Permission.CORRECTION_APPROVE, Permission.CORRECTION_PROPOSE, freeze,
            month=MonthGate.EXCLUSIVE,
        )
    )  # fmt: skip
    yield gates
    del APPROVALS["test.close"]


def close_proposed(cast: Cast) -> Approval:
    return services.propose(actor=cast.township.actor, kind="test.close", title="结账", payload={}, area_code=TOWNSHIP)


def test_approving_a_close_has_the_month_gate_alone(cast: Cast, closing: list[MonthGate]) -> None:
    services.approve(actor=cast.district.actor, approval=close_proposed(cast))

    assert closing == [MonthGate.EXCLUSIVE]


def test_a_close_under_a_shared_gate_is_a_fault_of_the_program(cast: Cast, closing: list[MonthGate]) -> None:
    approval = close_proposed(cast)
    APPROVALS["test.close"] = replace(APPROVALS["test.close"], month=MonthGate.SHARED)

    with pytest.raises(MonthOpen, match="approve"):
        services.approve(actor=cast.district.actor, approval=approval)

    approval.refresh_from_db()
    assert (closing, approval.status) == ([], "waiting")


def test_a_close_is_approved_in_a_transaction_of_its_own(cast: Cast, closing: list[MonthGate]) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        close_proposed(cast)
    approval = close_proposed(cast)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        services.approve(actor=cast.district.actor, approval=approval)

    assert (closing, Approval.objects.get().status) == ([], "waiting")
