"""The pace of queues: how many homes went on in the last thirty days, and how long the rest needs at that.

Counted from the moves of a month, which on a whole city is no work for the desk itself: it is fetched once that stands.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef

from projects.ledger.choices import MoveKind
from projects.ledger.models import Move
from projects.progress.models import Submission
from projects.progress.selectors.queues import QueueState
from registry.kernel.authority import Actor
from registry.kernel.stages import Standing, Track, at_or_beyond
from registry.store.acts import first_key_at
from registry.store.clock import SHANGHAI

WINDOW: Final = 30  # days
MONTH: Final = 30
LEAVES: Final[dict[str, tuple[Track, str] | None]] = {  # the step by which a home leaves each queue; none: by a hand-in
    "collect": (Track.CERTIFICATE, "collected"),
    "assess": (Track.TAX, "assessed"),
    "settle": (Track.TAX, "settled"),
    "submit": None,
    "mend": None,
    "accept": (Track.CERTIFICATE, "accepted"),
    "record": (Track.CERTIFICATE, "recorded"),
    "print": (Track.CERTIFICATE, "printed"),
    "issue": (Track.CERTIFICATE, "issued"),
}


@dataclass(frozen=True)
class Pace:
    """A queue with what left it in the window."""

    state: QueueState
    done: int

    @property
    def months(self) -> int | None:
        """How many months the queue needs at this pace; None if nothing moves."""
        return -(-self.state.count * WINDOW // (self.done * MONTH)) if self.done else None

    @property
    def is_stuck(self) -> bool:
        """Whether nothing moves although something waits longer than the window."""
        return not self.done and self.state.days >= WINDOW

    @property
    def words(self) -> str:
        """The headline of the queue: done, waiting, how long."""
        label = self.state.queue.verb
        head = f"{label}近{WINDOW}日{self.done:,}户，待{label}{self.state.count:,}户"
        if self.months is None:
            return f"{head}，没有进展" if self.is_stuck else f"{head}，最久{self.state.days}日"
        return f"{head}，按此速度{'一个月内办完' if self.months <= 1 else f'需{self.months:,}个月'}"


def paces_of(actor: Actor, states: list[QueueState], *, on: date) -> list[Pace]:
    """Return the pace of each queue that is not empty, the slowest first. One query, and one if papers are waited for.

    What was recorded in the window is counted: the keys of acts grow with time and bound the moves that are read. A
    home that passed a step in one move (已登簿 to 已发证) left the queues between too, and is in none of their counts.
    """
    starts = datetime.combine(on - timedelta(days=WINDOW), time(), tzinfo=SHANGHAI)
    rows = (
        Move.objects.visible_to(actor)
        .filter(
            act_id__gte=first_key_at(starts), recorded_at__gte=starts, kind=MoveKind.ADVANCE, reversed_by__isnull=True
        )
        .filter(to_standing=Standing.ACTIVE.value)
        .values_list("track", "to_stage")
        .annotate(units=Count("id"))
        .order_by()
    )
    moved = {(track, stage): units for track, stage, units in rows}
    waiting = [state for state in states if state.count]
    papers = _handed_in(actor, starts) if any(LEAVES[state.queue.code] is None for state in waiting) else {}
    paces = [
        Pace(state, papers[state.queue.code] if leaves is None else moved.get((leaves[0].value, leaves[1]), 0))
        for state in waiting
        for leaves in (LEAVES[state.queue.code],)
    ]
    return sorted(paces, key=lambda pace: -(10_000 if pace.is_stuck else pace.months or 0))


def _handed_in(actor: Actor, since: datetime) -> dict[str, int]:
    """Count the homes whose papers went to the centre since a moment: at first, and after a return. One query."""
    rows = Submission.objects.visible_to(actor).filter(act_id__gte=first_key_at(since), handed_on__isnull=False)
    again = Submission.objects.filter(ended_act_id=OuterRef("act_id"), unit=OuterRef("unit"))
    counts = rows.aggregate(submit=Count("id"), mend=Count("id", filter=Exists(again)))
    return {"submit": counts["submit"] - counts["mend"], "mend": counts["mend"]}


def reached_since(actor: Actor, stage: str, since: datetime) -> int:
    """Count the homes that came to a stage or beyond since a moment, each once. One query."""
    moves = Move.objects.visible_to(actor).filter(
        act_id__gte=first_key_at(since), recorded_at__gte=since, kind=MoveKind.ADVANCE, reversed_by__isnull=True,
        track=Track.CERTIFICATE.value, to_stage__in=at_or_beyond(Track.CERTIFICATE, stage),
    )  # fmt: skip
    return moves.order_by().values("unit").distinct().count()
