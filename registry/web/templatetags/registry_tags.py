"""Tags of pages: what they offer and where they lead, stages and marks, bars and charts, dates, numbers, shares."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from registry.kernel import lateness
from registry.kernel.rates import NO_RATE, format_rate, rate
from registry.kernel.stages import STAGES, Track, stage_of
from registry.store.once import new_key
from registry.web import subject_pages, svg
from registry.web.actions import actions_for
from registry.web.barcode import bar_code as bars_of
from registry.web.oneline import oneline
from registry.web.unit_marks import MARKS

register = template.Library()
register.tag("oneline", oneline)

NUMBER_KINDS = frozenset({"int", "area", "money", "rate"})
PLAIN_KINDS = frozenset({"date", "code", "identity", "phone"})
HEADER_KINDS = {"建筑面积": "area", "证件号码": "identity", "户号(房号)": "code"}
REASON_MARKS = {
    "lifted": "commitment", "fault": "fault", "barred": "blocked", "blocked": "blocked", "paused": "paused",
    "standing": "held",
}  # fmt: skip
COMING = ("missing", "later")


# Where a page leads ----------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def actions(context: Mapping[str, Any], page: str, subject: Any = None) -> list[tuple[str, str]]:
    """What the reader may begin from a page about a subject: `{% actions "unit" unit as offers %}`."""
    return actions_for(page, context["actor"], subject)


@register.simple_tag
def page_url(thing: str, *args: Any) -> str:
    """The page of a thing that an app above shows: `{% page_url "unit" project.code unit.pk %}`."""
    return subject_pages.page_url(thing, *args)


@register.simple_tag
def once_key() -> SafeString:
    """The key of a button that stands for a whole form: what it does is done once. Within its form."""
    return format_html('<input type="hidden" name="once" value="{}">', new_key())


@register.simple_tag
def bar_code(code: Any) -> SafeString:
    """The bars of a code for the scanner, to print."""
    return bars_of(str(code), label=f"条码{code}")


# Stages and marks ------------------------------------------------------------------------------------------------


@register.simple_tag
def mark(code: str, title: str = "") -> SafeString:
    """One mark: its character in its box, its full wording (or a closer one) as title."""
    if not code:
        return SafeString("")
    character, css, wording = MARKS[code]
    return format_html('<span class="mk mk-{}" title="{}">{}</span>', css, title or wording, character)


@register.simple_tag
def mark_word(code: str) -> str:
    """The short wording of a mark, as legends say it."""
    return MARKS[code][2].split("：")[0].split("，")[0]


@register.simple_tag
def reason_mark(kind: str) -> SafeString:
    """The mark at the head of a line of `why`: a mark for what shuts, an arrow for what comes, else a tick."""
    if kind in REASON_MARKS:
        return mark(REASON_MARKS[kind])
    return format_html('<span class="tick" aria-hidden="true">{}</span>', "→" if kind in COMING else "✓")


@register.simple_tag
def stage_pill(code: str, track: str = "certificate") -> SafeString:
    """A stage as a pill in its colour; a track that does not concern the unit says so."""
    if not code:
        return format_html('<span class="pill">{}</span>', "不适用")
    stage = stage_of(Track(track), code)
    return format_html('<span class="pillst st-{}">{}</span>', stage.css, stage.label)


@register.simple_tag
def stage_legend(counts: Mapping[str, int] | None, track: str = "certificate") -> list[tuple[str, str, int]]:
    """Rows (class, label, count), the last stage first: the order of every bar and legend."""
    by_code = counts or {}
    return [(stage.css, stage.label, by_code.get(stage.code, 0)) for stage in reversed(STAGES[Track(track)])]


@register.simple_tag
def stage_bar(counts: Mapping[str, int], label: str, thin: bool = False, track: str = "certificate") -> SafeString:
    """The stages as one stacked bar, the last first, so that what is done fills from the left."""
    rows = stage_legend(counts, track)
    said = "，".join(f"{word}{count:,}" for _, word, count in rows)
    return svg.stacked_bar(((css, count) for css, _, count in rows), label=f"{label}：{said}", thin=thin)


# Bars and charts -------------------------------------------------------------------------------------------------


@register.simple_tag
def bar(segments: Iterable[tuple[str, int]], label: str, thin: bool = True) -> SafeString:
    """Any (class, count) segments as one bar."""
    return svg.stacked_bar(segments, label=label, thin=thin)


@register.simple_tag
def part_bar(part: int, whole: int, label: str) -> SafeString:
    """A count as a thin bar, as long as its part of the largest one."""
    return svg.stacked_bar((("accent", part), ("track", max(whole - part, 0))), label=f"{label}{part:,}", thin=True)


@register.simple_tag
def share(done: int, whole: int) -> SafeString:
    """The issued share of a building under its number."""
    return svg.share_bar(done, whole)


@register.simple_tag
def effect_bar(before: int, after: int, whole: int) -> SafeString:
    """How many could pass before, and how many can after."""
    return svg.effect_bar(before, after, whole)


@register.simple_tag
def columns_of(points: Sequence[tuple[str, int]], label: str) -> SafeString:
    """Up to twelve months as columns, the last in the accent colour."""
    return svg.column_chart(points, label=label)


@register.simple_tag
def forecast_chart(outlook: svg.Outlook) -> SafeString:
    """What is left, month by month, with the forecast band and the pace needed."""
    return svg.outlook_chart(outlook)


# Numbers ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def percent(done: int, whole: int) -> str:
    """A share with two decimals, or — for no denominator; never a false 100.00%."""
    return format_rate(rate(done, whole))


@register.simple_tag
def total(*counts: int) -> str:
    """The sum of counts that stand beside it, as a page prints it."""
    return f"{sum(counts):,}"


@register.filter
def as_rate(value: Decimal | None) -> str:
    """A share already computed, with two decimals and its sign; — where there is none."""
    return format_rate(value)


@register.filter
def number(value: Any) -> str:
    """A count with its thousands; — for none; a true minus."""
    if value is None or value == "":
        return NO_RATE
    return f"{value:,}".replace("-", "−") if isinstance(value, int | float | Decimal) else str(value)


register.filter("intcomma", number)  # Django's own groups by four in zh-hans: 1,8930


@register.filter
def signed(value: int | None) -> str:
    """A change: +7,899, −12, — for none or nothing."""
    return NO_RATE if not value else f"{value:+,}".replace("-", "−")


@register.filter
def two_decimals(value: Decimal | float | int | None) -> str:
    """Two decimals with thousands: areas and money."""
    return NO_RATE if value is None or value == "" else f"{Decimal(str(value)):,.2f}".replace("-", "−")


# Dates -----------------------------------------------------------------------------------------------------------


@register.filter
def day(value: date | None) -> str:
    """A date in a table: 2022-03-08."""
    return f"{_local(value):%Y-%m-%d}" if value else NO_RATE


@register.filter
def days_to(value: date, on: date) -> int:
    """The days from one day to another: 2022-03-01 to 2022-03-08 is 7."""
    return (on - value).days


@register.filter
def how_late(days: int, unit: str = "") -> str:
    """Days late in the words of the office: 8日, 5年2个月; of working days with "工作日"."""
    return lateness.how_late(days, working=bool(unit))


@register.filter
def is_long_late(days: int, unit: str = "") -> bool:
    """Whether it is late by more than three months."""
    return lateness.is_long(days, working=bool(unit))


@register.filter
def short_day(value: date | None, year: int | str | None = None) -> str:
    """A date within the year that the page shows: 03-08; with its year if that is another one, or none is shown."""
    if not value:
        return NO_RATE
    shown = _local(value)
    return f"{shown:%m-%d}" if year not in (None, "") and str(shown.year) == str(year) else f"{shown:%Y-%m-%d}"


@register.filter
def long_day(value: date | None) -> str:
    """A date in a sentence: 2022年3月8日."""
    if not value:
        return NO_RATE
    shown = _local(value)
    return f"{shown.year}年{shown.month}月{shown.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in Beijing time: 2022-03-08 16:20."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else NO_RATE


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


# Tables ----------------------------------------------------------------------------------------------------------


@register.simple_block_tag(takes_context=True)
def listing(
    context: Context, content: SafeString, page: Any, label: str, chooses: str = "", ends: bool = False
) -> SafeString:
    """The table of a list page around its rows: `{% listing page "户" chooses="unit" %} rows {% endlisting %}`.

    `chooses` is the field whose boxes stand before the rows; with `ends` each row ends with its act.
    """
    words = {"page": page, "label": label, "chooses": chooses, "ends": ends, "body": content}
    return render_to_string("_components/listing.html", words)


@register.filter
def column_align(column: Any) -> str:
    """The classes of a column: numbers flush right, codes and dates unbroken."""
    kind, css = (_part(column, name) for name in ("kind", "css"))
    side = "n" if kind in NUMBER_KINDS else "nw" if kind in PLAIN_KINDS else ""
    return " ".join(word for word in (side, css) if word)


@register.filter
def paired_with(cells: Iterable[Any], columns: Iterable[Any]) -> list[tuple[Any, str]]:
    """Each cell of a row with the classes of its column."""
    return [
        (cell, " ".join(word for word in (column_align(column), _part(cell, "css")) if word))
        for cell, column in zip(cells, columns, strict=False)
    ]


def _part(thing: Any, name: str) -> str:
    if isinstance(thing, str):
        return HEADER_KINDS.get(thing, "") if name == "kind" else ""
    part = thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, "")
    return str(part or "")


# Import preview --------------------------------------------------------------------------------------------------

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
VERDICTS = (("added", "accent", "新增"), ("changed", "accepted", "变更"), ("unchanged", "line", "相同"),
            ("refused", "red", "退回"), ("skipped", "track", "跳过"))  # fmt: skip


@register.filter
def circled_number(number: int | str) -> str:
    """The numeral of an error, in its cell and before its sentence; "" for none."""
    n = int(number or 0)
    return CIRCLED[n - 1] if 0 < n <= len(CIRCLED) else f"({n})" if n else ""


@register.simple_tag
def import_equation(session: Any, skipped_note: str = "", absent: int | str | None = None) -> dict[str, Any]:
    """The rows of a file as a sum: whole = parts; beside it, the units of the ledger that the file lacks."""
    counts = [(name, label, int(getattr(session, name, 0) or 0)) for name, _, label in VERDICTS]
    noted = f"跳过（{skipped_note}）" if skipped_note else "跳过"
    return {
        "whole": ("文件里的数据行", session.rows_present),
        "parts": [
            (noted if name == "skipped" else label, count, "late" if name == "refused" and count else "")
            for name, label, count in counts
        ],
        "aside": None if absent in (None, "") else ("台账现有、本表没有", absent),
    }


@register.simple_tag
def import_bar(session: Any) -> SafeString:
    """The rows of a file by verdict, as one thin bar."""
    counts = [(css, int(getattr(session, name, 0) or 0), word) for name, css, word in VERDICTS]
    said = "，".join(f"{word}{count}" for _, count, word in counts)
    return svg.stacked_bar(((css, count) for css, count, _ in counts), label=f"数据行：{said}", thin=True)
