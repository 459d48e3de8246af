"""Pages for papers at the registration centre: handed in, given back, and taking the last of it back."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects.ledger.selectors.projects import project_by_code
from projects.progress.forms import HandInForm, ReturnForm, TakeBackForm
from projects.progress.selectors import submission_by_id, unit_by_id
from projects.progress.services.advance import Outcome
from projects.progress.services.submissions import (
    SubmissionRefused,
    hand_in,
    plan_hand_in,
    plan_return,
    return_units,
    take_back_submission,
)
from projects.progress.views.units import chosen_units, done, place_begun
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def hand_in_page(request: Request, code: str) -> HttpResponse:
    """Hand the papers of the chosen homes in at the registration centre, said in numbers first."""
    return _many(request, code, "送登记中心", HandInForm, hand_in, plan_hand_in)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def return_page(request: Request, code: str) -> HttpResponse:
    """Give the papers of the chosen homes back, with everything that lacks, said in numbers first."""
    return _many(request, code, "退回补正", ReturnForm, return_units, plan_return)


def _many(
    request: Request,
    code: str,
    verb: str,
    form_class: type[HandInForm] | type[ReturnForm],
    service: Callable[..., Outcome],
    plan_of: Callable[..., Outcome],
) -> HttpResponse:
    project = project_by_code(request.actor, code)
    keys = chosen_units(request, project)
    if not keys:
        raise SubmissionRefused("未选择户。请在表中勾选需办理的户。")
    is_whole, is_agreed = bool(request.POST.get("every")), "save" in request.POST
    first = form_class(request.POST if is_agreed else None)
    on = first.cleaned_data["on"] if is_agreed and first.is_valid() else request.today
    plan = plan_of(project=project, unit_ids=keys, on=on)
    if not plan.moved and not is_agreed:
        said = plan.reasons[0][0] if plan.reasons else "所选户都已登记过，不再记。"
        raise SubmissionRefused(f"所选户均不能办理：{said}", rows=plan.refused)
    form = form_class(
        request.POST if is_agreed else None,
        expected=len(plan.moved) if is_whole else None,
        initial={**request.POST.dict(), "on": on, "unit": [] if is_whole else keys},
    )
    if (
        is_agreed
        and form.is_valid()
        and form.carry_out(service, actor=request.actor, project=project, unit_ids=keys, **form.words)
    ):
        return done(request, project, form.result, {refusal.unit_id for refusal in plan.refused})
    context = {
        "title": f"{verb}：{len(plan.moved):,}户",
        "form": form,
        "project": project,
        "intro": f"{project.name}，所选{len(keys):,}户。",
        "lines": [f"{len(plan.moved):,}户登记为“{verb}”，阶段不变，仍为“已收材料”"],
        "not_lines": not_lines(plan),
        "count_label": "填入将会办理的户数，确认已核对",
        "unit": "户",
        "submit_label": f"{verb}：{len(plan.moved):,}户",
        "second_person": "登记错的，可在户页面逐户撤销",
        "cancel_url": place_begun(request, project),
    }
    return render(request, "web/confirm.html", context)


def not_lines(plan: Outcome) -> Sequence[str]:
    """What will not happen, in numbers: why homes stay behind, and how many have it already."""
    same = [f"{len(plan.unchanged):,}户已登记过，不再记"] if plan.unchanged else []
    return [f"{count:,}户不办：{reason}（如{label}）" for reason, count, label in plan.reasons] + same


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def take_back_submission_page(request: Request, code: str, pk: int, submission: int) -> HttpResponse:
    """Take back the last thing noted of the papers of a home."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    row = submission_by_id(request.actor, unit, submission)
    what = "退回" if row.returned_on else "送件"
    form = TakeBackForm(request.POST or None)
    page: Any = FormPage(
        f"撤销{what}登记 {unit.building}{unit}",
        f"撤销{what}登记",
        reverse("progress:unit", args=[code, pk]),
        project=project,
        intro=f"登记错的，在此撤销最后一次{what}登记；原记录仍可查询。",
    )
    if form.submitted(request, take_back_submission, submission=row):
        notify(request, f"已撤销{what}登记")
        return redirect("progress:unit", code=code, pk=pk)
    return page.show(request, form)
