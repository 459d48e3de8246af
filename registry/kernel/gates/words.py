"""Why, in words: sentences for the clerk (done, shut, who has it, what comes next). For a family: `scripts`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from registry.kernel.gates.facts import ProjectFacts
from registry.kernel.gates.reasons import SHUTTING, Line, Reason, ReasonKind, lapsed, why
from registry.kernel.gates.table import Gate, label_list
from registry.kernel.scope import Scope
from registry.kernel.stages import Standing

STANDING_WORDS = {
    Standing.HELD: "本户为“暂缓”，原因消除并恢复正常后继续办理。",
    Standing.CARRIED: "本户为“挂账”（违反规定、不予办理），仍计入应办总数；整改完成后可提请恢复。",
    Standing.EXCLUDED: "本户已核减，不计入应办总数。",
}


READY_WORDS = {
    "accepted": "楼栋和本户均无堵点，可以受理。",
    "recorded": "已受理，待登簿：无堵点限制登簿，契税和应交的维修资金结清后即可登簿。",
    "": "已登簿，后续缮证、发证不受堵点影响。",
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
            when = "可" if reason.next else "待前序环节办结后"
            opened = f"{_gate(reason)}的堵点“{reason.label}”（{reason.lifted}）已{basis}解除"
            if reason.gates[0].is_unit_level:
                return f"{opened}。"
            return f"{opened}，{when}由{reason.gates[0].spec.organ.label}办理。"
        case ReasonKind.FAULT:
            where = _caught(reason, buildings)
            return f"{_shut(reason)}，本户在过错范围内{where}。整改并经核验后方可办理。"
        case ReasonKind.BLOCKED:
            relief = f"已有{reason.relief}，但不包括本户。" if reason.relief else ""
            return f"{_shut(reason)}{_caught(reason, buildings)}。{_lapsed(reason)}{relief}"
        case ReasonKind.BARRED:
            return f"{reason.label}，本户不受理。"
        case ReasonKind.PAUSED:
            return f"暂停受理：{reason.label}。"
        case ReasonKind.STANDING:
            return STANDING_WORDS[reason.standing]
        case ReasonKind.MISSING:
            return _missing(reason)
        case ReasonKind.READY:
            return READY_WORDS[reason.stops]
        case ReasonKind.LATER:
            return f"可以受理，但{_shut(reason)}{_caught(reason, buildings)}，解除后方可登簿。"


def _gate(reason: Reason) -> str:
    return reason.gates[0].label


def _shut(reason: Reason) -> str:
    return f"{_gate(reason)}因堵点“{reason.label}”（{reason.blocker}）未办结"


def lapsed_words(over: Sequence[tuple[str, date]]) -> str:
    """Say that what had lifted a blocker for a unit holds no more: which, and from when; "" if none did."""
    return "；".join(f"{label or '原有的条款'}自{day}起失效" for label, day in over)


def _lapsed(reason: Reason) -> str:
    said = lapsed_words(reason.lapsed)
    return f"{said}，未办的环节停止办理。" if said else ""


def _done(reason: Reason) -> str:
    count = len(reason.gates)
    text = f"楼栋{count}个环节均已办结" if count == reason.planned else f"楼栋{reason.planned}个环节已办结{count}个"
    if reason.by_commitment:
        papers = f"（{'、'.join(reason.documents)}）" if reason.documents else ""
        text += f"，其中{label_list(reason.by_commitment)}凭承诺办理{papers}"
    if reason.by_opinion:
        text += f"，{label_list(reason.by_opinion)}凭部门意见办理"
    return f"{text}。"


def _missing(reason: Reason) -> str:
    text = f"尚未办理：{label_list(reason.gates)}"
    if not reason.next:
        return f"{text}，待{label_list(reason.waits_on)}的堵点解除后办理。"
    return f"{text}。下一步办理：{'、'.join(f'{gate.label}（{gate.spec.organ.label}）' for gate in reason.next)}。"


def _ball(reason: Reason) -> str:
    if reason.kind not in SHUTTING:
        return ""
    holder = f"责任单位：{reason.holder}。" if reason.holder else ""
    return f"{holder}堵点解除后即可{NEXT_WORDS[reason.stops]}。" if reason.is_last else holder


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


NEXT_WORDS = {"accepted": "受理", "recorded": "登簿"}
NOT_READY = (ReasonKind.BARRED, *SHUTTING, ReasonKind.PAUSED, ReasonKind.STANDING, ReasonKind.MISSING)


def not_ready_words(
    facts: ProjectFacts, unit_id: int, on: date, *, stage: str = "", buildings: Mapping[int, str] | None = None
) -> str:
    """Say why a unit can't go on from a stage, the weightiest reason first; "" if it can.

    By which blocker, since when, who has it. Without the names of buildings, the clause that caught the unit is told
    without them.
    """
    facts = facts.at(on)
    columns = facts.building_of(unit_id)
    standing = facts.standings[facts.buildings.index(columns)][columns.unit_ids.index(unit_id)]
    if standing is None:
        return f"{on}该户尚未入账。请核对日期。"
    reasons = [r for r in why(columns.unit(unit_id), facts, on, standing=standing, stage=stage) if r.kind in NOT_READY]
    if not reasons:
        return ""
    first = min(reasons, key=lambda reason: NOT_READY.index(reason.kind))
    return f"{_sentence(first, buildings or {})}{_since(first)}{_ball(first)}"


def _since(reason: Reason) -> str:
    if reason.kind not in SHUTTING or reason.since is None:
        return ""
    unheld = "" if reason.holder else "，责任单位未确定，请先在堵点页面确定"
    return f"堵点登记于{reason.since}{unheld}。"


def shut_by(facts: ProjectFacts, unit_id: int, gate: Gate, on: date) -> str:
    """Say which blocker shuts a gate for a unit; "" if none does."""
    unit = facts.at(on).building_of(unit_id).unit(unit_id)
    reliefs = [relief for relief in facts.reliefs if relief.is_in_force(on) and relief.scope.matches(unit)]
    for blocker in facts.blockers:
        if gate not in blocker.gates or not blocker.is_live(on) or not blocker.scope.matches(unit):
            continue
        if blocker.at_fault.matches(unit):
            return f"{blocker.number} {blocker.label}：在其过错范围内，整改并经核验后方可办理"
        if all(relief.blocker_id != blocker.id for relief in reliefs):
            over = lapsed_words(lapsed(blocker, unit, facts, on))
            return f"{blocker.number} {blocker.label}：{over or '未列入任何承诺或决定的适用范围'}"
    return ""
