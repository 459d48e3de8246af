"""Invariants of the counter: what a visit moved was moved by its act; every scan is accounted for."""

from collections.abc import Iterator
from typing import Final

from projects.ledger.models import Move
from projects.office.models import QueueEvent, QueueTicket, Scan, VisitHome
from registry.audit.invariants import Invariant, Violation
from registry.audit.selectors import happenings


def visits_moved_what_they_say(project: int | None) -> Iterator[Violation]:
    """Hold each home that a visit took in against the move to 已收材料 of the visit's own act."""
    rows = VisitHome.objects.all()
    if project:
        rows = rows.filter(unit__building__project_id=project)
    said = set(rows.filter(is_moved=True).values_list("unit_id", "act_id"))
    acts = rows.values("act_id")
    moves = Move.objects.filter(act_id__in=acts, track="certificate", to_stage="collected")
    made = set(moves.values_list("unit_id", "act_id"))
    for unit, act in sorted(said - made):
        yield Violation(f"户{unit}", f"来访{act}办理至已收材料", "没有这次办理")
    for unit, act in sorted(made - said):
        yield Violation(f"户{unit}", f"来访{act}记有这次办理", "来访未记")


def visits_taken_back_left_nothing(project: int | None) -> Iterator[Violation]:
    """Hold each home that a visit took in before it was taken back against the reverse of that move."""
    rows = VisitHome.objects.filter(is_moved=True, visit__withdrawn_act_id__isnull=False)
    if project:
        rows = rows.filter(unit__building__project_id=project)
    said = dict(rows.values_list("unit_id", "act_id"))
    moves = Move.objects.filter(act_id__in=set(said.values()), track="certificate", to_stage="collected")
    standing = set(moves.filter(reversed_by__isnull=True).values_list("unit_id", "act_id"))
    for unit, act in sorted(set(said.items()) & standing):
        yield Violation(f"户{unit}", f"来访{act}已撤销，退回上一阶段", "已收材料没有退回")


def scans_are_accounted_for(project: int | None) -> Iterator[Violation]:
    """Hold each scan against the act that took it, and the paper that its code stands on."""
    rows = Scan.objects.filter(project_id=project) if project else Scan.objects.all()
    kept = dict(rows.values_list("id", "act_id"))
    known = happenings(set(kept.values()))
    for key, act in sorted(kept.items()):
        if act not in known:
            yield Violation(f"扫码{key}", "由一次操作登记", "没有这次操作")
    papers = rows.filter(visit__isnull=False, visit__receipt_key__isnull=True, visit__notice_key__isnull=True)
    for key, code in papers.order_by("id").values_list("id", "code"):
        yield Violation(f"扫码{key}", "所指的来访出过单据", f"{code}所指的来访没有单据")


def tickets_stand_where_they_went(project: int | None) -> Iterator[Violation]:
    """Hold the state of each ticket against its last transition, and its number against the counter of its day."""
    rows = QueueTicket.objects.filter(queue__project_id=project) if project else QueueTicket.objects.all()
    events = QueueEvent.objects.filter(ticket__in=rows.values("pk")).order_by("id")
    last = dict(events.values_list("ticket_id", "step"))
    for key, state, number, most in rows.order_by("id").values_list("id", "state", "number", "queue__last"):
        expected = STATE_AFTER.get(last.get(key, ""), "")
        if state != expected:
            yield Violation(f"号{key}", expected or "有取号记录", state)
        if number > most:
            yield Violation(f"号{key}", f"不大于末号{most}", str(number))


STATE_AFTER: Final = {
    "taken": "waiting", "called": "called", "recalled": "called", "started": "serving", "parked": "parked",
    "resumed": "waiting", "transferred": "called", "no_show": "no_show", "done": "done",
}  # fmt: skip
INVARIANTS_OF_COUNTER: Final = (
    Invariant("I51", "来访收齐的户由该次来访办理至已收材料", visits_moved_what_they_say),
    Invariant("I70", "撤销的来访没有留下办理", visits_taken_back_left_nothing),
    Invariant("I52", "扫过的每个码都有着落", scans_are_accounted_for),
    Invariant("I53", "排队号的状态等于最后一次变动", tickets_stand_where_they_went),
)
