"""Bars and charts as SVG for page and PDF alike: colours by class, geometry by attribute, numbers from the caller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from registry.kernel.rates import signed

Segment = tuple[str, int]
Rect = tuple[str, str, str, int]

_RECT = '<rect class="f-{}" x="{}" width="{}" height="{}"/>'


def stacked_bar(segments: Iterable[Segment], *, label: str, thin: bool = False) -> SafeString:
    """Draw (class, count) segments as one bar of 1000 units; an empty track if they count nothing."""
    parts = [(css, count) for css, count in segments if count > 0]
    height = 6 if thin else 14
    return format_html(
        '<svg class="bars {}" viewBox="0 0 1000 {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        "thin" if thin else "edge",
        height,
        label,
        format_html_join("", _RECT, _laid(parts, 1000, height) or [("track", "0", "1000", height)]),
    )


def _laid(parts: Sequence[Segment], length: int, height: int) -> list[Rect]:
    """The segments side by side. Each edge is rounded by itself, so that no gap opens and the last one ends flush."""
    whole = sum(count for _, count in parts)
    rects: list[Rect] = []
    so_far = 0
    for css, count in parts:
        left, right = (round(length * n / whole, 1) for n in (so_far, so_far + count))
        rects.append((css, f"{left:g}", f"{right - left:.1f}", height))
        so_far += count
    return rects


def share_bar(done: int, whole: int) -> SafeString:
    """Draw the small bar under a building's number: the issued share, visible as soon as there is one."""
    width = 0.0 if whole <= 0 else max(round(22 * done / whole, 1), 1.0 if done else 0.0)
    return format_html(
        '<svg viewBox="0 0 22 3" aria-hidden="true"><rect class="f-line" width="22" height="3"/>'
        '<rect class="f-issued" width="{}" height="3"/></svg>',
        f"{width:g}",
    )


def effect_bar(before: int, after: int, whole: int) -> SafeString:
    """Draw what can pass before (grey) and what is added (accent) of a whole."""
    now, then = sorted((max(before, 0), max(after, 0)))
    parts = [("line", now), ("accent", then - now), ("track", max(whole - then, 0))]
    rects = _laid([part for part in parts if part[1]], 1000, 6) or [("track", "0", "1000", 6)]
    return format_html(
        '<svg class="bars thin" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join("", _RECT, rects),
    )


def column_chart(points: Sequence[tuple[str, int]], *, label: str) -> SafeString:
    """Draw up to twelve columns, the last in the accent colour, the first and last labelled with their numbers."""
    shown = list(points)[-12:]
    if not shown:
        return SafeString("")
    top = max(1, *(value for _, value in shown)) if len(shown) > 1 else max(1, shown[0][1])
    bars = []
    for n, (_, value) in enumerate(shown):
        height = 34 * max(value, 0) / top
        css = "accent" if n == len(shown) - 1 else "line"
        bars.append((css, n * 14, f"{36 - height:.1f}", f"{height:.1f}"))
    said = "，".join(f"{name} {value:,}" for name, value in shown)
    return format_html(
        '<svg class="spark" viewBox="0 0 168 52" role="img" aria-label="{}：{}">{}'
        '<rect class="f-line" y="36" width="168" height="1"/>'
        '<text x="0" y="50">{}</text><text class="t-e" x="{}" y="50">{}</text></svg>',
        label,
        said,
        format_html_join("", '<rect class="f-{}" x="{}" y="{}" width="10" height="{}"/>', bars),
        f"{shown[0][0]} {shown[0][1]:,}",
        168,
        f"{shown[-1][0]} {shown[-1][1]:,}" if len(shown) > 1 else "",
    )


@dataclass(frozen=True)
class Outlook:
    """What is left over time, and where it leads: (low, middle, high) at `ends`; `needed` is the pace per month."""

    points: Sequence[tuple[date, int]]
    ends: date
    low: int
    middle: int
    high: int
    needed: int
    unit: str = "套"
    title: str = "剩余套数与清零预测"


_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 360, 14, 210


def outlook_chart(outlook: Outlook) -> SafeString:
    """Draw what is left: actual in ink, forecast in red in its band, the pace needed dashed in blue."""
    if not outlook.points:
        return SafeString("")
    (since, _), (today, left) = outlook.points[0], outlook.points[-1]
    days = max((outlook.ends - since).days, 1)
    top, step = scale(max(outlook.high, *(value for _, value in outlook.points), 1))

    def across(on: date) -> str:
        return f"{_LEFT + (_RIGHT - _LEFT) * (on - since).days / days:.1f}"

    def up(value: float) -> str:
        return f"{_BOTTOM - (_BOTTOM - _TOP) * value / top:.1f}"

    here = across(today)
    lines = [(up(n), f"{float(up(n)) + 4:.1f}", f"{n:,}") for n in range(0, top + 1, step)]
    actual = " ".join(f"{across(on)},{up(value)}" for on, value in outlook.points)
    ends = _apart([float(up(value)) for value in (outlook.high, outlook.middle, outlook.low)])
    labels = (f"{outlook.high:,}", f"约 {outlook.middle:,}", f"{outlook.low:,}")
    side = [
        (" t-b" if n == 1 else "", f"{y + 4:.1f}", word) for n, (y, word) in enumerate(zip(ends, labels, strict=True))
    ]
    said = (
        f"至{today:%Y-%m-%d}剩余{left:,}{outlook.unit}；预计{outlook.ends:%Y-%m-%d}剩余约{outlook.middle:,}，"
        f"区间{outlook.low:,}至{outlook.high:,}；按期清零每月须办结{outlook.needed:,}{outlook.unit}。"
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 448 236" role="img" aria-label="{title}。{said}"><title>{title}</title>'
        "<desc>{said}</desc>{grid}{months}"
        '<polygon class="band" points="{here},{now} {end},{high} {end},{low}"/>'
        '<line class="l-need" x1="{here}" y1="{now}" x2="{end}" y2="{foot}"/>'
        '<line class="l-fc" x1="{here}" y1="{now}" x2="{end}" y2="{middle}"/>'
        '<line class="now" x1="{here}" x2="{here}" y1="{ceiling}" y2="{foot}"/>'
        '<polyline class="l-real" points="{actual}"/><text class="t-b t-e" x="{beside}" y="{below}">剩 {left}</text>'
        "{side}{need}</svg>",
        title=outlook.title,
        said=said,
        grid=_grid(lines),
        months=_months(since, today, outlook.ends, across),
        here=here,
        now=up(left),
        end=_RIGHT,
        high=up(outlook.high),
        low=up(outlook.low),
        middle=up(outlook.middle),
        foot=_BOTTOM,
        ceiling=_TOP,
        actual=actual,
        beside=f"{float(here) - 6:.1f}",
        below=f"{min(float(up(left)) + 20, _BOTTOM - 6):.1f}",
        left=f"{left:,}",
        side=format_html_join("", '<text class="t-red{}" x="366" y="{}">{}</text>', side),
        need=_need_label(ends[-1], outlook),
    )


def _grid(lines: Sequence[tuple[str, str, str]]) -> SafeString:
    rows = [
        ("ax" if n == 0 else "grid", _LEFT, _RIGHT, y, y, _LEFT - 6, text_y, word)
        for n, (y, text_y, word) in enumerate(lines)
    ]
    return format_html_join(
        "",
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="t-e" x="{}" y="{}">{}</text>',
        rows,
    )


def _months(since: date, today: date, ends: date, across) -> SafeString:  # type: ignore[no-untyped-def]
    """First, today and last under the axis; the end alone keeps its day out if it is the last of a month."""
    marks = [("", _LEFT - 6, f"{since:%Y-%m}"), ("t-e", _RIGHT, f"{ends:%Y-%m}")]
    if float(across(today)) - _LEFT > 60 and _RIGHT - float(across(today)) > 60:
        marks.insert(1, ("t-m", across(today), f"{today:%m-%d}"))
    return format_html_join("", '<text class="{}" x="{}" y="228">{}</text>', marks)


def _need_label(lowest: float, outlook: Outlook) -> SafeString:
    """The pace needed, at the foot of its line unless the forecast's labels stand there."""
    y = 200.0 if lowest < 176 else max(lowest - 80, 26.0)
    return format_html(
        '<text class="t-acc" x="366" y="{}">清零所需</text><text class="t-acc" x="366" y="{}">{}{}/月</text>',
        f"{y:.1f}",
        f"{y + 15:.1f}",
        f"{outlook.needed:,}",
        outlook.unit,
    )


def _apart(wanted: Sequence[float], gap: float = 15.0) -> list[float]:
    """Label places from top to bottom, at least a line apart, around the middle one."""
    high, middle, low = wanted
    return [min(high, middle - gap), middle, max(low, middle + gap)]


def waterfall_chart(steps: Sequence[tuple[str, int, str]], *, label: str, unit: str = "套") -> SafeString:
    """Draw changes from zero, which is the opening: (name, change, class up, down or fix), and their sum at the end.

    A change of nought keeps its place, so that the form is the same each month.
    """
    net = sum(change for _, change, _ in steps)
    levels = [0]
    for _, change, _ in steps:
        levels.append(levels[-1] + change)
    high, low = max(levels), min(levels)
    span, width = max(high - low, 1), 504 / (len(steps) + 1)

    def up(value: float) -> float:
        return 24 + 150 * (high - value) / span

    bars, joints, words = [], [], []
    for n, (name, change, css) in enumerate([*steps, ("净变动", net, "net")]):
        start = levels[n] if n < len(steps) else 0
        top, foot = sorted((up(start), up(start + change)))
        left = 52 + n * width
        bars.append(
            (css, f"{left + width * 0.16:.1f}", f"{top:.1f}", f"{width * 0.68:.1f}", f"{max(foot - top, 2):.1f}")
        )
        if n:
            y = f"{up(levels[n] if n < len(steps) else net):.1f}"
            joints.append((f"{left - width * 0.16:.1f}", f"{left + width * 0.16:.1f}", y, y))
        middle, value = f"{left + width / 2:.1f}", signed(change)
        words.append(("t-m t-b" if css == "net" else "t-m", middle, f"{top - 5:.1f}", value))
        words += [("t-m", middle, f"{206 + 14 * m}", part) for m, part in enumerate(_halves(name))]
    said = "，".join(f"{name}{signed(change)}" for name, change, _ in steps)
    zero = f"{up(0):.1f}"
    return format_html(
        '<svg class="chart" viewBox="0 0 560 232" role="img" aria-label="{label}。{said}"><title>{label}</title>'
        "<desc>{said}</desc>"
        '<line class="ax" x1="46" x2="556" y1="{zero}" y2="{zero}"/><text class="t-e" x="42" y="{beside}">期初</text>'
        "{joints}{bars}{words}</svg>",
        label=label,
        said=f"{said}，净变动{signed(net)}{unit}",
        zero=zero,
        beside=f"{float(zero) + 4:.1f}",
        joints=format_html_join("", '<line class="ax" x1="{}" x2="{}" y1="{}" y2="{}"/>', joints),
        bars=format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', bars),
        words=format_html_join("", '<text class="{}" x="{}" y="{}">{}</text>', words),
    )


def _halves(name: str) -> tuple[str, ...]:
    """A name of two words on two lines."""
    first, comma, second = name.partition("、")
    return (f"{first}{comma}", second) if comma else (name,)


def bar_list(rows: Sequence[tuple[str, int, str]], *, label: str, unit: str = "套") -> SafeString:
    """Draw lying bars: the name, the bar with its number at the end, a remark flush right."""
    most = max((count for _, count, _ in rows), default=0) or 1
    bars = [(24 * n + 5, f"{260 * count / most:.1f}") for n, (_, count, _) in enumerate(rows)]
    words = []
    for n, (name, count, remark) in enumerate(rows):
        y, end = 24 * n + 16, 112 + 260 * count / most
        words += [
            ("t-e", "104", y, name), ("t-b", f"{end + 6:.1f}", y, f"{count:,}"), ("t-e", "560", y, remark),
        ]  # fmt: skip
    said = "，".join(f"{name}{count:,}{unit}" for name, count, _ in rows)
    return format_html(
        '<svg class="chart" viewBox="0 0 560 {height}" role="img" aria-label="{label}。{said}"><title>{label}</title>'
        "<desc>{said}</desc>{bars}{words}</svg>",
        height=24 * len(rows) + 4,
        label=label,
        said=said,
        bars=format_html_join("", '<rect class="f-accent" x="112" y="{}" width="{}" height="14"/>', bars),
        words=format_html_join("", '<text class="{}" x="{}" y="{}">{}</text>', words),
    )


def scale(largest: int) -> tuple[int, int]:
    """Return the top of an axis and its step: 3 to 5 round steps from zero."""
    magnitude = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * magnitude
            if largest <= 5 * step:
                return -(-largest // step) * step, step
        magnitude *= 10
