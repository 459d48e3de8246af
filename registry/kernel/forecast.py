"""The zero-out forecast that dares to contradict (清零预测): three rates side by side, the rate needed, and a band.

Months before the first certificate are no pace: nothing could be issued yet. A single date would be read as a promise,
so there are always three, P10, P50 and P90 (`simulation.py`), or the plain statement that there are too few months to
say.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from registry.kernel.periods import add_months, months_between
from registry.kernel.simulation import Binding, Chance, Outstanding, Zero, months_to_zero

RECENT_DAYS: Final = 30
MONTH_DAYS: Final = Fraction(36525, 1200)  # the mean calendar month


class Outlook(StrEnum):
    """What the figures say about the promised date."""

    DONE = "done"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    NOT_REACHED = "not_reached"
    STALLED = "stalled"
    PAST_DUE = "past_due"
    NO_TARGET = "no_target"


@dataclass(frozen=True, slots=True)
class StageFlow:
    """A stage of the road: what waits in it, and what went on from it in the last 30 days."""

    label: str
    stock: int
    passed: int

    @property
    def pace(self) -> Fraction:
        """Return what goes on from here in a month."""
        return self.passed * MONTH_DAYS / RECENT_DAYS

    @property
    def months_to_clear(self) -> float:
        """Return how long the stock lasts at this pace; without end if nothing moves."""
        return float(self.stock / self.pace) if self.passed else math.inf


@dataclass(frozen=True, slots=True)
class Band:
    """The days by which everything is issued with a chance of 10, 50 and 90 in 100; None lies beyond ten years."""

    p10: date | None
    p50: date | None
    p90: date | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Remaining homes, the three rates per month, the rate needed, the band, and what they say about the target."""

    remaining: int
    mean_pace: Fraction
    recent_pace: Fraction
    bottleneck: StageFlow | None
    target_on: date | None
    months_left: Fraction | None
    needed_pace: Fraction | None
    zero: Zero | None
    band: Band | None
    outlook: Outlook

    @property
    def binding(self) -> Binding | None:
        """Return what keeps the homes from being issued sooner; None where there is no band."""
        return self.zero.binding if self.zero is not None and self.remaining else None

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is expected to be met by the middle estimate."""
        return self.outlook in (Outlook.DONE, Outlook.ON_TRACK, Outlook.AT_RISK)

    @property
    def sentence(self) -> str:
        """Return what the figures say, for the page head: the conclusion first, then the rates."""
        rates = f"首批发证以来月均约{pace_text(self.mean_pace)}套，近30日折合月均约{pace_text(self.recent_pace)}套"
        narrow = self.bottleneck
        slowest = f"；进度最慢的环节为{narrow.label}，月均约{pace_text(narrow.pace)}套" if narrow else ""
        if self.outlook is Outlook.DONE:
            return "已全部发证，无剩余。"
        if self.target_on is None or self.needed_pace is None:
            head = "未确定目标日期" if self.target_on is None else f"目标日期{_chinese(self.target_on)}已过"
            return f"{head}，还剩{self.remaining:,}套：{rates}{slowest}。"
        target = _chinese(self.target_on)
        head = _HEADS[self.outlook].format(target=target)
        return f"{head}：还剩{self.remaining:,}套，每月需发证约{pace_text(self.needed_pace)}套，{rates}{slowest}。"


_HEADS: Final = {
    Outlook.ON_TRACK: "按目前进度，预计{target}前可以办结",
    Outlook.AT_RISK: "{target}前能否办结尚不确定",
    Outlook.NOT_REACHED: "按目前进度，预计{target}前不能办结",
    Outlook.STALLED: "近期未发证，{target}前预计不能办结",
}


def forecast(
    outstanding: Outstanding,
    *,
    recent: int,
    on: date,
    chance: Chance,
    target_on: date | None = None,
    flows: Sequence[StageFlow] = (),
) -> Forecast:
    """Return the forecast as of the end of a day.

    `outstanding` has the months since the first certificate, `recent` the homes issued in the last 30 days, `flows`
    the stages in order.
    """
    issued, remaining = outstanding.issued, outstanding.left
    mean_pace = Fraction(sum(issued), len(issued)) if issued else Fraction(0)
    months_left = months_between(on, target_on) if target_on is not None and target_on > on else None
    needed_pace = remaining / months_left if months_left else None
    zero = months_to_zero(outstanding, chance=chance, then=math.ceil(months_left or 0))
    band = _band(zero, on)
    return Forecast(
        remaining=remaining,
        mean_pace=mean_pace,
        recent_pace=recent * MONTH_DAYS / RECENT_DAYS,
        bottleneck=bottleneck(flows),
        target_on=target_on,
        months_left=months_left,
        needed_pace=needed_pace,
        zero=zero,
        band=band,
        outlook=_outlook(remaining, mean_pace, needed_pace, band, target_on),
    )


def summed(parts: Sequence[Outstanding]) -> Outstanding:
    """Return what several places have to issue together: their months side by side, the latest last."""
    longest = max((len(part.issued) for part in parts), default=0)
    padded = [(0,) * (longest - len(part.issued)) + tuple(part.issued) for part in parts]
    gates: dict[int, int] = {}
    for part in parts:
        for ahead, homes in part.gates:
            gates[ahead] = gates.get(ahead, 0) + homes
    return Outstanding(
        tuple(map(sum, zip(*padded, strict=True))), sum(part.free for part in parts), tuple(sorted(gates.items()))
    )


def under(outstanding: Outstanding, capacity: int) -> Outstanding:
    """Return the same under the ceiling of an office."""
    return replace(outstanding, capacity=capacity)


def _band(zero: Zero | None, on: date) -> Band | None:
    if zero is None:
        return None
    return Band(*(None if months is None else add_months(on, months) for months in (zero.p10, zero.p50, zero.p90)))


def bottleneck(flows: Sequence[StageFlow]) -> StageFlow | None:
    """Return the stage whose stock takes longest to clear; of several that stand still, the fullest."""
    waiting = [flow for flow in flows if flow.stock]
    return max(waiting, key=lambda flow: (flow.months_to_clear, flow.stock), default=None)


def pace_text(pace: Fraction) -> str:
    """Return a rate per month as printed: whole from 10 on, one decimal below, so that little is not nothing."""
    if pace >= 10:
        return f"{int(pace + Fraction(1, 2)):,}"
    return f"{int(pace * 10 + Fraction(1, 2)) / 10:.1f}".removesuffix(".0")


def _outlook(
    remaining: int, mean_pace: Fraction, needed_pace: Fraction | None, band: Band | None, target_on: date | None
) -> Outlook:
    """Judge the target by the band; where there are too few months for one, by the mean alone and never "on track"."""
    if remaining == 0:
        return Outlook.DONE
    if target_on is None:
        return Outlook.NO_TARGET
    if needed_pace is None:
        return Outlook.PAST_DUE
    if not mean_pace:
        return Outlook.STALLED
    if band is None:
        return Outlook.AT_RISK if mean_pace >= needed_pace else Outlook.NOT_REACHED
    if band.p50 is None or band.p50 > target_on:
        return Outlook.NOT_REACHED
    return Outlook.ON_TRACK if band.p90 is not None and band.p90 <= target_on else Outlook.AT_RISK


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
