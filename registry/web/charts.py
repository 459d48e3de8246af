"""Charts of the month as SVG for page and PDF alike: intervals, a Pareto stair, a funnel, tiles, twelve small columns.

As in `svg.py`: colours by class, geometry by attribute, and every chart carries its numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from registry.kernel.rates import rate_text

_TEXT = '<text class="{}" x="{}" y="{}">{}</text>'
_RECT = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
_LEFT, _RIGHT, _ROW = 104, 420, 24
TOP_CLASSES = 9
_NAME = 12  # characters of a name that stand before a bar; the whole is said to who listens
MONTHS = 12
TONES = (20, 40, 60, 80)  # percent at which the tone of a tile changes


def interval_chart(rows: Sequence[tuple[str, Decimal, Decimal, Decimal, str]], *, label: str) -> SafeString:
    """Draw shares in percent with their intervals on one axis: (name, low, share, high, remark)."""
    if not rows:
        return SafeString("")
    points, lines, words = [], [], []
    for n, (name, low, share, high, remark) in enumerate(rows):
        y = _ROW * n + 16
        lines.append(("l-real", _across(low), _across(high), y, y))
        points.append((_across(share), y))
        words += [("t-e", 96, y + 4, name), ("", 430, y + 4, remark)]
    foot = _ROW * len(rows) + 14
    marks = [("t-m", _across(Decimal(n)), foot + 14, f"{n}%") for n in (0, 25, 50, 75, 100)]
    grid = [("grid", _across(Decimal(n)), _across(Decimal(n)), 4, foot) for n in (0, 25, 50, 75, 100)]
    said = "，".join(f"{name}{share}%（{low}%至{high}%）" for name, low, share, high, _ in rows)
    return _chart(
        label, said, foot + 20,
        format_html_join("", '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', [*grid, *lines]),
        format_html_join("", '<circle class="f-accent" cx="{}" cy="{}" r="4"/>', points),
        format_html_join("", _TEXT, [*words, *marks]),
    )  # fmt: skip


def pareto_chart(rows: Sequence[tuple[str, int]], *, label: str, unit: str = "套") -> SafeString:
    """Draw a stair on one axis from 0 to 100 %: each bar starts where the last ended; the rest beyond nine is one."""
    ranked = sorted((row for row in rows if row[1] > 0), key=lambda row: -row[1])
    shown = ranked[:TOP_CLASSES]
    if len(ranked) > TOP_CLASSES:
        shown.append((f"其他{len(ranked) - TOP_CLASSES}类", sum(count for _, count in ranked[TOP_CLASSES:])))
    whole = sum(count for _, count in shown)
    if not whole:
        return SafeString("")
    bars, words = [], []
    for n, ((name, count), end) in enumerate(zip(shown, accumulate(count for _, count in shown), strict=True)):
        left, right = (_LEFT + 60 + 256 * at / whole for at in (end - count, end))
        bars.append(("f-accent", f"{left:.1f}", _ROW * n + 5, f"{max(right - left, 1):.1f}", 14))
        words += [
            ("t-e", _LEFT + 54, _ROW * n + 16, _short(name)), ("t-b", 430, _ROW * n + 16, f"{count:,}"),
            ("t-e", 560, _ROW * n + 16, f"累计{rate_text(end, whole)}"),
        ]  # fmt: skip
    foot = _ROW * len(shown) + 4
    mark = f"{_LEFT + 60 + 256 * 0.8:.1f}"
    eighty = format_html('<line class="l-need" x1="{}" x2="{}" y1="0" y2="{}"/>', mark, mark, foot)
    said = "，".join(f"{name}{count:,}{unit}" for name, count in shown)
    return _chart(label, said, foot + 4, format_html_join("", _RECT, bars), eighty, format_html_join("", _TEXT, words))


def _short(name: str) -> str:
    """Return a name as it fits before a bar."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def funnel_chart(rows: Sequence[tuple[str, int]], *, label: str, unit: str = "套") -> SafeString:
    """Draw how many reached each stage, flush left, and between two of them how many stay there."""
    whole = rows[0][1] if rows else 0
    if whole <= 0:
        return SafeString("")
    stays = [max(before[1] - after[1], 0) for before, after in pairwise(rows)]
    most = max(stays, default=0)
    bars, words = [], []
    for n, (name, count) in enumerate(rows):
        y, long = 36 * n + 4, 280 * max(count, 0) / whole
        bars.append(("f-accent", _LEFT, y, f"{max(long, 1):.1f}", 16))
        words += [
            ("t-e", 96, y + 12, name), ("t-b", f"{_LEFT + long + 6:.1f}", y + 12, f"{count:,}"),
            ("t-e", 560, y + 12, rate_text(count, whole)),
        ]  # fmt: skip
        if n < len(stays):
            words.append(("t-red" if stays[n] == most and most else "", _LEFT, y + 29, f"停在这一步 {stays[n]:,}"))
    said = "，".join(f"{name}{count:,}{unit}" for name, count in rows)
    return _chart(label, said, 36 * len(rows), format_html_join("", _RECT, bars), format_html_join("", _TEXT, words))


def columns_chart(rows: Sequence[tuple[str, int, str]], *, label: str, unit: str = "套") -> SafeString:
    """Draw up to twelve months as columns with their numbers: (month, number, remark); the last stands out."""
    shown = list(rows)[-MONTHS:]
    if not shown:
        return SafeString("")
    most = max(1, *(count for _, count, _ in shown), 1)
    bars, words = [], []
    for n, (name, count, below) in enumerate(shown):
        left, tall = 46 * n + 8, 70 * max(count, 0) / most
        css = "f-accent" if n == len(shown) - 1 else "f-line"
        bars.append((css, left, f"{92 - tall:.1f}", 30, f"{max(tall, 1):.1f}"))
        middle = left + 15
        words += [
            ("t-m", middle, f"{88 - tall:.1f}", f"{count:,}"), ("t-m", middle, 108, name), ("t-m", middle, 124, below),
        ]  # fmt: skip
    said = "，".join(f"{name}{count:,}{unit}" for name, count, _ in shown)
    foot = format_html('<line class="ax" x1="0" x2="{}" y1="92" y2="92"/>', 46 * len(shown))
    return _chart(label, said, 130, format_html_join("", _RECT, bars), foot, format_html_join("", _TEXT, words))


@dataclass(frozen=True)
class Tile:
    """A place on the map of tiles: its name, what is told of it, its share in percent (None: too few), a link."""

    name: str
    text: str
    share: Decimal | None
    url: str = ""


def tile_chart(tiles: Sequence[Tile], *, label: str) -> SafeString:
    """Draw places as tiles, four to a row, in the order given: five tones by share, dashed where there are too few."""
    if not tiles:
        return SafeString("")
    drawn = []
    for n, tile in enumerate(tiles):
        left, top = 140 * (n % 4), 62 * (n // 4)
        tone = 0 if tile.share is None else 1 + sum(tile.share >= bound for bound in TONES)
        ink = " t-w" if tone == len(TONES) + 1 else ""
        parts = format_html(
            '<rect class="q{}" x="{}" y="{}" width="136" height="58"/><text class="t-b{}" x="{}" y="{}">{}</text>'
            '<text class="{}" x="{}" y="{}">{}</text>',
            tone, left + 1, top + 1, ink, left + 10, top + 24, tile.name, f"t-k{ink}", left + 10, top + 44, tile.text,
        )  # fmt: skip
        drawn.append((format_html('<a href="{}">{}</a>', tile.url, parts) if tile.url else parts,))
    said = "，".join(f"{tile.name}{tile.text}" for tile in tiles)
    return _chart(label, said, 62 * -(-len(tiles) // 4) + 2, format_html_join("", "{}", drawn))


def spark_chart(numbers: Sequence[int], *, label: str) -> SafeString:
    """Draw up to twelve months as a line of small columns without numbers: those stand beside it."""
    shown = list(numbers)[-MONTHS:]
    most = max([1, *shown])
    bars = [
        ("f-accent" if n == len(shown) - 1 else "f-line", 8 * n, f"{20 - 18 * max(count, 0) / most:.1f}", 6,
         f"{max(18 * max(count, 0) / most, 0.5):.1f}")
        for n, count in enumerate(shown)
    ]  # fmt: skip
    return format_html(
        '<svg class="mini" viewBox="0 0 96 20" role="img" aria-label="{}：{}">{}</svg>',
        label, "，".join(f"{count:,}" for count in shown), format_html_join("", _RECT, bars),
    )  # fmt: skip


def _across(share: Decimal) -> str:
    return f"{_LEFT + (_RIGHT - _LEFT) * float(share) / 100:.1f}"


def _chart(label: str, said: str, height: int, *parts: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 560 {}" role="img" aria-label="{}。{}"><title>{}</title><desc>{}</desc>{}</svg>',
        height, label, said, label, said, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip
