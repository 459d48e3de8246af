"""F4 in its own words: what a draft would free is known before it is issued; saving and issuing lift nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from commitments.models import Instrument, InstrumentKind
from commitments.selectors.policies import policy_results
from commitments.services import approve_instrument, draft_instrument, sign_instrument
from commitments.services.drafting import ClauseDraft
from projects.casework.models import LiftProposal, Policy
from projects.casework.selectors.policies import policies_for, policies_in_force, policy_effect
from projects.casework.services.policies import (
    change_policy,
    decline_lift,
    draft_policy,
    end_policy,
    issue_policy,
    propose_lifts,
    run_policy_rules,
)
from projects.gates.models import Blocker, BlockerType
from projects.gates.selectors.facts import facts_of
from projects.gates.services import resolve_blocker
from registry.accounts.models import Approval
from registry.kernel.authority import system_actor
from registry.kernel.errors import DomainError
from registry.kernel.gates import compute_gates
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.projects import HOMES, TODAY, Estate, lay_blocker, on_day
from tests.factories.trials import digest, refused


def draft(estate: Estate, number: str = "×规自发〔2022〕1号", **lifts: str) -> Policy:
    types = {BlockerType.objects.get(code=code): condition for code, condition in (lifts or {"F01": ""}).items()}
    with on_day(TODAY):
        policy: Policy = draft_policy(
            actor=estate.cast.city.actor, level="supporting", title="关于证缴分离的通知", organ="市规自委", lifts=types,
            number=number,
        )  # fmt: skip
    return policy


def issued(estate: Estate, **lifts: str) -> Policy:
    policy = draft(estate, **lifts)
    with on_day(TODAY):
        return issue_policy(actor=system_actor("试"), policy=policy, issued_on=TODAY, first=None)


def cleared(estate: Estate) -> int:
    return compute_gates(facts_of([estate.project.id])[estate.project.id], on=TODAY).count("cleared")


@contextmanager
def refusing(words: str) -> Iterator[None]:
    before = digest()
    with pytest.raises(DomainError, match=words):
        yield
    assert digest() == before


@pytest.fixture
def owed(estate: Estate) -> Blocker:
    """Every unit is shut: the land premium is owed."""
    return lay_blocker(estate, "F01", on=date(2022, 2, 1))


def decision(estate: Estate, blocker: Blocker, policy: Policy | None, **more: Any) -> Instrument:
    with on_day(TODAY):
        return draft_instrument(
            actor=estate.cast.department.actor, project=estate.project, kind=InstrumentKind.FEE_DECOUPLED, title="",
            issuer=estate.cast.department.organisation, clauses=[ClauseDraft(blocker, HOMES, **more)], policy=policy,
        )  # fmt: skip


def test_a_draft_tells_what_it_would_free_and_saving_it_changes_nothing(estate: Estate, owed: Blocker) -> None:
    shut = cleared(estate)
    policy = draft(estate)
    types = [lift.type_id for lift in policy.lifts.all()]

    [freed] = policy_effect(estate.cast.city.actor, types, TODAY)

    assert (freed.project, [one.pk for one in freed.blockers], freed.homes) == (estate.project, [owed.pk], 12)
    assert policy_effect(estate.cast.strange_district.actor, types, TODAY) == []
    assert cleared(estate) == shut == 0
    assert LiftProposal.objects.count() == 0


def test_what_another_blocker_still_holds_is_not_freed(estate: Estate, owed: Blocker) -> None:
    lay_blocker(estate, "L05", on=date(2022, 2, 1))
    types = [owed.type_id]

    [freed] = policy_effect(estate.cast.city.actor, types, TODAY)

    assert (freed.homes, freed.is_freeing) == (0, False)


def test_issuing_proposes_and_lifts_nothing_until_an_instrument_uses_it(estate: Estate, owed: Blocker) -> None:
    shut = cleared(estate)
    policy = issued(estate)

    proposal = LiftProposal.objects.get()
    assert (proposal.blocker_id, proposal.state) == (owed.pk, "waiting")
    assert cleared(estate) == shut == 0
    instrument = decision(estate, owed, policy)
    assert instrument.basis == "×规自发〔2022〕1号《关于证缴分离的通知》"
    with on_day(TODAY, 11):
        sign_instrument(
            actor=estate.cast.department.actor, instrument=instrument, number="×规自决〔2022〕3号", signed_on=TODAY
        )
    assert LiftProposal.objects.get().state == "waiting"
    with on_day(TODAY, 16):
        approve_instrument(actor=estate.cast.district.actor, instrument=instrument, effective_on=TODAY)

    used = LiftProposal.objects.get()
    assert (used.state, used.instrument_code) == ("used", instrument.code)
    assert cleared(estate) == 12
    [done] = policy_results(estate.cast.city.actor, policy)
    assert (done.instrument.pk, done.blockers, done.homes, done.issued) == (instrument.pk, (owed.number,), 12, 0)


def test_blockers_raised_later_are_proposed_by_the_nightly_rule_once(estate: Estate) -> None:
    policy = issued(estate)
    assert LiftProposal.objects.count() == 0
    blocker = lay_blocker(estate, "F01", on=date(2022, 2, 1))
    lay_blocker(estate, "L05", on=date(2022, 2, 1))

    with on_day(TODAY):
        assert [run_policy_rules(), run_policy_rules()] == [1, 0]
        assert LiftProposal.objects.get().blocker_id == blocker.pk
        end_policy(actor=estate.cast.city.actor, policy=policy, on=TODAY, reason="并入总意见")
        with refusing("不再提出建议"):
            propose_lifts(actor=estate.cast.city.actor, policy=policy)
    assert (LiftProposal.objects.get().state, LiftProposal.objects.get().reason) == ("declined", "政策废止")


def test_who_proposed_a_policy_does_not_issue_it(estate: Estate) -> None:
    policy, city = draft(estate), estate.cast.city
    with on_day(TODAY):
        for proposer in (None, city.person):
            with refusing("须由两人办理"):
                issue_policy(actor=city.actor, policy=policy, issued_on=TODAY, first=FirstPerson.of(proposer))
        issue_policy(
            actor=city.actor, policy=policy, issued_on=TODAY, first=FirstPerson.of(estate.cast.district.person)
        )
    assert Policy.objects.get().issued_by == city.person


def test_an_instrument_under_a_policy_is_held_to_its_types_its_condition_and_its_time(
    estate: Estate, owed: Blocker
) -> None:
    other = lay_blocker(estate, "F02", on=date(2022, 2, 1))
    early = draft(estate, number="草")
    with refusing("不在有效期"):
        decision(estate, owed, early)
    policy = issued(estate, F01="企业已进入破产程序")
    with refusing("不能解F02类的堵点，它只解F01"):
        decision(estate, other, policy)
    with refusing("条件为：企业已进入破产程序"):
        decision(estate, owed, policy)
    instrument = decision(estate, owed, policy, condition_met="×破申〔2021〕1号")
    with on_day(TODAY):
        end_policy(actor=estate.cast.city.actor, policy=policy, on=TODAY, reason="并入总意见")
    assert list(policies_in_force("110105", TODAY)) == []
    with on_day(TODAY), refusing("不在有效期"):
        sign_instrument(
            actor=estate.cast.department.actor, instrument=instrument, number="×规自决〔2022〕3号", signed_on=TODAY
        )


def test_a_policy_for_what_nothing_lifts_or_without_types_or_beyond_the_district_is_refused(estate: Estate) -> None:
    cast = estate.cast
    never = BlockerType.objects.filter(lift="N").order_by("code")[0]
    fee = BlockerType.objects.get(code="F01")
    words = {"level": "single", "title": "试", "organ": "市专班"}
    with on_day(TODAY):
        with refusing("不能凭政策解除"):
            draft_policy(actor=cast.city.actor, lifts={never: ""}, **words)
        with refusing("未选择可解除的堵点类型"):
            draft_policy(actor=cast.city.actor, lifts={}, **words)
        with refusing("区专班只能写本区的政策"):
            draft_policy(actor=cast.district.actor, lifts={fee: ""}, **words)
    early = draft(estate)
    with on_day(TODAY), refusing("不在有效期，无需废止"):
        end_policy(actor=cast.city.actor, policy=early, on=TODAY, reason="试")
    policy = issued(estate)
    with on_day(TODAY), refusing("不能改"):
        change_policy(actor=cast.city.actor, policy=policy, lifts={fee: ""}, **words)


def test_a_district_declines_with_a_reason(estate: Estate, owed: Blocker) -> None:
    policy = issued(estate)
    proposal = LiftProposal.objects.get()
    with on_day(TODAY):
        with refusing("未填写不适用的原因"):
            decline_lift(actor=estate.cast.district.actor, proposal=proposal, reason=" ")
        decline_lift(actor=estate.cast.district.actor, proposal=proposal, reason="企业有能力缴，正在追缴")
        with refusing("已经是“不适用”"):
            decline_lift(actor=estate.cast.district.actor, proposal=proposal, reason="再说")
    shown = sign_in(estate.cast.district).get(reverse("casework:policy", args=[policy.code])).content.decode()
    assert "企业有能力缴，正在追缴" in shown


def test_the_road_of_a_policy_by_pages(estate: Estate, owed: Blocker) -> None:
    city = sign_in(estate.cast.city)
    fee = BlockerType.objects.get(code="F01")
    words = {
        "level": "single", "title": "关于证缴分离", "organ": "市规自委", "types": [fee.pk], "number": "×发〔2022〕9号",
        "condition_1_type": fee.pk, "condition_1_text": "企业已进入破产程序",
    }  # fmt: skip
    other = BlockerType.objects.get(code="F02")
    for amiss, field in (
        ({"condition_1_type": other.pk}, "condition_1_type"),
        ({"condition_1_type": ""}, "condition_1_type"),
        ({"condition_1_text": ""}, "condition_1_text"),
        ({"condition_2_type": fee.pk, "condition_2_text": "又一项"}, "condition_2_type"),
    ):
        bad = city.post(reverse("casework:draft_policy"), {**words, **amiss})
        assert list(bad.context["form"].errors) == [field]
    offered = city.get(reverse("casework:draft_policy")).content.decode()
    assert f'<option value="{fee.pk}">{fee}</option>' in offered
    assert city.post(reverse("casework:draft_policy"), words).status_code == 302
    policy = Policy.objects.get()
    address = reverse("casework:policy", args=[policy.code])
    tried = city.get(address, {"try": "1"}).content.decode()
    assert all(word in tried for word in ("可打通住宅", "<b>12</b>", owed.number, "企业已进入破产程序", "草稿"))
    city.post(reverse("casework:issue_policy", args=[policy.code]), {"issued_on": "2022-03-08", "reason": "会议通过"})
    assert Approval.objects.get().kind == "policy.issue"
    assert "×发〔2022〕9号" in city.get(reverse("casework:policies")).content.decode()
    assert sign_in(estate.cast.developer).get(address).status_code == 403


def test_a_blocker_resolved_by_another_way_waits_for_no_answer_and_says_so(estate: Estate, owed: Blocker) -> None:
    policy = issued(estate)
    client = sign_in(estate.cast.district)
    assert [one.waiting for one in policies_for(estate.cast.district.actor)] == [1]

    with on_day(TODAY):
        resolve_blocker(actor=estate.cast.district.actor, blocker=owed, resolved_on=TODAY, resolution="缴清")
    assert [(one.waiting, one.proposed) for one in policies_for(estate.cast.district.actor)] == [(0, 1)]
    shown = client.get(reverse("casework:policy", args=[policy.code])).content.decode()
    assert "堵点已解决" in shown
    assert "不适用</a>" not in shown
    assert "政策可解除的堵点" not in client.get("/").content.decode()


def test_a_district_proposes_no_policy_of_the_city_by_a_forged_address(estate: Estate) -> None:
    """The page offers it to nobody of a district; the address took it all the same."""
    policy = draft(estate)
    words = {"issued_on": "2022-03-08", "reason": "会议通过"}
    with on_day(TODAY):
        page = sign_in(estate.cast.district).post(reverse("casework:issue_policy", args=[policy.code]), words)

    assert "区专班只能写本区的政策" in page.content.decode()
    assert not Approval.objects.exists()


def test_a_policy_is_issued_in_the_year_of_its_number(estate: Estate) -> None:
    policy = draft(estate, number="×规自发〔2021〕2号")

    with on_day(TODAY), refused("文号“×规自发〔2021〕2号”的年份2021与日期2022-03-08不符", field="issued_on"):
        issue_policy(actor=system_actor("试"), policy=policy, issued_on=TODAY, first=None)
