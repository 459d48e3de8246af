"""Reading papers, and the primitives that snapshots are made of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from commitments.models import Instrument
from commitments.preview import preview_of
from commitments.selectors import obligations_of
from documents.papers.kinds import BY_CODE, CommitmentLetter
from documents.papers.kinds.cert_notice import opening
from documents.papers.models import Delivery, Paper
from documents.papers.powers import OPEN_TO_DEVELOPERS, PaperRefused, notice_state, organ_for
from documents.papers.selectors.drafts import Asked, draft_of
from projects.gates.selectors.organs import organ_names
from projects.ledger.models import Project, Unit
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound, Refused
from registry.lists.orders import Order, by_heads, by_pinyin, if_any

PAPER_ORDERS = (  # of the page and of its export
    Order("newest", "最近出具", ("-id",)),
    *by_heads(
        {
            "number": "number",
            "kind": "kind",
            "title": by_pinyin("title"),
            "project": by_pinyin("project__name"),
            "addressee": by_pinyin("addressee_masked"),
            "issued_on": "issued_on",
            "voided_on": if_any("voided_on"),
        },
        tie=("-id",),
    ),
)


def papers_visible_to(actor: Actor) -> "QuerySet[Paper]":
    """Return the papers of the projects that the actor may see; a developer those that are not among organs.

    No query yet.
    """
    papers: QuerySet[Paper] = Paper.objects.visible_to(actor).select_related("project")
    if actor.role == Role.DEVELOPER:
        own = Q(issuer=actor.organisation_id or 0) | Q(addressee_masked=actor.organisation_name)
        papers = papers.filter(Q(kind__in=OPEN_TO_DEVELOPERS) | own)
    return papers


def papers_chosen(actor: Actor, words: Mapping[str, Any]) -> "QuerySet[Paper]":
    """Return the papers as filtered. No query yet."""
    papers = papers_visible_to(actor)
    if words.get("kind"):
        papers = papers.filter(kind=words["kind"])
    if words.get("state"):
        papers = papers.filter(voided_on__isnull=words["state"] == "live")
    if words.get("since"):
        papers = papers.filter(issued_on__gte=words["since"])
    if words.get("until"):
        papers = papers.filter(issued_on__lte=words["until"])
    if text := str(words.get("q", "")).strip():
        said = Q(number__icontains=text) | Q(title__icontains=text) | Q(addressee_masked__icontains=text)
        papers = papers.filter(said | Q(project__name__icontains=text) | Q(project__code__iexact=text))
    return papers


def paper_by_id(actor: Actor, pk: int) -> Paper:
    """Find a paper. One query."""
    paper: Paper | None = papers_visible_to(actor).select_related("project", "issued_by").filter(pk=pk).first()
    if paper is None:
        raise NotFound("没有这份文书。")
    return paper


def organ_of(actor: Actor, kind: str) -> Organisation:
    """Return the organisation under whose head the actor issues a kind; refused if it is not theirs. One query."""
    return organ_for(actor, kind, BY_CODE[kind].label)


def notice_snapshot(
    *, project: Project, unit: Unit, place: str, phone: str, issued_on: date, is_masked: bool = False
) -> tuple[dict[str, Any], str]:
    """Return the notice of a home, and its addressee masked; raises why it gets none. Sixteen queries.

    `is_masked`: only looked at. Clear names are opened on the paper that is issued, by who may see them, on record.
    """
    asked = Asked(place, phone, is_masked)
    draft = draft_of("cert_notice", project=project, unit=unit, asked=asked, issued_on=issued_on)
    return draft.snapshot, draft.addressee


def notice_preview(unit: Unit, *, on: date) -> str:
    """Say what a notice would tell the family today, or why none is issued. Ten queries."""
    try:
        return f"正文写明：{opening(notice_state(unit, on))}"
    except PaperRefused as refusal:
        return refusal.message


def letter_in_force(instrument: Instrument) -> Paper | None:
    """Find the paper of a signed letter. One query."""
    papers = Paper.objects.filter(kind="commitment", subject_key=instrument.pk, voided_on__isnull=True)
    paper: Paper | None = papers.order_by("id").first()
    return paper


def letter_snapshot(*, instrument: Instrument, on: date | None = None) -> dict[str, Any]:
    """Return a signed letter as primitives, of the day of its signature; a draft as of the day given.

    Refused: it is to be issued and has no signature.
    """
    issued_on = instrument.signed_on or on
    if issued_on is None:
        raise Refused("承诺函尚未签署，不能出具。请先签署。", code="state")
    preview = preview_of(instrument, on=issued_on)
    letter, names = instrument.letter, organ_names(instrument.project.district_code, on=issued_on)
    return CommitmentLetter.snapshot(
        title=instrument.title,
        project=instrument.project.name,
        organ=instrument.issuer.name,
        recipient=letter.recipient.name,
        issued_on=issued_on,
        fault=letter.fault,
        obligations=[
            {
                "what": obligation.end_state,
                "place": obligation.place,
                "measure": obligation.measure,
                "person": obligation.responsible,
                "due_on": obligation.due_on.isoformat(),
                "proof": obligation.proof,
                "verifier": obligation.verifier.name,
            }
            for obligation in obligations_of(instrument)
        ],
        scope_in=[clause["inside"] for clause in preview.clauses],
        scope_out=[f"{group['what']}{group['count']}户（在过错范围内，不列入本承诺）" for group in preview.fault],
        effects=[
            {"organ": names[gate.gate.spec.organ], "gate": gate.gate.label, "scope": f"住宅{gate.dwellings_after}套"}
            for gate in preview.effect.gates
            if gate.dwellings_after
        ][:6],
        liability=letter.liability,
        basis=instrument.basis.rstrip("。"),
        performer=letter.performer.name if letter.performer else "",
        undertaking_no=letter.undertaking_no,
        supervisor=letter.supervisor.name if letter.supervisor else "",
        advance_source=letter.advance_source,
    )


def deliveries_of(paper: Paper) -> "QuerySet[Delivery]":
    """Return the deliveries of a paper, the last first. No query yet."""
    deliveries: QuerySet[Delivery] = paper.deliveries.select_related("recorded_by").order_by("-delivered_on", "-id")
    return deliveries
