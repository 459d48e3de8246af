"""Pages of certificates: those of a home, handing them over, what waits to be fetched, the blanks of a centre."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.selectors.projects import project_by_code
from projects.office.certificate_forms import (
    BlankFilter,
    DestroyBlanksForm,
    HandOverForm,
    NoteCertificateForm,
    SpoilBlankForm,
    TakeInBlanksForm,
    WaitingFilter,
)
from projects.office.selectors.certificates import (
    BLANK_ORDERS,
    WAITING_ORDERS,
    blank_counts,
    blanks_of,
    certificates_of,
    holders_to_choose,
    waiting_certificates,
)
from projects.office.services.blanks import destroy_blanks, spoil_blank, take_in_blanks
from projects.office.services.certificates import note_certificates
from projects.office.services.hand_over import hand_over_certificates
from projects.progress.selectors import holder_of, unit_by_id
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.stages import Track
from registry.store.access import Request, access
from registry.web.attachments.selectors import attachments_box
from registry.web.flash import notify
from registry.web.listing import listing
from registry.web.pages import FormPage

WAITING_LEADS = (Column("unit", "户"),)
WAITING_COLUMNS = (
    Column("project", "项目"),
    Column("number", "产权证号"),
    Column("holders", "权利人"),
    Column("office", "保管方"),
    Column("since", "自", kind="date"),
    Column("days", "待领（日）", kind="int"),
)
BLANK_LEADS = (Column("number", "印制编号"),)
BLANK_COLUMNS = (
    Column("received_on", "领入", kind="date"),
    Column("state", "状态"),
    Column("certificate_no", "产权证号"),
    Column("spoiled", "作废"),
    Column("destroyed", "销毁"),
)


@access(Permission.UNIT_READ)
@require_GET
def certificates(request: Request, code: str, pk: int) -> HttpResponse:
    """The certificates of a home: number, 附记, form, blank, who has them. Eight queries."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    lines = certificates_of(request.actor, unit)
    may_act = request.actor.can(Permission.UNIT_ADVANCE)
    context = {
        "title": f"证书 {unit.building}{unit}",
        "project": project,
        "unit": unit,
        "lines": [(line, _box(request, line)) for line in lines],
        "may_note": may_act
        and request.actor.may_advance(Track.CERTIFICATE, "printed")
        and unit.certificate in ("recorded", "printed"),
        "may_hand": may_act
        and request.actor.may_advance(Track.CERTIFICATE, "issued")
        and any(line.is_here for line in lines),
    }
    return render(request, "office/certificates.html", context)


def _box(request: Request, line: Any) -> Any:
    return attachments_box(request.actor, line.row.hand_over) if line.row.hand_over is not None else None


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def note_certificate(request: Request, code: str, pk: int) -> HttpResponse:
    """Note a certificate that the centre made."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    form = NoteCertificateForm(request.POST or None, holders=holders_to_choose(unit))
    if request.method == "POST" and form.is_valid():
        words = form.words(lambda key: holder_of(request.actor, unit_id=pk, pk=key))
        if form.carry_out(note_certificates, actor=request.actor, unit=unit, **words):
            notify(request, f"已登记{unit.building}{unit}的证书{form.result[0].number}")
            return redirect("office:certificates", code=code, pk=pk)
    return FormPage(
        f"登记证书 {unit.building}{unit}",
        "登记证书",
        reverse("office:certificates", args=[code, pk]),
        project=project,
        intro="按登记系统缮证的结果补录：证号、形式、印制编号、附记。共有人各持一证的，逐本登记。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def hand_over(request: Request, code: str, pk: int) -> HttpResponse:
    """Hand certificates of a home over, in the order in which it is done."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    offered = [line for line in certificates_of(request.actor, unit) if line.is_here]
    form = HandOverForm(request.POST or None, request.FILES or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        words = form.words(offered)
        if form.carry_out(hand_over_certificates, actor=request.actor, project=project, **words):
            notify(request, f"已发证{len(words['certificates'])}本，{unit.building}{unit}")
            return redirect("office:certificates", code=code, pk=pk)
    return FormPage(
        f"发证 {unit.building}{unit}",
        "发证",
        reverse("office:certificates", args=[code, pk]),
        project=project,
        is_upload=True,
        intro="依次办理：核对领证人；请其核对姓名、坐落、面积、附记；签字；交付。电子证照核发即可，无需到场。",
    ).show(request, form)


@access(Permission.UNIT_READ)
@require_GET
def waiting(request: Request) -> HttpResponse:
    """The certificates that lie at an office and nobody has fetched, the longest first."""
    form = WaitingFilter(request.GET)
    page = listing(
        request,
        name="waiting_certificates",
        queryset=waiting_certificates(request.actor, form.words),
        columns=WAITING_COLUMNS,
        orders=WAITING_ORDERS,
        leads=WAITING_LEADS,
        with_total=True,
    )
    context = {
        "title": "待领证书",
        "rows": [(row, (request.today - row.on).days) for row in page.rows],
        "page": page,
        "filter": form,
    }
    return render(request, "office/waiting.html", context)


@access(Permission.UNIT_READ)
@require_GET
def blanks(request: Request) -> HttpResponse:
    """The numbered blanks of a registration centre: in stock, used, spoiled, destroyed; they sum to what came in."""
    form = BlankFilter(request.GET)
    page = listing(
        request,
        name="blanks",
        queryset=blanks_of(request.actor, form.words),
        columns=BLANK_COLUMNS,
        orders=BLANK_ORDERS,
        leads=BLANK_LEADS,
        with_total=True,
    )
    counts = blank_counts(request.actor)
    labels = {"total": "领入", "stock": "空白", "used": "已使用", "spoiled": "已作废", "destroyed": "已销毁"}
    context = {
        "title": "空白证书",
        "figures": [{"label": labels[name], "value": f"{counts[name]:,}", "unit": "本"} for name in labels],
        "rows": page.rows,
        "page": page,
        "filter": form,
        "may_act": request.actor.can(Permission.UNIT_ADVANCE)
        and request.actor.may_advance(Track.CERTIFICATE, "printed"),
    }
    return render(request, "office/blanks.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def take_in_blanks_page(request: Request) -> HttpResponse:
    """Take a delivery of blanks in."""
    form = TakeInBlanksForm(request.POST or None)
    return _blank_act(request, form, take_in_blanks, "领入空白证书", "按起止编号登记，逐本可查。")


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def spoil_blank_page(request: Request) -> HttpResponse:
    """Note a blank as spoiled."""
    form = SpoilBlankForm(request.POST or None)
    return _blank_act(
        request,
        form,
        spoil_blank,
        "登记作废",
        "印有证书的，证书须已收回本中心，作废后该证书失效。销毁由另一名人员办理。",
    )


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def destroy_blanks_page(request: Request) -> HttpResponse:
    """Destroy spoiled blanks, by a second person."""
    form = DestroyBlanksForm(request.POST or None)
    return _blank_act(
        request, form, destroy_blanks, "登记销毁", "由登记作废以外的另一名人员办理，凭两人签字的销毁记录。"
    )


def _blank_act(request: Request, form: Any, service: Any, verb: str, intro: str) -> HttpResponse:
    if form.submitted(request, service):
        notify(request, f"已{verb}")
        return redirect("office:blanks")
    return FormPage(verb, verb, reverse("office:blanks"), intro=intro).show(request, form)
