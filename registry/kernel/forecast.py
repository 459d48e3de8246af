"""The zero-out forecast that dares to contradict (清零预测): three rates side by side, the rate needed, and a band.

Months in which nothing could be issued are no pace (domain.md 11.14): whoever calls states the day from which homes
could be issued. A single date would be read as a promise, so there are always three, P10, P50 and P90, or the plain
statement that there are too few weeks to say.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from statistics import fmean, stdev
from typing import Final

from registry.kernel.periods import months_between

RECENT_DAYS: Final = 30
MONTH_DAYS: Final = Fraction(36525, 1200)  # the mean calendar month
FEWEST_WEEKS, MOST_WEEKS = 6, 26  # of history behind a band
FARTHEST_WEEKS: Final = 52 * 30  # beyond a generation there is no date
_Z10: Final = 1.2815515655446004  # standard normal, one tenth above


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
    """The days by which everything is issued with a chance of 10, 50 and 90 in 100; None lies beyond a generation."""

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
    band: Band | None
    outlook: Outlook

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is expected to be met by the middle estimate."""
        return self.outlook in (Outlook.DONE, Outlook.ON_TRACK, Outlook.AT_RISK)

    @property
    def sentence(self) -> str:
        """Return what the figures say, for the page head: the conclusion first, then the rates."""
        rates = f"开办以来月均约{pace_text(self.mean_pace)}套，近30日折合月均约{pace_text(self.recent_pace)}套"
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
    *,
    units: int,
    issued: Mapping[date, int],
    started_on: date,
    on: date,
    target_on: date | None = None,
    flows: Sequence[StageFlow] = (),
    issued_before: int = 0,
) -> Forecast:
    """Return the forecast as of the end of a day.

    `units` is what must be issued (应办 less the explained residual), `issued` the homes issued per day since
    `started_on`, `issued_before` those with an old certificate, which are no pace. `flows` are the stages in order.
    """
    known = {day: count for day, count in issued.items() if day <= on}
    remaining = max(0, units - issued_before - sum(known.values()))
    since_start = sum(count for day, count in known.items() if day >= started_on)
    months = months_between(started_on, on) if on > started_on else Fraction(0)
    recent_days = max(1, min(RECENT_DAYS, (on - started_on).days))
    recent = sum(count for day, count in known.items() if day > on - timedelta(days=recent_days) and day >= started_on)
    months_left = months_between(on, target_on) if target_on is not None and target_on > on else None
    mean_pace = since_start / months if months else Fraction(0)
    needed_pace = remaining / months_left if months_left else None
    band = finishing_band(remaining, weekly_history(known, started_on=started_on, on=on), on=on)
    return Forecast(
        remaining=remaining,
        mean_pace=mean_pace,
        recent_pace=recent * MONTH_DAYS / recent_days,
        bottleneck=bottleneck(flows),
        target_on=target_on,
        months_left=months_left,
        needed_pace=needed_pace,
        band=band,
        outlook=_outlook(remaining, mean_pace, needed_pace, band, target_on),
    )


def bottleneck(flows: Sequence[StageFlow]) -> StageFlow | None:
    """Return the stage whose stock takes longest to clear; of several that stand still, the fullest."""
    waiting = [flow for flow in flows if flow.stock]
    return max(waiting, key=lambda flow: (flow.months_to_clear, flow.stock), default=None)


def weekly_history(issued: Mapping[date, int], *, started_on: date, on: date) -> tuple[int, ...]:
    """Return the homes issued in each whole week up to a day, latest last, at most half a year of them."""
    weeks = min(MOST_WEEKS, max(0, (on - started_on).days // 7))
    counts = [0] * weeks
    for day, count in issued.items():
        ago = (on - day).days // 7
        if day <= on and ago < weeks:
            counts[weeks - 1 - ago] += count
    return tuple(counts)


def finishing_band(remaining: int, weekly: Sequence[int], *, on: date) -> Band | None:
    """Return when the remaining homes will be issued if the coming weeks are like those given; None if too few.

    Normal approximation, no random numbers. After n weeks the sum is about n·m, with the variance s²·(n + n²/k): of
    n weeks to come, and of the mean m itself, estimated from k weeks. Setting n·m ± t·s·√(n + n²/k) equal to what
    remains gives a quadratic (Fieller); its smaller root is P10, its larger P90, and if the mean is not surely above
    zero there is no P90. t is Student's quantile, so that few weeks make a wide band.
    """
    if remaining <= 0:
        return Band(on, on, on)
    if len(weekly) < FEWEST_WEEKS or not any(weekly):
        return None
    k, mean = len(weekly), fmean(weekly)
    spread = (_student_tenth(k - 1) * stdev(weekly)) ** 2
    a, b, c = mean**2 - spread / k, 2 * remaining * mean + spread, float(remaining) ** 2
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    early = 2 * c / (b + root)
    late = (b + root) / (2 * a) if a > 1e-12 else math.inf
    return Band(p10=_after(on, early), p50=_after(on, remaining / mean), p90=_after(on, late))


def pace_text(pace: Fraction) -> str:
    """Return a rate per month as printed: whole from 10 on, one decimal below, so that little is not nothing."""
    if pace >= 10:
        return f"{int(pace + Fraction(1, 2)):,}"
    return f"{int(pace * 10 + Fraction(1, 2)) / 10:.1f}".removesuffix(".0")


def _outlook(
    remaining: int, mean_pace: Fraction, needed_pace: Fraction | None, band: Band | None, target_on: date | None
) -> Outlook:
    """Judge the target by the band; where there are too few weeks for one, by the mean alone and never "on track"."""
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


def _student_tenth(freedom: int) -> float:
    """Return Student's upper 10 % quantile (Cornish-Fisher expansion; within 0.01 from 5 degrees of freedom on)."""
    z = _Z10
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _after(on: date, weeks: float) -> date | None:
    return None if weeks > FARTHEST_WEEKS else on + timedelta(days=math.ceil(weeks * 7 - 1e-9))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
