"""Why: for each gate not passed, the missing step or the blocker, what caught the unit, what lifts it, who has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.kernel.gates.facts import BlockerFact, ProjectFacts, StepFact
from registry.kernel.gates.grouped import BuildingGates, compute_gates
from registry.kernel.gates.table import BUILDING_GATES, Gate, StepStatus, label_list
from registry.kernel.scope import Scope, UnitFacts
from registry.kernel.stages import Labelled, Standing


class ReasonKind(Labelled):
    """What a line of `why` is about; the value is its mark."""

    DONE = "done", "已办"
    MISSING = "missing", "未办"
    BLOCKED = "blocked", "堵"
    FAULT = "fault", "错"
    STANDING = "standing", "缓"
    PAUSED = "paused", "停"
    READY = "ready", "可办"


@dataclass(frozen=True)
class Reason:
    """One reason, as data: rendered later, never parsed."""

    kind: ReasonKind
    gates: tuple[Gate, ...] = ()
    blocker: str = ""
    label: str = ""
    caught_by: Scope | None = None
    holder: str = ""
    relief: str = ""
    by_commitment: tuple[Gate, ...] = ()
    by_opinion: tuple[Gate, ...] = ()
    documents: tuple[str, ...] = ()


def why(unit: UnitFacts, facts: ProjectFacts, on: date, *, standing: Standing = Standing.ACTIVE) -> list[Reason]:
    """This will give the reasons of one unit on a day: what is done, what is shut and by what, what comes next."""
    table = compute_gates(facts, on=on)
    gates = table.buildings[unit.building]
    bit = gates.columns.bit(unit.id)
    plan = [gate for gate in BUILDING_GATES if gate in gates.plan]
    done = [gate for gate in plan if gates.passed[gate] & bit]
    reasons = [_done(done, gates, bit, facts, on)] if done else []
    for blocker in table.blockers:
        caught = blocker.scope.matches(unit)
        passed = not blocker.gate.is_unit_level and gates.passed[blocker.gate] & bit
        if caught and not passed:
            reasons += _blocked(unit, blocker, facts, on)
    shut = {reason.gates[0] for reason in reasons if reason.kind in (ReasonKind.BLOCKED, ReasonKind.FAULT)}
    missing = tuple(gate for gate in plan if gate not in done and gate not in shut)
    if missing:
        reasons.append(Reason(ReasonKind.MISSING, gates=missing, holder=missing[0].spec.organ))
    if gates.paused & bit:
        label = next(pause.label for pause in facts.pauses if pause.is_in_force(on) and pause.scope.matches(unit))
        reasons.append(Reason(ReasonKind.PAUSED, label=label))
    if standing != Standing.ACTIVE:
        reasons.append(Reason(ReasonKind.STANDING, label=standing.label))
    if gates.ready & bit:
        reasons.append(Reason(ReasonKind.READY))
    return reasons


def _done(done: Sequence[Gate], gates: BuildingGates, bit: int, facts: ProjectFacts, on: date) -> Reason:
    steps = [step for gate in done if (step := step_for(gates, bit, facts, gate, on)) is not None]
    return Reason(
        ReasonKind.DONE,
        gates=tuple(done),
        by_commitment=tuple(step.gate for step in steps if step.status == StepStatus.BY_COMMITMENT),
        by_opinion=tuple(step.gate for step in steps if step.status == StepStatus.BY_OPINION),
        documents=tuple(
            dict.fromkeys(s.document for s in steps if s.status == StepStatus.BY_COMMITMENT and s.document)
        ),
    )


def step_for(gates: BuildingGates, bit: int, facts: ProjectFacts, gate: Gate, on: date) -> StepFact | None:
    """This will give the step that decides a gate for a unit: the most specific that covers it and stands."""
    columns = gates.columns
    covering = [
        step
        for step in facts.steps
        if step.gate == gate
        and step.stands(on)
        and step.building in (None, columns.id)
        and columns.part_mask(step.part) & bit
        and not any(columns.bit(unit_id) == bit for unit_id in step.left_out)
    ]
    return max(covering, key=lambda step: step.specificity, default=None)


def _blocked(unit: UnitFacts, blocker: BlockerFact, facts: ProjectFacts, on: date) -> list[Reason]:
    is_fault = blocker.at_fault.matches(unit)
    reliefs = [r for r in facts.reliefs if r.blocker_id == blocker.id and r.is_in_force(on)]
    if not is_fault and any(relief.scope.matches(unit) for relief in reliefs):
        return []
    term = (blocker.at_fault if is_fault else blocker.scope).matching_term(unit)
    return [
        Reason(
            ReasonKind.FAULT if is_fault else ReasonKind.BLOCKED,
            gates=(blocker.gate,),
            blocker=blocker.number,
            label=blocker.label,
            caught_by=Scope((term,)) if term else None,
            holder=blocker.holder,
            relief="、".join(relief.label for relief in reliefs),
        )
    ]


@dataclass(frozen=True)
class Line:
    """One sentence of the explanation, with the kind that decides its mark."""

    kind: ReasonKind
    text: str


def render_why(reasons: Sequence[Reason], buildings: Mapping[int, str]) -> list[Line]:
    """This will put the reasons into sentences: what is done, what is shut, who has it, what comes next."""
    return [Line(reason.kind, _sentence(reason, buildings)) for reason in reasons]


def _sentence(reason: Reason, buildings: Mapping[int, str]) -> str:
    if reason.kind == ReasonKind.DONE:
        basis = (
            f"，其中{label_list(reason.by_commitment)}凭承诺办（{'、'.join(reason.documents)}）"
            if reason.by_commitment
            else ""
        )
        opinion = f"，{label_list(reason.by_opinion)}凭部门意见办" if reason.by_opinion else ""
        return f"楼栋{len(reason.gates)}个环节已办到{basis}{opinion}。"
    if reason.kind == ReasonKind.MISSING:
        return f"还没有办：{label_list(reason.gates)}。下一步{reason.gates[0].label}，由{reason.holder}办。"
    if reason.kind == ReasonKind.PAUSED:
        return f"暂停受理：{reason.label}。"
    if reason.kind == ReasonKind.STANDING:
        return f"这一户是「{reason.label}」，恢复正常后再办。"
    if reason.kind == ReasonKind.READY:
        return "楼栋和本户都没有障碍，可以受理。"
    caught = reason.caught_by.describe(buildings) if reason.caught_by else ""
    holder = f"现在由{reason.holder}办。" if reason.holder else ""
    if reason.kind == ReasonKind.FAULT:
        return f"{reason.gates[0].label}被{reason.blocker} {reason.label}卡住，本户在过错范围内（{caught}）。整改核验后可办。{holder}"
    relief = f"已有{reason.relief}，但不包括本户。" if reason.relief else ""
    return f"{reason.gates[0].label}被{reason.blocker} {reason.label}卡住（{caught}）。{relief}{holder}"


def telephone_words(reasons: Sequence[Reason]) -> str:
    """This will explain the unit in an owner's words, without codes, for a clerk to read out."""
    kinds = {reason.kind: reason for reason in reversed(reasons)}
    if ReasonKind.FAULT in kinds:
        return "您这处房屋改变了原来的结构或用途，要先恢复原状、通过核验，才能办证。恢复以后请联系我们，我们安排复核。"
    if ReasonKind.BLOCKED in kinds:
        reason = kinds[ReasonKind.BLOCKED]
        who = f"现在由{reason.holder}在办，" if reason.holder else ""
        if reason.gates[0].is_unit_level:
            return (
                f"楼里的手续都办好了，您家还有一件事没有办完：{reason.label}。{who}办好以后就可以受理，我们会通知您。"
            )
        return f"您家没有过错，是楼里的「{kinds[ReasonKind.BLOCKED].gates[0].label}」手续还没解决。{who}办好了我们会通知您。"
    if ReasonKind.PAUSED in kinds:
        return "办理暂时停了，恢复以后我们会马上通知您，已经交的材料不用重交。"
    if ReasonKind.STANDING in kinds:
        return "您家目前登记为暂缓，事情解决以后告诉我们，就可以接着办。"
    if ReasonKind.MISSING in kinds:
        gate = kinds[ReasonKind.MISSING].gates[0]
        return f"您家的路已经打通，现在在等{gate.spec.organ}办「{gate.label}」，办好了就可以受理，材料可以先准备。"
    return "您家楼里的手续都办好了，可以办证。请带齐材料到办证中心，或先把材料交给我们。"


def not_ready_words(facts: ProjectFacts, unit_id: int, on: date) -> str:
    """This will say in one sentence why a unit is not ready."""
    columns = facts.building_of(unit_id)
    place = columns.unit_ids.index(unit_id)
    unit = columns.facts()[place]
    standing = facts.standings[facts.buildings.index(columns)][place]
    order = (ReasonKind.FAULT, ReasonKind.BLOCKED, ReasonKind.PAUSED, ReasonKind.STANDING, ReasonKind.MISSING)
    reasons = sorted(
        (reason for reason in why(unit, facts, on, standing=standing) if reason.kind in order),
        key=lambda reason: order.index(reason.kind),
    )
    return _sentence(reasons[0], {}) if reasons else ""


def shut_by(facts: ProjectFacts, unit_id: int, gate: Gate, on: date) -> str:
    """This will say which blocker shuts a gate for a unit; "" if none does."""
    columns = facts.building_of(unit_id)
    unit = columns.facts()[columns.unit_ids.index(unit_id)]
    for blocker in facts.blockers:
        if blocker.gate == gate and blocker.is_live(on) and blocker.scope.matches(unit):
            found = _blocked(unit, blocker, facts, on)
            if found:
                what = (
                    "在它的过错范围内，整改核验后可办"
                    if found[0].kind == ReasonKind.FAULT
                    else "不在任何承诺或决定的条款内"
                )
                return f"{blocker.number} {blocker.label}：{what}"
    return ""
