"""The counter of a project: one field to find a family, its card, one visit for all of its homes."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.office.certificate_forms import FamilyHandOverForm, WithdrawVisitForm
from projects.office.choices import ExtraTrip, ScanOutcome
from projects.office.forms import FactsForm, FindForm, JoinForm, PartForm, VisitForm
from projects.office.selectors.certificates import MadeLine, certificates_here
from projects.office.selectors.counter import counter_day
from projects.office.selectors.families import family_card, family_keys, link_by_id
from projects.office.selectors.visits import VisitLine, visit_by_id, visit_homes, visits_of
from projects.office.services.families import join_homes, part_homes, state_facts
from projects.office.services.finding import FoundFamilies, find_families
from projects.office.services.hand_over import hand_over_family
from projects.office.services.scans import note_scan
from projects.office.services.slips import withdraw_visit
from projects.office.services.visits import may_receive, receive_family
from projects.office.views.tabs import WINDOW, office_project, office_tabs
from projects.progress.selectors import unit_by_id
from registry.kernel.authority import Permission
from registry.kernel.stages import Track
from registry.store.access import Request, access
from registry.store.clock import shanghai_day
from registry.store.once import once
from registry.web.flash import notify
from registry.web.pages import FormPage


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def counter(request: Request, code: str) -> HttpResponse:
    """The counter: what is typed or scanned is looked for; one family opens at once, several are listed."""
    project = office_project(request, code)
    answer, form = None, FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = find_families(actor=request.actor, project=project, text=form.cleaned_data["text"])
        if answer.is_one:
            return redirect("office:family", code=code, pk=answer.homes[0].pk)
    return _counter_page(request, project, form, answer)


def _counter_page(request: Request, project: Any, form: FindForm, answer: FoundFamilies | None) -> HttpResponse:
    context = {
        "title": "办证窗口",
        "project": project,
        "tabs": office_tabs(project, "counter", request.actor),
        "form": form,
        "answer": answer,
        "day": counter_day(project, on=request.today),
        "window": str(request.session.get(WINDOW, "")),
    }
    return render(request, "office/counter.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def family(request: Request, code: str, pk: int) -> HttpResponse:
    """The card of a family: every home of it; a visit is recorded for those that are ticked."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    homes = family_card(unit, on=request.today)
    visits = visits_of([home.unit.pk for home in homes])
    came = [line for line in visits if line.stands]
    last = max((line.visit.pk for line in came), default=0)
    ready = _ready(request, [home.unit.pk for home in homes])
    form = VisitForm(
        request.POST or None,
        has_come=bool(came),
        initial={"came_on": request.today, "shown": VisitForm.mark(homes, last), "again": ExtraTrip.LACKED.value},
    )
    if form.submitted(request, receive_family, unit=unit):
        visit = form.result
        notify(request, f"已登记第{visit.ordinal}次来访")
        return redirect("office:visit", code=code, pk=visit.pk)
    context = {
        "title": f"{homes[0].holders or unit.holders_masked or '权利人未载明'} 一家",
        "project": project,
        "unit": unit,
        "homes": homes,
        "takes": [home for home in homes if home.may_take],
        "visits": visits,
        "came": came,
        "ready": ready,
        "here": {line.row.unit_id for line in ready},
        "own": _own_slips(request, came),
        "may_correct": request.actor.can(Permission.CORRECTION_PROPOSE),
        "form": form,
        "find": FindForm(),
        "may_receive": may_receive(request.actor),
        "back": reverse("office:counter", args=[code]),
    }
    return render(request, "office/family.html", context)


def _ready(request: Request, keys: list[int]) -> list[MadeLine]:
    """The certificates of the homes that can be handed over at this window. Two queries, none for who may not."""
    return certificates_here(request.actor, keys) if request.actor.may_advance(Track.CERTIFICATE, "issued") else []


def _own_slips(request: Request, lines: Sequence[VisitLine]) -> set[int]:
    """The visit that its clerk may take back: the last one, if it is the reader's own, of today. No query."""
    last = max(lines, key=lambda line: line.visit.pk, default=None)
    if last is None or last.visit.clerk_id != request.actor.person_id:
        return set()
    return {last.visit.pk} if shanghai_day(last.visit.recorded_at) == request.today else set()


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def hand_over_family_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Hand certificates of a family's homes over to one person, and lead back to the card."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    offered = _ready(request, list(family_keys(unit)))
    form = FamilyHandOverForm(request.POST or None, request.FILES or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        words = form.words(offered)
        if form.carry_out(hand_over_family, actor=request.actor, unit=unit, **words):
            notify(request, f"已发证{len(words['certificates'])}本")
            return redirect("office:family", code=code, pk=pk)
    return FormPage(
        f"发证 {unit.building}{unit}一家",
        "发证",
        reverse("office:family", args=[code, pk]),
        project=project,
        is_upload=True,
        intro="依次办理：核对领证人；请其核对姓名、坐落、面积、附记；签字；交付。各户由不同的人领取的，分次办理。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def withdraw_visit_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Take back one's own visit of today."""
    project = office_project(request, code)
    row = visit_by_id(request.actor, project.pk, pk)
    form = WithdrawVisitForm(request.POST or None)
    if form.submitted(request, withdraw_visit, visit=row):
        notify(request, f"已撤销第{row.ordinal}次来访登记")
        return redirect("office:family", code=code, pk=row.unit_id)
    return FormPage(
        f"撤销来访登记 {row.unit.building}{row.unit}",
        "撤销来访登记",
        reverse("office:visit", args=[code, pk]),
        project=project,
        intro="只能撤销本人当日登记的来访：收齐的户退回上一阶段，收下的材料不再计入。已出的单据请收回，并在文书页作废。",
    ).show(request, form)


TONES = {ScanOutcome.FOUND: "good", ScanOutcome.AGAIN: "warn"}


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def scan(request: Request, code: str) -> HttpResponse:
    """Answer one scanned code in a line of its own, in one of three colours; the script puts it on the page."""
    project = office_project(request, code)
    with once(request.POST.get("once", "")):
        answer = note_scan(actor=request.actor, project=project, code=request.POST.get("code", ""))
    url = reverse("office:family", args=[code, answer.unit_id]) if answer.unit_id else ""
    context = {"answer": answer, "tone": TONES.get(answer.outcome, "bad"), "url": url}
    return render(request, "office/_scanned.html", context)


@access(Permission.UNIT_ADVANCE)
@require_GET
def visit(request: Request, code: str, pk: int) -> HttpResponse:
    """What a visit came to: homes moved, papers taken, what lacks, the papers to print."""
    project = office_project(request, code)
    row = visit_by_id(request.actor, project.pk, pk)
    context = {
        "title": f"来访登记 {row.unit.building}{row.unit}",
        "project": project,
        "visit": row,
        "homes": visit_homes(row),
        "is_own": bool(_own_slips(request, [line for line in visits_of([row.unit_id]) if line.stands]) & {row.pk}),
        "find": FindForm(),
        "back": reverse("office:family", args=[code, row.unit_id]),
    }
    return render(request, "office/visit.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def join_family(request: Request, code: str, pk: int) -> HttpResponse:
    """Join another home of the project to this family."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    form = JoinForm(request.POST or None, actor=request.actor, project=project)
    if form.submitted(request, join_homes, unit=unit):
        notify(request, "已合并为一家")
        return redirect("office:family", code=code, pk=pk)
    return FormPage(
        f"合并为一家 {unit.building}{unit}",
        "合并",
        reverse("office:family", args=[code, pk]),
        project=project,
        intro="同一协议、同一权利人的户已自动归在一家。其他情形（如夫妻分别登记）在此登记依据；只合并所填的这一户，可撤销。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def part_family(request: Request, code: str, pk: int, link: int) -> HttpResponse:
    """Take back that two homes are one family's."""
    project = office_project(request, code)
    row = link_by_id(request.actor, project.pk, link)
    form = PartForm(request.POST or None)
    if form.submitted(request, part_homes, link=row):
        notify(request, "已撤销合并")
        return redirect("office:family", code=code, pk=pk)
    return FormPage(
        f"撤销合并 {row.first.building}{row.first}、{row.second.building}{row.second}",
        "撤销合并",
        reverse("office:family", args=[code, pk]),
        project=project,
        intro=f"{row.joined_by}于{row.joined_on}登记：{row.reason}。撤销后原登记仍可查询。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def family_facts(request: Request, code: str, pk: int) -> HttpResponse:
    """State what is so of the people of a home; the papers asked for follow."""
    project = office_project(request, code)
    unit = unit_by_id(request.actor, project.pk, pk)
    own = next(home for home in family_card(unit, on=request.today) if home.unit.pk == pk)
    form = FactsForm(request.POST or None, initial={"facts": own.fact_codes, "effective_on": request.today})
    if form.submitted(request, state_facts, unit=unit):
        notify(request, "家庭情形已登记，应交材料已相应调整")
        return redirect("office:family", code=code, pk=pk)
    return FormPage(
        f"家庭情形 {unit.building}{unit}",
        "登记",
        reverse("office:family", args=[code, pk]),
        project=project,
        intro="应交材料按所选情形列出。起始日期填情形发生的日期：首次来访前已发生、当时未问的，计为本可一次告知。",
    ).show(request, form)
