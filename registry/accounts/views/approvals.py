"""What waits for a second person, and what became of one's own proposals."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from registry.accounts import selectors, services
from registry.accounts.forms import RemarkForm
from registry.accounts.services.account_lists import GrantedList
from registry.accounts.services.approvals import propose_again
from registry.accounts.views.people import password_page
from registry.kernel.columns import Column
from registry.lists.listing import listing
from registry.lists.orders import Order, by_heads, by_pinyin
from registry.store.access import Request, access
from registry.store.acts import Service

LEADS = (Column("kind", "类别"),)
COLUMNS = (Column("title", "事项"), Column("proposed_by", "提请人"), Column("proposed_at", "提请时间", kind="date"))
ORDERS = (
    Order("oldest", "等得久的在前", ("proposed_at", "pk")),
    *by_heads(
        {
            "kind": "kind",
            "title": by_pinyin("title"),
            "proposed_by": by_pinyin("proposed_by__name"),
            "proposed_at": "proposed_at",
        },
        tie=("pk",),
    ),
)
DECISIONS: dict[str, Service[..., Any]] = {
    "approve": services.approve,
    "return": services.return_back,
    "withdraw": services.withdraw,
    "again": propose_again,
}
SAID = {
    "approve": "已同意，事项已办理。",
    "return": "已退回提请人：{by}。",
    "withdraw": "已撤回提请。",
    "again": "已重新提请，待复核。",
}


@access(None)
@require_GET
def approvals(request: Request) -> HttpResponse:
    """What the actor may decide, and what it proposed."""
    kinds = services.kinds_decided_by(request.actor)
    waiting = selectors.approvals_waiting(request.actor, kinds)
    page = listing(
        request, name="approvals", queryset=waiting, columns=COLUMNS, orders=ORDERS, leads=LEADS, with_total=True
    )
    context = {
        "title": "复核",
        "page": page,
        "waiting": [(approval, services.APPROVALS[approval.kind].label) for approval in page.rows],
        "own": [(approval, selectors.status_label(approval)) for approval in selectors.own_proposals(request.actor)],
    }
    return render(request, "accounts/approvals.html", context)


@access(None)
@never_cache
@require_http_methods(["GET", "POST"])
def approval(request: Request, pk: int) -> HttpResponse:
    """One proposal with all its data; agree, send back, or take back one's own."""
    shown = selectors.approval_in_reach(request.actor, pk)
    kind = services.APPROVALS[shown.kind]
    kind.require_reader(request.actor, shown)
    form = RemarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = request.POST.get("decision", "")
        service = DECISIONS.get(decision)
        if service is None:
            form.add_error(None, "请选择同意、退回或撤回。")
        elif form.carry_out(service, actor=request.actor, approval=shown, **_words(service, form)):
            return _decided(request, decision, _proposer(shown), form.result)
    is_own = shown.proposed_by_id == request.actor.person_id
    is_waiting = shown.decided_at is None
    context = {
        "title": shown.title,
        "shown": shown,
        "kind": kind,
        "status": selectors.status_label(shown),
        "pill": selectors.status_pill(shown),
        "lines": kind.lines(shown),
        "differences": kind.differences(shown) if is_waiting else (),
        "form": form,
        "may_decide": is_waiting and not is_own and kind.may_decide(request.actor),
        "may_withdraw": is_waiting and is_own,
        "deciders": "、".join(role.label for role in kind.roles),
    }
    return render(request, "accounts/approval.html", context)


def _words(service: Service[..., Any], form: RemarkForm) -> dict[str, Any]:
    """What is proposed again takes no remark."""
    return {} if service is propose_again else form.cleaned_data


def _proposer(shown: Any) -> str:
    person = shown.proposed_by
    return "系统" if person is None else f"{person.organisation or ''}{person}"


def _decided(request: Request, decision: str, proposer: str, result: object) -> HttpResponse:
    """Carrying out may hand out a first password: that is shown at once, and only then."""
    outcome = result.outcome if isinstance(result, services.Decision) else None
    if isinstance(outcome, services.IssuedPassword) and outcome.first_password:
        return password_page(request, outcome)
    messages.success(request, SAID[decision].format(by=proposer))
    if isinstance(outcome, GrantedList):
        return redirect("accounts:approval", pk=result.approval.pk)  # type: ignore[attr-defined]  # passwords are printed there
    return redirect("accounts:approvals")
