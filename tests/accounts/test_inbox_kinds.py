"""Every kind of thing on a desk disappears when one of its events occurs: shown by the real acts, kind by kind."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from commitments.models import Instrument, Obligation
from commitments.services import (
    declare_breach,
    extend_obligation,
    record_inspection,
    report_obligation,
    request_closing,
    return_closing,
    revoke_instrument,
    run_ladder,
    send_rung,
    verify_obligation,
)
from documents.intake.services.sessions import expire_session
from documents.reports.choices import RunOutcome
from documents.reports.models import ScheduleRun
from documents.reports.services.schedules import keep_run
from projects.progress.approvals import CORRECTION
from registry.accounts import services as accounts
from registry.accounts.models import InboxItem
from registry.audit.messages import EVENT_MESSAGES
from registry.audit.models import Act
from registry.jobs.models import Job, JobState
from registry.jobs.services import enqueue, note_failure_seen, tell_failed
from registry.kernel.authority import system_actor
from registry.kernel.inbox import INBOX_KINDS, InboxKind, inbox_kind
from registry.kernel.ladder import Rung
from registry.kernel.stages import Track
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.commitments import test_countersigning as rounds
from tests.commitments.test_trials import TRIALS as COMMITMENTS
from tests.commitments.test_trials import countersigning, promised, reported, requested
from tests.documents.test_trials import TRIALS as DOCUMENTS
from tests.documents.test_trials import submitted
from tests.factories.projects import TODAY, Estate, move, on_day, photo
from tests.factories.trials import Trial
from tests.projects.leads.trials import LEADS
from tests.projects.test_trials import TRIALS as PROJECTS

Pair = tuple[str, str]


def open_items() -> dict[int, str]:
    return dict(InboxItem.objects.filter(done_at__isnull=True).values_list("pk", "source"))


def closed_by(act: Callable[[], Any]) -> set[Pair]:
    """Carry an act out; which kinds left a desk, with the events that it recorded."""
    before, last = open_items(), Act.objects.order_by("id").values_list("id", flat=True).last() or 0
    act()
    events = set()
    for row in Act.objects.filter(id__gt=last):
        events |= {row.event, *(event for event, *_ in row.facts.get("within", ()))}
    left = open_items()
    gone = {inbox_kind(source) for pk, source in before.items() if pk not in left}
    assert all(events & set(kind.closed_by) for kind in gone), f"closed by an event that nobody declared: {events}"
    return {(kind.name, event) for kind in gone for event in events & set(kind.closed_by)}


def declared() -> set[Pair]:
    return {(kind.name, event) for kind in INBOX_KINDS.values() for event in kind.closed_by}


def by_trial(trial: Trial) -> Callable[[Estate], set[Pair]]:
    def run(estate: Estate) -> set[Pair]:
        act = trial.prepare(estate)
        actor = getattr(estate.cast, trial.by).actor
        with on_day(TODAY, 12):
            return closed_by(lambda: act(actor))

    return run


def correction(decide: Callable[[Estate, Any], Any]) -> Callable[[Estate], set[Pair]]:
    def run(estate: Estate) -> set[Pair]:
        move(estate, estate.homes[:1], "assessed", date(2021, 8, 1), Track.TAX)
        unit = estate.unit()
        with on_day(date(2021, 9, 1)):
            approval = accounts.propose(
                actor=estate.cast.township.actor, kind=CORRECTION, title="更正", reason="点错了户", subject=unit,
                payload={"unit": unit.pk, "track": "tax", "reason": "点错了户"},
                area_code=estate.project.district_code,
            )  # fmt: skip
        with on_day(TODAY):
            return closed_by(lambda: decide(estate, approval))

    return run


def failed_job(estate: Estate) -> set[Pair]:
    job = enqueue(actor=estate.cast.district.actor, kind="exports.make", key="k", params={}, label="导出")
    with fixture_writes():
        Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="磁盘已满", is_told=False)
    job.refresh_from_db()
    tell_failed(actor=system_actor("后台任务"), job=job)
    return closed_by(lambda: note_failure_seen(actor=estate.cast.district.actor, job=job))


def later_run(estate: Estate) -> set[Pair]:
    """A run that waits on the desk gives way to the next of its schedule."""
    DOCUMENTS["take_run"].prepare(estate)
    earlier = ScheduleRun.objects.get()
    with on_day(TODAY, 12):
        return closed_by(
            lambda: keep_run(
                actor=system_actor("定期报表"), schedule=earlier.schedule, due_at=earlier.due_at + timedelta(days=1),
                outcome=RunOutcome.EMPTY, said="尚无已结账的月份",
            )
        )  # fmt: skip


def letter(estate: Estate) -> Instrument:
    return Instrument.objects.get()


def revoke(estate: Estate) -> Callable[[], Any]:
    words = {"on": TODAY, "reason": "不再履行", "first": FirstPerson.of(estate.cast.district_second.person)}
    return lambda: revoke_instrument(actor=estate.cast.district.actor, instrument=letter(estate), **words)


def pressed(estate: Estate) -> Obligation:
    """A promise whose rung lies on the task force's desk, with an inspection asked for."""
    promise: Obligation = promised(estate)
    with on_day(date(2022, 2, 25)):
        run_ladder(date(2022, 2, 25))
    return promise


def press(estate: Estate, promise: Obligation) -> Any:
    return send_rung(
        actor=estate.cast.district.actor, obligation=promise, rung=Rung.REMINDER, on=TODAY, text="请按期拆除",
        reply_by=date(2022, 3, 18),
    )  # fmt: skip


def report(estate: Estate, promise: Obligation, *, is_done: bool = True) -> Any:
    return report_obligation(
        actor=estate.cast.township.actor, obligation=promise, on=TODAY, text="已进场", is_done=is_done
    )


def after(prepare: Callable[[Estate], Any], act: Callable[[Estate, Any], Any]) -> Callable[[Estate], set[Pair]]:
    def run(estate: Estate) -> set[Pair]:
        made = prepare(estate)
        with on_day(TODAY, 15):
            return closed_by(lambda: act(estate, made))

    return run


def asked_to_answer(estate: Estate) -> Obligation:
    promise = pressed(estate)
    with on_day(TODAY, 11):
        press(estate, promise)
    return promise


def answered(estate: Estate) -> Instrument:
    """Every unit has answered: the drafter is asked to sign or change."""
    made = countersigning(estate)
    with on_day(TODAY):
        rounds.answer_countersign(actor=estate.cast.department.actor, instrument=made, agrees=True, comment="")
    return made


def sent_back(estate: Estate) -> Instrument:
    made = requested(estate)
    with on_day(TODAY, 11):
        return_closing(actor=estate.cast.department.actor, instrument=made, reason="缺照片")
    return made


def overdue(estate: Estate, made: Instrument) -> None:
    with fixture_writes():
        Obligation.objects.update(due_on=date(2022, 3, 1), state="doing")
    declare_breach(actor=estate.cast.district.actor, instrument=made, on=TODAY, reason="催办无果")


def sign_it(estate: Estate, made: Instrument) -> Any:
    return rounds.sign_instrument(
        actor=estate.cast.township.actor, instrument=made, number="×政函〔2022〕18号", signed_on=TODAY
    )


def return_it(estate: Estate, made: Instrument) -> Any:
    return rounds.return_instrument(actor=estate.cast.district.actor, instrument=made, reason="按意见修改")


LETTER, PROMISE, PRESSED, INSPECTION, RUNG = (
    "commitments_instrument", "commitments_obligation", "commitments_pressed", "commitments_inspection",
    "commitments_ladderstep",
)  # fmt: skip
ROUND, DRAFTER, RUN = "commitments_countersign", "commitments_instrument:countersigned", "reports_scheduledelivery"
WAYS: dict[str, tuple[Callable[[Estate], set[Pair]], set[Pair]]] = {
    "a proposal is agreed to": (
        correction(lambda e, made: accounts.approve(actor=e.cast.district.actor, approval=made)),
        {("accounts_approval", "approval.approved")},
    ),
    "a proposal is sent back": (
        correction(lambda e, made: accounts.return_back(actor=e.cast.district.actor, approval=made, remark="不对")),
        {("accounts_approval", "approval.returned")},
    ),
    "a proposal is withdrawn": (
        correction(lambda e, made: accounts.withdraw(actor=e.cast.township.actor, approval=made)),
        {("accounts_approval", "approval.withdrawn")},
    ),
    "a failed job is seen": (failed_job, {("jobs_job", "job.seen")}),
    "reveals are looked into": (by_trial(PROJECTS["check_reveals"]), {("reveals", "reveals.checked")}),
    "a department reports in": (by_trial(PROJECTS["report_in"]), {("whistle_call", "whistle.reported")}),
    "a department answers": (by_trial(PROJECTS["answer_call"]), {("whistle_call", "whistle.answered")}),
    "a task is finished": (by_trial(PROJECTS["report_task"]), {("task", "task.finished")}),
    "a task is found done": (by_trial(PROJECTS["accept_task"]), {("task", "task.accepted")}),
    "a task is sent back": (by_trial(PROJECTS["send_back_task"]), {("task", "task.returned")}),
    "a task is cancelled": (by_trial(PROJECTS["cancel_task"]), {("task", "task.cancelled")}),
    "a ticket is dispatched": (by_trial(LEADS["dispatch_ticket"]), {("ticket", "ticket.dispatched")}),
    "a ticket is returned": (by_trial(LEADS["return_ticket"]), {("ticket", "ticket.returned")}),
    "a ticket is answered": (by_trial(LEADS["answer_ticket"]), {("ticket", "ticket.answered")}),
    "a ticket is called back": (by_trial(LEADS["call_back_ticket"]), {("ticket", "ticket.called_back")}),
    "a ticket is excluded": (by_trial(LEADS["exclude_ticket"]), {("ticket", "ticket.excluded")}),
    "the last caller is told": (by_trial(LEADS["note_opening_call"]), {("opening", "ticket.opening_told")}),
    "a ticket is of another matter": (by_trial(LEADS["keep_out_ticket"]), {("ticket", "ticket.kept_out")}),
    "a run of a schedule is taken": (by_trial(DOCUMENTS["take_run"]), {(RUN, "schedule.taken")}),
    "a later run takes its place": (later_run, {(RUN, "schedule.ran")}),
    "an import is accepted": (
        by_trial(DOCUMENTS["accept_session"]), {("documents_importsession", "import.committed")},
    ),
    "an import is sent back": (
        by_trial(DOCUMENTS["return_session"]), {("documents_importsession", "import.returned")},
    ),
    "an import expires": (
        after(submitted, lambda e, made: expire_session(actor=e.cast.district.actor, session=made)),
        {("documents_importsession", "import.expired")},
    ),
    "a letter is made effective": (by_trial(COMMITMENTS["approve_instrument"]), {(LETTER, "instrument.effective")}),
    "a signed letter is sent back": (by_trial(COMMITMENTS["return_instrument"]), {(LETTER, "instrument.returned")}),
    "a closing is verified": (by_trial(COMMITMENTS["verify_closing"]), {(LETTER, "letter.closing_verified")}),
    "a closing is sent back": (by_trial(COMMITMENTS["return_closing"]), {(LETTER, "letter.closing_returned")}),
    "a letter is closed": (by_trial(COMMITMENTS["close_letter"]), {(LETTER, "letter.closed")}),
    "a closing is asked for again": (
        after(sent_back, lambda e, made: request_closing(actor=e.cast.township.actor, instrument=made, note="补照片")),
        {(LETTER, "letter.closing_requested")},
    ),
    "a letter that is being closed is in breach": (after(requested, overdue), {(LETTER, "letter.breached")}),
    "a letter that is being closed is revoked": (
        after(requested, lambda e, _: revoke(e)()), {(LETTER, "instrument.revoked")},
    ),
    "a unit answers": (by_trial(COMMITMENTS["answer_countersign"]), {(ROUND, "countersign.answered")}),
    "a round is broken off": (after(countersigning, return_it), {(ROUND, "instrument.returned")}),
    "a letter is signed": (after(answered, sign_it), {(DRAFTER, "instrument.signed")}),
    "a letter goes back to its draft": (after(answered, return_it), {(DRAFTER, "instrument.returned")}),
    "a promise is verified": (
        by_trial(COMMITMENTS["verify_obligation"]), {(PROMISE, "obligation.verified")},
    ),
    "a promise is not kept after all": (
        after(reported, lambda e, made: report(e, made, is_done=False)), {(PROMISE, "obligation.reported")},
    ),
    "a promise fails": (
        after(
            reported,
            lambda e, made: verify_obligation(
                actor=e.cast.department.actor, obligation=made, on=TODAY, evidence="还在", passed=False, **photo(TODAY)
            ),
        ),
        {(PROMISE, "obligation.refused")},
    ),
    "a reported promise ends with its letter": (
        after(reported, lambda e, _: revoke(e)()), {(PROMISE, "instrument.revoked")},
    ),
    "a rung is sent": (after(pressed, press), {(RUNG, "obligation.pressed")}),
    "a due day is put off": (
        after(
            pressed,
            lambda e, made: extend_obligation(
                actor=e.cast.district.actor, obligation=made, new_due_on=date(2022, 12, 30), reason="汛期停工", on=TODAY,
                first=FirstPerson.of(e.cast.district_second.person),
            ),
        ),
        {(RUNG, "obligation.extended")},
    ),
    "the promisor answers": (after(asked_to_answer, report), {(PRESSED, "obligation.reported")}),
    "a site is inspected": (
        after(
            pressed,
            lambda e, made: record_inspection(
                actor=e.cast.department.actor, obligation=made, on=TODAY, in_order=True, text="正在拆除", **photo(TODAY)
            ),
        ),
        {(INSPECTION, "obligation.inspected")},
    ),
    "what was asked ends with its letter": (
        after(asked_to_answer, lambda e, _: revoke(e)()),
        {(PRESSED, "instrument.revoked"), (INSPECTION, "instrument.revoked")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_thing_leaves_the_desk_with_its_event(estate: Estate, way: str) -> None:
    run, expected = WAYS[way]

    seen = run(estate)

    assert expected <= seen <= declared()


def test_every_kind_is_shown_to_leave_and_names_events_that_exist() -> None:
    """A kind that is declared and nowhere shown here, or an event that nobody records, fails."""
    shown = {kind for _, pairs in WAYS.values() for kind, _ in pairs}

    assert shown == set(INBOX_KINDS)
    assert {event for kind in INBOX_KINDS.values() for event in kind.closed_by} <= set(EVENT_MESSAGES)


def test_what_is_of_no_kind_lies_on_no_desk_and_no_kind_lies_for_ever(cast: Any) -> None:
    """Negative control."""
    with pytest.raises(ValueError, match="for ever"):
        InboxKind("x", ("办理",), ())
    with pytest.raises(KeyError):
        inbox_kind("nobody:1")
    assert inbox_kind("commitments_instrument:countersigned:7").verbs == ("签署或修改",)
    assert inbox_kind("commitments_instrument:7").name == LETTER
