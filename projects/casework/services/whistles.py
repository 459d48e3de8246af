"""吹哨报到: a township calls departments about a blocker; each reports in, answers, may get its answer back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from projects.casework.choices import CallState
from projects.casework.models import Whistle, WhistleCall, WhistleEvent
from projects.casework.selectors.calendar import calendar_of
from projects.casework.services.turns import LIMITS
from projects.gates.models import Blocker
from projects.gates.services.blockers import locked_blocker
from projects.ledger.locks import lock_project
from projects.ledger.services.participation import take_part
from registry.accounts.models import Organisation
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import Refused
from registry.store.acts import Row, current_act, values_of, write
from registry.store.bulk import reserve_keys
from registry.store.clock import SHANGHAI, shanghai_day
from registry.store.locks import lock
from registry.web.attachments.services import Upload, attach

TOLD: Final = ("state", "round", "starts", "reported_at", "answered_on", "days_late")  # of a call, in the trail


class WhistleRefused(Refused):
    """A whistle or an answer that can't be written so."""


@write(Permission.WHISTLE_BLOW, on="blocker", once=True)
def blow_whistle(
    *,
    actor: Actor,
    blocker: Blocker,
    place: str,
    meet_at: datetime,
    text: str,
    organisations: Sequence[Organisation],
    limit_days: int,
) -> Whistle:
    """Call departments about a blocker: what is to be solved, where and when to be there, by when to answer.

    `limit_days` are working days. Refused: no department; no place; no matter; a time that has passed; a department of
    one's own; a blocker that is ended; a limit outside 1 to 365. Source: features F5.
    """
    current = locked_blocker(blocker)
    act = current_act()
    if current.resolved_on is not None or current.withdrawn_reason:
        raise WhistleRefused(f"{current.number}已办结，无需吹哨。", code="ended")
    if not organisations:
        raise WhistleRefused("未选择部门。请选择报到部门。", field="organisations")
    if not place.strip():
        raise WhistleRefused("未填写地点。请写明报到地点。", field="place")
    if not text.strip():
        raise WhistleRefused("未填写请求解决的事项。请写明需要部门作出的结论或措施。", field="text")
    if meet_at < act.recorded_at:
        raise WhistleRefused("到场时间已过去。请填写以后的时间。", field="meet_at")
    if limit_days not in LIMITS:
        raise WhistleRefused("答复时限须在1至365个工作日之间。", field="limit_days")
    for one in organisations:
        if one.pk == actor.organisation_id:
            raise WhistleRefused(f"{one}为吹哨单位，不能列为报到单位。", field="organisations")
    key = reserve_keys(Whistle, 1)[0]
    whistle: Whistle = Whistle.objects.create(
        id=key, blocker=current, code=f"S-{key:05d}", called_by_id=actor.organisation_id,
        called_on=act.today, place=place.strip(), meet_at=meet_at, text=text.strip(), act_id=act.id,
    )  # fmt: skip
    called = {one.pk: one for one in organisations}
    rows = [Row.added(whistle, "code", "blocker_id", "called_by_id", "called_on")]
    for one in called.values():
        take_part(current.project, one)
        call = WhistleCall.objects.create(
            whistle=whistle, organisation=one, limit_days=limit_days, starts=act.today, act_id=act.id
        )
        _lay(call, "报到", shanghai_day(meet_at))
        rows.append(Row.added(call, "organisation_id", "limit_days", *TOLD))
    facts: dict[str, object] = {
        "code": whistle.code, "number": current.number, "title": current.title, "place": whistle.place,
        "meet_at": f"{meet_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        "organisations": "、".join(str(one) for one in called.values()),
    }  # fmt: skip
    _told("whistle.blown", whistle, facts, rows=rows)
    return whistle


@write(Permission.WHISTLE_ANSWER, on="call", once=True)
def report_in(*, actor: Actor, call: WhistleCall) -> WhistleCall:
    """Note that a department has reported in, at this moment; after the time stated it is late for ever."""
    current = _locked(call, actor)
    before = values_of(current, TOLD)
    if current.reported_at is not None:
        raise WhistleRefused(
            f"{current.organisation}已于{current.reported_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}报到。"
        )
    act = current_act()
    if act.today < (meets_on := shanghai_day(current.whistle.meet_at)):
        raise WhistleRefused(f"到场日期是{meets_on}，未到，不能提前登记报到。请在到场当日登记。", code="too_early")
    current.reported_at, current.is_late_there = act.recorded_at, act.recorded_at > current.whistle.meet_at
    current.state = CallState.REPORTED
    current.save(update_fields=["reported_at", "is_late_there", "state"])
    _note(current, CallState.REPORTED, "逾期报到" if current.is_late_there else "")
    _lay(current, "答复", _due(current))
    late = "，逾期报到" if current.is_late_there else ""
    facts = {"organisation": str(current.organisation), "late": late}
    _told("whistle.reported", current.whistle, facts, rows=[Row.changed(current, before)])
    return current


@write(Permission.WHISTLE_ANSWER, on="call", once=True)
def answer_call(*, actor: Actor, call: WhistleCall, answer: str, uploads: Sequence[Upload] = ()) -> WhistleCall:
    """Deliver a department's answer; the working days late are kept.

    Refused: no answer; not reported in yet; answered already.
    """
    current = _locked(call, actor)
    before = values_of(current, TOLD)
    if not answer.strip():
        raise WhistleRefused("未填写答复。请写明是否办理、办理措施和完成时限。", field="answer")
    if current.reported_at is None:
        raise WhistleRefused("尚未报到，不能答复。请先登记报到。", code="not_there")
    if current.state == CallState.ANSWERED:
        raise WhistleRefused(f"已于{current.answered_on}答复。需修改的，请吹哨单位退回。", code="answered")
    act, calendar = current_act(), calendar_of()
    used = calendar.workdays_between(current.starts, act.today)
    late = max(0, used - current.limit_days)
    current.answer, current.answered_on, current.state = answer.strip()[:300], act.today, CallState.ANSWERED
    current.due_on = calendar.add_workdays(current.starts, current.limit_days)
    current.days_late += late
    current.save(update_fields=["answer", "answered_on", "state", "due_on", "days_late"])
    if uploads:
        attach.within(actor=actor, subject=current.whistle, uploads=uploads, note=str(current.organisation))
    _note(current, CallState.ANSWERED, current.answer, used)
    inbox.settle(current.source)
    said = f"，逾期{late}个工作日" if late else ""
    _told(
        "whistle.answered",
        current.whistle,
        {"organisation": str(current.organisation), "answer": current.answer, "late": said},
        rows=[Row.changed(current, before)],
    )
    return current


@write(Permission.WHISTLE_BLOW, on="call", once=True)
def return_answer(*, actor: Actor, call: WhistleCall, reason: str) -> WhistleCall:
    """Send an answer back for another round, keeping the reason and the working days that the round cost.

    Refused: no reason; no answer to send back; a whistle that is closed.
    """
    current = _locked_of_caller(call, actor)
    before = values_of(current, TOLD)
    if not reason.strip():
        raise WhistleRefused("未填写退回原因。请写明答复所缺内容。", field="reason")
    if current.state != CallState.ANSWERED:
        raise WhistleRefused(f"{current.organisation}尚未答复，无可退回的内容。", code="no_answer")
    act = current_act()
    lost = calendar_of().workdays_between(current.starts, act.today)
    _note(current, CallState.RETURNED, reason, lost)
    current.round += 1
    current.state, current.starts, current.answered_on, current.due_on = CallState.RETURNED, act.today, None, None
    current.save(update_fields=["round", "state", "starts", "answered_on", "due_on"])
    _lay(current, "重新答复", _due(current))
    facts = {"organisation": str(current.organisation), "round": current.round, "lost": lost}
    _told("whistle.returned", current.whistle, facts, reason, rows=[Row.changed(current, before)])
    return current


@write(Permission.WHISTLE_BLOW, on="whistle")
def close_whistle(*, actor: Actor, whistle: Whistle, note: str) -> Whistle:
    """Close a whistle once every department has answered. Refused: no note; answers missing."""
    lock_project(whistle.project_id)
    current: Whistle = Whistle.objects.get(pk=whistle.pk)
    _require_caller(current, actor)
    if not note.strip():
        raise WhistleRefused("未填写办结说明。请写明结果。", field="note")
    waiting = current.calls.exclude(state=CallState.ANSWERED).select_related("organisation")
    if waiting:
        raise WhistleRefused(
            f"{'、'.join(str(one.organisation) for one in waiting)}尚未答复，不能办结。请先催办。",
            code="waiting",
        )
    current.closed_on, current.closing_note = current_act().today, note.strip()[:300]
    current.save(update_fields=["closed_on", "closing_note"])
    rows = [Row.changed(current, {"closed_on": None, "closing_note": ""})]
    _told("whistle.closed", current, {"note": current.closing_note}, rows=rows)
    return current


def _locked(call: WhistleCall, actor: Actor) -> WhistleCall:
    """The call locked; only the department itself reports in and answers, and only while the whistle is open."""
    current = _locked_call(call)
    if not actor.is_system and actor.organisation_id != current.organisation_id:
        raise WhistleRefused(f"报到单位为{current.organisation}，其他单位不得代为报到、答复。", code="not_called")
    _require_open(current.whistle)
    return current


def _locked_of_caller(call: WhistleCall, actor: Actor) -> WhistleCall:
    current = _locked_call(call)
    _require_caller(current.whistle, actor)
    return current


def _locked_call(call: WhistleCall) -> WhistleCall:
    """Lock the project first: whoever closes the whistle holds it, and sees no call change under its eyes."""
    lock_project(call.whistle.project_id)
    return lock(call, "organisation")


def _require_caller(whistle: Whistle, actor: Actor) -> None:
    if not actor.is_system and actor.organisation_id != whistle.called_by_id:
        raise WhistleRefused(f"本次吹哨由{whistle.called_by}发起，由其退回、办结。", code="not_caller")
    _require_open(whistle)


def _require_open(whistle: Whistle) -> None:
    if whistle.closed_on is not None:
        raise WhistleRefused(f"{whistle.code}已于{whistle.closed_on}办结。", code="closed")


def _due(call: WhistleCall) -> date:
    return calendar_of().add_workdays(call.starts, call.limit_days)


def _lay(call: WhistleCall, verb: str, due_on: date) -> None:
    inbox.settle(call.source)
    whistle = call.whistle
    inbox.deliver(
        source=call.source, verb=verb, title=f"{whistle.code} {whistle.text}", link=f"/casework/whistles/{whistle.code}/",
        organisation=call.organisation, project_key=whistle.project_id, project_name=whistle.project.name,
        from_label=str(whistle.called_by), due_on=due_on,
    )  # fmt: skip


def _note(call: WhistleCall, kind: CallState, text: str, workdays: int = 0) -> None:
    act = current_act()
    WhistleEvent.objects.create(
        call=call, kind=kind, on=act.today, text=text[:300], round=call.round, workdays=workdays, act_id=act.id
    )


def _told(event: str, whistle: Whistle, facts: Mapping[str, object], reason: str = "", *, rows: Sequence[Row]) -> None:
    record(
        event=event,
        subject=whistle,
        chain=whistle.project_id,
        facts={"code": whistle.code, **facts},
        reason=reason,
        rows=rows,
    )
