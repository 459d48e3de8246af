"""What papers about records say: a meeting, a whistle, an extension, an inspection, an interview, an undertaking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse

from commitments.models import Instrument, LadderStep, Obligation, ObligationEvent
from commitments.selectors import instrument_by_code, obligation_of, obligations_of
from documents.papers.kinds import (
    ExtensionReply,
    HandoverList,
    InterviewRecord,
    MeetingMinutes,
    RectificationNotice,
    SignatureSheet,
    Undertaking,
    WhistleSheet,
)
from documents.papers.selectors.agendas import Agenda, agenda_of, agenda_snapshot
from documents.papers.subjects import Record
from projects.casework.models import Meeting, Whistle
from projects.casework.selectors.tasks import meeting_by_code
from projects.casework.selectors.whistles import whistle_by_code
from projects.ledger.models import Project
from projects.office.models import Manifest
from projects.office.selectors.checklists import office_settings
from projects.office.selectors.custody import lines_of, manifest_by_id
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound, Refused
from registry.kernel.ladder import Rung
from registry.store.clock import SHANGHAI

Words = Mapping[str, Any]


@dataclass(frozen=True)
class RecordPaper:
    """A kind of paper about a record: how that is found, what it says, to whom, from which page it is issued.

    `snapshot` takes the record, the issuing organ, the day and the words of the form; `first` gives what its form
    begins with; `subject` is how `issue_paper` is told of the record ("": it is none).
    """

    kind: str
    find: Callable[..., Record | Instrument | Agenda]
    project: Callable[[Any], Project | None]
    snapshot: Callable[[Any, Organisation, date, Words], dict[str, Any]]
    addressee: Callable[[Any], str]
    back: Callable[[Any], str]
    intro: str
    first: Callable[[Any], dict[str, Any]] = lambda record: {}
    subject: str = "about"


def _obligation_page(promise: Obligation) -> str:
    return reverse("commitments:promise_page", args=[promise.letter.instrument.code, promise.ordinal])


def _promise(actor: Actor, code: str, ordinal: int) -> Obligation:
    return obligation_of(instrument_by_code(actor, code), ordinal)


def _extension(actor: Actor, code: str, ordinal: int) -> ObligationEvent:
    promise = _promise(actor, code, ordinal)
    event: ObligationEvent | None = promise.events.filter(kind="extended").order_by("-pk").first()
    if event is None:
        raise NotFound(f"第{ordinal}项承诺没有批准过延期。")
    return event


def _summons(actor: Actor, code: str, ordinal: int) -> LadderStep:
    promise = _promise(actor, code, ordinal)
    step: LadderStep | None = promise.ladder.filter(rung=Rung.SUMMONS).first()
    if step is None:
        raise NotFound(f"第{ordinal}项承诺没有发过约谈通知。")
    return step


def _minutes(meeting: Meeting, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    tasks = meeting.tasks.select_related("owner").order_by("id")
    return MeetingMinutes.snapshot(
        title=meeting.title, held_on=meeting.held_on, place=meeting.place, leader=meeting.leader, text=meeting.text,
        tasks=[(task.code, task.text, str(task.owner), task.due_on) for task in tasks], **words,
    )  # fmt: skip


def _owners(meeting: Meeting) -> dict[str, Any]:
    owners = dict.fromkeys(str(task.owner) for task in meeting.tasks.select_related("owner").order_by("id"))
    return {"sent_to": "、".join(owners)[:200]}


def _moment(at: Any) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _whistle(whistle: Whistle, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    calls = whistle.calls.select_related("organisation").order_by("id")
    return WhistleSheet.snapshot(
        whistle=whistle.code, project=whistle.project.name, blocker=f"{whistle.blocker.number} {whistle.blocker.title}",
        units=whistle.blocker.units_caught, place=whistle.place, meet_at=_moment(whistle.meet_at), asked=whistle.text,
        calls=[
            (
                str(call.organisation), call.limit_days, _moment(call.reported_at) if call.reported_at else "",
                call.answer, call.answered_on,
            )
            for call in calls
        ],
        **words,
    )  # fmt: skip


def _reply(event: ObligationEvent, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    promise = event.obligation
    instrument = promise.letter.instrument
    if event.old_due_on is None or event.new_due_on is None:
        raise Refused("这次延期没有记下前后日期，不能出具批复。")
    return ExtensionReply.snapshot(
        project=instrument.project.name, recipient=instrument.issuer.name, letter=instrument.title,
        letter_number=instrument.number, ordinal=promise.ordinal, what=promise.end_state, old=event.old_due_on,
        new=event.new_due_on, reason=event.text, is_superior=organ.kind == OrganisationKind.GOVERNMENT,
        cc=promise.verifier.name, **words,
    )  # fmt: skip


def _rectification(promise: Obligation, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    instrument = promise.letter.instrument
    if words["inspected_on"] > on:
        raise Refused(f"检查日期不能晚于今日{on}。", field="inspected_on")
    if words["mend_by"] <= on:
        raise Refused(f"整改期限须在今日{on}以后。", field="mend_by")
    return RectificationNotice.snapshot(
        recipient=_performer(promise), project=instrument.project.name, letter=instrument.title,
        letter_number=instrument.number, ordinal=promise.ordinal, what=promise.end_state, proof=promise.proof,
        verifier=promise.verifier.name, **words,
    )  # fmt: skip


def _performer(promise: Obligation) -> str:
    performer = promise.letter.performer
    return performer.name if performer else ""


def _interview(step: LadderStep, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    promise = step.obligation
    instrument = promise.letter.instrument
    if step.sent_on is not None and not step.sent_on <= words["held_on"] <= on:
        raise Refused(f"约谈日期须在约谈通知发出日期{step.sent_on}和今日{on}之间。", field="held_on")
    earlier = promise.ladder.filter(sent_on__isnull=False).exclude(pk=step.pk).order_by("sent_on", "pk")
    return InterviewRecord.snapshot(
        project=instrument.project.name, promisor=instrument.issuer.name, letter=instrument.title, ordinal=promise.ordinal,
        what=promise.end_state, due_on=promise.due_on, late=(words["held_on"] - promise.due_on).days,
        summons=step.paper_number, earlier=[f"{rung.get_rung_display()}（{rung.paper_number}）" for rung in earlier], **words,
    )  # fmt: skip


def _undertaking(instrument: Instrument, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    supervisor = instrument.letter.supervisor
    return Undertaking.snapshot(
        project=instrument.project.name, recipient=instrument.issuer.name, letter=instrument.title,
        letter_number=instrument.number if instrument.signed_on else "",
        obligations=[
            {
                "what": promise.end_state, "measure": promise.measure, "due_on": promise.due_on.isoformat(),
                "proof": promise.proof,
            }
            for promise in obligations_of(instrument)
        ],
        supervisor=supervisor.name if supervisor else "", **words,
    )  # fmt: skip


def _manifest_page(manifest: Manifest) -> str:
    return reverse("office:manifest", args=[manifest.pk])


def _handover(manifest: Manifest, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    if organ.pk not in (manifest.sender_id, manifest.receiver_id):
        raise Refused(f"清单{manifest.number}由{manifest.sender}移交、{manifest.receiver}接收，{organ}不能代为出具。")
    lines = list(lines_of(manifest, {}).filter(struck_act_id__isnull=True).order_by("position"))
    sent = manifest.sent_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if manifest.sent_at else ""
    signed = manifest.signed_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if manifest.signed_at else ""
    return HandoverList.snapshot(
        manifest=manifest.number, code=manifest.code.spaced, project=manifest.project.name,
        purpose=manifest.get_purpose_display(), sender=manifest.sender.name, receiver=manifest.receiver.name,
        way=manifest.way, sent=f"{manifest.sent_by or ''} {sent}".strip(),
        signed=f"{manifest.signed_by or ''} {signed}".strip(), due_on=manifest.due_on,
        lines=[
            {
                "position": line.position, "place": f"{line.item.unit.building}{line.item.unit}",
                "holders": line.item.unit.holders_masked,
                "contents": line.item.contents or line.item.get_kind_display(), "copies": line.item.copies,
                "originals": line.item.originals, "note": line.note,
            }
            for line in lines
        ],
        back=[
            {"position": line.position, "said": line.state} for line in lines if line.back_act_id or line.kept_act_id
        ],
    )  # fmt: skip


def _sheet(manifest: Manifest, organ: Organisation, on: date, words: Words) -> dict[str, Any]:
    if organ.pk != manifest.receiver_id:
        raise Refused(f"签收表由保管证书的{manifest.receiver}出具，{organ}不能代为出具。")
    lines = lines_of(manifest, {}).filter(taken_act_id__isnull=False, item__ended_act_id__isnull=True)
    waiting = [line.item for line in lines.select_related("item__certificate").order_by("position")]
    if not waiting:
        raise Refused(f"清单{manifest.number}的证书均已发，没有待领的。")
    return SignatureSheet.snapshot(
        manifest=manifest.number, project=manifest.project.name,
        place=office_settings(manifest.project.district_code, on=on)["office.place"] or organ.name,
        lines=[
            {
                "place": f"{item.unit.building}{item.unit}", "holders": item.unit.holders_masked,
                "number": item.certificate.number, "blank": item.certificate.blank_no,
            }
            for item in waiting
        ],
    )  # fmt: skip


def _letter(actor: Actor, code: str) -> Instrument:
    instrument = instrument_by_code(actor, code)
    if not hasattr(instrument, "letter"):
        raise NotFound("这不是承诺函。")
    return instrument


def _issuer_of(record: ObligationEvent | LadderStep) -> str:
    return str(record.obligation.letter.instrument.issuer)


OF_RECORDS: Final[Mapping[str, RecordPaper]] = {
    each.kind: each
    for each in (
        RecordPaper(
            "agenda", agenda_of, lambda agenda: None, agenda_snapshot, lambda agenda: "成员单位",
            lambda agenda: reverse("casework:agenda"),
            "优先化解的堵点、逾期的堵点、未完成的任务取自台账，以出具当日为准；时间、地点、人员在此填写。", subject="",
        ),
        RecordPaper(
            "minutes", meeting_by_code, lambda meeting: None, _minutes, lambda meeting: "成员单位",
            lambda meeting: reverse("casework:meeting", args=[meeting.code]),
            "会议情况、议定任务取自台账；出席等人员名单在此填写。由召开会议的单位出具，一次会议一份。", _owners,
        ),
        RecordPaper(
            "whistle_sheet", whistle_by_code, lambda whistle: whistle.project, _whistle,
            lambda whistle: "、".join(str(call.organisation) for call in whistle.calls.select_related("organisation"))[:120],
            lambda whistle: reverse("casework:whistle", args=[whistle.code]),
            "请求事项、报到部门、到场和答复情况取自台账，打印后现场签到。",
        ),
        RecordPaper(
            "handover_list", manifest_by_id, lambda manifest: manifest.project, _handover,
            lambda manifest: str(manifest.receiver), _manifest_page,
            "各项、签字时间、退件记录取自清单；打印后由双方签字。",
        ),
        RecordPaper(
            "signature_sheet", manifest_by_id, lambda manifest: manifest.project, _sheet, lambda manifest: "权利人",
            _manifest_page, "列出本批尚未领取的证书，逐本签字领取；未签字的不计入已发证。",
        ),
        RecordPaper(
            "extension_reply", _extension, lambda event: event.obligation.letter.instrument.project, _reply, _issuer_of,
            lambda event: _obligation_page(event.obligation),
            "前后期限、延期原因取自最近一次批准的延期。区人民政府出具的为批复，其他单位出具的为复函。",
        ),
        RecordPaper(
            "rectification", _promise, lambda promise: promise.letter.instrument.project, _rectification, _performer,
            _obligation_page,
            "发给整改主体的督促文书。行政处罚、责令改正由有权机关依法另行作出，不在此出具。",
            lambda promise: {"place": promise.place},
        ),
        RecordPaper(
            "interview_record", _summons, lambda step: step.obligation.letter.instrument.project, _interview, _issuer_of,
            lambda step: _obligation_page(step.obligation),
            "约谈事由、逾期日数、此前督促取自台账；谈话内容在此填写，签字后存档。",
        ),
        RecordPaper(
            "undertaking", _letter, lambda instrument: instrument.project, _undertaking,
            lambda instrument: str(instrument.issuer),
            lambda instrument: reverse("commitments:instrument", args=[instrument.code]),
            "整改内容与承诺函逐项对应，取自台账；资金和联系人在此填写，法定代表人签字盖章后生效。", subject="instrument",
        ),
    )
}  # fmt: skip
