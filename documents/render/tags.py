"""Filters and tags of the paper templates: {% load paper %}."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from documents.render import text_layout
from documents.render.qr import qr_svg
from registry.web.oneline import oneline

register = template.Library()
register.tag("oneline", oneline)
register.filter("chinese_date", text_layout.chinese_date)
register.filter("ordinal", text_layout.ordinal)
register.simple_tag(text_layout.organ_class, name="organ_class")
register.simple_tag(text_layout.signature_class, name="signature_class")

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
