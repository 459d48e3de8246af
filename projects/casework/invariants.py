"""What must hold of the clock: the turns of a blocker follow each other without gap and agree with the blocker."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from projects.casework.models import Turn
from registry.audit.invariants import Invariant, Violation


def turns_follow_each_other(project: int | None) -> Iterator[Violation]:
    """Read the turns kept, blocker by blocker; withdrawn blockers and those never handed over have none."""
    turns = Turn.objects.filter(blocker__withdrawn_reason="").select_related("blocker")
    if project is not None:
        turns = turns.filter(blocker__project=project)
    rows = turns.order_by("blocker_id", "ordinal").iterator(chunk_size=2000)
    for _, group in groupby(rows, key=lambda turn: turn.blocker_id):
        life = list(group)
        blocker, last = life[0].blocker, life[-1]
        if life[0].starts != blocker.found_on:
            yield Violation(blocker.number, f"自{blocker.found_on}起有人负责", f"自{life[0].starts}起")
        for turn, following in pairwise(life):
            if turn.ended_on != following.starts:
                yield Violation(blocker.number, f"第{turn.ordinal}段止于{following.starts}", f"{turn.ended_on}")
        if last.ended_on != blocker.resolved_on:
            yield Violation(blocker.number, f"最后一段止于{blocker.resolved_on}", f"{last.ended_on}")
        elif last.ended_on is None and last.holder_id not in (None, blocker.responsible_id):
            yield Violation(
                blocker.number, "在办的单位与堵点一致", f"时段{last.holder_id}，堵点{blocker.responsible_id}"
            )


INVARIANTS = (Invariant("I31", "堵点的责任时段首尾相接，与堵点的起止和在办单位一致", turns_follow_each_other),)
