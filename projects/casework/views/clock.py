"""Pages by which the ball of a blocker moves."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects.casework.forms import HandOverForm, PauseClockForm, ResumeClockForm, ReturnBallForm
from projects.casework.services.turns import hand_over, pause_clock, resume_clock, return_ball
from projects.gates.selectors.blockers import blocker_by_number
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.store.acts import Service
from registry.web.flash import notify
from registry.web.pages import FormPage

ACTS: dict[str, tuple[Any, Service[..., Any], str, str]] = {
    "hand": (
        HandOverForm,
        hand_over,
        "移交",
        "移交后由接办的责任单位计时；本责任时段的逾期工作日仍记在原责任单位名下。",
    ),
    "return": (ReturnBallForm, return_ball, "退回", "退回上一责任单位，退回原因、轮次和所用工作日予以保留。"),
    "pause": (PauseClockForm, pause_clock, "暂停计时", "暂停期间不计入任何单位；须填写暂停原因。"),
    "resume": (ResumeClockForm, resume_clock, "恢复计时", "由暂停前的责任单位继续办理，接续计算剩余工作日。"),
}


@access(Permission.BALL_MOVE, Permission.BALL_PAUSE)
@require_http_methods(["GET", "POST"])
def move_ball(request: Request, number: str, act: str) -> HttpResponse:
    """Hand over, return, pause, resume."""
    if act not in ACTS:
        raise NotFound("未找到该办理事项。请从堵点页面进入。")
    blocker = blocker_by_number(request.actor, number)
    form_class, service, label, intro = ACTS[act]
    words = {"blocker": blocker} if form_class is HandOverForm else {}
    initial = {"on": request.today, "limit_days": blocker.type.limit_days}
    form = form_class(request.POST or None, initial=initial, **words)
    if form.submitted(request, service, blocker=blocker):
        notify(request, f"{number}已{label}")
        return redirect("gates:blocker", number=number)
    return FormPage(
        f"{label} {blocker}",
        label,
        reverse("gates:blocker", args=[number]),
        project=blocker.project,
        intro=intro,
    ).show(request, form)
