"""Pages of manifests: the list, one being drafted, scanned, sent, taken, signed, settled."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.selectors.projects import project_by_code
from projects.office.custody_forms import (
    AccountForm,
    LineFilter,
    ListingScanForm,
    ManifestFilter,
    ManifestForm,
    SendForm,
    SignForm,
    StrikeForm,
    TakingScanForm,
    WithdrawForm,
    codes_in,
)
from projects.office.selectors.custody import (
    LINE_ORDERS,
    MANIFEST_ORDERS,
    held_here,
    lines_of,
    manifest_by_id,
    manifest_rows,
    receivers_for,
)
from projects.office.services.manifest_receipt import account_for_line, sign_manifest, take_items
from projects.office.services.manifest_rules import ROUTES, may_send
from projects.office.services.manifests import (
    draft_manifest,
    list_items,
    purposes_for,
    send_manifest,
    strike_line,
    withdraw_manifest,
)
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.custody import Party
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.listing import listing
from registry.web.pages import FormPage

MANIFEST_LEADS = (Column("number", "编号、事由"),)
MANIFEST_COLUMNS = (
    Column("project", "项目"),
    Column("sender", "移交方"),
    Column("receiver", "接收方"),
    Column("sent_on", "移交", kind="date"),
    Column("listed", "列入（项）", kind="int"),
    Column("taken", "已接收（项）", kind="int"),
    Column("out", "待退还（项）", kind="int"),
    Column("due_on", "退还期限", kind="date"),
    Column("state", "状态"),
)
LINE_LEADS = (Column("position", "序号", kind="int"), Column("unit", "户"))
LINE_COLUMNS = (
    Column("holders", "权利人"),
    Column("contents", "材料"),
    Column("copies", "份数", kind="int"),
    Column("originals", "其中原件", kind="int"),
    Column("note", "备注"),
    Column("state", "状态"),
)


@access(Permission.UNIT_READ)
@require_GET
def manifests(request: Request) -> HttpResponse:
    """The manifests of both sides that the actor may see."""
    form = ManifestFilter(request.GET)
    page = listing(
        request,
        name="manifests",
        queryset=manifest_rows(request.actor, form.words),
        columns=MANIFEST_COLUMNS,
        orders=MANIFEST_ORDERS,
        leads=MANIFEST_LEADS,
        with_total=True,
    )
    context = {
        "title": "移交清单",
        "rows": page.rows,
        "page": page,
        "filter": form,
        "own": request.actor.organisation_id,
    }
    return render(request, "office/manifests.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def draft_manifest_page(request: Request, code: str) -> HttpResponse:
    """Begin a manifest of a project's papers or certificates."""
    project = project_by_code(request.actor, code)
    purposes = purposes_for(request.actor)
    parties: set[Party] = set().union(*(ROUTES[purpose].to for purpose in purposes))
    receivers = receivers_for(request.actor, project, sorted(parties))
    form = ManifestForm(request.POST or None, purposes=purposes, receivers=receivers)
    if form.submitted(request, draft_manifest, project=project):
        notify(request, f"已拟制移交清单{form.result.number}，请逐袋扫描列入")
        return redirect("office:manifest", pk=form.result.pk)
    return FormPage(
        "新建移交清单",
        "拟制清单",
        reverse("office:custody", args=[code]),
        project=project,
        intro="拟制后逐袋扫描列入，签字移交；接收方逐袋扫描接收并签收。未签收前，由移交方保管。",
    ).show(request, form)


@access(Permission.UNIT_READ)
@require_http_methods(["GET", "POST"])
def manifest(request: Request, pk: int) -> HttpResponse:
    """One manifest: its lines, and the field into which the side whose turn it is scans."""
    row = manifest_by_id(request.actor, pk)
    form = _scan_form(request, row)
    if request.method == "POST" and form is not None and form.is_valid():
        said = {**form.cleaned_data, "codes": codes_in(form.cleaned_data["code"])}
        del said["code"]
        service, word = (list_items, "列入") if isinstance(form, ListingScanForm) else (take_items, "接收")
        if form.carry_out(service, actor=request.actor, manifest=row, **said):
            refused = [why for _, why in form.result.refused]
            notify(request, f"已{word}{len(form.result.items)}项" + (f"，未{word}：{refused[0]}" if refused else ""))
            return redirect("office:manifest", pk=pk)
        row = manifest_by_id(request.actor, pk)
    filters = LineFilter(request.GET)
    page = listing(
        request,
        name="manifest_lines",
        queryset=lines_of(row, filters.words),
        columns=LINE_COLUMNS,
        orders=LINE_ORDERS,
        leads=LINE_LEADS,
        with_total=True,
    )
    context = {
        "title": f"移交清单 {row.number}",
        "manifest": row,
        "project": row.project,
        "figures": _figures(row),
        "rows": page.rows,
        "page": page,
        "filter": filters,
        "form": form,
        "of_lines": f"manifest={row.number}",
        **acts_on(request.actor, row),
    }
    return render(request, "office/manifest.html", context, status=200)


def acts_on(actor: Actor, row: Any) -> dict[str, bool]:
    """What the actor may do with a manifest as it stands. No query."""
    may = actor.can(Permission.UNIT_ADVANCE) and row.withdrawn_act_id is None
    is_sender, is_receiver = may_send(actor, row), actor.organisation_id == row.receiver_id
    is_unsigned, is_sent = row.signed_act_id is None, row.sent_act_id is not None
    return {
        "may_list": may and is_sender and not is_sent,
        "may_send": may and is_sender and not is_sent and row.listed > row.struck,
        "may_strike": may and is_sender and is_unsigned,
        "may_withdraw": may and is_sender and is_unsigned and not row.taken,
        "may_take": may and is_receiver and is_sent and is_unsigned,
        "may_sign": may and is_receiver and is_sent and is_unsigned and row.taken > 0,
        "may_account": may and is_receiver and row.is_lent and row.closed_act_id is None and row.taken > 0,
    }


def _scan_form(request: Request, row: Any) -> Any:
    acts = acts_on(request.actor, row)
    data = request.POST if request.method == "POST" else None
    if acts["may_list"]:
        return ListingScanForm(data)
    return TakingScanForm(data) if acts["may_take"] else None


def _figures(row: Any) -> list[dict[str, Any]]:
    count = row.count
    figures: list[dict[str, Any]] = [
        {"label": "列入", "value": f"{count.listed:,}", "unit": "项", "notes": [f"划去{count.struck:,}项"]},
        {"label": "已接收", "value": f"{count.taken:,}", "unit": "项", "notes": [f"未接收{count.waiting:,}项"]},
    ]
    if row.is_lent:
        figures += [
            {"label": "已退还", "value": f"{count.back:,}", "unit": "项"},
            {"label": "未退（有原因）", "value": f"{count.kept:,}", "unit": "项"},
            {"label": "待退还", "value": f"{count.out:,}", "unit": "项", "notes": [f"期限{row.due_on:%Y-%m-%d}"]},
        ]
    return figures


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def list_held(request: Request, pk: int) -> HttpResponse:
    """Put all that the organisation holds of a project on a manifest, of one building or all: without a scanner."""
    row = manifest_by_id(request.actor, pk)
    items = held_here(request.actor, row.project)
    building = request.POST.get("building", "").strip()
    if building:
        items = items.filter(unit__building__number=building)
    kinds = ROUTES[row.purpose].kinds  # type: ignore[index]  # a str that is a member
    codes = [str(item.code) for item in items.filter(kind__in=[kind.value for kind in kinds])]
    scanned = list_items(actor=request.actor, manifest=row, codes=codes)
    refused = [why for _, why in scanned.refused]
    notify(request, f"已列入{len(scanned.items)}项" + (f"，未列入{len(refused)}项：{refused[0]}" if refused else ""))
    return redirect("office:manifest", pk=pk)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def send_manifest_page(request: Request, pk: int) -> HttpResponse:
    """Sign a manifest as its sender."""
    row = manifest_by_id(request.actor, pk)
    return _act(
        request, row, SendForm(request.POST or None), send_manifest, "签字移交", f"已签字移交{row.number}",
        f"向{row.receiver}移交{row.listed - row.struck}项。签字后不能再改；接收方逐袋扫描前，仍由本单位保管。",
    )  # fmt: skip


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def sign_manifest_page(request: Request, pk: int) -> HttpResponse:
    """Sign a manifest as its receiver."""
    row = manifest_by_id(request.actor, pk)
    return _act(
        request, row, SignForm(request.POST or None), sign_manifest, "签收", f"已签收{row.number}",
        f"{row.sender}移交{row.listed - row.struck}项，已扫描接收{row.taken}项。有未接收的，不能签收。",
    )  # fmt: skip


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def withdraw_manifest_page(request: Request, pk: int) -> HttpResponse:
    """Withdraw a manifest of which nothing was taken."""
    row = manifest_by_id(request.actor, pk)
    return _act(
        request, row, WithdrawForm(request.POST or None), withdraw_manifest, "撤回清单", f"已撤回{row.number}",
        "撤回后清单作废，所列材料可另列清单。",
    )  # fmt: skip


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def strike_line_page(request: Request, pk: int, position: int) -> HttpResponse:
    """Take a line off a manifest."""
    row = manifest_by_id(request.actor, pk)
    return _act(
        request, row, StrikeForm(request.POST or None), strike_line, f"划去第{position}项", f"已划去第{position}项",
        "划去的材料仍由本单位保管，可另列清单。", position=position,
    )  # fmt: skip


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def account_for_line_page(request: Request, pk: int, position: int) -> HttpResponse:
    """Say why a lent bag does not come back."""
    row = manifest_by_id(request.actor, pk)
    return _act(
        request, row, AccountForm(request.POST or None), account_for_line, f"登记第{position}项未退原因",
        f"已登记第{position}项未退原因", "该项仍由本单位保管。全部退还或写明原因后，清单办结。", position=position,
    )  # fmt: skip


def _act(
    request: Request, row: Any, form: Any, service: Any, verb: str, done: str, intro: str, **more: Any
) -> HttpResponse:
    if form.submitted(request, service, manifest=row, **more):
        notify(request, done)
        return redirect("office:manifest", pk=row.pk)
    return FormPage(
        f"{verb} {row.number}", verb, reverse("office:manifest", args=[row.pk]), project=row.project, intro=intro
    ).show(request, form)
