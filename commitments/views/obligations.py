"""Pages of one obligation: its own, and those to report, verify, inspect, extend it and to send a rung."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from commitments.approvals import EXTEND
from commitments.choices import ObligationState
from commitments.forms.acts import EscalateForm, ExtendForm, InspectForm, ReportForm, SummonsForm, VerifyForm
from commitments.selectors import instrument_by_code, obligation_of, promise_page
from commitments.services import record_inspection, report_obligation, send_rung, verify_obligation
from commitments.services.obligations import require_later
from commitments.views.instruments import reason_page
from commitments.views.permissions import permissions_of
from registry.accounts.services import propose
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.kernel.ladder import Rung
from registry.store.access import Request, access
from registry.store.acts import Service
from registry.web.attachments.selectors import attachments_box
from registry.web.flash import notify
from registry.web.forms import ServiceForm

OBLIGATION_ACTS: dict[str, tuple[type[ServiceForm], Service[..., Any], str, str]] = {
    "report": (
        ReportForm,
        report_obligation,
        "报送进展",
        "请写明完成内容、地点和凭证。已完成的请勾选，提请核验单位核验。",
    ),
    "verify": (VerifyForm, verify_obligation, "核验", "核验单位不能是承诺单位。现场照片或扫描件、日期、地点缺一不可。"),
    "inspect": (
        InspectForm,
        record_inspection,
        "记现场检查",
        "请写明现场情况。已核验的事项经检查不符合的，重新列入整改，条款效力相应变更。",
    ),
}


@access(Permission.INSTRUMENT_READ)
@require_GET
def obligation(request: Request, code: str, ordinal: int) -> HttpResponse:
    """One obligation: its ladder with dates, what happened, the photos, and what the reader may do."""
    instrument = instrument_by_code(request.actor, code)
    promise = obligation_of(instrument, ordinal)
    context = {
        "title": f"第{ordinal}项 {promise.end_state}",
        "instrument": instrument,
        "project": instrument.project,
        "promise": promise,
        "box": attachments_box(request.actor, promise),
        "shown": promise_page(promise, actor=request.actor, on=request.today),
        **_obligation_permissions(instrument, promise, request.actor),
    }
    return render(request, "commitments/obligation.html", context)


def _obligation_permissions(instrument: Any, promise: Any, actor: Any) -> dict[str, bool]:
    rights, is_open = permissions_of(instrument, actor), promise.state not in ("verified", "waived")
    is_other, verifies = actor.organisation_id != instrument.issuer_id, actor.can(Permission.OBLIGATION_VERIFY)
    inspects = actor.organisation_id in (promise.verifier_id, promise.letter.supervisor_id)
    return {
        "may_report": rights["may_report"] and is_open,
        "may_extend": rights["may_extend"] and is_open,
        "may_verify": promise.state == "reported"
        and actor.organisation_id == promise.verifier_id
        and is_other
        and verifies,
        "may_inspect": instrument.state in ("performing", "closing", "breached") and inspects and is_other and verifies,
    }


def _outcome(act: str, form: ServiceForm) -> str:
    """Say what an act made of the promise, from the state that it left."""
    if act == "verify":
        return "已核验通过" if form.result.state == ObligationState.VERIFIED else "核验不通过，已退回整改"
    if act == "report":
        return "已报完成，等核验" if form.result.state == ObligationState.REPORTED else "已记进展"
    return "已记现场检查"


@access(Permission.OBLIGATION_REPORT, Permission.OBLIGATION_VERIFY)
@require_http_methods(["GET", "POST"])
def obligation_action(request: Request, code: str, ordinal: int, act: str) -> HttpResponse:
    """Report on, verify or inspect one obligation."""
    instrument = instrument_by_code(request.actor, code)
    promise = obligation_of(instrument, ordinal)
    form_class, service, label, intro = OBLIGATION_ACTS[act]
    form = form_class(request.POST or None, request.FILES or None, initial={"on": request.today})
    if form.submitted(request, service, obligation=promise):
        notify(request, f"第{ordinal}项{_outcome(act, form)}")
        return redirect("commitments:promise_page", code=code, ordinal=ordinal)
    return reason_page(request, instrument, form, f"{label} 第{ordinal}项 {promise.end_state}", label, intro)


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def propose_extension(request: Request, code: str, ordinal: int) -> HttpResponse:
    """Propose a later day for an obligation; the task force agrees."""
    instrument = instrument_by_code(request.actor, code)
    promise = obligation_of(instrument, ordinal)
    form = ExtendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new_due_on = form.cleaned_data["new_due_on"]
        words = {
            "kind": EXTEND,
            "title": f"{instrument}第{ordinal}项延期到{new_due_on}",
            "payload": {"obligation": promise.pk, "new_due_on": new_due_on},
            "reason": form.cleaned_data["reason"],
            "subject": instrument,
            "project_key": instrument.project_id,
            "project_name": instrument.project.name,
            "area_code": instrument.project.district_code,
        }
        if form.carry_out(require_later, promise=promise, day=new_due_on) and form.carry_out(
            propose, actor=request.actor, **words
        ):
            notify(request, "已提请延期，经工作专班另一名人员复核同意后生效")
            return redirect("commitments:instrument", code=code)
    title = f"延期 第{ordinal}项 {promise.end_state}"
    return reason_page(
        request,
        instrument,
        form,
        title,
        "提请延期",
        "须经工作专班另一名人员复核同意。原定期限予以保留，已失效的条款自同意之日恢复效力。",
    )


@access(Permission.OBLIGATION_PRESS)
@require_http_methods(["GET", "POST"])
def send_rung_page(request: Request, code: str, ordinal: int, rung: str) -> HttpResponse:
    """Send a rung of the ladder as a numbered paper."""
    if rung not in list(Rung):
        raise NotFound("未找到该级督促措施。请从承诺事项页面进入。")
    level = Rung(rung)
    instrument = instrument_by_code(request.actor, code)
    promise = obligation_of(instrument, ordinal)
    form_class = SummonsForm if level is Rung.SUMMONS else EscalateForm
    form = form_class(request.POST or None, initial={"on": request.today})
    if form.submitted(request, send_rung, obligation=promise, rung=level):
        notify(request, f"已{level.label}，{form.result.paper_number}")
        return redirect("commitments:promise_page", code=code, ordinal=ordinal)
    title = f"{level.label} 第{ordinal}项 {promise.end_state}"
    intro = (
        f"发给{instrument.issuer}，由{request.actor.organisation_name}编号出具；期限{promise.due_on}。出具后不能改。"
    )
    return reason_page(request, instrument, form, title, f"编号并{level.label}", intro)
