"""Pages of policies: drafted, tried out, issued by two, ended; what they propose to the districts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.casework.approvals import ISSUE
from projects.casework.forms import ChangePolicyForm, EndPolicyForm, IssuePolicyForm, PolicyForm, SendBackForm
from projects.casework.selectors.policies import (
    POLICY_ORDERS,
    lifts_of,
    policies_for,
    policy_by_code,
    policy_effect,
    proposal_of,
    proposals_of,
)
from projects.casework.services.policies import change_policy, decline_lift, draft_policy, end_policy, require_issuable
from registry.accounts.services import propose
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.listing import listing, sums
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage
from registry.web.panels import shown_panels

SHOWN = 100
POLICY_LEADS = (Column("title", "文号、标题"),)
POLICY_COLUMNS = (
    Column("level", "层级"),
    Column("organ", "发文机关"),
    Column("lifts", "可解除的堵点"),
    Column("state", "状态"),
    Column("issued_on", "发布", kind="date"),
    Column("proposed", "建议", kind="int", total=True),
    Column("used", "已适用", kind="int", total=True),
    Column("waiting", "待研究", kind="int", total=True),
)


@access(Permission.POLICY_READ)
@require_GET
def policies(request: Request) -> HttpResponse:
    """The policies that concern the actor."""
    page = listing(
        request,
        name="policies",
        queryset=policies_for(request.actor),
        columns=POLICY_COLUMNS,
        orders=POLICY_ORDERS,
        leads=POLICY_LEADS,
        with_total=True,
        totals=sums(policies_for(request.actor), POLICY_COLUMNS),
    )
    context = {
        "title": "政策",
        "rows": page.rows,
        "page": page,
        "may_draft": request.actor.can(Permission.POLICY_DRAFT),
    }
    return render(request, "casework/policies.html", context)


@access(Permission.POLICY_READ)
@require_GET
def policy(request: Request, code: str) -> HttpResponse:
    """One policy: what it may lift, what it would free, what it proposed, what became of it."""
    policy = policy_by_code(request.actor, code)
    lifts = lifts_of(policy)
    effect = None
    if "try" in request.GET:
        types = [lift.type_id for lift in lifts]
        effect = policy_effect(request.actor, types, request.today, district_code=policy.district_code)
    is_own = request.actor.area_code[:6] == policy.district_code
    may_write = request.actor.can(Permission.POLICY_DRAFT) and is_own
    context = {
        "title": str(policy),
        "policy": policy,
        "lifts": lifts,
        "effect": effect[:SHOWN] if effect else effect,
        "freed": _sums(effect or []),
        "proposals": list(proposals_of(policy, request.actor)[:SHOWN]),
        "may_write": may_write and policy.issued_on is None,
        "may_end": may_write and policy.issued_on is not None and policy.ended_on is None,
        "may_decline": request.actor.can(Permission.LIFT_DECLINE),
        "main": shown_panels("policy.main", actor=request.actor, policy=policy, on=request.today),
    }
    return render(request, "casework/policy.html", context)


def _sums(effect: list[Any]) -> dict[str, int]:
    return {
        "projects": len(effect),
        "blockers": sum(len(one.blockers) for one in effect),
        "homes": sum(one.homes for one in effect),
        "others": sum(one.others for one in effect),
        "freeing": sum(1 for one in effect if one.is_freeing),
    }


@access(Permission.POLICY_DRAFT)
@require_http_methods(["GET", "POST"])
def draft_policy_page(request: Request) -> HttpResponse:
    """Draft a policy."""
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.carry_out(draft_policy, **_words(form, request.actor)):
        notify(request, "草稿已保存，未变更任何堵点")
        return redirect("casework:policy", code=form.result.code)
    return _form(request, form, "起草政策", "存草稿", reverse("casework:policies"))


@access(Permission.POLICY_DRAFT)
@require_http_methods(["GET", "POST"])
def change_policy_page(request: Request, code: str) -> HttpResponse:
    """Change a draft."""
    policy = policy_by_code(request.actor, code)
    form = ChangePolicyForm(request.POST or None, policy=policy)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(change_policy, policy=policy, **_words(form, request.actor))
    ):
        notify(request, "草稿已保存")
        return redirect("casework:policy", code=code)
    return _form(request, form, f"修改 {policy}", "保存", reverse("casework:policy", args=[code]))


def _words(form: PolicyForm, actor: Actor) -> dict[str, Any]:
    return {**form.words, "actor": actor, "district_code": actor.area_code[:6]}


@access(Permission.POLICY_DRAFT)
@require_http_methods(["GET", "POST"])
def propose_policy_issue(request: Request, code: str) -> HttpResponse:
    """Propose to issue; another person of the city agrees."""
    policy = policy_by_code(request.actor, code)
    form = IssuePolicyForm(request.POST or None, initial={"issued_on": request.today})
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["issued_on"]
        words = {
            "kind": ISSUE,
            "title": f"发布{policy.number}《{policy.title}》",
            "payload": {"policy": policy.pk, "issued_on": on},
            "reason": form.cleaned_data["reason"],
        }
        asked = {"actor": request.actor, "policy": policy, "issued_on": on}
        if form.carry_out(require_issuable, **asked) and form.carry_out(propose, actor=request.actor, **words):
            notify(request, "已提请发布，经市级专班另一名人员复核后生效")
            return redirect("casework:policy", code=code)
    intro = "发布以后只向各区提出适用建议，由各区逐个堵点出具决定或承诺；不自动解除任何堵点。"
    return _form(request, form, f"发布 {policy}", "提请发布", reverse("casework:policy", args=[code]), intro)


@access(Permission.POLICY_DRAFT)
@require_http_methods(["GET", "POST"])
def end_policy_page(request: Request, code: str) -> HttpResponse:
    """End a policy."""
    policy = policy_by_code(request.actor, code)
    form = EndPolicyForm(request.POST or None, initial={"on": request.today})
    if form.submitted(request, end_policy, policy=policy):
        notify(request, "已废止")
        return redirect("casework:policy", code=code)
    intro = "废止后不得再据此出具决定、承诺；已出具的继续有效。"
    return _form(request, form, f"废止 {policy}", "废止", reverse("casework:policy", args=[code]), intro)


@access(Permission.LIFT_DECLINE)
@require_http_methods(["GET", "POST"])
def decline_lift_page(request: Request, code: str, key: int) -> HttpResponse:
    """Say that a policy does not fit a blocker."""
    proposal = proposal_of(request.actor, key)
    form = SendBackForm(request.POST or None)
    form.fields["reason"].label = "不适用的原因"
    if form.submitted(request, decline_lift, proposal=proposal):
        notify(request, f"{proposal.blocker.number}已记为不适用")
        return redirect("casework:policy", code=code)
    title = f"不适用 {proposal.blocker}"
    return _form(request, form, title, "记为不适用", reverse("casework:policy", args=[code]))


def _form(request: Request, form: Any, title: str, label: str, back: str, intro: str = "") -> HttpResponse:
    return FormPage(
        title,
        label,
        back,
        intro=intro,
    ).show(request, form)
