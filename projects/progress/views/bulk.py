"""Bulk moves of a project, and taking one back: its homes go back by moves once a second person agrees."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.selectors.projects import project_by_code
from projects.progress.approvals import UNDO_BULK
from projects.progress.forms import UndoBulkForm
from projects.progress.services.bulk_undo import BulkUndoRefused, bulk_acts, plan_bulk_undo
from registry.accounts.services.approvals import propose
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.lists.listing import table
from registry.store.access import Request, access
from registry.store.clock import shanghai_day
from registry.web.flash import notify

LEADS: Final = (Column("at", "时间", lambda told: shanghai_day(told.at), kind="date"),)
COLUMNS: Final = (Column("who", "经办"), Column("text", "内容"))


@access(Permission.UNIT_READ)
@require_GET
def bulk_moves(request: Request, code: str) -> HttpResponse:
    """The bulk moves of a project, newest first."""
    project = project_by_code(request.actor, code)
    context = {
        "title": "批量办理记录",
        "project": project,
        "page": table(request, name="bulk", rows=bulk_acts(project), columns=COLUMNS, leads=LEADS),
        "may_undo": request.actor.can(Permission.CORRECTION_PROPOSE),
    }
    return render(request, "progress/bulk.html", context)


@access(Permission.CORRECTION_PROPOSE)
@require_http_methods(["GET", "POST"])
def undo_bulk_moves(request: Request, code: str, pk: int) -> HttpResponse:
    """Propose to take back a bulk move; a second person confirms."""
    project = project_by_code(request.actor, code)
    plan = plan_bulk_undo(project=project, act_id=pk)
    if not plan.moves:
        raise BulkUndoRefused("无可撤销的户：所涉户已退回上一阶段，或其后又有办理，均予保留。")
    form = UndoBulkForm(request.POST or None, expected=len(plan.moves))
    title = f"撤销：{plan.told.text}"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if form.carry_out(
            propose,
            actor=request.actor,
            kind=UNDO_BULK,
            title=f"{project.name}：退回{len(plan.moves)}户",
            payload={"act": pk, "reason": reason},
            reason=reason,
            subject=project,
            project_key=project.id,
            project_name=project.name,
            area_code=project.district_code,
        ):
            notify(request, "已提请撤销，待另一名人员确认")
            return redirect("progress:bulk", code=code)
    context = {
        "title": title[:80],
        "form": form,
        "project": project,
        "intro": f"{shanghai_day(plan.told.at)} {plan.told.who}办理。撤销即逐户退回上一阶段，原记录仍可查询。",
        "lines": [f"{len(plan.moves)}户退回“{plan.words}”"],
        "not_lines": [f"{one.label}保留：{one.why}" for one in plan.kept[:50]] + ["删除任何记录", "改动已结账的月报"],
        "count_label": "请填写退回的户数，确认已核对",
        "unit": "户",
        "submit_label": "提请撤销",
        "second_person": "须经区专班另一名人员确认后生效",
        "cancel_url": reverse("progress:bulk", args=[code]),
        "is_danger": True,
    }
    return render(request, "web/confirm.html", context)
