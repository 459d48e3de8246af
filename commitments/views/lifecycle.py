"""Pages of what becomes of an instrument: countersigned, ended, in breach, closed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments.approvals import REVOKE
from commitments.forms import AnswerForm, ClosingCheckForm, ClosingForm, CountersignForm
from commitments.preview import closing_of, ending_of
from commitments.selectors import instrument_by_code, members_for
from commitments.services import (
    answer_countersign,
    close_letter,
    cure_breach,
    declare_breach,
    open_countersign,
    request_closing,
    return_closing,
    verify_closing,
)
from commitments.services.closing import blockers_to_resolve
from commitments.views.instruments import reason_page
from projects.gates.forms import ReasonForm, RevokeForm
from registry.accounts.services import propose
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage


def _ending_page(
    request: Request, instrument: Any, form: Any, ending: Any, *, title: str, submit: str, intro: str
) -> HttpResponse:
    return FormPage(
        title, submit, reverse("commitments:instrument", args=[instrument.code]), project=instrument.project, intro=intro,
        aside=Aside("commitments/_ending.html", {"ending": ending, "instrument": instrument}),
    ).show(request, form)  # fmt: skip


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def open_countersign_page(request: Request, code: str) -> HttpResponse:
    """Send a draft letter to member units of the task force."""
    instrument = instrument_by_code(request.actor, code)
    form = CountersignForm(request.POST or None, organisations=members_for(instrument))
    if form.submitted(request, open_countersign, instrument=instrument):
        notify(request, "已送会签，已列入各会签单位待办")
        return redirect("commitments:instrument", code=code)
    intro = "各单位同时会签；逾期未答复的视为无意见，并列明单位。有不同意见的，退回修改后重新送会签。"
    return reason_page(request, instrument, form, f"送会签 {instrument}", "送会签", intro)


@access(Permission.INSTRUMENT_COUNTERSIGN)
@require_http_methods(["GET", "POST"])
def answer_countersign_page(request: Request, code: str) -> HttpResponse:
    """Answer for one's own unit."""
    instrument = instrument_by_code(request.actor, code)
    form = AnswerForm(request.POST or None)
    if form.submitted(request, answer_countersign, instrument=instrument):
        notify(request, f"已答复会签：{'同意' if form.cleaned_data['agrees'] else '不同意'}。")
        return redirect("commitments:instrument", code=code)
    return reason_page(request, instrument, form, f"会签 {instrument}", "答复", "签署以前可以改答复，以最后一次为准。")


@access(Permission.INSTRUMENT_REVOKE)
@require_http_methods(["GET", "POST"])
def propose_revocation(request: Request, code: str) -> HttpResponse:
    """Propose to revoke an instrument; what that does is shown first, another person agrees."""
    instrument = instrument_by_code(request.actor, code)
    form = RevokeForm(request.POST or None, initial={"revoked_on": request.today})
    if request.method == "POST" and form.is_valid():
        on, reason = form.cleaned_data["revoked_on"], form.cleaned_data["reason"]
        words = {
            "kind": REVOKE,
            "title": f"撤销{instrument}",
            "payload": {"instrument": instrument.pk, "on": on},
            "reason": reason,
            "subject": instrument,
            "project_key": instrument.project_id,
            "project_name": instrument.project.name,
            "area_code": instrument.project.district_code,
        }
        if form.carry_out(propose, actor=request.actor, **words):
            notify(request, "已提请撤销，经工作专班另一名人员复核后生效")
            return redirect("commitments:instrument", code=code)
    return _ending_page(
        request, instrument, form, ending_of(instrument, on=request.today), title=f"撤销 {instrument}", submit="提请撤销",
        intro="撤销后，尚未办理的环节停止办理；已办结的环节和已受理、已发证的户不受影响。须经工作专班另一名人员复核同意。",
    )  # fmt: skip


@access(Permission.INSTRUMENT_APPROVE)
@require_http_methods(["GET", "POST"])
def declare_breach_page(request: Request, code: str) -> HttpResponse:
    """Find a letter in breach, from today."""
    instrument = instrument_by_code(request.actor, code)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, declare_breach, instrument=instrument, on=request.today):
        notify(request, f"已认定{instrument}违约，各条款自今日起失效")
        return redirect("commitments:instrument", code=code)
    return _ending_page(
        request, instrument, form, ending_of(instrument, on=request.today), title=f"认定违约 {instrument}", submit="认定违约",
        intro="自今日起，各条款失效，尚未办理的环节停止办理；已办结的不受影响。逾期的承诺事项完成并经核验后，可恢复履行。",
    )  # fmt: skip


@access(Permission.INSTRUMENT_APPROVE)
@require_http_methods(["GET", "POST"])
def cure_breach_page(request: Request, code: str) -> HttpResponse:
    """Let a letter in breach be performed again."""
    instrument = instrument_by_code(request.actor, code)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, cure_breach, instrument=instrument):
        notify(request, f"{instrument}恢复履行")
        return redirect("commitments:instrument", code=code)
    return reason_page(
        request, instrument, form, f"恢复履行 {instrument}", "恢复履行", "逾期的承诺都已核验或延期，才能恢复。"
    )


@access(Permission.OBLIGATION_REPORT)
@require_http_methods(["GET", "POST"])
def request_closing_page(request: Request, code: str) -> HttpResponse:
    """Ask for a letter to be closed."""
    instrument = instrument_by_code(request.actor, code)
    form = ClosingForm(request.POST or None)
    if form.submitted(request, request_closing, instrument=instrument):
        notify(request, "已申请销号，待核验单位核验")
        return redirect("commitments:instrument", code=code)
    return reason_page(request, instrument, form, f"申请销号 {instrument}", "申请销号", "承诺事项都已核验，才能申请。")


@access(Permission.OBLIGATION_VERIFY)
@require_http_methods(["GET", "POST"])
def verify_closing_page(request: Request, code: str) -> HttpResponse:
    """Verify that a letter may be closed."""
    instrument = instrument_by_code(request.actor, code)
    form = ClosingCheckForm(request.POST or None, initial={"on": request.today})
    if form.submitted(request, verify_closing, instrument=instrument):
        notify(request, "已核验，待工作专班销号")
        return redirect("commitments:instrument", code=code)
    return reason_page(
        request, instrument, form, f"核验销号 {instrument}", "核验", "核验单位不能是承诺单位。现场照片挂在本函下。"
    )


@access(Permission.OBLIGATION_VERIFY)
@require_http_methods(["GET", "POST"])
def return_closing_page(request: Request, code: str) -> HttpResponse:
    """Send a request to close back."""
    instrument = instrument_by_code(request.actor, code)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, return_closing, instrument=instrument):
        notify(request, "已退回，已列入承诺单位待办")
        return redirect("commitments:instrument", code=code)
    return reason_page(request, instrument, form, f"退回销号申请 {instrument}", "退回", "请写明尚需完成的内容。")


@access(Permission.INSTRUMENT_APPROVE)
@require_http_methods(["GET", "POST"])
def close_letter_page(request: Request, code: str) -> HttpResponse:
    """Close a verified letter; the blockers it resolves and what that frees are shown first."""
    instrument = instrument_by_code(request.actor, code)
    if request.method == "POST":
        close_letter(actor=request.actor, instrument=instrument, on=request.today)
        notify(request, f"{instrument}已销号，所解的堵点已解决")
        return redirect("commitments:instrument", code=code)
    blockers = blockers_to_resolve(instrument)
    context = {
        "title": f"销号 {instrument}",
        "project": instrument.project,
        "instrument": instrument,
        "blockers": blockers,
        "ending": closing_of(instrument, [blocker.pk for blocker in blockers], on=request.today),
    }
    return render(request, "commitments/close.html", context)
