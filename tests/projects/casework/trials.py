"""Trials of the services of the clock and of whistles."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from projects.casework.models import LiftProposal, Policy, Task, Whistle, WhistleCall
from projects.casework.services.policies import (
    change_policy,
    decline_lift,
    draft_policy,
    end_policy,
    issue_policy,
    propose_lifts,
)
from projects.casework.services.tasks import (
    TaskDraft,
    accept_task,
    cancel_task,
    extend_task,
    keep_meeting,
    report_task,
    send_back_task,
)
from projects.casework.services.turns import hand_over, pause_clock, resume_clock, return_ball
from projects.casework.services.whistles import answer_call, blow_whistle, close_whistle, report_in, return_answer
from projects.gates.models import Blocker, BlockerType
from registry.accounts.models import Organisation
from registry.kernel.authority import system_actor
from registry.store.second import FirstPerson
from tests.factories.projects import TODAY, Estate, lay_blocker, moment, on_day
from tests.factories.trials import Prepared, Trial

MEET = moment(TODAY, 15)


def lay_ball(estate: Estate, on: date = TODAY - timedelta(days=20)) -> Blocker:
    """A blocker whose ball the department has."""
    return lay_blocker(estate, "L05", on=on, responsible=estate.cast.department.organisation)


def lay_whistle(estate: Estate, *called: Organisation, on: date = TODAY) -> Whistle:
    """The township calls the department, or those given, to be there at three."""
    with on_day(on):
        whistle: Whistle = blow_whistle(
            actor=estate.cast.township.actor, blocker=lay_ball(estate), place="9号楼前", meet_at=moment(on, 15),
            text="确定夹层拆除方案和实施单位", organisations=called or (estate.cast.department.organisation,), limit_days=5,
        )  # fmt: skip
    return whistle


def lay_call(estate: Estate, *acts: str) -> WhistleCall:
    """The department's call, as far as the acts bring it."""
    call: WhistleCall = lay_whistle(estate).calls.get()
    with on_day(TODAY, 11):
        if "report" in acts:
            report_in(actor=estate.cast.department.actor, call=call)
        if "answer" in acts:
            answer_call(actor=estate.cast.department.actor, call=call, answer="三十日内拆完")
    return call


def _moved(service: Callable[..., Any], *acts: str, **words: Any) -> Callable[[Estate], Prepared]:
    def prepare(estate: Estate) -> Prepared:
        ball = lay_ball(estate)
        with on_day(TODAY - timedelta(days=10)):
            if "hand" in acts:
                hand_over(
                    actor=estate.cast.district.actor, blocker=ball, to=estate.cast.tax.organisation,
                    on=TODAY - timedelta(days=10), limit_days=5,
                )  # fmt: skip
            if "pause" in acts:
                pause_clock(
                    actor=estate.cast.district.actor, blocker=ball, on=TODAY - timedelta(days=10), reason="等判决"
                )
        more = {"to": estate.cast.tax.organisation} if service is hand_over else {}
        return lambda actor: service(actor=actor, blocker=ball, on=TODAY, **words, **more)

    return prepare


def _blow(estate: Estate) -> Prepared:
    ball, called = lay_ball(estate), [estate.cast.department.organisation]
    return lambda actor: blow_whistle(
        actor=actor, blocker=ball, place="现场", meet_at=MEET, text="定方案", organisations=called, limit_days=5
    )


def _called(service: Callable[..., Any], *acts: str, **words: Any) -> Callable[[Estate], Prepared]:
    def prepare(estate: Estate) -> Prepared:
        call = lay_call(estate, *acts)
        return lambda actor: service(actor=actor, call=call, **words)

    return prepare


def _close(estate: Estate) -> Prepared:
    whistle = lay_call(estate, "report", "answer").whistle
    return lambda actor: close_whistle(actor=actor, whistle=whistle, note="定了")


def lay_policy(estate: Estate, *, issued: bool = False) -> Policy:
    """A policy of the city that lifts owed premiums, in force if asked."""
    with on_day(TODAY):
        policy: Policy = draft_policy(actor=estate.cast.city.actor, **_policy_words())
        if issued:
            policy = issue_policy(actor=system_actor("试"), policy=policy, issued_on=TODAY, first=None)
    return policy


def _policy_words() -> dict[str, Any]:
    lifts = {BlockerType.objects.get(code="F01"): ""}
    return {"level": "single", "title": "证缴分离", "organ": "市规自委", "number": "×发〔2022〕1号", "lifts": lifts}


def _draft_policy(estate: Estate) -> Prepared:
    return lambda actor: draft_policy(actor=actor, **_policy_words())


def _of_policy(service: Callable[..., Any], *, issued: bool = True, **words: Any) -> Callable[[Estate], Prepared]:
    def prepare(estate: Estate) -> Prepared:
        policy = lay_policy(estate, issued=issued)
        if service is propose_lifts:
            lay_blocker(estate, "F01")
        more = _policy_words() if service is change_policy else {}
        return lambda actor: service(actor=actor, policy=policy, **words, **more)

    return prepare


def _issue(estate: Estate) -> Prepared:
    policy, proposer = lay_policy(estate), estate.cast.district.person
    return lambda actor: issue_policy(actor=actor, policy=policy, issued_on=TODAY, first=FirstPerson.of(proposer))


def _decline(estate: Estate) -> Prepared:
    lay_blocker(estate, "F01")
    lay_policy(estate, issued=True)
    proposal = LiftProposal.objects.get()
    return lambda actor: decline_lift(actor=actor, proposal=proposal, reason="企业有能力缴")


def lay_task(estate: Estate, *acts: str, on: date = TODAY) -> Task:
    """A meeting of the district gives the department a task, as far as the acts bring it."""
    with on_day(on):
        meeting = keep_meeting(actor=estate.cast.district.actor, **meeting_words(estate, on))
        task: Task = meeting.tasks.get()
        if "done" in acts:
            report_task(actor=estate.cast.department.actor, task=task, text="意见已出", is_done=True)
    return task


def meeting_words(estate: Estate, on: date = TODAY) -> dict[str, Any]:
    """What `keep_meeting` is told: one task for the department, due in a week."""
    task = TaskDraft("出首批核验意见", estate.cast.department.organisation, on + timedelta(days=7), estate.project)
    return {"title": "第12次例会", "held_on": on, "leader": "周某", "text": "先拆先验", "tasks": [task]}


def _keep(estate: Estate) -> Prepared:
    return lambda actor: keep_meeting(actor=actor, **meeting_words(estate))


def _of_task(service: Callable[..., Any], *acts: str, **words: Any) -> Callable[[Estate], Prepared]:
    def prepare(estate: Estate) -> Prepared:
        task = lay_task(estate, *acts)
        return lambda actor: service(actor=actor, task=task, **words)

    return prepare


CASEWORK = {
    "keep_meeting": Trial("meeting.kept", "district", "", _keep),
    "report_task": Trial("task.finished", "department", "", _of_task(report_task, text="意见已出", is_done=True)),
    "accept_task": Trial("task.accepted", "district", "", _of_task(accept_task, "done", text="属实")),
    "send_back_task": Trial("task.returned", "district", "", _of_task(send_back_task, "done", reason="少两间")),
    "extend_task": Trial(
        "task.extended", "district", "", _of_task(extend_task, due_on=TODAY + timedelta(days=30), reason="等复测")
    ),
    "cancel_task": Trial("task.cancelled", "district", "", _of_task(cancel_task, reason="并入另一项")),
    "draft_policy": Trial("policy.drafted", "city", "", _draft_policy),
    "change_policy": Trial("policy.changed", "city", "", _of_policy(change_policy, issued=False)),
    "end_policy": Trial("policy.ended", "city", "", _of_policy(end_policy, on=TODAY, reason="并入总意见")),
    "issue_policy": Trial("policy.issued", "city", "", _issue),
    "propose_lifts": Trial("policy.proposed", "city", "", _of_policy(propose_lifts)),
    "decline_lift": Trial("lift.declined", "district", "strange_district", _decline),
    "hand_over": Trial("ball.handed", "district", "strange_district", _moved(hand_over, limit_days=5, reason="请办")),
    "return_ball": Trial("ball.returned", "district", "strange_district", _moved(return_ball, "hand", reason="不归")),
    "pause_clock": Trial("clock.paused", "district", "strange_district", _moved(pause_clock, reason="等判决")),
    "resume_clock": Trial("clock.resumed", "district", "strange_district", _moved(resume_clock, "pause")),
    "blow_whistle": Trial("whistle.blown", "township", "strange_district", _blow),
    "report_in": Trial("whistle.reported", "department", "strange_department", _called(report_in)),
    "answer_call": Trial(
        "whistle.answered", "department", "strange_department", _called(answer_call, "report", answer="三十日内拆完")
    ),
    "return_answer": Trial(
        "whistle.returned",
        "township",
        "strange_district",
        _called(return_answer, "report", "answer", reason="没说谁拆"),
    ),
    "close_whistle": Trial("whistle.closed", "township", "strange_district", _close),
}
