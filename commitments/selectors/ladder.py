"""The page of one obligation: its ladder with dates, what happened to it, its photos."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from commitments.choices import InstrumentState, ObligationState
from commitments.models import Instrument, LadderStep, Obligation, ObligationEvent
from commitments.selectors.senders import Ladder, ladders_on, may_send
from projects.casework.selectors.calendar import calendar_of
from registry.accounts.models import Organisation
from registry.audit.selectors import happenings
from registry.kernel.authority import Actor, Permission
from registry.kernel.ladder import Due, Rung, due_by, plan
from registry.kernel.workdays import Calendar, Deadline
from registry.web.attachments.selectors import attachments_of

RUNNING: Final = (InstrumentState.PERFORMING, InstrumentState.CLOSING, InstrumentState.BREACHED)
KEPT: Final = (ObligationState.VERIFIED, ObligationState.WAIVED)
EVENTS: Final[Mapping[str, str]] = {
    "report": "报送进展",
    "verified": "核验通过",
    "reopened": "退回整改",
    "extended": "延期",
    "succeeded": "变更整改主体",
    "pressed": "督促",
    "inspected": "现场检查",
}


@dataclass(frozen=True)
class RungShown:
    """One rung of the picture: sent, due or ahead, with its day; the paper it was sent with."""

    label: str
    when: str
    state: str
    on: date | None = None
    counted_from: date | None = None
    organ: str = ""
    paper_number: str = ""
    paper_key: int | None = None
    note: str = ""


@dataclass(frozen=True)
class EventShown:
    """One line of what happened: the day, by whom, in which words, with which photos."""

    on: date
    label: str
    who: str
    text: str
    files: tuple[Any, ...] = ()


@dataclass(frozen=True)
class PromisePage:
    """What the page of one obligation shows, and which rungs the actor may send today."""

    ladder: tuple[RungShown, ...]
    events: tuple[EventShown, ...]
    remark: str
    to_send: tuple[Rung, ...]
    next_inspection: date | None
    late: int


def shown_ladder(
    promise: Obligation, written: Mapping[Rung, LadderStep], *, on: date, calendar: Calendar, ladder: Ladder
) -> tuple[RungShown, ...]:
    """Return the picture of a ladder. No query."""
    sent = {rung for rung, step in written.items() if step.sent_on}
    since = binds_since(promise.letter.instrument)
    days = {step.rung: step.due_on for step in plan(promise.due_on, calendar, ladder.offsets, sent, since)}
    gone = {step.rung for step in due_by(on, promise.due_on, calendar, ladder.offsets, sent, since).overtaken}
    is_kept = promise.state in KEPT
    return tuple(_rung(rung, written.get(rung), days.get(rung), on, is_kept or rung in gone) for rung in Rung)


def binds_since(instrument: Instrument) -> date:
    """Return the day from which a letter binds: no reminder was due before it. No query."""
    return instrument.effective_on or instrument.signed_on or date.min


def _rung(rung: Rung, step: LadderStep | None, day: date | None, on: date, is_over: bool) -> RungShown:
    if step is not None and step.sent_on:
        return RungShown(
            rung.label, step.sent_on.isoformat(), "sent", step.sent_on, step.counted_from, str(step.organ),
            step.paper_number, step.paper_key,
        )  # fmt: skip
    if is_over or day is None:
        return RungShown(rung.label, "不发", "ahead", note=step.skipped_reason if step else "")
    organ = str(step.organ) if step and step.organ else ""
    return RungShown(rung.label, day.isoformat(), "due" if day <= on else "ahead", day, promise_day(step), organ)


def promise_day(step: LadderStep | None) -> date | None:
    """Return the due date from which a rung was counted. No query."""
    return step.counted_from if step else None


def promise_page(promise: Obligation, *, actor: Actor, on: date) -> PromisePage:
    """Return what the page of an obligation shows. Seven queries."""
    instrument = promise.letter.instrument
    district = instrument.project.district_code
    written = {Rung(step.rung): step for step in promise.ladder.select_related("organ")}
    calendar, ladder = calendar_of(), ladders_on([district], on)[district]
    sent = {rung for rung, step in written.items() if step.sent_on}
    runs = instrument.state in RUNNING
    due, since = Due(), binds_since(instrument)
    if runs and promise.state not in KEPT:
        due = due_by(on, promise.due_on, calendar, ladder.offsets, sent, since)
    organ: Organisation | None = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    own: list[Rung] = []
    if organ is not None and actor.can(Permission.OBLIGATION_PRESS):
        own = [step.rung for step in due.to_send if may_send(organ, step.rung, ladder, instrument.issuer)]
    last = plan(promise.due_on, calendar, ladder.offsets)[-1].due_on
    events = list(promise.events.order_by("happened_on", "id"))
    return PromisePage(
        ladder=shown_ladder(promise, written, on=on, calendar=calendar, ladder=ladder),
        events=_events(promise, events),
        remark=Deadline(last, calendar.unpublished(range(on.year, last.year + 1))).remark,
        to_send=tuple(own),
        next_inspection=inspection_due_on(instrument, promise, events) if runs else None,
        late=0 if promise.state in KEPT else (on - promise.due_on).days,
    )


def inspection_due_on(instrument: Instrument, promise: Obligation, events: list[ObligationEvent]) -> date:
    """Return the day of the next inspection: the rhythm after the last one or the letter's effect. No query."""
    seen = [event.happened_on for event in events if event.kind == "inspected"]
    last: date = max(seen, default=instrument.effective_on or promise.original_due_on)
    return date.fromordinal(last.toordinal() + promise.letter.inspect_every)


def _events(promise: Obligation, events: list[ObligationEvent]) -> tuple[EventShown, ...]:
    acts = happenings([event.act_id for event in events])
    files: dict[int, list[Any]] = {}
    for one in attachments_of(promise):
        files.setdefault(one.act_id, []).append(one)
    shown = []
    for event in events:
        moved = f"{event.old_due_on}改为{event.new_due_on}：" if event.new_due_on else ""
        who = acts[event.act_id].who if event.act_id in acts else ""
        own = tuple(files.pop(event.act_id, ()))
        shown.append(EventShown(event.happened_on, EVENTS.get(event.kind, event.kind), who, moved + event.text, own))
    return tuple(shown)
