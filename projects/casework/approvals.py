"""A policy comes into force by two persons: one proposes, another issues."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from projects.casework.models import Policy
from projects.casework.selectors.policies import blockers_under, lifts_of
from projects.casework.services.policies import issue_policy
from registry.accounts.models import Approval
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.kernel.authority import Actor, Permission, Role

ISSUE: Final = "policy.issue"


def _policy(approval: Approval) -> Policy:
    found: Policy = Policy.objects.get(pk=approval.payload["policy"])
    return found


def _carry_out(*, actor: Actor, approval: Approval) -> Policy:
    on = date.fromisoformat(approval.payload["issued_on"])
    issued: Policy = issue_policy.within(actor=actor, policy=_policy(approval), issued_on=on, first=first_of(approval))
    return issued


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    policy = _policy(approval)
    lifts = lifts_of(policy)
    blockers = list(blockers_under([lift.type_id for lift in lifts], district_code=policy.district_code))
    projects = len({one.project_id for one in blockers})
    return (
        ("政策", f"{policy.number}《{policy.title}》"),
        ("发文机关", policy.organ),
        ("可解除的堵点", "；".join(f"{one.type.code} {one.type.label}" for one in lifts)),
        ("发布日期", approval.payload["issued_on"]),
        ("发布以后", f"向各区提出{projects:,}个项目、{len(blockers):,}个堵点的适用建议；不自动解除任何堵点"),
    )


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    policy = _policy(approval)
    lifts = sorted((one.type.code, one.type.label, one.condition) for one in lifts_of(policy))
    return (
        ("政策", f"{policy.number}《{policy.title}》，{policy.state}"),
        ("发文机关", policy.organ),
        ("适用的区", policy.district_code or "全市"),
        ("要点", policy.summary),
        ("可解除的堵点", "；".join(f"{code} {label} {condition}".strip() for code, label, condition in lifts)),
    )


def _about(approval: Approval) -> object:
    return approval.payload["policy"]


KIND = ApprovalKind(
    kind=ISSUE,
    label="发布政策",
    permission=Permission.POLICY_ISSUE,
    propose=Permission.POLICY_DRAFT,
    carry_out=_carry_out,
    lines=_lines,
    rests_on=_state,
    about=_about,
    deciders=(Role.CITY,),
)
