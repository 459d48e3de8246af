"""The dated settings of districts for their letters."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commitments.approvals import LADDER, SETTING
from commitments.choices import DEFAULT_GRACE_DAYS
from commitments.forms import SettingForm
from commitments.forms.acts import LadderForm
from commitments.selectors import settings_in_force
from commitments.selectors.senders import ladder_rules_in_force, ladder_shown, organs_of
from registry.accounts.services import propose
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage


@access(Permission.PARAMETER_READ)
@require_GET
def rule_settings(request: Request) -> HttpResponse:
    """Every district with the setting in force today, and those before and to come."""
    rows = settings_in_force(request.today)
    may_propose = request.actor.can(Permission.INSTRUMENT_REVOKE)
    reach = request.actor.area_code
    context = {
        "title": "承诺函的设置",
        "rows": [(row, may_propose and reach in ("", row.code)) for row in rows],
        "default_grace": DEFAULT_GRACE_DAYS,
        "ladders": [(row, may_propose and reach in ("", row[0])) for row in ladder_rules_in_force(request.today)],
    }
    return render(request, "commitments/settings.html", context)


@access(Permission.INSTRUMENT_REVOKE)
@require_http_methods(["GET", "POST"])
def propose_lapse_rule(request: Request, district: str) -> HttpResponse:
    """Propose a setting for one district; the city agrees."""
    row = next((row for row in settings_in_force(request.today) if row.code == district), None)
    if row is None or request.actor.area_code not in ("", district):
        raise NotFound(f"没有代码为{district}的区，或不归您提请。")
    start = {
        "grace_days": row.grace_days, "pauses": row.pauses, "countersigns": row.countersigns,
        "effective_on": request.today,
    }  # fmt: skip
    form = SettingForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        cleaned = dict(form.cleaned_data)
        reason = cleaned.pop("reason")
        words = {
            "kind": SETTING,
            "title": f"{row.name}承诺函的设置，自{cleaned['effective_on']}起",
            "payload": {"district_code": district, **cleaned},
            "reason": reason,
        }
        if form.carry_out(propose, actor=request.actor, **words):
            notify(request, "已提请，经市级专班另一名人员复核后生效")
            return redirect("commitments:settings")
    return FormPage(
        f"{row.name}承诺函的设置",
        "提请",
        reverse("commitments:settings"),
        intro="默认仅逐级督促，不暂停受理。变更后，履行中的承诺函按新的宽限日数重新计算失效日期，已失效的不变。",
    ).show(request, form)


@access(Permission.INSTRUMENT_REVOKE)
@require_http_methods(["GET", "POST"])
def propose_ladder_rule(request: Request, district: str) -> HttpResponse:
    """Propose the ladder of one district: after how many working days each rung, and who sends it."""
    row = next((row for row in ladder_rules_in_force(request.today) if row[0] == district), None)
    if row is None or request.actor.area_code not in ("", district):
        raise NotFound(f"没有代码为{district}的区，或不归您提请。")
    start = ladder_shown(district, request.today)
    today = {"effective_on": request.today}
    form = LadderForm(request.POST or None, initial=today, organs=organs_of(district), start=start)
    if request.method == "POST" and form.is_valid():
        words = {"district_code": district, "offsets": form.offsets, "senders": form.senders}
        title = f"{row[1]}逐级督促的设置，自{form.cleaned_data['effective_on']}起"
        payload = {**words, "effective_on": form.cleaned_data["effective_on"]}
        if form.carry_out(
            propose, actor=request.actor, kind=LADDER, title=title, payload=payload, reason=form.cleaned_data["reason"]
        ):
            notify(request, "已提请，经市级专班另一名人员复核后生效")
            return redirect("commitments:settings")
    return FormPage(
        f"{row[1]}逐级督促的设置",
        "提请",
        reverse("commitments:settings"),
        intro="按工作日计算。已列入待办和已发出的不变，其余按新设置执行。部门不得对乡镇人民政府、街道办事处通报、约谈。",
    ).show(request, form)
