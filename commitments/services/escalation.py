"""A rung is sent: by the organ that may, as a numbered paper, onto the desk of who promised."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commitments.choices import KEPT
from commitments.locks import lock_obligation
from commitments.models import LadderStep, Obligation
from commitments.selectors.ladder import binds_since
from commitments.selectors.senders import Ladder, ladders_on
from commitments.services.ladder import (
    OVERTAKEN_REASON,
    STEP_TOLD,
    source_of,
    take_back_rung,
)
from commitments.services.powers import InstrumentRefused
from commitments.services.promises import (
    add_obligation_event,
    escalation_source,
    link_of,
    record_obligation,
    require_running,
    title_of,
)
from commitments.services.senders import require_sender
from projects.casework.selectors.calendar import calendar_of
from projects.ports import issue_paper
from registry.accounts.models import Organisation
from registry.accounts.services import inbox
from registry.kernel.authority import Actor, Permission
from registry.kernel.ladder import Rung, Step, due_by, plan
from registry.store.acts import Row, current_act, values_of, within_act, write

PAPER: Final = {
    Rung.REMINDER: "urging",
    Rung.SECOND: "urging",
    Rung.SUPERVISION: "supervision",
    Rung.CIRCULAR: "circular",
    Rung.SUMMONS: "summons",
}


@dataclass(frozen=True)
class EscalationDraft:
    """What a paper asks: in words, by which day, and for an interview where."""

    text: str
    reply_by: date
    place: str = ""


@within_act
def mark_answered(obligation: Obligation) -> None:
    """Mark what pressed a promisor as answered: it has reported. Runs inside an act."""
    inbox.settle(escalation_source(obligation))


@write(Permission.OBLIGATION_PRESS, on="obligation", once=True)
def send_rung(
    *, actor: Actor, obligation: Obligation, rung: Rung, on: date, text: str, reply_by: date, place: str = ""
) -> LadderStep:
    """Send a rung of the ladder: its numbered paper, its event, the promisor's desk; the sender's is cleared.

    Refused: a letter that is not being performed, a promise kept, an organ that may not send it, a rung sent already
    or below one sent, a day ahead or before the rung's own, no words, no day to answer after it, a summons without
    a place.
    """
    current, draft = lock_obligation(obligation), EscalationDraft(text.strip(), reply_by, place.strip())
    require_running(current)
    if current.state in KEPT:
        raise InstrumentRefused(f"第{current.ordinal}项已核验，无需{rung.label}。")
    instrument = current.letter.instrument
    ladder = ladders_on([instrument.project.district_code], on)[instrument.project.district_code]
    organ = _organ_of(actor)
    require_sender(organ, rung, ladder, instrument.issuer)
    written = {Rung(step.rung): step for step in LadderStep.objects.filter(obligation=current)}
    step = _require_its_turn(current, rung, on, ladder, written)
    _require_draft(rung, on, draft)
    known = values_of(written[rung], STEP_TOLD) if rung in written else None
    paper = _issue(actor, current, organ, rung, on, draft, [step for step in written.values() if step.sent_on])
    sent = _sent(current, step, organ, on, actor, paper)
    rows = Row.kept(sent, known, "rung", *STEP_TOLD)
    lower = [step for level, step in written.items() if level.height < rung.height]
    rows += [take_back_rung(step, OVERTAKEN_REASON) for step in lower if not (step.sent_on or step.skipped_reason)]
    add_obligation_event(current, "pressed", on, f"{organ}{rung.label}，{paper.number}：{draft.text}")
    _lay_before_promisor(current, organ, rung, paper.number, reply_by)

    facts: dict[str, object] = {
        "rung": rung.label,
        "number": paper.number,
        "organ": str(organ),
        "to": str(instrument.issuer),
    }
    record_obligation("obligation.pressed", current, {}, facts, *rows)
    return sent


def _organ_of(actor: Actor) -> Organisation:
    organ: Organisation | None = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    if organ is None:
        raise InstrumentRefused("督促要由有权的单位发出，不能由系统代发。", code="not_sender")
    return organ


def _require_its_turn(
    obligation: Obligation, rung: Rung, on: date, ladder: Ladder, written: dict[Rung, LadderStep]
) -> Step:
    done = written.get(rung)
    if done is not None and done.sent_on:
        raise InstrumentRefused(
            f"第{obligation.ordinal}项已于{done.sent_on}{rung.label}（{done.paper_number}）。", code="sent"
        )
    sent = {level for level, step in written.items() if step.sent_on}
    calendar, since = calendar_of(), binds_since(obligation.letter.instrument)
    steps = {step.rung: step for step in plan(obligation.due_on, calendar, ladder.offsets, sent, since)}
    if rung not in steps and all(rung.height > level.height for level in sent):
        raise InstrumentRefused(
            f"{rung.label}的时间在承诺函生效（{since}）以前，不发。请办理其后一级。", code="before_it_bound"
        )
    if rung not in steps:
        raise InstrumentRefused(f"第{obligation.ordinal}项已发更高一级的督促，不再{rung.label}。", code="overtaken")
    if on < steps[rung].due_on:
        raise InstrumentRefused(
            f"第{obligation.ordinal}项的期限是{obligation.due_on}，{rung.label}须在{steps[rung].due_on}以后发出。",
            field="on", code="too_early",
        )  # fmt: skip
    due = due_by(on, obligation.due_on, calendar, ladder.offsets, sent, since)
    if steps[rung] in due.overtaken:
        raise InstrumentRefused(
            f"已到更高一级督促时间，不再{rung.label}。请办理{due.to_send[0].rung.label}。", code="overtaken"
        )
    return steps[rung]


def _require_draft(rung: Rung, on: date, draft: EscalationDraft) -> None:
    if not draft.text:
        raise InstrumentRefused("未填写要求。请写明要求承诺单位完成的事项。", field="text")
    if draft.reply_by <= on:
        raise InstrumentRefused(f"答复或约谈的日期须在{on}以后。", field="reply_by")
    if rung is Rung.SUMMONS and not draft.place:
        raise InstrumentRefused("未填写约谈地点。", field="place")


def _issue(
    actor: Actor, obligation: Obligation, organ: Organisation, rung: Rung, on: date, draft: EscalationDraft,
    earlier: list[LadderStep],
) -> Any:  # fmt: skip
    instrument = obligation.letter.instrument
    cc = "、".join(
        dict.fromkeys(str(seen_by) for seen_by in (obligation.letter.supervisor, obligation.verifier) if seen_by)
    )
    words = {
        "project": instrument.project.name,
        "organ": organ.name,
        "recipient": instrument.issuer.name,
        "issued_on": on,
        "letter": str(instrument),
        "signed_on": instrument.signed_on,
        "ordinal": obligation.ordinal,
        "end_state": obligation.end_state,
        "place": obligation.place,
        "proof": obligation.proof,
        "due_on": obligation.due_on,
        "original_due_on": obligation.original_due_on,
        "late": (on - obligation.due_on).days,
        "state": obligation.get_state_display(),
        "earlier": [f"{step.get_rung_display()}（{step.paper_number}）" for step in earlier],
        "text": draft.text,
        "reply_by": draft.reply_by,
        "meeting_place": draft.place if rung is Rung.SUMMONS else "",
        "times": 1 + sum(step.rung == Rung.REMINDER for step in earlier),
        "cc": cc,
    }
    return issue_paper(
        actor=actor,
        project=instrument.project,
        kind=PAPER[rung],
        subject=instrument,
        snapshot=words,
        issued_on=on,
        addressee=instrument.issuer.name,
    )


def _sent(obligation: Obligation, step: Step, organ: Organisation, on: date, actor: Actor, paper: Any) -> LadderStep:
    made: LadderStep = LadderStep.objects.update_or_create(
        obligation=obligation,
        rung=step.rung.value,
        defaults={
            "due_on": step.due_on, "counted_from": obligation.due_on, "organ": organ, "sent_on": on,
            "sent_by_id": actor.person_id, "paper_number": paper.number, "paper_key": paper.pk, "skipped_reason": "",
            "act_id": current_act().id,
        },
    )[0]  # fmt: skip
    inbox.settle(source_of(made))
    return made


def _lay_before_promisor(obligation: Obligation, organ: Organisation, rung: Rung, number: str, reply_by: date) -> None:
    instrument = obligation.letter.instrument
    inbox.settle(escalation_source(obligation))
    inbox.deliver(
        source=escalation_source(obligation),
        verb="约谈" if rung is Rung.SUMMONS else f"答复{rung.label}",
        title=f"{title_of(obligation)}（{number}）",
        link=link_of(obligation),
        organisation=instrument.issuer,
        project_key=instrument.project_id,
        project_name=instrument.project.name,
        from_label=str(organ),
        due_on=reply_by,
    )
