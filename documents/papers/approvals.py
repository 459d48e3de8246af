"""Papers that a second person checks: drafted by one from the page of their record, numbered when another agrees.

What was typed is kept, never what was printed: the paper is made of the record as it stands when it is signed, and is
refused if it then says anything else than what was drafted.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms

from documents.papers.forms import OF_RECORDS as FORMS
from documents.papers.kinds import BY_CODE
from documents.papers.models import Paper
from documents.papers.powers import POWERS, Check
from documents.papers.selectors.records import OF_RECORDS
from documents.papers.services.issuing import sign_paper
from documents.papers.subjects import state_of
from projects.ledger.models import Project
from registry.accounts.models import Approval, Organisation
from registry.accounts.services.approvals import ApprovalKind, first_of
from registry.accounts.services.seen import check_mark
from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.errors import DomainError

CHECKING: Final = "paper.check"
COUNTERSIGNING: Final = "paper.countersign"
DAY: Final = "day:"  # before a day among the words, which are kept as text


def kind_of_check(kind: str) -> str:
    """Return under which kind of proposal a kind of paper is checked."""
    return COUNTERSIGNING if POWERS[kind].check is Check.COUNTERSIGN else CHECKING


def kept_words(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of a form as a proposal keeps them."""
    return {name: f"{DAY}{word.isoformat()}" if isinstance(word, date) else word for name, word in words.items()}


def proposal_of(
    kind: str,
    record: Any,
    organ: Organisation,
    address: Mapping[str, Any],
    words: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
) -> dict[str, Any]:
    """Return the words of the proposal that lays a paper before who checks it."""
    project = OF_RECORDS[kind].project(record)
    return {
        "actor": actor, "kind": kind_of_check(kind), "title": f"{BY_CODE[kind].label} {record}",
        "payload": {
            "kind": kind, "organ": organ.pk, "address": dict(address), "words": kept_words(words), "on": on.isoformat(),
        },
        "subject": project, "project_key": project.pk if project else None, "project_name": project.name if project else "",
        "area_code": organ.area_code,
    }  # fmt: skip


def _words(approval: Approval) -> dict[str, Any]:
    def word(kept: Any) -> Any:
        is_day = isinstance(kept, str) and kept.startswith(DAY)
        return date.fromisoformat(kept.removeprefix(DAY)) if is_day else kept

    return {name: word(kept) for name, kept in approval.payload["words"].items()}


def record_of(approval: Approval) -> Any:
    """Return what the paper is about, as it stands now."""
    return OF_RECORDS[approval.payload["kind"]].find(system_actor("核稿"), **approval.payload["address"])


def organ_of_draft(approval: Approval) -> Organisation:
    """Return the organisation in whose name it was drafted."""
    organ: Organisation = Organisation.objects.get(pk=approval.payload["organ"])
    return organ


def snapshot_of_draft(approval: Approval) -> dict[str, Any]:
    """Return what the paper says, of its record as it stands now. Raises why it can't be issued any more."""
    declared = OF_RECORDS[approval.payload["kind"]]
    on = date.fromisoformat(approval.payload["on"])
    return declared.snapshot(record_of(approval), organ_of_draft(approval), on, _words(approval))


def project_of_draft(approval: Approval) -> Project | None:
    """Return the project of a paper; None where it is of an area."""
    project: Project | None = Project.objects.filter(pk=approval.project_key or 0).first()
    return project


def _sign(*, actor: Actor, approval: Approval) -> Paper:
    kind, about = approval.payload["kind"], record_of(approval)
    signed: Paper = sign_paper.within(
        actor=actor, project=project_of_draft(approval), kind=kind, organ=organ_of_draft(approval),
        snapshot=snapshot_of_draft(approval), first=first_of(approval),
        addressee_masked=OF_RECORDS[kind].addressee(about), about=about,
    )  # fmt: skip
    return signed


def _lines(approval: Approval) -> Sequence[tuple[str, str]]:
    kind = approval.payload["kind"]
    about, fields = record_of(approval), FORMS[kind].base_fields
    return (
        ("文种", BY_CODE[kind].label),
        ("以何单位名义", organ_of_draft(approval).name),
        ("主送", OF_RECORDS[kind].addressee(about) or "—"),
        ("所依记录", str(about)),
        *((_label(fields[name]), str(word) or "—") for name, word in _words(approval).items()),
    )


def _label(field: forms.Field) -> str:
    return str(field.label)


def _state(approval: Approval) -> Sequence[tuple[str, str]]:
    kind = approval.payload["kind"]
    try:
        about = record_of(approval)
        state, content = state_of(about), f"核对码{check_mark(snapshot_of_draft(approval))}"
    except DomainError as refusal:
        return (("文书内容", refusal.message),)
    papers = Paper.objects.filter(kind=kind, subject_key=about.pk, voided_on__isnull=True).order_by("pk")
    in_force = "、".join(papers.values_list("number", flat=True))
    return (("文书内容", content), ("所依记录", f"{about}（{state}）"), ("已出具", in_force or "没有"))


def _about(approval: Approval) -> object:
    return [approval.payload["kind"], approval.payload["address"]]


def _kind(kind: str, label: str, *deciders: Role) -> ApprovalKind:
    return ApprovalKind(
        kind=kind,
        label=label,
        permission=Permission.DOCUMENT_ISSUE,
        propose=Permission.DOCUMENT_ISSUE,
        carry_out=_sign,
        subject=project_of_draft,
        lines=_lines,
        deciders=deciders,
        rests_on=_state,
        about=_about,
    )


KINDS: Final = (
    _kind(CHECKING, "核稿签发", Role.CITY, Role.DISTRICT),
    _kind(COUNTERSIGNING, "会签签发", Role.TOWNSHIP, Role.DISTRICT),
)
