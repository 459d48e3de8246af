"""Pages of one obligation: reported, verified, extended."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commitments.approvals import EXTEND
from commitments.forms import ExtendForm, ReportForm, VerifyForm
from commitments.selectors import instrument_by_code, obligation_of
from commitments.services import report_obligation, verify_obligation
from commitments.services.obligations import require_later
from commitments.views.instruments import reason_page
from registry.accounts.services import propose
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import say

OBLIGATION_ACTS = {
    "report": (ReportForm, report_obligation, "报进展", "写做了什么、在哪里、凭什么证明。做到了就勾选，交核验单位。"),
    "verify": (VerifyForm, verify_obligation, "核验", "核验单位不能是承诺单位。要写明现场照片、日期、地点或意见文号。"),
}


@access(Permission.OBLIGATION_REPORT, Permission.OBLIGATION_VERIFY)
@require_http_methods(["GET", "POST"])
def obligation(request: Request, code: str, ordinal: int, act: str) -> HttpResponse:
    """Report on or verify one obligation."""
    found = instrument_by_code(request.actor, code)
    promise = obligation_of(found, ordinal)
    form_class, service, label, intro = OBLIGATION_ACTS[act]
    form = form_class(request.POST or None, initial={"on": request.today})
    if form.submitted(request, service, obligation=promise):
        say(request, f"第{ordinal}项已{label}")
        return redirect("commitments:instrument", code=code)
    return reason_page(request, found, form, f"{label} 第{ordinal}项 {promise.end_state}", label, intro)


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def extend(request: Request, code: str, ordinal: int) -> HttpResponse:
    """Propose a later day for an obligation; the task force agrees."""
    found = instrument_by_code(request.actor, code)
    promise = obligation_of(found, ordinal)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new_due_on = form.cleaned_data["new_due_on"]
        words = {
            "kind": EXTEND,
            "title": f"{found}第{ordinal}项展期到{new_due_on}",
            "payload": {"obligation": promise.pk, "new_due_on": new_due_on},
            "reason": form.cleaned_data["reason"],
            "subject": found,
            "project_key": found.project_id,
            "project_name": found.project.name,
            "area_code": found.project.district_code,
        }
        if form.carry_out(require_later, promise=promise, day=new_due_on) and form.carry_out(
            propose, actor=request.actor, **words
        ):
            say(request, "已提请展期，专班另一人同意后生效")
            return redirect("commitments:instrument", code=code)
    title = f"展期 第{ordinal}项 {promise.end_state}"
    return reason_page(
        request, found, form, title, "提请展期", "须专班另一人同意。原定期限一直可查，已失效的条款即时恢复。"
    )
