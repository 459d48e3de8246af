"""Bar codes of digits (Code 128, set C) as SVG: for labels that the office prints and its scanner reads."""

from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDTHS: Final = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
).split()
_START: Final = 105
_STOP: Final = "2331112"
_QUIET: Final = 10  # modules of white before and after: without them a scanner finds no beginning


def bar_widths(digits: str) -> str:
    """Return the widths of the bars and gaps in modules, a bar first, for an even number of digits."""
    if not digits.isdecimal() or len(digits) % 2:
        raise ValueError(f"set C has pairs of digits, not {digits!r}")
    values = [int(digits[start : start + 2]) for start in range(0, len(digits), 2)]
    check = (_START + sum(place * value for place, value in enumerate(values, start=1))) % 103
    return "".join(_WIDTHS[value] for value in (_START, *values, check)) + _STOP


def bar_code(digits: str, *, label: str) -> SafeString:
    """Draw the bars of digits, 40 modules high, with their quiet zones."""
    at, bars = _QUIET, []
    for place, width in enumerate(bar_widths(digits)):
        if place % 2 == 0:
            bars.append((at, width))
        at += int(width)
    return format_html(
        '<svg class="barcode" viewBox="0 0 {} 40" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        at + _QUIET,
        label,
        format_html_join("", '<rect x="{}" width="{}" height="40"/>', bars),
    )
