"""Reading the ball-in-court clock: the life of a blocker without gap, who has the ball, what falls due.

Days late of what had ended by the day asked for were fixed then; what ran follows the calendar of today.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from projects.casework.choices import CallState, TurnKind
from projects.casework.models import Turn, WhistleCall
from projects.casework.selectors.calendar import calendar_of
from projects.gates.models import Blocker
from projects.ledger.selectors.participation import organisations_near
from registry.accounts.models import Organisation
from registry.kernel import clocks
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.clocks import Segment
from registry.kernel.workdays import Calendar

UNASSIGNED = "尚未确定责任单位"


@dataclass(frozen=True)
class ClockSegment:
    """One segment of the clock as a page shows it; `ends` is None while it runs, `due_on` None while nobody has it."""

    turn: Turn
    starts: date
    ends: date | None
    days: int
    workdays: int
    due_on: date | None
    late: int

    @property
    def who(self) -> str:
        """Whoever has the ball, or why nobody has."""
        return str(self.turn.holder) if self.turn.holder_id else f"暂停：{self.turn.pause}"


@dataclass(frozen=True)
class BlockerClock:
    """The clock of a blocker as of a day: its segments, oldest first, and the days that it has taken."""

    segments: tuple[ClockSegment, ...]
    days: int
    is_closed: bool
    spent: Mapping[int | None, clocks.HolderTime]

    @property
    def running(self) -> ClockSegment | None:
        """The segment that runs, if the clock does."""
        return None if self.is_closed else self.segments[-1]

    @property
    def late(self) -> int:
        """The working days late of all segments."""
        return sum(segment.late for segment in self.segments)


def first_turn(blocker: Blocker) -> Turn:
    """Return the turn that begins with the blocker, from what the blocker says. No query."""
    is_held = blocker.responsible_id is not None
    return Turn(
        blocker=blocker,
        ordinal=1,
        kind=TurnKind.FIRST,
        starts=blocker.found_on,
        holder=blocker.responsible if is_held else None,
        pause="" if is_held else UNASSIGNED,
        limit_days=blocker.type.limit_days if is_held else None,
    )


def turns_of(blocker: Blocker) -> list[Turn]:
    """List the turns of a blocker; one that was never handed over has its first alone. One query."""
    return turns_by_blocker([blocker])[blocker.pk]


def segments_of(blocker: Blocker, turns: Sequence[Turn]) -> tuple[Segment, ...]:
    """Return the life as the kernel splits it. No query."""
    return clocks.split_segments(
        [clocks.Turn(turn.starts, turn.holder_id, turn.pause) for turn in turns],
        opened_on=blocker.found_on,
        closed_on=blocker.resolved_on,
    )


def due_of(turn: Turn, calendar: Calendar) -> date | None:
    """Return the day a turn falls due: as it was if it has ended, else by the calendar. No query."""
    if turn.ended_on is not None or turn.limit_days is None:
        return turn.due_on
    return calendar.add_workdays(turn.starts, turn.limit_days)


def late_of(turn: Turn, on: date, calendar: Calendar) -> int:
    """Return the working days a turn is late as of a day: as it was if it had ended by then. No query."""
    if turn.ended_on is not None and turn.ended_on <= on:
        return turn.days_late
    if turn.limit_days is None:
        return 0
    return max(0, calendar.workdays_between(turn.starts, max(on, turn.starts)) - turn.limit_days)


def clock_of(blocker: Blocker, on: date, calendar: Calendar | None = None) -> BlockerClock:
    """Return the clock of a blocker as of a day. Two queries, one if the calendar is given."""
    calendar = calendar or calendar_of()
    turns = turns_of(blocker)
    until = min(on, blocker.resolved_on) if blocker.resolved_on else on
    segments = segments_of(blocker, turns)
    clock_segments = tuple(
        ClockSegment(
            turn,
            segment.starts,
            segment.ends if segment.ends and segment.ends <= on else None,
            segment.days(on),
            segment.workdays(on, calendar),
            due_of(turn, calendar),
            late_of(turn, until, calendar),
        )
        for turn, segment in zip(sorted(turns, key=lambda turn: turn.starts), segments, strict=True)
        if segment.starts <= on
    )
    spent = clocks.spent_by_holder(segments, on=on, calendar=calendar)
    is_closed = blocker.resolved_on is not None and blocker.resolved_on <= on
    return BlockerClock(clock_segments, (until - blocker.found_on).days, is_closed, spent)


def turns_by_blocker(blockers: Iterable[Blocker]) -> dict[int, list[Turn]]:
    """Return the turns of many blockers, with type and responsible selected. One query."""
    every = list(blockers)
    turns: dict[int, list[Turn]] = {blocker.pk: [] for blocker in every}
    for turn in Turn.objects.filter(blocker__in=turns).select_related("holder").order_by("blocker_id", "ordinal"):
        turns[turn.blocker_id].append(turn)
    return {blocker.pk: turns[blocker.pk] or [first_turn(blocker)] for blocker in every}


def department_days(blockers: Iterable[Blocker], on: date, calendar: Calendar) -> dict[int, int]:
    """Return, per blocker, the working days that organisations had its ball, pauses left out. One query."""
    every = list(blockers)
    turns = turns_by_blocker(every)
    days: dict[int, int] = {}
    for blocker in every:
        segments = segments_of(blocker, turns[blocker.pk])
        spent = clocks.spent_by_holder(segments, on=on, calendar=calendar)
        days[blocker.pk] = sum(part.workdays for holder, part in spent.items() if holder is not None)
    return days


@dataclass(frozen=True)
class Ball:
    """A blocker whose ball an organisation has."""

    blocker: Blocker
    since: date
    due_on: date | None
    late: int


def balls_of(actor: Actor, on: date) -> list[Ball]:
    """List the open blockers whose ball the actor's organisation has, most urgent first. Three queries."""
    mine = Blocker.objects.visible_to(actor).filter(
        responsible=actor.organisation_id, resolved_on__isnull=True, withdrawn_reason=""
    )
    blockers = list(mine.select_related("type", "responsible", "project")) if actor.organisation_id else []
    calendar = calendar_of()
    turns = turns_by_blocker(blockers)
    last = [(blocker, turns[blocker.pk][-1]) for blocker in blockers]
    balls = [
        Ball(blocker, turn.starts, due_of(turn, calendar), late_of(turn, on, calendar))
        for blocker, turn in last
        if turn.holder_id is not None
    ]
    return sorted(balls, key=lambda ball: (ball.due_on or date.max, ball.blocker.number))


def moved_deadlines(old: Calendar, new: Calendar) -> list[tuple[str, str, date, date]]:
    """List what runs and falls due on another day by a new calendar: name, holder, was, is. Four queries."""
    moved: list[tuple[str, Organisation | None, date, int | None]] = []
    blockers = list(
        Blocker.objects.filter(resolved_on__isnull=True, withdrawn_reason="").select_related("type", "responsible")
    )
    last = [turns[-1] for turns in turns_by_blocker(blockers).values()]
    moved += [
        (blocker.number, turn.holder, turn.starts, turn.limit_days)
        for blocker, turn in zip(blockers, last, strict=True)
    ]
    calls = WhistleCall.objects.filter(whistle__closed_on__isnull=True).exclude(state=CallState.ANSWERED)
    moved += [
        (call.whistle.code, call.organisation, call.starts, call.limit_days)
        for call in calls.select_related("whistle", "organisation")
    ]
    dues = [
        (name, str(holder), old.add_workdays(starts, limit), new.add_workdays(starts, limit))
        for name, holder, starts, limit in moved
        if limit is not None
    ]
    return sorted(due for due in dues if due[2] != due[3])


def may_move(actor: Actor, blocker: Blocker, pausing: bool = False) -> bool:
    """Return whether the actor may move the ball: the task force always, others while they have it."""
    if blocker.resolved_on is not None or blocker.withdrawn_reason:
        return False
    if pausing:
        return actor.can(Permission.BALL_PAUSE)
    is_force = actor.role in (Role.CITY, Role.DISTRICT)
    return actor.can(Permission.BALL_MOVE) and (is_force or actor.organisation_id == blocker.responsible_id)


def candidates(blocker: Blocker) -> "QuerySet[Organisation]":
    """Return the organisations that may have the ball: of its places, or taking part. No query yet."""
    return organisations_near(blocker.project)
