"""Why, in words: sentences for the clerk (done, shut, who has it, what comes next), and plain words for the owner."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from registry.kernel.gates.facts import ProjectFacts
from registry.kernel.gates.reasons import SHUTTING, Line, Reason, ReasonKind, why
from registry.kernel.gates.table import Gate, label_list
from registry.kernel.scope import Scope
from registry.kernel.stages import Standing

STANDING_WORDS = {
    Standing.HELD: "这一户是「暂缓」，恢复正常后再办。",
    Standing.CARRIED: "这一户是「挂账」，不予办理，留在总数内。整改后可提请恢复。",
    Standing.EXCLUDED: "这一户是「核减」，不在应办户内。",
}


READY_WORDS = {
    "accepted": "楼栋和本户都没有障碍，可以受理。",
    "recorded": "已受理，没有堵点拦着登簿。完税、维修资金交清后即可登簿。",
    "": "已登簿，后面的缮证、发证不再受堵点影响。",
}


def render_why(reasons: Sequence[Reason], buildings: Mapping[int, str]) -> list[Line]:
    """Put the reasons into sentences; who holds the ball has a line of its own, marked as what comes."""
    lines = []
    for reason in reasons:
        lines.append(Line(reason.kind, _sentence(reason, buildings)))
        if follow := _ball(reason):
            lines.append(Line(ReasonKind.MISSING, follow))
    return lines


def _sentence(reason: Reason, buildings: Mapping[int, str]) -> str:
    match reason.kind:
        case ReasonKind.DONE:
            return _done(reason)
        case ReasonKind.LIFTED:
            basis = f"由{reason.relief}" if reason.relief else ""
            when = "可" if reason.next else "前面的环节办到后"
            opened = f"{_gate(reason)}的堵点{reason.lifted} {reason.label}已{basis}解开"
            if reason.gates[0].is_unit_level:
                return f"{opened}。"
            return f"{opened}，{when}由{reason.gates[0].spec.organ}办这一环节。"
        case ReasonKind.FAULT:
            where = _caught(reason, buildings)
            return f"{_shut(reason)}，本户在过错范围内{where}。整改核验后可办。"
        case ReasonKind.BLOCKED:
            relief = f"已有{reason.relief}，但不包括本户。" if reason.relief else ""
            return f"{_shut(reason)}{_caught(reason, buildings)}。{relief}"
        case ReasonKind.PAUSED:
            return f"暂停受理：{reason.label}。"
        case ReasonKind.STANDING:
            return STANDING_WORDS[reason.standing]
        case ReasonKind.MISSING:
            return _missing(reason)
        case ReasonKind.READY:
            return READY_WORDS[reason.stops]
        case ReasonKind.LATER:
            return f"可以受理，但{_shut(reason)}{_caught(reason, buildings)}，解开后才能登簿。"


def _gate(reason: Reason) -> str:
    return reason.gates[0].label


def _shut(reason: Reason) -> str:
    return f"{_gate(reason)}被{reason.blocker} {reason.label}卡住"


def _done(reason: Reason) -> str:
    count = len(reason.gates)
    text = f"楼栋{count}个环节都已办到" if count == reason.planned else f"楼栋{reason.planned}个环节已办到{count}个"
    if reason.by_commitment:
        papers = f"（{'、'.join(reason.documents)}）" if reason.documents else ""
        text += f"，其中{label_list(reason.by_commitment)}凭承诺办{papers}"
    if reason.by_opinion:
        text += f"，{label_list(reason.by_opinion)}凭部门意见办"
    return f"{text}。"


def _missing(reason: Reason) -> str:
    text = f"还没有办：{label_list(reason.gates)}"
    if not reason.next:
        return f"{text}，要等{label_list(reason.waits_on)}解开。"
    return f"{text}。下一步{'；'.join(f'{gate.label}，由{gate.spec.organ}办' for gate in reason.next)}。"


def _ball(reason: Reason) -> str:
    if reason.kind not in SHUTTING:
        return ""
    holder = f"现在由{reason.holder}办。" if reason.holder else ""
    return f"{holder}解开后即可{NEXT_WORDS[reason.stops]}。" if reason.is_last else holder


def _caught(reason: Reason, buildings: Mapping[int, str]) -> str:
    """The clause that caught the unit, in brackets; lists of units and names that are not known are left out."""
    if reason.caught_by is None:
        return ""
    term = reason.caught_by.terms[0]
    is_named = term.clause.units is not None
    shown = [one for one in term.minus if one.units is None and _are_known(one.buildings, buildings)]
    clause = replace(term.clause, units=None)
    if not _are_known(clause.buildings, buildings):
        clause = replace(clause, buildings=None)
    words = Scope((replace(term, clause=clause, minus=tuple(shown)),)).describe(buildings)
    if words == "全部" and not is_named:
        return "（本项目全部户）"
    if is_named:
        words = "按户列明" if words == "全部" else f"{words}，按户列明"
    return f"（{words}）"


def _are_known(wanted: frozenset[int] | None, buildings: Mapping[int, str]) -> bool:
    return wanted is None or all(building in buildings for building in wanted)


READY_SAID = {
    "accepted": "您家楼里的手续都办好了，可以办证。请带齐材料到办证中心，或先把材料交给我们。",
    "recorded": "您家的材料已经受理，登记机构正在办理，办好了我们会通知您。",
    "": "您家已经登记，正在做证，做好了我们会通知您来领。",
}


def telephone_words(reasons: Sequence[Reason]) -> str:
    """Explain the unit in an owner's words, without codes, for a clerk to read out."""
    kinds = {reason.kind: reason for reason in reversed(reasons)}
    if ReasonKind.FAULT in kinds:
        what = f"涉及「{kinds[ReasonKind.FAULT].label}」" if kinds[ReasonKind.FAULT].label else "有需要整改的地方"
        return f"您这处房屋{what}，要先恢复原状、通过核验，才能办证。恢复以后请联系我们，我们安排复核。"
    if ReasonKind.BLOCKED in kinds:
        return _blocked_words(kinds[ReasonKind.BLOCKED], kinds.get(ReasonKind.DONE))
    if ReasonKind.PAUSED in kinds:
        return "办理暂时停了，恢复以后我们会马上通知您，已经交的材料不用重交。"
    if ReasonKind.STANDING in kinds:
        if kinds[ReasonKind.STANDING].standing != Standing.HELD:
            return "您这处房屋目前按规定不能办证，具体情况请到办证中心当面了解。"
        return "您家目前登记为暂缓，事情解决以后告诉我们，就可以接着办。"
    if ReasonKind.MISSING in kinds:
        reason = kinds[ReasonKind.MISSING]
        first, count = (reason.next or reason.gates)[0], len(reason.gates)
        what = f"「{first.label}」等{count}道手续，都办好了" if count > 1 else f"「{first.label}」，办好了"
        return f"您家的路已经打通，现在在等主管部门办{what}就可以受理，材料可以先准备。"
    stops = kinds[ReasonKind.READY].stops if ReasonKind.READY in kinds else "accepted"
    if ReasonKind.LATER in kinds:
        return f"{READY_SAID[stops]}登记以前还要解决「{kinds[ReasonKind.LATER].label}」这件事，可以同时办。"
    return READY_SAID[stops]


def _blocked_words(reason: Reason, done: Reason | None) -> str:
    who = f"现在由{reason.holder}在办，" if reason.holder else ""
    if not reason.gates[0].is_unit_level:
        return f"这不是您的过错，是楼里的「{_gate(reason)}」手续还没解决。{who}办好了我们会通知您。"
    is_complete = done is not None and len(done.gates) == done.planned
    rest = "楼里的手续都办好了，" if is_complete else ""
    only = "现在只差" if reason.is_last else "您家还有"
    return f"{rest}{only}「{reason.label}」这件事没有解决。{who}办好了我们接着给您办。"


NEXT_WORDS = {"accepted": "受理", "recorded": "登簿"}
NOT_READY = (*SHUTTING, ReasonKind.PAUSED, ReasonKind.STANDING, ReasonKind.MISSING)


def not_ready_words(
    facts: ProjectFacts, unit_id: int, on: date, *, stage: str = "", buildings: Mapping[int, str] | None = None
) -> str:
    """Say why a unit can't go on from a stage, the weightiest reason first; "" if it can.

    By which blocker, since when, who has it. Without the names of buildings, the clause that caught the unit is told
    without them.
    """
    columns = facts.building_of(unit_id)
    standing = facts.standings[facts.buildings.index(columns)][columns.unit_ids.index(unit_id)]
    reasons = [r for r in why(columns.unit(unit_id), facts, on, standing=standing, stage=stage) if r.kind in NOT_READY]
    if not reasons:
        return ""
    first = min(reasons, key=lambda reason: NOT_READY.index(reason.kind))
    return f"{_sentence(first, buildings or {})}{_since(first)}{_ball(first)}"


def _since(reason: Reason) -> str:
    if reason.kind not in SHUTTING or reason.since is None:
        return ""
    unheld = "" if reason.holder else "，还没有定责任单位，请先在堵点上定"
    return f"堵点登记于{reason.since}{unheld}。"


def shut_by(facts: ProjectFacts, unit_id: int, gate: Gate, on: date) -> str:
    """Say which blocker shuts a gate for a unit; "" if none does."""
    unit = facts.building_of(unit_id).unit(unit_id)
    reliefs = [relief for relief in facts.reliefs if relief.is_in_force(on) and relief.scope.matches(unit)]
    for blocker in facts.blockers:
        if gate not in blocker.gates or not blocker.is_live(on) or not blocker.scope.matches(unit):
            continue
        if blocker.at_fault.matches(unit):
            return f"{blocker.number} {blocker.label}：在它的过错范围内，整改核验后可办"
        if all(relief.blocker_id != blocker.id for relief in reliefs):
            return f"{blocker.number} {blocker.label}：不在任何承诺或决定的条款内"
    return ""
