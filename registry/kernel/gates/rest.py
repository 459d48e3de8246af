"""剩余: the homes due that are not issued, in classes, each by a predicate of its own. Source: decisions of the office.

In the order of precedence: a home is in the first class whose predicate it meets. 挂账 and 暂缓 go by the standing,
未研判 by the project. What an accepted home met on its way (a pause, a late fault) does not take it out of 可办未办.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.kernel.gates.facts import ProjectFacts
from registry.kernel.gates.grouped import BuildingGates
from registry.kernel.gates.spans import Span, Stretch, note_span, stretches
from registry.kernel.scope.columns import union
from registry.kernel.stages import Labelled, Track, Use, at_or_beyond

PAST = at_or_beyond(Track.CERTIFICATE, "accepted")
REACHES = ("accepted", "recorded", "issued")
PAST_UNREADY, ACCEPTED_APART, RECORDED_APART = "past_unready", "accepted_apart", "recorded_apart"
Counted = tuple[date, Use, str, int]  # from which day, of which use, what, how many
StageDays = Mapping[int, Sequence[tuple[date, str]]]  # by unit: the stages it came to from acceptance on, and back


class Rest(Labelled):
    """The classes of 剩余, in the order of precedence."""

    CARRIED = "carried", "挂账"
    HELD = "held", "暂缓"
    UNASSESSED = "rest_unassessed", "未研判"
    UNCLEARED = "rest_uncleared", "未打通"
    UNREGISTERED = "rest_unregistered", "已打通待首登"
    PAUSED = "rest_paused", "暂停受理"
    UNIT_BLOCKED = "rest_unit_blocked", "户级堵点"
    DOABLE = "rest_doable", "可办未办"


SPANNED = (Rest.UNCLEARED, Rest.UNREGISTERED, Rest.PAUSED, Rest.UNIT_BLOCKED)
REST_FIGURES = (*(rest.value for rest in SPANNED), PAST_UNREADY, ACCEPTED_APART, RECORDED_APART)


@dataclass(frozen=True)
class Reached:
    """Masks of the units that are at or beyond a stage on a day."""

    accepted: int = 0
    recorded: int = 0
    issued: int = 0


def rest_masks(gates: BuildingGates, reached: Reached) -> dict[Rest, int]:
    """Return the units of a building in each class of an assessed project, standings other than active apart."""
    active = gates.active & ~reached.issued
    made, paused, shut = _made(gates), gates.paused, gates.stopped("accepted")
    waiting = made & active & ~reached.accepted
    at_acceptance = made & active & reached.accepted & ~reached.recorded
    stopped = gates.stopped("recorded")
    return {
        Rest.UNCLEARED: active & ~gates.cleared,
        Rest.UNREGISTERED: active & gates.cleared & ~made,
        Rest.PAUSED: waiting & paused,
        Rest.UNIT_BLOCKED: (waiting & ~paused & shut) | (at_acceptance & stopped),
        Rest.DOABLE: (waiting & gates.ready) | (at_acceptance & ~stopped) | (made & active & reached.recorded),
    }


def rest_counts(gates: BuildingGates, reached: Reached) -> dict[str, int]:
    """Return the masks that spans count: the classes that tallies don't know, and what they need of the stages."""
    masks = rest_masks(gates, reached)
    apart = masks[Rest.UNCLEARED] | masks[Rest.UNREGISTERED]
    at_acceptance = reached.accepted & ~reached.recorded
    return {
        **{rest.value: masks[rest] for rest in SPANNED},
        PAST_UNREADY: reached.accepted & gates.counted & ~gates.ready,
        ACCEPTED_APART: (apart | masks[Rest.UNIT_BLOCKED]) & at_acceptance,
        RECORDED_APART: apart & reached.recorded,
    }


def reached_on(gates: BuildingGates, stages: StageDays, on: date) -> Reached:
    """Return how far the units of a building are at the end of a day."""
    masks = dict.fromkeys(PAST, 0)
    for at, unit in enumerate(gates.columns.unit_ids):
        steps = stages.get(unit)
        place = bisect_right(steps, on, key=lambda step: step[0]) if steps else 0
        if steps and place and (stage := steps[place - 1][1]) in masks:
            masks[stage] |= 1 << at
    return Reached(*(union(masks[stage] for stage in at_or_beyond(Track.CERTIFICATE, frm)) for frm in REACHES))


def rest_spans(
    facts: ProjectFacts,
    stages: StageDays,
    *,
    since: date | None = None,
    along: Iterable[Stretch] | None = None,
) -> list[Span]:
    """Return the spans of what classes count, beside those of readiness; no span of a figure means none."""
    spans: list[Span] = []
    last: dict[tuple[int, Use, str], int] = {}
    for stretch in stretches(facts, since=since) if along is None else along:
        for on, use, figure, count in _counted(stretch, stages):
            key = (stretch.gates.columns.id, use, figure)
            note_span(spans, last, key, on, count, unless=None if since else 0)
    return spans


def _counted(stretch: Stretch, stages: StageDays) -> list[Counted]:
    """Return the counts of a building within a stretch: at first, and where a unit moves on.

    Only a unit that is past acceptance though not ready any more, or stopped before 登簿, is counted anew as it moves:
    for the others no move changes a class that spans count.
    """
    gates = stretch.gates
    irregular = gates.counted & ~(gates.ready & ~gates.stopped("recorded"))
    units = gates.columns.units_of(irregular) if stages else []
    own = {unit: stages[unit] for unit in units if unit in stages}
    days = {stretch.day, *(on for steps in own.values() for on, _ in steps if stretch.day < on < stretch.end)}
    masks = [(use, gates.columns.use_mask(use) & gates.counted) for use in stretch.uses]
    rows: list[Counted] = []
    for on in sorted(days):
        counts = rest_counts(gates, reached_on(gates, own, on))
        for use, mask in masks:
            rows += [(on, use, figure, (counts[figure] & mask).bit_count()) for figure in REST_FIGURES]
    return rows


def _made(gates: BuildingGates) -> int:
    made = gates.columns.everything
    for gate in gates.plan:
        made &= gates.passed[gate]
    return made
