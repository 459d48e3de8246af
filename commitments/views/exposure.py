"""Exposure of those who promise: the page for leaders, caps and waivers proposed."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commitments.approvals import CAP, WAIVER
from commitments.choices import WaiverKind
from commitments.forms import CapForm, WaiverForm
from commitments.selectors import instrument_by_code, organisation_of
from commitments.selectors.exposure import (
    caps_in_force,
    exposure_now,
    exposure_trend,
    last_exposure,
    standings_by_developer,
    standings_by_signer,
    whole_standing,
)
from commitments.services.credit import credit_holds
from registry.accounts.services import propose
from registry.jobs.selectors import worker_state
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import NotFound
from registry.kernel.rates import rate
from registry.lists.listing import table
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage

SIGNER: Final = (Column("name", "承诺单位"),)
DEVELOPER: Final = (Column("name", "企业"),)
STANDINGS: Final = (
    Column("homes", "已发证（套）", kind="int", total=True),
    Column("share", "与最高者对比", "homes", kind="text"),
    Column("overdue", "逾期（项）", kind="int", total=True),
    Column("promises", "未完成（项）", kind="int", total=True),
    Column("overdue_rate", "逾期率", lambda standing: rate(standing.overdue, standing.promises), kind="rate"),
    Column("kept_rate", "按期兑现率", lambda standing: standing.kept_share, kind="rate"),
)
CAP_COLUMN: Final = (Column("cap", "上限（套）", kind="int"),)


@access(Permission.INSTRUMENT_READ)
@require_GET
def exposure(request: Request) -> HttpResponse:
    """What stands on promises not yet kept, by signer and by developer, and how it went over twelve months."""
    run, actor = last_exposure(), request.actor
    context: dict[str, Any] = {"title": "承诺兑现情况", "run": run, "may_cap": actor.can(Permission.INSTRUMENT_REVOKE)}
    if run is None or run.as_of < request.today:
        context |= {"is_waiting": True, "worker": worker_state()}
    if run is not None:
        signers, trend = standings_by_signer(actor, run), exposure_trend(actor, run)
        developers, whole = standings_by_developer(actor, run), whole_standing(actor, run)
        shares = {"overdue_rate": rate(whole.overdue, whole.promises), "kept_rate": whole.kept_share}
        context |= {
            "whole": whole,
            "signers": table(
                request, name="signers", rows=signers, columns=(*STANDINGS, *CAP_COLUMN), leads=SIGNER, totals=shares
            ),
            "top": max((signer.homes for signer in signers), default=0),
            "developers": table(request, name="developers", rows=developers, columns=STANDINGS, leads=DEVELOPER),
            "homes_by_month": [(f"{day:%Y-%m}", homes) for day, homes, _ in trend],
            "overdue_by_month": [(f"{day:%Y-%m}", overdue) for day, _, overdue in trend],
        }
    return render(request, "commitments/exposure.html", context)


@access(Permission.INSTRUMENT_REVOKE)
@require_http_methods(["GET", "POST"])
def propose_cap(request: Request, organisation: int) -> HttpResponse:
    """Propose a cap for one signer; the city agrees."""
    signer = organisation_of(organisation)
    if signer is None or not signer.area_code.startswith(request.actor.area_code):
        raise NotFound("没有这个单位，或不归您提请。")
    start = {"effective_on": request.today, "homes": caps_in_force(request.today).get(signer.pk)}
    form = CapForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        reason = words.pop("reason")
        said = f"{words['homes']}套" if words["homes"] else "不设"
        if form.carry_out(
            propose, actor=request.actor, kind=CAP, title=f"{signer}承诺兑现情况上限：{said}，自{words['effective_on']}起",
            payload={"organisation": signer.pk, **words}, reason=reason,
        ):  # fmt: skip
            notify(request, "已提请，经市级专班另一名人员复核后生效")
            return redirect("commitments:exposure")
    now = exposure_now(signer.pk, request.today)
    return FormPage(
        f"{signer}的承诺兑现情况上限",
        "提请",
        reverse("commitments:exposure"),
        intro=f"现在凭未兑现的承诺已发证{now:,}套。达到上限的，不得签署新的承诺函；经市级领导签名特别批准的除外。",
    ).show(request, form)


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def propose_waiver(request: Request, code: str, kind: str) -> HttpResponse:
    """Propose that a letter may be signed in spite of a cap or a breach; a leader of the city is named."""
    instrument = instrument_by_code(request.actor, code)
    holds = credit_holds(instrument, request.today)
    if kind not in holds:
        raise NotFound("这份函没有须特别批准的事项。请刷新承诺页再看。")
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {
            "kind": WAIVER,
            "title": f"{instrument.title}：{WaiverKind(kind).label}，特别批准签署",
            "payload": {"instrument": instrument.pk, "kind": kind, "leader": form.cleaned_data["leader"]},
            "reason": form.cleaned_data["reason"],
            "subject": instrument,
            "project_key": instrument.project_id,
            "project_name": instrument.project.name,
            "area_code": instrument.project.district_code,
        }
        if form.carry_out(propose, actor=request.actor, **words):
            notify(request, "已提请特别批准，经市级专班复核同意后可以签署")
            return redirect("commitments:instrument", code=code)
    return FormPage(
        f"申请特别批准 {instrument.title}",
        "提请",
        reverse("commitments:instrument", args=[code]),
        project=instrument.project,
        intro=f"{holds[kind]}。",
    ).show(request, form)
