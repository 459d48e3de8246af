"""Pages of lists that move homes along: upload, reconciled with the ledger, carried out."""

from collections import Counter

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.forms import StageListForm
from documents.intake.stage_rows import STAGE_COLUMNS
from documents.render.template_xlsx import write_template
from documents.render.xlsx import XLSX
from documents.services.stage_lists import VERDICTS, ListRefused, carry_out_list, reconcile
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.kernel.errors import Refused
from registry.kernel.stages import Track, stage_of
from registry.store.access import Request, access
from registry.web.answers import download
from registry.web.flash import say

SALT = "stage-list"
HOURS = 4 * 3600


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def stage_list(request: Request, code: str) -> HttpResponse:
    """Upload a list and see each line beside the ledger; nothing is written yet."""
    project = project_by_code(request.actor, code)
    form = StageListForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial={"occurred_on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        what = {"track": form.track, "to": form.stage}
        if form.carry_out(
            reconcile, actor=request.actor, project=project, content=file.read(), file_name=file.name,
            on=form.cleaned_data["occurred_on"], **what,
        ):  # fmt: skip
            found = form.result
            counts = Counter(one.verdict for one in found)
            days = {one.unit_id: one.on for one in found if one.verdict == "move"}
            sealed = [project.id, request.actor.person_id, form.track.value, form.stage, file.name, list(days.items())]
            context = {
                "title": "清单核对",
                "project": project,
                "file_name": file.name,
                "stage": stage_of(form.track, form.stage).label,
                "whole": ("清单的行", len(found)),
                "parts": [(label, counts[name], css) for name, label, css in VERDICTS],
                "groups": [(label, [one for one in found if one.verdict == name]) for name, label, _ in VERDICTS],
                "count": counts["move"],
                "token": signing.dumps(sealed, salt=SALT, compress=True),
            }
            return render(request, "documents/stage_list.html", context)
    context = {
        "title": "按清单记办",
        "form": form,
        "project": project,
        "is_upload": True,
        "submit_label": "上传并核对",
        "cancel_url": reverse("ledger:project", args=[code]),
        "intro": "登记中心、税务、维修资金的清单：先与台账逐户核对，确认后才记办。",
        "aside_template": "documents/_stage_template.html",
    }
    return render(request, "web/form.html", context)


@access(Permission.UNIT_ADVANCE)
@require_POST
def carry_out(request: Request, code: str) -> HttpResponse:
    """Carry out a list as it was reconciled, all rules checked again."""
    project = project_by_code(request.actor, code)
    try:
        sealed = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=HOURS)
        project_id, person_id, track, stage, file_name, days = sealed
    except (signing.BadSignature, ValueError) as error:
        raise Refused("核对的结果已过期或被改动。请重新上传清单核对。") from error
    if (project_id, person_id) != (project.id, request.actor.person_id):
        raise Refused("核对的结果不是这个项目、这个账号的。请重新上传清单核对。")
    try:
        done = carry_out_list(
            actor=request.actor, project=project, days=dict(days), track=Track(track), to=stage, file_name=file_name
        )
    except ListRefused as refusal:
        say(request, refusal.message)
        return redirect("documents:stage_list", code=code)
    refused = f"，没有办{len(done.refused)}户" if done.refused else ""
    say(request, f"已按清单办理{len(done.moved)}户{refused}")
    return redirect("progress:units", code=code)


@access(Permission.UNIT_ADVANCE)
@require_GET
def stage_template(request: Request, code: str) -> HttpResponse:
    """The empty workbook of such a list."""
    project = project_by_code(request.actor, code)
    content = write_template(STAGE_COLUMNS, title=f"{project.name}办理清单", sheet_name="清单")
    return download(content, f"{project.name}办理清单模板.xlsx", XLSX)
