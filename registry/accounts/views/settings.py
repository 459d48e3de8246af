"""The page of settings: what a city and its districts decide for themselves, each with the day from which it holds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from registry.accounts.editing import SettingValueForm
from registry.accounts.pages import FormPage
from registry.accounts.selectors.settings import folded, place_name, setting_lines, setting_named, setting_on
from registry.accounts.services import propose
from registry.accounts.services.settings import SETTING
from registry.kernel.authority import Permission
from registry.kernel.settings import Reach
from registry.store.access import Request, access


@access(Permission.PARAMETER_READ)
@require_GET
def settings_page(request: Request) -> HttpResponse:
    """Every setting with what holds today, what held, what comes. Three queries."""
    context = {
        "title": "设置",
        "groups": [(group, folded(lines)) for group, lines in setting_lines(request.today)],
        "may_propose": request.actor.can(Permission.PARAMETER_PROPOSE),
    }
    return render(request, "accounts/settings.html", context)


@access(Permission.PARAMETER_PROPOSE)
@require_http_methods(["GET", "POST"])
def propose_setting(request: Request, name: str, area: str = "") -> HttpResponse:
    """Propose another value from a day on; the city's task force agrees."""
    spec = setting_named(name, area)
    place = "市级单位" if spec.reach is Reach.ORGANS and not area else place_name(area)
    stands = setting_on(name, area, on=request.today)
    first = {"value": spec.text(stands), "effective_on": request.today}
    form = SettingValueForm(request.POST or None, spec=spec, initial=first)
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        reason = words.pop("reason")
        if form.carry_out(
            propose,
            actor=request.actor,
            kind=SETTING.kind,
            title=f"{place}：{spec.label}，自{words['effective_on']}起",
            payload={"name": name, "area_code": area, **words},
            reason=reason,
        ):
            messages.success(request, "已提请，市级专班同意后从填写的日期起生效。")
            return redirect("accounts:settings")
    intro = f"现在：{spec.say(stands) or '未设置'}。以前的值留着，按日期各算各的。"
    return FormPage(f"{place}：{spec.label}", "提请改定", reverse("accounts:settings"), intro=intro).show(request, form)
