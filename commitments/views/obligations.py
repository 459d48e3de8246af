"""Pages of one obligation: reported, verified, extended."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commitments.forms import ExtendForm, ReportForm, VerifyForm
from commitments.selectors import instrument_by_code, obligation_of
from commitments.services import extend_obligation, report_obligation, verify_obligation
from commitments.views.instruments import reason_page
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import say

OBLIGATION_ACTS = {
    "report": (ReportForm, report_obligation, "报进展", "写做了什么、在哪里、凭什么证明。做到了就勾选，交核验单位。"),
    "verify": (VerifyForm, verify_obligation, "核验", "核验单位不能是承诺单位。要写明现场照片、日期、地点或意见文号。"),
    "extend": (ExtendForm, extend_obligation, "展期", "原定期限一直可查。"),
}


@access(Permission.OBLIGATION_REPORT, Permission.OBLIGATION_VERIFY, Permission.INSTRUMENT_APPROVE)
@require_http_methods(["GET", "POST"])
def obligation(request: Request, code: str, ordinal: int, act: str) -> HttpResponse:
    """Report on, verify or extend one obligation."""
    found = instrument_by_code(request.actor, code)
    promise = obligation_of(found, ordinal)
    form_class, service, label, intro = OBLIGATION_ACTS[act]
    form = form_class(request.POST or None, initial={"on": request.today})
    words = {"on": request.today} if act == "extend" else {}
    if form.submitted(request, service, obligation=promise, **words):
        say(request, f"第{ordinal}项已{label}")
        return redirect("commitments:instrument", code=code)
    return reason_page(request, found, form, f"{label} 第{ordinal}项 {promise.end_state}", label, intro)
