"""Filters and tags of the paper templates: {% load paper %}."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from documents.render import text_layout
from documents.render.font_roles import Role, stack
from documents.render.qr import qr_svg
from registry.web.charts import columns_chart
from registry.web.oneline import oneline
from registry.web.svg import Outlook, outlook_chart

register = template.Library()
register.tag("oneline", oneline)
register.filter("chinese_date", text_layout.chinese_date)
register.filter("ordinal", text_layout.ordinal)
register.simple_tag(text_layout.organ_class, name="organ_class")
register.simple_tag(text_layout.signature_class, name="signature_class")

# The rules of the page's charts once more: an SVG in a paper reads none of the page's stylesheet, and on the web the
# content security policy forbids a style in it. A test holds them against the stylesheet.
CHART_RULES: Final = (
    (".ax", "stroke:#b4bcc7;stroke-width:1"), (".grid", "stroke:#dde1e7;stroke-width:1"),
    (".now", "stroke:#626d7c;stroke-width:1;stroke-dasharray:2 2"), (".l-real", "fill:none;stroke:#1a2330;stroke-width:2"),
    (".l-need", "fill:none;stroke:#1a5490;stroke-width:1.5;stroke-dasharray:6 3"),
    (".l-fc", "fill:none;stroke:#b3231b;stroke-width:1.5"), (".band", "fill:#efd3d0"), (".f-accent", "fill:#1a5490"),
    (".f-line", "fill:#b4bcc7"), (".t-b", "font-weight:700;fill:#1a2330"), (".t-red", "fill:#b3231b"),
    (".t-acc", "fill:#123f6e"), (".t-e", "text-anchor:end"), (".t-m", "text-anchor:middle"),
)  # fmt: skip
BAR_WIDTH = 1000
TRACK, PART = "#e3e6ea", "#182f5c"  # WeasyPrint draws inline SVG without the page's stylesheet


@register.filter
def thousands(value: int) -> str:
    """Part a count by thousands: 7,899."""
    return f"{value:,}"


@register.filter
def paired_with(cells: Sequence[object], columns: Sequence[object]) -> list[tuple[object, object]]:
    """Pair the cells of a row with their columns; a row of another length stops the paper."""
    return list(zip(cells, columns, strict=True))


@register.simple_tag
def title_lines(title: str, keep: Sequence[str] | None = None, limit: float = text_layout.TITLE_WIDTH) -> SafeString:
    """Set a title in balanced lines of so many characters at most, as html."""
    lines = text_layout.title_lines(title, keep or (), limit)
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


@register.simple_tag
def qr(text: str) -> SafeString:
    """Draw a QR code."""
    return mark_safe(qr_svg(text))  # noqa: S308  # numbers and a constant label only


@register.simple_tag
def bar(value: str | float, whole: str | float) -> SafeString:
    """Draw a share as a thin bar; nothing for an empty whole."""
    total = Decimal(str(whole))
    part = 0 if total <= 0 else int(min(max(Decimal(str(value)) / total, Decimal(0)), Decimal(1)) * BAR_WIDTH)
    return mark_safe(  # noqa: S308  # integers only
        f'<svg class="bar" viewBox="0 0 {BAR_WIDTH} 60" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{BAR_WIDTH}" height="60" fill="{TRACK}"/><rect width="{part}" height="60" fill="{PART}"/></svg>'
    )


@register.simple_tag
def month_columns(rows: Sequence[Sequence[Any]], label: str) -> SafeString:
    """Draw the months of a paper as columns: month, number, what explains it."""
    return _on_paper(columns_chart([(name, count, below) for name, count, below in rows], label=label))


@register.simple_tag
def burndown(ahead: Mapping[str, Any], label: str) -> SafeString:
    """Draw what was left, where it leads and what the promised day would need."""
    points = [(date.fromisoformat(day), left) for day, left in ahead["points"]]
    low, middle, high = ahead["left_then"]
    told = Outlook(points, date.fromisoformat(ahead["ends"]), low, middle, high, ahead["needed"], title=label)
    wider = outlook_chart(told).replace('viewBox="0 0 448 236"', 'viewBox="-8 0 456 236"', 1)  # digits of a serif
    return _on_paper(wider)


def _on_paper(svg: str) -> SafeString:
    """Put the rules of the charts into one, for the printer."""
    families = ",".join(f"'{family}'" for family in stack(Role.PLAIN))
    rules = [("text", f"font-family:{families};font-size:12px;fill:#465263"), *CHART_RULES]
    style = "".join(f"{name}{{{said}}}" for name, said in rules)
    return mark_safe(svg.replace("><title>", f"><style>{style}</style><title>", 1))  # noqa: S308  # names of fonts
