"""Policies kept by table: a line without code drafts one, a draft's line changes it; an issued one stays as issued."""

from collections.abc import Mapping
from typing import Any

from projects.casework.models import Policy
from projects.casework.services.policies import PolicyRefused, change_policy, draft_policy, require_draft
from projects.gates.models import BlockerType
from registry.accounts.models import Person
from registry.kernel.authority import Actor
from registry.store.acts import within_act


def lifts_by_code(lifts: Mapping[str, str]) -> dict[BlockerType, str]:
    """Find the blocker types of a line. Refused: a code that is not in use. One query."""
    types = {one.code: one for one in BlockerType.objects.filter(code__in=lifts, is_active=True)}
    unknown = sorted(set(lifts) - set(types))
    if unknown:
        raise PolicyRefused(f"没有{'、'.join(unknown)}这类堵点，或已停用。请按堵点类型表填写编码。", field="lifts")
    return {types[code]: condition for code, condition in lifts.items()}


def require_policy_line(*, actor: Actor, policy: Policy | None, words: Mapping[str, Any]) -> None:
    """Refuse a line if, and only if, it could not be drafted or changed so, or another policy bears its
    number (without number: its title and organ). Two queries."""
    require_draft(
        actor=actor, policy=policy, title=words["title"], organ=words["organ"], lifts=lifts_by_code(words["lifts"]),
        district_code=words["district_code"],
    )  # fmt: skip
    same = (
        Policy.objects.filter(number=words["number"])
        if words["number"]
        else Policy.objects.filter(number="", title=words["title"], organ=words["organ"])
    )
    found = same.exclude(pk=policy.pk if policy else None).first()
    if found is not None:
        raise PolicyRefused(
            f"已有同一份：{found.code} {found.title}。请改那一条，不要另起。",
            field="number" if words["number"] else "title",
        )


@within_act
def keep_policy(*, actor: Actor, words: Mapping[str, Any], drafted_by: Person | None) -> Policy:
    """Draft the policy of a line, or change the draft of its code. Runs inside the act that was agreed to.

    Refused: as for drafting by hand; issued meanwhile; the like of it drafted meanwhile. Nothing is issued by it.
    """
    policy = Policy.objects.get(code=words["code"]) if words["code"] else None
    require_policy_line(actor=actor, policy=policy, words=words)
    told = {name: words[name] for name in ("level", "number", "title", "organ", "district_code", "summary")}
    told["lifts"] = lifts_by_code(words["lifts"])
    if policy is None:
        drafted: Policy = draft_policy.within(actor=actor, drafted_by=drafted_by, **told)
        return drafted
    changed: Policy = change_policy.within(actor=actor, policy=policy, **told)
    return changed
