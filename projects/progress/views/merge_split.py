"""Merging a project that was taken in twice, parting one in two: chosen, shown with its sums, then confirmed."""

from typing import Any, Final

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.selectors.projects import next_code, project_by_code
from projects.progress.forms import ApartForm, ChooseMergeForm, ChooseSplitForm, MergeForm, SplitForm
from projects.progress.selectors.duplicate_candidates import apart_by_key, marked_distinct, possible_duplicates
from projects.progress.selectors.merge_split import clashing_buildings, lines_of_merge, lines_of_split, unit_count
from projects.progress.services.distinct_projects import mark_distinct, unmark_distinct
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.lists.listing import table
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage

PAIR: Final = (Column("project", "项目", "one.name"),)
PAIRS: Final = (
    Column("other", "疑似同一项目", "other.name"),
    Column("score", "相似度（分）", kind="int"),
    Column("reason", "理由"),
)
JUDGED: Final = (
    Column("other", "另一个", "other.name"),
    Column("reason", "理由"),
    Column("judged_by", "判定"),
    Column("judged_on", "判定日期", kind="date"),
)


@access(Permission.PROJECT_CREATE)
@require_GET
def duplicates(request: Request) -> HttpResponse:
    """Pairs of projects that may be one, for a person to judge."""
    pairs, judged = possible_duplicates(request.actor), marked_distinct(request.actor)
    context = {
        "title": "疑似重复的项目",
        "pairs": table(request, name="duplicates", rows=pairs, columns=PAIRS, leads=PAIR),
        "judged": table(request, name="judged", rows=judged, columns=JUDGED, leads=PAIR),
    }
    return render(request, "progress/duplicates.html", context)


@access(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def mark_distinct_page(request: Request, code: str, other: str) -> HttpResponse:
    """Say that two projects that look alike are not one."""
    project, second = project_by_code(request.actor, code), project_by_code(request.actor, other)
    form = ApartForm(request.POST or None)
    if form.submitted(request, mark_distinct, project=project, other=second):
        notify(request, f"{project.code}和{second.code}已判定为不同项目")
        return redirect("progress:duplicates")
    title = f"判定{project.name}和{second.name}为不同项目"
    intro = "判定后不再列入疑似重复项目。请写明理由；判定可以撤销。"
    return _judge(request, form, title, "判定", intro)


@access(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def unmark_distinct_page(request: Request, key: int) -> HttpResponse:
    """Put a pair that was marked distinct back on the list."""
    judged = apart_by_key(request.actor, key)
    form = ApartForm(request.POST or None)
    if form.submitted(request, unmark_distinct, apart=judged):
        notify(request, f"{judged.one.code}和{judged.other.code}重新列入核对")
        return redirect("progress:duplicates")
    return _judge(
        request,
        form,
        f"撤销判定：{judged.one.name}和{judged.other.name}",
        "撤销判定",
        "撤销判定后重新列入疑似重复项目。",
    )


def _judge(request: Request, form: ApartForm, title: str, label: str, intro: str) -> HttpResponse:
    back = reverse("progress:duplicates")
    return FormPage(
        title,
        label,
        back,
        intro=intro,
    ).show(request, form)


@access(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def merge_projects_page(request: Request, code: str) -> HttpResponse:
    """Take another project into this one."""
    project = project_by_code(request.actor, code)
    chosen = ChooseMergeForm(request.GET or None, actor=request.actor, project=project)
    if not (request.GET and chosen.is_valid()):
        intro = "同一项目以两个名称重复建立的，可以合并。请核对归入内容后确认。"
        return _choose(request, project, chosen, "合并项目", intro)
    absorbed = chosen.cleaned_data["absorbed"]
    clashing = clashing_buildings(project, absorbed)
    form = MergeForm(
        request.POST or None, expected=unit_count(absorbed), clashing=clashing, initial={"on": request.today}
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(merge_projects, actor=request.actor, project=project, absorbed=absorbed, **form.words)
    ):
        notify(request, f"{absorbed.code} {absorbed.name}已并入本项目，旧编号仍可查到")
        return redirect("ledger:project", code=project.code)
    context = {
        "title": f"把{absorbed.name}（{absorbed.code}）并入{project.name}",
        "form": form,
        "lines": lines_of_merge(project, absorbed),
        "not_lines": ["改动任何一户的阶段、日期和经办人", "改动已结账的月报", "让旧编号、旧地址失效"],
        "count_label": "请填写归入的户数，确认已核对",
        "unit": "户",
        "submit_label": "合并",
        "cancel_url": reverse("ledger:project", args=[project.code]),
        "is_danger": True,
    }
    return render(request, "web/confirm.html", context)


@access(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def split_project_page(request: Request, code: str) -> HttpResponse:
    """Part buildings from this project into a new one."""
    project = project_by_code(request.actor, code)
    chosen = ChooseSplitForm(request.GET or None, project=project)
    if not (request.GET and chosen.is_valid()):
        intro = "分期、分地块办理的，可以将部分楼栋拆分为新项目。堵点、承诺、环节随楼栋转入。"
        return _choose(request, project, chosen, "拆分项目", intro)
    buildings = chosen.cleaned_data["buildings"]
    keys = [one.pk for one in buildings]
    first = {"on": request.today, "code": next_code(project.township_code, on=request.today)}
    form = SplitForm(request.POST or None, expected=unit_count(project, keys), initial=first)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(split_project, actor=request.actor, project=project, building_ids=keys, **form.words)
    ):
        notify(request, f"已拆出{form.result.code} {form.result.name}")
        return redirect("ledger:project", code=form.result.code)
    context = {
        "title": f"从{project.name}拆出{len(buildings)}栋",
        "form": form,
        "lines": lines_of_split(project, buildings),
        "not_lines": ["改动任何一户的阶段、日期和经办人", "改动已结账的月报", "让旧地址失效"],
        "count_label": "填入拆出的户数，确认已核对",
        "unit": "户",
        "submit_label": "拆分",
        "cancel_url": reverse("ledger:project", args=[project.code]),
        "is_danger": True,
    }
    return render(request, "web/confirm.html", context)


def _choose(request: Request, project: Any, form: Form, title: str, intro: str) -> HttpResponse:
    return FormPage(
        title,
        "下一步：核对变动",
        reverse("ledger:project", args=[project.code]),
        project=project,
        intro=intro,
        method="get",
    ).show(request, form)
