"""The texts of papers that a district words for itself: what holds, and the form that proposes another."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.papers.forms import WordingForm
from documents.papers.kinds import BY_CODE
from documents.papers.selectors.previews import unnumbered_pdf
from documents.papers.selectors.samples import TOWNSHIP, sample_of
from documents.papers.selectors.wording import text_lines
from documents.papers.words import BY_NAME, TextBlock, worded
from projects.office.selectors.checklists import office_settings
from registry.accounts.selectors.settings import areas, place_name, setting_on
from registry.accounts.services import propose
from registry.accounts.services.settings import SETTING
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage
from registry.web.responses import download


@access(Permission.PARAMETER_READ)
@require_GET
def texts(request: Request) -> HttpResponse:
    """The texts of one district, by kind: what holds since when, what held, what comes. Three queries."""
    districts = [(area.code, area.name) for area in areas()]
    codes = [code for code, _ in districts]
    own = request.actor.area_code[:6]
    first = own if own in codes else next(iter(codes), "")
    area = request.GET.get("area", first)
    if area not in codes and codes:
        raise NotFound(f"没有{area}这个区。")
    context = {
        "title": "文书文字",
        "kinds": text_lines(area, on=request.today) if area else [],
        "area": area,
        "may_propose": request.actor.can(Permission.PARAMETER_PROPOSE),
        "tabs": [
            {"label": name, "url": f"{reverse('papers:texts')}?area={code}", "is_current": code == area, "count": None}
            for code, name in districts
        ],
    }
    return render(request, "papers/texts.html", context)


@access(Permission.PARAMETER_PROPOSE)
@require_http_methods(["GET", "POST"])
def propose_text(request: Request, name: str, area: str) -> HttpResponse:
    """Propose another wording from a day on; 预览 prints a sample of the paper with it."""
    block = BY_NAME.get(name)
    if block is None or area not in {each.code for each in areas()}:
        raise NotFound("没有这段文字，或没有这个区。")
    label = block.spec().label
    stands = setting_on(name, area, on=request.today)
    form = WordingForm(
        request.POST or None, block=block, initial={"value": stands, "effective_on": request.today}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        if "preview" in request.POST:
            content = _sample(request, block, area, words["value"])
            return download(content, f"预览 {label}.pdf", "application/pdf", inline=True)
        reason = words.pop("reason")
        if form.carry_out(
            propose,
            actor=request.actor,
            kind=SETTING.kind,
            title=f"{place_name(area)}：{label}，自{words['effective_on']}起",
            payload={"name": name, "area_code": area, **words},
            reason=reason,
        ):
            notify(request, "已提请，市级专班同意后从填写的日期起生效")
            return redirect(f"{reverse('papers:texts')}?area={area}")
    fields = "、".join(f"{{{each}}}" for each in block.fields)
    may = f"可用的字段：{fields}，出具时由系统填入。" if fields else "这段文字没有字段。"
    return FormPage(
        f"{place_name(area)}：{label}",
        "提请改定",
        f"{reverse('papers:texts')}?area={area}",
        intro=f"{may}已出具的文书不受影响；版式由模板确定，不随文字变动。",
        preview="预览",
    ).show(request, form)


def _sample(request: Request, block: TextBlock, area: str, text: str) -> bytes:
    office: dict[str, Any] = office_settings(area, on=request.today)
    sample = sample_of(block.kind, office=office, on=request.today)
    said = worded(block.kind, sample, {block.key: text}, office)
    organ = TOWNSHIP if BY_CODE[block.kind].is_official else "示例服务点"
    return unnumbered_pdf(block.kind, said, organ=organ, on=request.today)
