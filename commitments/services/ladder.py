"""The ladder runs by itself: what falls due lies on the desk of the organ that may send it; nothing is sent by a rule.

One act a letter. A due date moved later takes back what was not sent; what was sent stays, with the date of then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import Q

from commitments.choices import KEPT, RUNNING
from commitments.locks import lock_instrument
from commitments.models import Instrument, LadderStep, Obligation
from commitments.selectors.ladder import binds_since, inspection_due_on
from commitments.selectors.senders import WHO, Ladder, ladders_on, organ_for
from commitments.services.lapsing import LapseRun
from commitments.services.powers import InstrumentRefused
from commitments.services.promises import escalation_source, inspection_source, link_of, title_of
from projects.casework.selectors.calendar import calendar_of
from registry.accounts.models import InboxItem, Organisation
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.ladder import Rung, Step, due_by
from registry.kernel.workdays import Calendar
from registry.store.acts import Row, current_act, values_of, within_act, write

RULE: Final = "督促"
TABLE: Final = "commitments_ladderstep"
STEP_TOLD: Final = (
    "due_on",
    "counted_from",
    "proposed_on",
    "sent_on",
    "paper_number",
    "skipped_reason",
)  # in the trail
KEPT_REASON: Final = "承诺已核验"
ENDED_REASON: Final = "承诺函不再履行"
OVERTAKEN_REASON: Final = "已由上一级督促措施接续"


@dataclass
class DueRungs:
    """What a letter's desks lack as of a day: rungs to lay, overtaken, to take back; sites to inspect."""

    to_lay: list[tuple[Obligation, Step]] = field(default_factory=list)
    overtaken: list[tuple[Obligation, Step]] = field(default_factory=list)
    to_take_back: list[LadderStep] = field(default_factory=list)
    to_inspect: list[Obligation] = field(default_factory=list)
    to_forget: list[Obligation] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.to_lay or self.overtaken or self.to_take_back or self.to_inspect or self.to_forget)


def source_of(step: LadderStep) -> str:
    """Return the name under which a rung waits to be sent."""
    return f"{TABLE}:{step.pk}"


def _due_rungs(
    instrument: Instrument, promises: Iterable[Obligation], *, on: date, calendar: Calendar, ladder: Ladder,
    asked: set[str],
) -> DueRungs:  # fmt: skip
    """Compare what the day asks for with what is written; `promises` come with ladder and events, no query here."""
    due_rungs = DueRungs()
    running = instrument.state in RUNNING
    for promise in promises:
        written = {Rung(step.rung): step for step in promise.ladder.all()}
        if not running or promise.state in KEPT:
            due_rungs.to_take_back += [
                step for step in written.values() if not step.sent_on and not step.skipped_reason
            ]
        else:
            sent = {rung for rung, step in written.items() if step.sent_on}
            due = due_by(on, promise.due_on, calendar, ladder.offsets, sent, binds_since(instrument))
            due_rungs.to_lay += [(promise, step) for step in due.to_send if not _lies(written.get(step.rung), step)]
            due_rungs.overtaken += [
                (promise, step) for step in due.overtaken if not _is_left_out(written.get(step.rung))
            ]
        if (
            running
            and inspection_due_on(instrument, promise, list(promise.events.all())) <= on
            and inspection_source(promise) not in asked
        ):
            due_rungs.to_inspect.append(promise)
        if not running and asked & {inspection_source(promise), escalation_source(promise)}:
            due_rungs.to_forget.append(promise)
    return due_rungs


def _lies(written: LadderStep | None, step: Step) -> bool:
    return written is not None and written.proposed_on is not None and not written.skipped_reason


def _is_left_out(written: LadderStep | None) -> bool:
    return written is not None and bool(written.skipped_reason)


def _promises_of(instruments: Iterable[Instrument]) -> dict[int, list[Obligation]]:
    rows = Obligation.objects.filter(letter__instrument__in=[one.pk for one in instruments])
    found: dict[int, list[Obligation]] = {}
    related = rows.select_related("letter__supervisor", "letter__instrument", "verifier")
    for row in related.prefetch_related("ladder", "events").order_by("letter_id", "ordinal"):
        found.setdefault(row.letter.instrument_id, []).append(row)
    return found


def _asked() -> set[str]:
    """What waits on desks about promises beside the rungs: inspections, and answers of promisors. One query."""
    kinds = Q(source__startswith="commitments_inspection:") | Q(source__startswith="commitments_pressed:")
    return set(InboxItem.objects.filter(kinds, done_at__isnull=True).values_list("source", flat=True))


@write(Permission.OBLIGATION_PRESS, on="instrument")
def apply_ladder(*, actor: Actor, instrument: Instrument) -> Instrument:
    """Lay on desks what of a letter falls due: rungs to be sent, sites to be inspected; and take back others.

    Refused: nothing falls due. Nothing is sent: that is for the organ that may.
    """
    current, today = lock_instrument(instrument), current_act().today
    ladder = ladders_on([current.project.district_code], today)[current.project.district_code]
    promises = _promises_of([current]).get(current.pk, [])
    due_rungs = _due_rungs(current, promises, on=today, calendar=calendar_of(), ladder=ladder, asked=_asked())
    if due_rungs.is_empty:
        raise InstrumentRefused(f"{current}无到期应督促或检查的事项。", code="nothing_due")
    rows = [row for promise, step in due_rungs.to_lay for row in _lay(current, promise, step, ladder)]
    rows += [row for promise, step in due_rungs.overtaken for row in _pass_over(promise, step)]
    reason = KEPT_REASON if current.state in RUNNING else ENDED_REASON
    rows += [take_back_rung(step, reason) for step in due_rungs.to_take_back]
    for promise in due_rungs.to_inspect:
        _ask_inspection(current, promise)
    for promise in due_rungs.to_forget:
        inbox.settle(inspection_source(promise))
        inbox.settle(escalation_source(promise))

    record(
        event="ladder.laid",
        subject=current,
        chain=current.project_id,
        facts={"number": str(current), "what": _words(due_rungs, reason)},
        rows=rows,
    )
    return current


def _words(due_rungs: DueRungs, reason: str) -> str:
    """One sentence for the act: what was laid, by promise; what was left out and taken back, by number."""
    by_promise: dict[int, list[str]] = {}
    for promise, step in due_rungs.to_lay:
        by_promise.setdefault(promise.ordinal, []).append(step.rung.label)
    parts = [f"第{ordinal}项{'、'.join(labels)}" for ordinal, labels in by_promise.items()]
    if due_rungs.to_inspect:
        parts.append(f"第{'、'.join(str(promise.ordinal) for promise in due_rungs.to_inspect)}项现场检查")
    if due_rungs.overtaken:
        parts.append(f"{len(due_rungs.overtaken)}件{OVERTAKEN_REASON}，不再发")
    if due_rungs.to_take_back or due_rungs.to_forget:
        parts.append(f"撤下{len(due_rungs.to_take_back) + len(due_rungs.to_forget)}件（{reason}）")
    return "；".join(parts)


def _kept(promise: Obligation, step: Step, **words: object) -> tuple[LadderStep, list[Row]]:
    laid = LadderStep.objects.filter(obligation=promise, rung=step.rung.value).first()
    known = values_of(laid, STEP_TOLD) if laid else None
    made: LadderStep = LadderStep.objects.update_or_create(
        obligation=promise,
        rung=step.rung.value,
        defaults={"due_on": step.due_on, "counted_from": promise.due_on, "act_id": current_act().id, **words},
    )[0]
    return made, Row.kept(made, known, "rung", *STEP_TOLD)


def _lay(instrument: Instrument, promise: Obligation, step: Step, ladder: Ladder) -> list[Row]:
    organ = organ_for(instrument.project, step.rung, ladder)
    row, rows = _kept(promise, step, organ=organ, proposed_on=current_act().today, skipped_reason="")
    note = "" if organ else f"（{WHO[step.rung]}未列入本项目参与单位，请先列入再转办）"
    inbox.deliver(
        source=source_of(row),
        verb=step.rung.label,
        title=f"{title_of(promise)}，期限{promise.due_on}{note}",
        link=link_of(promise),
        project_key=instrument.project_id,
        project_name=instrument.project.name,
        from_label=system_actor(RULE).name,
        due_on=step.due_on,
        organisation=organ,
        role=None if organ else Role.DISTRICT,
        area_code="" if organ else instrument.project.district_code,
    )
    return rows


def _pass_over(promise: Obligation, step: Step) -> list[Row]:
    row, rows = _kept(promise, step, skipped_reason=OVERTAKEN_REASON)
    inbox.settle(source_of(row))
    return rows


@within_act
def take_back_rung(step: LadderStep, reason: str) -> Row:
    """Take a rung that was not sent off its desk, with the reason. Runs inside an act."""
    step.skipped_reason = reason
    step.save(update_fields=["skipped_reason"])
    inbox.settle(source_of(step))
    return Row.changed(step, {"skipped_reason": ""})


@within_act
def cancel_unsent(obligation: Obligation) -> list[Row]:
    """Take back every rung of a kept promise that was not sent. Runs inside an act. A query each."""
    unsent = LadderStep.objects.filter(obligation=obligation, sent_on__isnull=True, skipped_reason="")
    return [take_back_rung(step, KEPT_REASON) for step in unsent]


@within_act
def recount_rungs(obligation: Obligation) -> list[Row]:
    """Count every rung that was not sent anew from the due date of now, off the desk until it comes.

    What was sent stays as it is, with the due date of then. Runs inside an act.
    """
    unsent = list(LadderStep.objects.filter(obligation=obligation, sent_on__isnull=True))
    if not unsent:
        return []
    district = obligation.letter.instrument.project.district_code
    ladder, calendar = ladders_on([district], current_act().today)[district], calendar_of()
    rows = []
    for step in unsent:
        before = {"due_on": step.due_on, "counted_from": step.counted_from}
        step.due_on = calendar.add_workdays(obligation.due_on, ladder.offsets[Rung(step.rung)])
        step.counted_from, step.proposed_on, step.skipped_reason = obligation.due_on, None, ""
        step.save(update_fields=["due_on", "counted_from", "proposed_on", "skipped_reason"])
        inbox.settle(source_of(step))
        rows += Row.if_changed(step, before)
    return rows


def _ask_inspection(instrument: Instrument, promise: Obligation) -> None:
    inspector: Organisation = promise.letter.supervisor or promise.verifier
    inbox.deliver(
        source=inspection_source(promise),
        verb="现场检查",
        title=title_of(promise),
        link=link_of(promise),
        organisation=inspector,
        project_key=instrument.project_id,
        project_name=instrument.project.name,
        from_label=system_actor(RULE).name,
        due_on=inspection_due_on(instrument, promise, list(promise.events.all())),
    )


def run_ladder(on: date) -> LapseRun:
    """Lay what falls due by a day, one act a letter that has something, safe to repeat.

    A letter that fails is named with the reason and doesn't keep the others. A query a district, eight more, and
    those of the acts.
    """
    open_steps = LadderStep.objects.filter(sent_on__isnull=True, skipped_reason="")
    ended = set(open_steps.values_list("obligation__letter__instrument_id", flat=True))
    asked = _asked()
    waiting = Obligation.objects.filter(pk__in={int(source.rpartition(":")[2]) for source in asked})
    ended |= set(waiting.values_list("letter__instrument_id", flat=True))
    every = Instrument.objects.filter(letter__isnull=False).select_related("project").order_by("pk")
    letters = [*every.filter(state__in=RUNNING), *every.filter(pk__in=ended).exclude(state__in=RUNNING)]
    promises, calendar = _promises_of(letters), calendar_of()
    settings = _settings_by_district(letters, on)
    done, failed = 0, list[tuple[str, str]]()
    for letter in letters:
        try:
            ladder = settings[letter.project.district_code]
            if isinstance(ladder, Exception):
                raise ladder
            own = promises.get(letter.pk, [])
            if not _due_rungs(letter, own, on=on, calendar=calendar, ladder=ladder, asked=asked).is_empty:
                apply_ladder(actor=system_actor(RULE), instrument=letter)
                done += 1
        except Exception as error:  # one letter never keeps the others: whatever it is, it is reported by name
            failed.append((letter.code, getattr(error, "message", "") or repr(error)))
    return LapseRun(done, tuple(failed))


def _settings_by_district(letters: Iterable[Instrument], on: date) -> Mapping[str, Ladder | Exception]:
    found: dict[str, Ladder | Exception] = {}
    for code in {letter.project.district_code for letter in letters}:
        try:
            found[code] = ladders_on([code], on)[code]
        except Exception as error:  # a setting that can't be read is the fault of its district alone
            found[code] = error
    return found
