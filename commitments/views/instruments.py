"""Pages of letters and decisions: drafted, previewed, signed, approved, kept."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commitments.forms import ApproveForm, DecisionForm, InstrumentFilter, SignForm
from commitments.preview import ending_of, preview_of
from commitments.selectors import (
    instrument_by_code,
    obligations_of,
    organisations_for,
    setting_for,
)
from commitments.selectors.ledger import INSTRUMENT_ORDERS, counted, instrument_choices, instruments_chosen
from commitments.selectors.state_words import pills_of
from commitments.services import (
    approve_instrument,
    draft_instrument,
    return_instrument,
    sign_instrument,
    withdraw_draft,
)
from commitments.services.countersigning import current_round
from commitments.services.credit import credit_holds
from commitments.views.permissions import permissions_of
from projects.casework.selectors.policies import policies_in_force
from projects.gates.forms import ReasonForm
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.store.access import Request, access
from registry.web.attachments.selectors import attachments_box
from registry.web.flash import notify
from registry.web.listing import listing, sums
from registry.web.pages import FormPage

LEADS = (Column("instrument", "文号、标题"),)
COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("kind", "种类"),
    Column("project", "项目"),
    Column("issuer", "出具单位"),
    Column("state", "状态"),
    Column("promises", "承诺（项）", kind="int", total=True),
    Column("promises_late", "逾期", kind="int", total=True),
    Column("signed_on", "签署", kind="date"),
    Column("effective_on", "生效", kind="date"),
    Column("ended_on", "终止", kind="date"),
)
SHOWN = tuple(one.name for one in COLUMNS if one.name != "ended_on")


@access(Permission.INSTRUMENT_READ)
@require_GET
def instruments(request: Request) -> HttpResponse:
    """The letters and decisions that the actor may see."""
    form = InstrumentFilter(request.GET, choices=instrument_choices(request.actor))
    chosen = instruments_chosen(request.actor, form.words, request.today)
    rows = counted(chosen, request.today)
    page = listing(
        request,
        name="instruments",
        queryset=rows,
        columns=COLUMNS,
        orders=INSTRUMENT_ORDERS,
        leads=LEADS,
        totals=sums(rows, COLUMNS),
        shown=SHOWN,
        with_total=True,
    )
    context = {
        "title": "承诺和决定",
        "rows": page.rows,
        "page": page,
        "filter": form,
        "may_read_settings": request.actor.can(Permission.PARAMETER_READ),
    }
    return render(request, "commitments/instruments.html", context)


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def draft_decision(request: Request, code: str) -> HttpResponse:
    """Enter a decision of the competent organs."""
    project = project_by_code(request.actor, code)
    organisations = organisations_for(project)
    own = organisations.filter(pk=request.actor.organisation_id or 0)
    policies = policies_in_force(project.district_code, request.today)
    words: dict[str, Any] = {"project": project, "issuers": own or organisations, "policies": policies}
    words["initial"] = {"policy": request.GET.get("policy", "")}
    form = DecisionForm(request.POST or None, **words)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(draft_instrument, actor=request.actor, project=project, **form.words)
    ):
        notify(request, f"已起草{form.result.title}，请核对预览后签署")
        return redirect("commitments:instrument", code=form.result.code)
    return FormPage(
        "录入决定",
        "保存为草稿并预览",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="证缴分离决定、批复、法院文书等，按种类解除相应的堵点。",
    ).show(request, form)


@access(Permission.INSTRUMENT_READ)
@require_GET
def instrument(request: Request, code: str) -> HttpResponse:
    """One instrument: before it is signed, its effect; afterwards, how it is kept."""
    instrument = instrument_by_code(request.actor, code)
    return render(request, "commitments/letter_preview.html", _context(request, instrument))


def _context(request: Request, instrument: Any, **forms: Any) -> dict[str, Any]:
    actor = request.actor
    preview = preview_of(instrument, on=request.today)
    may = permissions_of(instrument, actor)
    promises = obligations_of(instrument)
    context = {
        "title": str(instrument),
        "box": attachments_box(actor, instrument),
        "instrument": instrument,
        "project": instrument.project,
        "obligations": promises,
        "pills": pills_of(instrument, promises=promises, clauses=instrument.clauses.all(), on=request.today),
        "preview": preview,
        **may,
        **setting_for(instrument.project.district_code, request.today),
        "holds": credit_holds(instrument, request.today) if may["may_sign"] else {},
        "countersigns": current_round(instrument) if instrument.countersigns.exists() else [],
        "broken": ending_of(instrument, on=request.today) if may["is_live"] else None,
        "sign_form": SignForm(expected=preview.gained, initial={"signed_on": request.today})
        if may["may_sign"]
        else None,
        "approve_form": ApproveForm(initial={"effective_on": request.today}) if may["may_approve"] else None,
        "organisation_id": actor.organisation_id,
    }
    return {**context, **forms}


@access(Permission.INSTRUMENT_SIGN)
@require_http_methods(["POST"])
def sign_instrument_page(request: Request, code: str) -> HttpResponse:
    """Sign a draft."""
    instrument = instrument_by_code(request.actor, code)
    form = SignForm(request.POST, expected=preview_of(instrument, on=request.today).gained)
    if form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("number", "signed_on")}
        if form.carry_out(sign_instrument, actor=request.actor, instrument=instrument, **words):
            notify(request, f"已签署{form.result.number}，须经工作专班另一名人员确认后生效")
            return redirect("commitments:instrument", code=code)
    return render(request, "commitments/letter_preview.html", _context(request, instrument, sign_form=form))


@access(Permission.INSTRUMENT_APPROVE)
@require_http_methods(["POST"])
def approve_instrument_page(request: Request, code: str) -> HttpResponse:
    """Make a signed instrument effective."""
    instrument = instrument_by_code(request.actor, code)
    form = ApproveForm(request.POST)
    if form.submitted(request, approve_instrument, instrument=instrument):
        notify(request, f"{form.result.number}已生效")
        return redirect("commitments:instrument", code=code)
    return render(request, "commitments/letter_preview.html", _context(request, instrument, approve_form=form))


def reason_page(request: Request, instrument: Any, form: Any, title: str, label: str, intro: str) -> HttpResponse:
    """A page of one form about an instrument."""
    return FormPage(
        title,
        label,
        reverse("commitments:instrument", args=[instrument.code]),
        project=instrument.project,
        intro=intro,
    ).show(request, form)


@access(Permission.INSTRUMENT_APPROVE)
@require_http_methods(["GET", "POST"])
def return_instrument_page(request: Request, code: str) -> HttpResponse:
    """Send a signed instrument back."""
    instrument = instrument_by_code(request.actor, code)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, return_instrument, instrument=instrument):
        notify(request, "已退回修改")
        return redirect("commitments:instrument", code=code)
    return reason_page(
        request, instrument, form, f"退回 {instrument}", "退回修改", "退回后由起草单位修改，并重新签署。"
    )


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def withdraw_draft_page(request: Request, code: str) -> HttpResponse:
    """Withdraw a mistaken draft."""
    instrument = instrument_by_code(request.actor, code)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, withdraw_draft, instrument=instrument):
        notify(request, "草稿已作废")
        return redirect("ledger:project", code=instrument.project.code)
    return reason_page(request, instrument, form, f"作废草稿 {instrument}", "作废", "草稿作废后不再有效，仍可查看。")
