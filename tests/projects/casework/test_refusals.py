"""Every refusal of the services of casework that no other test meets: its words, its code, its field."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from projects.casework.models import Policy
from projects.casework.services.policies import change_policy, draft_policy, end_policy, issue_policy, require_covered
from projects.casework.services.tasks import cancel_task, extend_task, report_task, send_back_task
from projects.casework.services.turns import hand_over, pause_clock, resume_clock
from projects.casework.services.whistles import answer_call, blow_whistle, close_whistle, report_in, return_answer
from projects.gates.services import resolve_blocker
from registry.kernel.authority import system_actor
from registry.kernel.errors import DomainError
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY, Estate, lay_blocker, on_day
from tests.projects.casework.trials import MEET, _policy_words, lay_ball, lay_call, lay_policy, lay_task, lay_whistle

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=30)


def hand(estate: Estate, *, limit_days: int = 5, is_closed: bool = False) -> Any:
    ball, to = lay_ball(estate), estate.cast.tax.organisation
    if is_closed:
        with fixture_writes():
            type(to).objects.filter(pk=to.pk).update(is_active=False)
        to.refresh_from_db()
    return hand_over(actor=estate.cast.district.actor, blocker=ball, to=to, on=TODAY, limit_days=limit_days)


def resume_what_nobody_had(estate: Estate) -> Any:
    blocker = lay_blocker(estate, "L05", on=TODAY - timedelta(days=20))
    return resume_clock(actor=estate.cast.district.actor, blocker=blocker, on=TODAY)


def end_before_a_turn(estate: Estate) -> Any:
    ball, actor = lay_ball(estate), estate.cast.district.actor
    pause_clock(actor=actor, blocker=ball, on=TODAY, reason="等判决")
    return resolve_blocker(actor=actor, blocker=ball, resolved_on=TODAY - timedelta(days=5), resolution="×1号")


def blow_for_what_ended(estate: Estate) -> Any:
    ball = lay_ball(estate)
    resolve_blocker(actor=estate.cast.district.actor, blocker=ball, resolved_on=TODAY, resolution="×1号")
    return blow(estate, ball)


def blow(estate: Estate, ball: Any, **more: Any) -> Any:
    words = {
        "place": "现场", "meet_at": MEET, "text": "定方案", "organisations": [estate.cast.department.organisation],
        "limit_days": 5, **more,
    }  # fmt: skip
    return blow_whistle(actor=estate.cast.township.actor, blocker=ball, **words)


def answer(estate: Estate, *acts: str, text: str = "三十日内拆完") -> Any:
    return answer_call(actor=estate.cast.department.actor, call=lay_call(estate, *acts), answer=text)


def give_back(estate: Estate, *acts: str, reason: str = "没说谁拆") -> Any:
    return return_answer(actor=estate.cast.township.actor, call=lay_call(estate, *acts), reason=reason)


def of_task(service: Callable[..., Any], *acts: str, by: str = "district", **words: Any) -> Callable[[Estate], Any]:
    return lambda e: service(actor=getattr(e.cast, by).actor, task=lay_task(e, *acts), **words)


def touch_a_cancelled_task(estate: Estate) -> Any:
    task = lay_task(estate)
    cancel_task(actor=estate.cast.district.actor, task=task, reason="并入另一项")
    return report_task(actor=estate.cast.department.actor, task=task, text="意见已出", is_done=True)


def issue(policy: Policy) -> Any:
    return issue_policy(actor=system_actor("试"), policy=policy, issued_on=TODAY, first=None)


def unnumbered(estate: Estate) -> Policy:
    policy = lay_policy(estate)
    with fixture_writes():
        Policy.objects.update(number="")
    return policy


def draft(estate: Estate, **more: Any) -> Any:
    return draft_policy(actor=estate.cast.city.actor, **{**_policy_words(), **more})


def end(estate: Estate, **more: Any) -> Any:
    words = {"on": TODAY, "reason": "并入总意见", **more}
    return end_policy(actor=estate.cast.city.actor, policy=lay_policy(estate, issued=True), **words)


def rest_on_anothers(estate: Estate) -> Any:
    policy = lay_policy(estate, issued=True)
    with fixture_writes():
        Policy.objects.update(district_code="110108")
    policy.refresh_from_db()
    return require_covered(policy, district_code="110105", types={"F01": ""}, on=TODAY)


# name: what is done, the words of the refusal, its code, the field that it stands under
REFUSALS: dict[str, tuple[Callable[[Estate], Any], str, str, str | None]] = {
    "the ball to who is closed": (lambda e: hand(e, is_closed=True), "已经停用，不能接办", "refused", "to"),
    "a limit of a thousand days": (lambda e: hand(e, limit_days=1000), "时限须在1至365", "refused", "limit_days"),
    "a clock that nobody had": (resume_what_nobody_had, "尚未确定责任单位", "nobody_before", None),
    "an end before a turn": (end_before_a_turn, "结束日期不能更早", "refused", "resolved_on"),
    "a whistle for what ended": (blow_for_what_ended, "已办结，无需吹哨", "ended", None),
    "a whistle to oneself": (
        lambda e: blow(e, lay_ball(e), organisations=[e.cast.township.organisation]),
        "为吹哨单位，不能列为报到单位", "refused", "organisations",
    ),
    "a whistle of no matter": (lambda e: blow(e, lay_ball(e), text=" "), "未填写请求解决的事项", "refused", "text"),
    "a whistle of no place": (lambda e: blow(e, lay_ball(e), place=" "), "未填写地点", "refused", "place"),
    "a whistle of no limit": (lambda e: blow(e, lay_ball(e), limit_days=0), "答复时限须在1至365", "refused", "limit_days"),
    "a second report": (
        lambda e: report_in(actor=e.cast.department.actor, call=lay_call(e, "report")), "报到。", "refused", None,
    ),
    "an empty answer": (lambda e: answer(e, "report", text=" "), "未填写答复", "refused", "answer"),
    "a second answer": (lambda e: answer(e, "report", "answer"), "需修改的，请吹哨单位退回", "answered", None),
    "an answer sent back without a reason": (
        lambda e: give_back(e, "report", "answer", reason=" "), "未填写退回原因", "refused", "reason",
    ),
    "no answer sent back": (lambda e: give_back(e, "report"), "尚未答复，无可退回的内容", "no_answer", None),
    "a whistle closed without a word": (
        lambda e: close_whistle(actor=e.cast.township.actor, whistle=lay_whistle(e), note=" "),
        "未填写办结说明", "refused", "note",
    ),
    "a report of nothing": (
        of_task(report_task, by="department", text=" ", is_done=False), "未填写办理情况", "refused", "text",
    ),
    "a task sent back without a reason": (
        of_task(send_back_task, "done", reason=" "), "未填写退回原因", "refused", "reason",
    ),
    "a later day without a reason": (
        of_task(extend_task, due_on=LATER, reason=" "), "未填写延期原因", "refused", "reason",
    ),
    "a later day that is none": (
        of_task(extend_task, due_on=TODAY, reason="等复测"), "新期限要晚于现在的期限", "refused", "due_on",
    ),
    "a task cancelled without a reason": (of_task(cancel_task, reason=" "), "未填写撤销原因", "refused", "reason"),
    "a task that is cancelled": (touch_a_cancelled_task, "不能再修改", "closed", None),
    "a policy issued twice": (lambda e: issue(lay_policy(e, issued=True)), "发布。", "issued", None),
    "a policy without a number": (lambda e: issue(unnumbered(e)), "尚无文号", "refused", "number"),
    "a policy without a title": (lambda e: draft(e, title=" "), "未填写标题", "refused", "title"),
    "a policy without an organ": (lambda e: draft(e, organ=" "), "未填写发文机关", "refused", "organ"),
    "a policy in force changed": (
        lambda e: change_policy(actor=e.cast.city.actor, policy=lay_policy(e, issued=True), **_policy_words()),
        "不能改。需要调整的，另发一份", "issued", None,
    ),
    "a policy ended without a reason": (lambda e: end(e, reason=" "), "未填写废止原因", "refused", "reason"),
    "a policy ended before it was issued": (
        lambda e: end(e, on=TODAY - timedelta(days=1)), "废止日期须在发布日期", "refused", "on",
    ),
    "another district's policy": (rest_on_anothers, "只适用于本区以外的项目", "refused", "policy"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_it_is_refused_in_words(estate: Estate, name: str) -> None:
    act, words, code, field = REFUSALS[name]

    with on_day(TODAY), pytest.raises(DomainError, match=words) as caught:
        act(estate)

    assert (caught.value.code, caught.value.field) == (code, field)
