"""Issuing a bulletin of a closed month or a flash of one that runs, and keeping what leaders write on it."""

from collections.abc import Mapping, Sequence
from datetime import date

from documents.reports.bulletin import HEADS
from documents.reports.choices import BulletinKind
from documents.reports.models import Bulletin, BulletinInstruction, MonthClose
from documents.reports.selectors.bulletins import ISSUERS, bulletin_draft, flash_words, with_texts
from documents.reports.selectors.reports import month_view
from projects.casework.models import Meeting
from projects.casework.services.tasks import TaskDraft, keep_meeting
from projects.ports import issue_paper, papers_in_force
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.store.acts import Row, current_act, within_act, write
from registry.store.locks import lock


class BulletinRefused(DomainError):
    """A bulletin that can't be issued, or an instruction that can't be kept on it."""


@write(Permission.DOCUMENT_ISSUE, once=True)
def issue_bulletin(
    *, actor: Actor, month: Month, kind: BulletinKind, texts: Mapping[str, str], report_to: str, send_to: str
) -> Bulletin:
    """Issue the bulletin of a closed month, its figures from the frozen rows, its parts as a person let them stand.

    Refused: a month that is not closed or was closed before its entries were kept; a part without words, above all
    what is to be done next; another bulletin of that kind, month and organ in force.
    """
    act = current_act()
    _require_issuer(actor)
    close = MonthClose.objects.filter(month=str(month)).first()
    if close is None:
        raise BulletinRefused(f"{month.label}尚未结账，不能出具月度通报。请先结账，或出具进展快报。", code="not_closed")
    for part, head in HEADS.items():
        if not texts.get(part, "").strip():
            raise BulletinRefused(f"“{head}”未填写。请写明后出具。", field=part)
    _require_no_other(actor, month, kind)
    view = month_view(actor, month, now=act.recorded_at)
    if not view.has_changes:
        raise BulletinRefused(f"{month.label}结账时没有留存各项目的变动，不能出具月度通报。", code="too_old")
    words = with_texts(bulletin_draft(view), texts, report_to=report_to, send_to=send_to)
    paper = issue_paper(actor=actor, project=None, kind=kind.value, subject=None, snapshot=words, issued_on=act.today)
    return _kept(actor, month, kind, paper, {part: texts[part].strip() for part in HEADS}, close.rows_hash)


@write(Permission.DOCUMENT_ISSUE, once=True)
def issue_flash(*, actor: Actor, lead: str) -> Bulletin:
    """Issue a flash of the month that runs, marked as not closed. Refused: without a sentence."""
    act = current_act()
    _require_issuer(actor)
    if not lead.strip():
        raise BulletinRefused("未填写提要。请写明后出具。", field="lead")
    month = Month.of(act.today)
    view = month_view(actor, month, now=act.recorded_at)
    words = flash_words(actor, view, on=act.today, lead=lead)
    kind = BulletinKind.FLASH
    paper = issue_paper(actor=actor, project=None, kind=kind.value, subject=None, snapshot=words, issued_on=act.today)
    return _kept(actor, month, kind, paper, {"lead": lead.strip()}, "")


@write(Permission.TASK_SET, once=True)
def record_instruction(
    *, actor: Actor, bulletin: Bulletin, leader: str, held_on: date, text: str, tasks: Sequence[TaskDraft]
) -> Meeting:
    """Keep what a leader wrote on a bulletin, with the tasks that it sets; unanswered, it heads the months to come.

    Refused: a bulletin of another organ; a void one; a day before it was issued; what `keep_meeting` refuses.
    """
    current = lock(bulletin, "organisation")
    if not actor.is_system and current.organisation_id != actor.organisation_id:
        raise BulletinRefused(f"{current.number}由{current.organisation}出具，批示由其登记。", code="not_own")
    if not papers_in_force([current.paper_key]):
        raise BulletinRefused(f"{current.number}已作废，不能登记批示。请登记在现行的一期上。", code="void")
    if held_on < current.issued_on:
        raise BulletinRefused(f"批示日期早于出具日期{current.issued_on}。请核对。", field="held_on")
    meeting: Meeting = keep_meeting.within(
        actor=actor, title=f"对{current.number}的批示"[:120], held_on=held_on, leader=leader, text=text, tasks=tasks,
        is_instruction=True, number=current.number,
    )  # fmt: skip
    link = BulletinInstruction.objects.create(bulletin=current, meeting=meeting, act_id=current_act().id)
    record(
        event="bulletin.instructed",
        subject=current,
        facts={"number": current.number, "leader": meeting.leader},
        rows=[Row.added(link, "meeting_id")],
    )
    return meeting


def _require_issuer(actor: Actor) -> None:
    if actor.role not in ISSUERS:
        raise BulletinRefused(
            f"{actor.role.label}不能出具通报、快报。通报、快报由市、区工作专班出具。", code="no_power"
        )


def _require_no_other(actor: Actor, month: Month, kind: BulletinKind) -> None:
    keys = dict(
        Bulletin.objects.filter(month=str(month), kind=kind, organisation=actor.organisation_id).values_list(
            "paper_key", "number"
        )
    )
    if standing := papers_in_force(keys):
        number = keys[min(standing)]
        raise BulletinRefused(
            f"{month.label}的{kind.label}已出具：{number}。需重新出具的，请先在文书页作废。", code="in_force"
        )


@within_act
def _kept(
    actor: Actor, month: Month, kind: BulletinKind, paper: object, texts: Mapping[str, str], rows_hash: str
) -> Bulletin:
    act = current_act()
    bulletin: Bulletin = Bulletin.objects.create(
        month=str(month), kind=kind, organisation_id=actor.organisation_id, paper_key=paper.pk, number=paper.number,  # type: ignore[attr-defined]
        rows_hash=rows_hash, texts=dict(texts), issued_on=act.today, issued_by_id=actor.person_id, act_id=act.id,
    )  # fmt: skip
    record(
        event="bulletin.issued",
        subject=bulletin,
        facts={"kind": kind.label, "number": bulletin.number, "month": month.label},
        rows=[Row.added(bulletin, "number", "rows_hash")],
    )
    return bulletin
