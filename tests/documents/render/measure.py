"""Reads back from a PDF where its glyphs stand: the paper is judged by what is drawn, not by what was meant."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pikepdf
import pypdf

MM = 25.4 / 72


@dataclass(frozen=True)
class Run:
    """Glyphs drawn one after another; lengths in millimetres from the paper's top left corner."""

    page: int
    baseline: float
    left: float
    right: float
    glyphs: tuple[int, ...]
    size: float


def text(content: bytes) -> str:
    """The text of all pages."""
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def runs(content: bytes) -> list[Run]:
    """The runs of glyphs of all pages, in drawing order."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return [run for number, page in enumerate(document.pages) for run in _page_runs(number, page)]


def lines(content: bytes, page: int, size: float) -> list[tuple[float, float, int]]:
    """The lines of one page set in one size: left and right edge and number of glyphs, from top to bottom."""
    found = [run for run in runs(content) if run.page == page and abs(run.size - size) < 0.1]
    found.sort(key=lambda run: (round(run.baseline, 1), run.left))
    grouped = (list(group) for _, group in groupby(found, key=lambda run: round(run.baseline, 1)))
    return [(group[0].left, group[-1].right, sum(len(run.glyphs) for run in group)) for group in grouped]


def _page_runs(number: int, page: pikepdf.Page) -> Iterator[Run]:
    widths = {name: _widths(font) for name, font in page.Resources.Font.items()}
    x = y = size = 0.0
    font = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tm":
            x, y = float(operands[4]), float(operands[5])
        elif str(operator) == "Tf":
            font, size = str(operands[0]), float(operands[1])
        elif str(operator) == "TJ":
            start, glyphs = x, []
            for item in operands[0]:
                if isinstance(item, pikepdf.String):
                    codes = bytes(item)
                    for at in range(0, len(codes), 2):
                        glyphs.append(int.from_bytes(codes[at : at + 2]))
                        x += widths[font][glyphs[-1]] / 1000 * size
                else:
                    x -= float(item) / 1000 * size
            pixel = 0.75 * MM  # WeasyPrint draws in CSS pixels from the top
            yield Run(number, y * pixel, start * pixel, x * pixel, tuple(glyphs), size * 0.75)


def glyphs_of(page: pikepdf.Page, font_name: str) -> set[int]:
    """The glyph numbers that a page draws in one of its fonts."""
    font, found = "", set()
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) == "TJ" and font == font_name:
            for item in operands[0]:
                if isinstance(item, pikepdf.String):
                    codes = bytes(item)
                    found |= {int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)}
    return found


def _widths(font: pikepdf.Object) -> dict[int, float]:
    table: dict[int, float] = {}
    entries = list(font.DescendantFonts[0].W)
    for first, widths in zip(entries[::2], entries[1::2], strict=True):
        table.update({int(first) + offset: float(width) for offset, width in enumerate(widths)})
    return table
