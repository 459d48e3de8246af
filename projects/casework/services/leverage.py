"""Keeping a count of what resolving blockers would free."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from projects.casework.models import LeverageMember, LeverageRow, LeverageRun
from projects.casework.selectors.leverage import Ranked, ranked_moves
from projects.ledger.models import Project
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.leverage import Move, order_of
from registry.store.acts import current_act, write
from registry.store.bulk import insert_rows, reserve_keys

RULE: Final = "计算优先化解次序"
SETS_KEPT: Final = 20  # of several blockers, per project; every single blocker is kept
RUNS_KEPT: Final = 30
FIELDS: Final = (
    "id", "run_id", "project_id", "place", "size", "homes", "others", "days", "needs", "together", "homes_together",
    "others_together",
)  # fmt: skip


def count_leverage(*, on: date, told: Callable[[int, int], None] = lambda done, total: None) -> LeverageRun:
    """Rank the blockers of every project and keep the count, as an act of the rule.

    `told` hears how many projects are done, of how many, after each chunk.
    """
    ids = list(Project.objects.filter(merged_into__isnull=True).order_by("code").values_list("id", flat=True))
    counted: list[Ranked] = []
    heard = 0
    for done, ranked in ranked_moves(ids, on=on):
        counted.append(ranked)
        if done > heard:
            heard = done
            told(done, len(ids))
    run: LeverageRun = keep_leverage(actor=system_actor(RULE), on=on, counted=counted)
    return run


@write(Permission.REPORT_CLOSE)
def keep_leverage(*, actor: Actor, on: date, counted: Sequence[Ranked]) -> LeverageRun:
    """Keep a count over projects as the one that pages read; the rows of old counts go."""
    act = current_act()
    run: LeverageRun = LeverageRun.objects.create(
        as_of=on,
        recorded_at=act.recorded_at,
        projects=len(counted),
        blockers=sum(len(ranked.blockers) for ranked in counted),
        act_id=act.id,
    )
    chosen = sorted(
        ((ranked, move) for ranked in counted for move in _worth_keeping(ranked.moves)),
        key=lambda one: order_of(one[1], _numbers(one[0])),
    )
    keys = reserve_keys(LeverageRow, len(chosen))
    numbered = list(zip(keys, chosen, strict=True))
    insert_rows(
        LeverageRow,
        FIELDS,
        ((key, run.pk, *_line(place, ranked, move)) for place, (key, (ranked, move)) in enumerate(numbered, start=1)),
    )
    insert_rows(
        LeverageMember,
        ("row_id", "blocker_id"),
        ((key, blocker) for key, (_, move) in numbered for blocker in move.blockers),
    )
    _drop(list(LeverageRun.objects.order_by("-id").values_list("id", flat=True)[RUNS_KEPT:]))

    record(event="leverage.counted", subject=run, facts={"on": on, "projects": run.projects, "blockers": run.blockers})
    return run


def _drop(runs: list[int]) -> None:
    LeverageMember.objects.filter(row__run__in=runs).delete()
    LeverageRow.objects.filter(run__in=runs).delete()
    LeverageRun.objects.filter(id__in=runs).delete()


def _worth_keeping(moves: Iterable[Move]) -> Iterator[Move]:
    sets = 0
    for move in moves:
        if len(move.blockers) > 1:
            sets += 1
            if sets > SETS_KEPT:
                continue
        yield move


def _numbers(ranked: Ranked) -> dict[int, str]:
    return {key: one.number for key, one in ranked.blockers.items()}


def _line(place: int, ranked: Ranked, move: Move) -> tuple[object, ...]:
    def numbers(keys: tuple[int, ...]) -> list[str]:
        return [ranked.blockers[key].number for key in keys]

    return (
        ranked.project_id,
        place,
        len(move.blockers),
        move.freed.homes,
        move.freed.others,
        move.days,
        numbers(move.needs),
        numbers(move.together),
        move.freed_together.homes,
        move.freed_together.others,
    )
