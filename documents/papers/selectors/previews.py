"""A paper as it would be issued, before anything is numbered or kept."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from documents.papers.kinds import BY_CODE
from documents.papers.models import Paper
from documents.papers.selectors.papers import organ_of
from documents.papers.selectors.wording import words_of
from documents.render.docx import draft_docx, reading_of
from documents.render.pdf import render_pdf
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor

UNNUMBERED: Final = "（预览，未编号）"
FOR_CHECKING: Final = "（送审稿，未编号）"


def preview_pdf(
    kind: str, snapshot: Mapping[str, Any], *, project: Project | None, organ: Organisation, on: date
) -> bytes:
    """Print a paper from what it would say today, by the template and the layout of the issue; it bears no number."""
    return unnumbered_pdf(kind, words_of(kind, project, organ, on=on)(snapshot), organ=organ.name, on=on)


def preview_for_lower_app(*, actor: Actor, kind: str, snapshot: Mapping[str, Any], on: date) -> bytes:
    """Answer the port `preview_paper`: the kind makes its snapshot of the words. Refused: who does not issue it."""
    declared: Any = BY_CODE[kind]
    organ = organ_of(actor, kind)
    return preview_pdf(kind, declared.snapshot(**snapshot), project=None, organ=organ, on=on)


def papers_in_force(keys: Collection[int]) -> frozenset[int]:
    """Return which papers are not void. One query."""
    return frozenset(Paper.objects.filter(pk__in=keys, voided_on__isnull=True).values_list("pk", flat=True))


def unnumbered_pdf(kind: str, snapshot: Mapping[str, Any], *, organ: str, on: date) -> bytes:
    """Print what a snapshot says, under an organ's head, without a number."""
    return render_pdf(BY_CODE[kind].template, _unnumbered(kind, snapshot, organ, on)).bytes


def draft_docx_of(
    kind: str, snapshot: Mapping[str, Any], *, project: Project | None, organ: Organisation, on: date
) -> bytes:
    """Return what a paper would say today as a document for Word and WPS, marked as a draft, without a number."""
    said = words_of(kind, project, organ, on=on)(snapshot)
    return draft_docx(BY_CODE[kind].template, _unnumbered(kind, said, organ.name, on))


def read_draft(
    kind: str, snapshot: Mapping[str, Any], *, project: Project | None, organ: Organisation, on: date
) -> list[tuple[str, Any]]:
    """Return what a paper would say today, to be read on a page before it is numbered."""
    said = words_of(kind, project, organ, on=on)(snapshot)
    return reading_of(BY_CODE[kind].template, _unnumbered(kind, said, organ.name, on))


def _unnumbered(kind: str, snapshot: Mapping[str, Any], organ: str, on: date) -> dict[str, Any]:
    declared = BY_CODE[kind]
    headed = declared.headed(snapshot, organ=organ, issued_on=on)
    mark = FOR_CHECKING if declared.is_official else UNNUMBERED
    return declared.completed(headed, number=mark, made_at=f"{on.isoformat()}T00:00:00+08:00", digest="")
