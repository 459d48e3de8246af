"""Policies: drafted, issued by two persons, ended. Issuing proposes lifts to the districts; nothing is lifted by it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from projects.casework.choices import PolicyLevel, ProposalState
from projects.casework.models import LiftProposal, Policy, PolicyLift
from projects.casework.selectors.policies import blockers_under, conditions_by_code, lifts_of
from projects.gates.models import Blocker, BlockerType, LiftKind
from registry.accounts.models import Person
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.days import require_year_of
from registry.kernel.errors import Refused
from registry.store.acts import Row, current_act, values_of, within_act, write
from registry.store.bulk import reserve_keys
from registry.store.locks import lock
from registry.store.second import FirstPerson, always
from registry.store.versions import UNSEEN, Seen

RULE: Final = "政策适用建议"
TOLD: Final = (  # of a policy, in the trail
    "level", "title", "organ", "number", "summary", "district_code", "issued_on", "issued_by_id", "ended_on",
    "end_reason",
)  # fmt: skip


class PolicyRefused(Refused):
    """A policy that can't be written, issued or used so."""


@write(Permission.POLICY_DRAFT, once=True)
def draft_policy(
    *, actor: Actor, level: str, title: str, organ: str, lifts: Mapping[BlockerType, str], number: str = "",
    summary: str = "", district_code: str = "", drafted_by: Person | None = None,
) -> Policy:  # fmt: skip
    """Lay down a draft: which blocker types it may lift, each with its condition. It changes nothing else.

    Refused: no title, no organ, no type; a type that nothing but its own solution ends (小产权房); a district
    writing for the whole city or for another district. `drafted_by`: who wrote what the actor agreed to.
    """
    require_draft(actor=actor, policy=None, title=title, organ=organ, lifts=lifts, district_code=district_code)
    key = reserve_keys(Policy, 1)[0]
    policy: Policy = Policy.objects.create(
        id=key,
        code=f"Z-{key:04d}",
        level=PolicyLevel(level), number=number.strip(), title=title.strip(), organ=organ.strip(),
        district_code=district_code, summary=summary.strip(), act_id=current_act().id,
        drafted_by_id=drafted_by.pk if drafted_by else actor.person_id,
    )  # fmt: skip
    _write_lifts(policy, lifts)
    _record("policy.drafted", policy, {"types": _types(lifts)}, rows=[Row.added(policy, "code", *TOLD)])
    return policy


@write(Permission.POLICY_DRAFT, once=True)
def change_policy(
    *, actor: Actor, policy: Policy, level: str, title: str, organ: str, lifts: Mapping[BlockerType, str],
    number: str = "", summary: str = "", district_code: str = "", seen: Seen = UNSEEN,
) -> Policy:  # fmt: skip
    """Change a draft; what is issued stays as it was issued. Refused as for drafting."""
    current = _locked(policy)
    before, known = values_of(current, TOLD), {lift.type: lift.condition for lift in lifts_of(current)}
    given = {"level": level, "title": title, "organ": organ, "number": number, "summary": summary}
    by_code = {type.code: condition for type, condition in lifts.items()}
    stored = values_of(current, given) | {"lifts": conditions_by_code(current)}
    merged = seen.merge(stored, {**given, "lifts": by_code}, current)
    level, title, organ, number, summary = (merged[name] for name in given)
    lifts = lifts if merged["lifts"] is by_code else known
    require_draft(actor=actor, policy=current, title=title, organ=organ, lifts=lifts, district_code=district_code)
    current.level, current.title, current.organ = PolicyLevel(level), title.strip(), organ.strip()
    current.number, current.summary, current.district_code = number.strip(), summary.strip(), district_code
    current.save(update_fields=["level", "title", "organ", "number", "summary", "district_code"])
    current.lifts.all().delete()
    _write_lifts(current, lifts)
    _record("policy.changed", current, {"types": _types(lifts)}, rows=Row.if_changed(current, before))
    return current


@write(Permission.POLICY_ISSUE, second_person=always("发布政策"))
def issue_policy(*, actor: Actor, policy: Policy, issued_on: date, first: FirstPerson | None) -> Policy:
    """Put a policy into force and propose it for every open blocker of its types. Nothing is lifted.

    Proposed by one person and issued by another. Refused: by the proposer; issued already; no number; a day ahead.
    """
    act, current = current_act(), _locked(policy)
    require_issuable(actor=actor, policy=current, issued_on=issued_on)
    before = values_of(current, TOLD)
    current.issued_on, current.issued_by_id = issued_on, act.actor.person_id
    current.save(update_fields=["issued_on", "issued_by"])
    proposed = _propose(current)
    blockers = [proposal.blocker for proposal in proposed]
    projects = len({blocker.project_id for blocker in blockers})
    facts = {"on": issued_on, "blockers": len(blockers), "projects": projects}
    _record("policy.issued", current, facts, rows=[Row.changed(current, before), *_proposal_rows(proposed)])
    return current


@write(Permission.POLICY_ISSUE)
def propose_lifts(*, actor: Actor, policy: Policy) -> int:
    """Propose a policy in force for blockers raised since it was issued; how many. By the nightly rule."""
    current = _locked(policy)
    if current.issued_on is None or current.ended_on is not None:
        raise PolicyRefused(f"{current}不在有效期，不再提出建议。", code="not_in_force")
    proposed = _propose(current)
    _record("policy.proposed", current, {"blockers": len(proposed)}, rows=_proposal_rows(proposed))
    return len(proposed)


def run_policy_rules() -> int:
    """Propose every policy in force for what was raised since; how many. One act a policy that has any."""
    found = 0
    for policy in Policy.objects.filter(issued_on__isnull=False, ended_on__isnull=True).order_by("id"):
        if _missing(policy).exists():
            found += propose_lifts(actor=system_actor(RULE), policy=policy)
    return found


def _missing(policy: Policy) -> "QuerySet[Blocker]":
    types = [lift.type_id for lift in lifts_of(policy)]
    known = LiftProposal.objects.filter(policy=policy).values("blocker")
    return blockers_under(types, district_code=policy.district_code).exclude(pk__in=known)


def _propose(policy: Policy) -> list[LiftProposal]:
    act_id = current_act().id
    proposals = [LiftProposal(policy=policy, blocker=blocker, act_id=act_id) for blocker in _missing(policy)]
    LiftProposal.objects.bulk_create(proposals)
    return proposals


def _proposal_rows(proposals: Iterable[LiftProposal]) -> list[Row]:
    return [Row.added(proposal, "policy_id", "blocker_id", "state") for proposal in proposals]


def require_issuable(*, actor: Actor, policy: Policy, issued_on: date) -> None:
    """Refuse a policy that cannot be issued: another area's, issued already, without number or one of another year."""
    _require_own(actor, policy.district_code)
    if policy.issued_on is not None:
        raise PolicyRefused(f"{policy}已于{policy.issued_on}发布。", code="issued")
    if not policy.number:
        raise PolicyRefused("尚无文号。请先在草稿里填写文号。", field="number")
    require_year_of(policy.number, issued_on, field="issued_on")


@write(Permission.POLICY_DRAFT)
def end_policy(*, actor: Actor, policy: Policy, on: date, reason: str) -> Policy:
    """End a policy from a day on: no new instrument rests on it, those in force stay. Waiting proposals go.

    Refused: not in force; no reason; a day ahead or before it was issued; another district's.
    """
    current = _locked(policy)
    if current.issued_on is None or current.ended_on is not None:
        raise PolicyRefused(f"{current}不在有效期，无需废止。", code="not_in_force")
    if not reason.strip():
        raise PolicyRefused("未填写废止原因。", field="reason")
    if on < current.issued_on:
        raise PolicyRefused(f"废止日期须在发布日期{current.issued_on}和今日之间。", field="on")
    _require_own(actor, current.district_code)
    before, waiting = values_of(current, TOLD), current.proposals.filter(state=ProposalState.WAITING)
    dropping = list(waiting.values_list("pk", flat=True))
    current.ended_on, current.end_reason = on, reason.strip()[:200]
    current.save(update_fields=["ended_on", "end_reason"])
    dropped = waiting.update(state=ProposalState.DECLINED, reason="政策废止", decided_on=on)
    rows = [
        Row.of("casework_liftproposal", key, before={"state": "waiting"}, after={"state": "declined"})
        for key in dropping
    ]
    _record("policy.ended", current, {"on": on, "dropped": dropped}, reason, rows=[Row.changed(current, before), *rows])
    return current


@write(Permission.LIFT_DECLINE, on="proposal")
def decline_lift(*, actor: Actor, proposal: LiftProposal, reason: str) -> LiftProposal:
    """Say that a policy does not fit a blocker, and why. Refused: no reason; decided already."""
    current = lock(proposal)
    if current.state != ProposalState.WAITING:
        raise PolicyRefused(f"这一条已经是“{current.get_state_display()}”。", code="decided")
    if not reason.strip():
        raise PolicyRefused("未填写不适用的原因。", field="reason")
    current.state, current.reason, current.decided_on = (
        ProposalState.DECLINED, reason.strip()[:200], current_act().today,
    )  # fmt: skip
    current.save(update_fields=["state", "reason", "decided_on"])
    record(
        event="lift.declined",
        subject=current.blocker,
        chain=current.blocker.project_id,
        facts={"number": current.blocker.number, "policy": str(current.policy)},
        reason=reason,
        rows=[Row.changed(current, {"state": ProposalState.WAITING})],
    )
    return current


@within_act
def use_policy(*, policy: Policy, blockers: Iterable[Blocker], instrument_code: str) -> int:
    """Note that an instrument put a policy to use for these blockers; how many proposals it answers."""
    waiting = LiftProposal.objects.filter(policy=policy, blocker__in=list(blockers), state=ProposalState.WAITING)
    return int(
        waiting.update(
            state=ProposalState.USED, instrument_code=instrument_code, decided_on=current_act().today
        )
    )  # fmt: skip


def require_covered(policy: Policy, *, district_code: str, types: Mapping[str, str], on: date) -> None:
    """Refuse a policy for an instrument: not in force, another district's, or a type it does not lift.

    `types` maps the code of each blocker type to what shows that the policy's condition is met. Two queries.
    """
    if policy.issued_on is None or policy.issued_on > on or (policy.ended_on is not None and policy.ended_on <= on):
        raise PolicyRefused(f"{policy}不在有效期，不能据此办理。请选有效的政策。", field="policy")
    if policy.district_code and policy.district_code != district_code:
        raise PolicyRefused(f"{policy}只适用于本区以外的项目。请选适用本区的政策。", field="policy")
    lifts = {lift.type.code: lift.condition for lift in lifts_of(policy)}
    for code, shown in types.items():
        if code not in lifts:
            raise PolicyRefused(
                f"{policy}不能解{code}类的堵点，它只解{'、'.join(sorted(lifts))}。请另选依据。", field="policy"
            )
        if lifts[code] and not shown.strip():
            raise PolicyRefused(
                f"{policy}解除{code}类堵点的条件为：{lifts[code]}。请写明条件已满足的依据（文号、日期）。",
                code="condition_missing", field="policy",
            )  # fmt: skip


def require_draft(
    *, actor: Actor, policy: Policy | None, title: str, organ: str, lifts: Mapping[BlockerType, str], district_code: str
) -> None:
    """Refuse what can't be a draft: of a policy issued already or of another area; without title, organ or
    type; a type that no policy lifts. No query."""
    if policy is not None and policy.issued_on is not None:
        raise PolicyRefused(
            f"{policy}已于{policy.issued_on}发布，不能改。需要调整的，另发一份并废止这份。", code="issued"
        )
    if policy is not None:
        _require_own(actor, policy.district_code)
    if not title.strip():
        raise PolicyRefused("未填写标题。", field="title")
    if not organ.strip():
        raise PolicyRefused("未填写发文机关。", field="organ")
    if not lifts:
        raise PolicyRefused("未选择可解除的堵点类型。请至少选一类。", field="types")
    for type in lifts:
        if type.lift == LiftKind.NOTHING:
            raise PolicyRefused(f"{type.code} {type.label}不能凭政策解除，只能实际办结。请移除。", field="types")
    _require_own(actor, district_code)


def _require_own(actor: Actor, district_code: str) -> None:
    if actor.area_code and actor.area_code != district_code:
        raise PolicyRefused("区专班只能写本区的政策。全市的政策由市级专班起草。", field="district_code")


def _locked(policy: Policy) -> Policy:
    return lock(policy)


def _write_lifts(policy: Policy, lifts: Mapping[BlockerType, str]) -> None:
    PolicyLift.objects.bulk_create(
        PolicyLift(policy=policy, type=type, condition=condition.strip()[:200]) for type, condition in lifts.items()
    )


def _types(lifts: Mapping[BlockerType, str]) -> str:
    return "、".join(sorted(type.code for type in lifts))


def _record(event: str, policy: Policy, facts: dict[str, Any], reason: str = "", *, rows: Sequence[Row] = ()) -> None:
    record(
        event=event,
        subject=policy,
        facts={"policy": f"{policy.code} {policy.title}", **facts},
        reason=reason,
        rows=rows,
    )
