"""The page that drafts a commitment letter in steps: effect, paper and what is lacking follow every step."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from commitments.forms.letter import PROOFS, LetterForm, begun, shut_out, stepped
from commitments.preview import preview_of_draft
from commitments.selectors import issuers_for, receivers_for, running_letters, verifiers_for
from commitments.services import draft_instrument
from commitments.services.drafting import reliefs_of
from projects.casework.selectors.policies import policies_in_force
from projects.gates.selectors.scopes import scope_count
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.store.drafts import keep_draft
from registry.web.flash import notify
from registry.web.typed.places import kept_of, place_of


@access(Permission.INSTRUMENT_DRAFT)
@require_http_methods(["GET", "POST"])
def draft_letter(request: Request, code: str) -> HttpResponse:
    """Draft a commitment letter; each step shows the page again and keeps what was typed."""
    project = project_by_code(request.actor, code)
    issuers = issuers_for(project)
    own = issuers.filter(pk=request.actor.organisation_id or 0)
    words: dict[str, Any] = {
        "project": project,
        "issuers": own if own.exists() else issuers,
        "policies": policies_in_force(project.district_code, request.today),
        "receivers": receivers_for(project, request.actor.organisation_id),
        "verifiers": verifiers_for(project, request.actor.organisation_id),
        "running": running_letters(project),
        "initial": {"policy": request.GET.get("policy", "")},
    }
    step = stepped(request.POST) if request.method == "POST" else None
    if step is not None:
        place = place_of(request.get_full_path())
        request.kept_at = keep_draft(person_key=request.person.pk, place=place, fields=kept_of(step))  # type: ignore[attr-defined]
    data = step or request.POST or begun(LetterForm(**words), request.actor.organisation_id)
    form = LetterForm(data, **words)
    if (
        request.method == "POST"
        and step is None
        and form.is_valid()
        and form.carry_out(draft_instrument, actor=request.actor, project=project, **form.words)
    ):
        notify(request, f"已起草{form.result.title}，请核对预览后签署")
        return redirect("commitments:instrument", code=form.result.code)
    if step is not None:
        _focus(form)
    return render(request, "commitments/letter_draft.html", _context(request, project, form))


def _focus(form: LetterForm) -> None:
    """Let the keyboard go on where the letter is not whole: at the first promise that lacks something."""
    lacking = [fault for fault in form.lacking() if fault.section == 3]
    last = f"id_o{form.row_count}_end_state"
    name = (lacking[0].id if lacking else last).removeprefix("id_")
    if name in form.fields:
        form.fields[name].widget.attrs["autofocus"] = True


def _context(request: Request, project: Any, form: LetterForm) -> dict[str, Any]:
    lacking = form.lacking()
    clauses = form.clauses_so_far()
    promises = list(form.promises())
    cleaned = form.cleaned_data
    scope = clauses[0].scope_in - clauses[0].scope_out if clauses else None
    drafted = reliefs_of(clauses, on=request.today)
    return {
        "title": "起草政府承诺函",
        "project": project,
        "form": form,
        "lacking": lacking,
        "wrong_in": {fault.section for fault in lacking},
        "shut_out": shut_out(form.open_blockers),
        "chosen": [clause.blocker for clause in clauses],
        "preview": preview_of_draft(project, drafted, on=request.today) if clauses else None,
        "count": scope_count(project_id=project.id, scope=scope).units if scope is not None else 0,
        "scope_words": form.scope_words,
        "promises": promises,
        "proofs": PROOFS,
        "kept_at": getattr(request, "kept_at", None),
        "paper": {
            "issuer": cleaned.get("issuer") or "（承诺单位）",
            "title": cleaned.get("title") or f"关于{project.name}的政府承诺函",
            "letter": {"recipient": cleaned.get("recipient") or "（主送单位）", "fault": cleaned.get("fault", "")},
        },
        "paper_promises": [
            {"ordinal": row.ordinal, "due_on": row.draft.due_on, "end_state": row.draft.end_state}
            for row in promises
            if row.is_whole
        ],
    }
