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
    "hand": (HandOverForm, hand_over, "移交", "交出去以后由接办单位计时；逾期多少天，一直记在它名下。"),
    "return": (ReturnBallForm, return_ball, "退回", "退给上一个单位，原因、轮次、用去的天数都留下。"),
    "pause": (PauseClockForm, pause_clock, "暂停计时", "暂停期间不算在任何单位名下。没有原因不能停。"),
    "resume": (ResumeClockForm, resume_clock, "恢复计时", "由暂停前的单位接着办，剩下的工作日接着数。"),
}


@access(Permission.BALL_MOVE, Permission.BALL_PAUSE)
@require_http_methods(["GET", "POST"])
def move_ball(request: Request, number: str, act: str) -> HttpResponse:
    """Hand over, return, pause, resume."""
    if act not in ACTS:
        raise NotFound("没有这种办法。")
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
