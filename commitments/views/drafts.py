"""Pages that change a draft: what it says, its clauses, its promises."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments.forms import BasicsForm, ClauseForm, PromiseForm
from commitments.preview import clauses_in_words
from commitments.selectors import clause_of, instrument_by_code, obligation_of, receivers_for, verifiers_for
from commitments.services import change_draft, drop_clause, drop_promise, put_clause, put_promise
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage


def _page(request: Request, instrument: Any, form: Any, title: str, intro: str, drop: str = "") -> HttpResponse:
    return FormPage(
        title,
        "保存草稿",
        reverse("commitments:instrument", args=[instrument.code]),
        project=instrument.project,
        intro=intro,
        template="commitments/draft_form.html",
    ).show(request, form, drop_url=drop)


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def edit_draft(request: Request, code: str) -> HttpResponse:
    """Change what a draft says beside its clauses and promises."""
    instrument = instrument_by_code(request.actor, code)
    form = BasicsForm(
        request.POST or None,
        instrument=instrument,
        receivers=receivers_for(instrument.project, instrument.issuer_id),
        verifiers=verifiers_for(instrument.project, instrument.issuer_id),
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(change_draft, actor=request.actor, instrument=instrument, **form.words)
    ):
        notify(request, "草稿已保存")
        return redirect("commitments:instrument", code=code)
    return _page(request, instrument, form, f"修改草稿 {instrument}", "条款和承诺事项在草稿页上逐条修改。")


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def edit_clause(request: Request, code: str, ordinal: int | None = None) -> HttpResponse:
    """Add a clause to a draft, or say one anew."""
    instrument = instrument_by_code(request.actor, code)
    kept = clause_of(instrument, ordinal) if ordinal else None
    form = ClauseForm(request.POST or None, project=instrument.project, clause=kept)
    words = {"instrument": instrument, "ordinal": ordinal}
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(put_clause, actor=request.actor, **words, **form.words)
    ):
        notify(request, f"第{form.result.ordinal}条已保存")
        return redirect("commitments:instrument", code=code)
    title = f"修改第{ordinal}条" if ordinal else "增加条款"
    drop = reverse("commitments:drop_clause", args=[code, ordinal]) if ordinal else ""
    return _page(request, instrument, form, title, "过错户由系统列入除外范围，不得移出。", drop)


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def edit_promise(request: Request, code: str, ordinal: int | None = None) -> HttpResponse:
    """Add a promise to a draft letter, or say one anew."""
    instrument = instrument_by_code(request.actor, code)
    kept = obligation_of(instrument, ordinal) if ordinal else None
    form = PromiseForm(
        request.POST or None,
        clauses=clauses_in_words(instrument),
        verifiers=verifiers_for(instrument.project, instrument.issuer_id),
        promise=kept,
    )
    words = {"instrument": instrument, "ordinal": ordinal}
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(put_promise, actor=request.actor, **words, **form.words)
    ):
        notify(request, "承诺事项已存")
        return redirect("commitments:instrument", code=code)
    title = f"修改第{ordinal}项承诺" if ordinal else "增加承诺事项"
    drop = reverse("commitments:drop_promise", args=[code, ordinal]) if ordinal else ""
    return _page(request, instrument, form, title, "内容、期限、凭证、核验单位均须填写。", drop)


DROPS = {"clauses": (drop_clause, "第{}条已删去"), "promises": (drop_promise, "第{}项承诺已删去")}


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["POST"])
def drop_from_draft(request: Request, code: str, what: str, ordinal: int) -> HttpResponse:
    """Take a clause or a promise out of a draft."""
    instrument = instrument_by_code(request.actor, code)
    service, words = DROPS[what]
    service(actor=request.actor, instrument=instrument, ordinal=ordinal)
    notify(request, words.format(ordinal))
    return redirect("commitments:instrument", code=code)
