"""QR codes as inline SVG: no file, no data address, so that the closed fetcher has nothing to fetch."""

from itertools import groupby

import segno

QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks
MASK = 3  # one of the eight, each as readable on tokens that are random; weighing all eight costs more than the page


def qr_svg(text: str, *, label: str = "二维码") -> str:
    """Draw a text as a QR code; the size is given by the stylesheet."""
    rows = [tuple(row) for row in segno.make(text, error="m", micro=False, mask=MASK).matrix]
    side = len(rows) + 2 * QUIET_ZONE
    path = "".join(_row(y, row) for y, row in enumerate(rows, start=QUIET_ZONE))
    return (
        f'<svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {side} {side}" xmlns="http://www.w3.org/2000/svg">'
        f'<rect width="{side}" height="{side}" fill="#ffffff"/><path d="{path}" fill="#000000"/></svg>'
    )


def _row(y: int, modules: tuple[int, ...]) -> str:
    """Draw one row as filled bars: neighbours in one bar leave no hairline when printed."""
    bars, x = [], QUIET_ZONE
    for dark, group in groupby(modules):
        length = len(list(group))
        if dark:
            bars.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(bars)
