"""Letters that differ only in single lines: laid out once, filled many times.

Laying out a page costs twenty times what drawing its few changing lines does. A stencil is one laid-out letter; another
fits it if its html has the same elements and each text that differs stands on one line here and there alike, in the
same font, no wider than its place. Such a letter is drawn from the same boxes with its own lines; whatever does not fit
gets a layout of its own. What is drawn is the same, instruction by instruction: `test_batch.py` compares.

The hook into WeasyPrint 70 is private, so `install` first looks whether it is as expected; if not, no letter fits any
stencil and each is laid out by itself.
"""

import copy
import inspect
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any, Final

log = logging.getLogger(__name__)

TAG: Final = re.compile(r"(<[^>]*>)")
QR: Final = re.compile(r'<svg class="qr".*?</svg>', re.DOTALL)
SPACES: Final = re.compile(r"[ \t\r\n]+")
SAME: Final = 1e-6
BAR: Final = re.compile(rb"M(\d+) (\d+)h(\d+)v1h-\d+z")
PATH: Final = re.compile(r' d="([^"]*)"')
NEAR: Final = 1.0  # pixels: a line that fills its place so nearly is laid out by itself
EXPECTED: Final = {
    "draw_first_line": ["stream", "textbox", "text_overflow", "block_ellipsis", "matrix"],
    "draw_replacedbox": ["stream", "box"],
}
START: Final = frozenset({"start", "left", "justify-all", "justify"})


@dataclass(frozen=True)
class Line:
    """A text that stands alone on a line of a laid-out letter: its box, and how wide another text there may be."""

    box: Any
    room: float | None  # None: only a text just as wide fits

    @cached_property
    def own(self) -> "_Set":
        """The text of the stencil itself, set alone as another will be: the box keeps what its line made of it."""
        return _set(self.box.text, self.box.style)


@dataclass(frozen=True, slots=True)
class _Set:
    """A text set on a line of its own: how it is drawn, its measures, its fonts."""

    layout: Any
    is_whole: bool
    width: float
    measures: tuple[float, float]
    fonts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter that fits a stencil: what is drawn instead of which box, by the box's identity."""

    lines: dict[int, tuple[str, Any]]
    codes: dict[int, str]

    def pages(self, masters: Sequence["Master"]) -> list[Any]:
        """Return the pages of the letter, as WeasyPrint takes pages."""
        return [_FilledPage(master, self) for master in masters]


@dataclass
class Stencil:
    """One laid-out letter and what of it may be drawn anew."""

    document: Any
    letter: "Parted"
    lines: dict[str, list[Line]]
    pictures: list[Any]

    @classmethod
    def of(cls, letter: "Parted", document: Any) -> "Stencil":
        """Make the stencil of a letter that was laid out."""
        lines: dict[str, list[Line]] = {}
        pictures: list[Any] = []
        for page in document.pages:
            for line, picture in _walk(page._page_box):
                if line is not None:
                    lines.setdefault(line.box.text, []).append(line)
                else:
                    pictures.append(picture)
        return cls(document, letter, lines, pictures)

    def filled(self, letter: "Parted") -> Filled | None:
        """Return a letter as this stencil draws it; None if it needs a layout of its own. It fits itself."""
        mine = self.letter
        if letter.tags != mine.tags or len(letter.texts) != len(mine.texts) or len(letter.codes) != len(self.pictures):
            return None
        wanted: dict[str, str] = {}
        for own, other in zip(mine.texts, letter.texts, strict=True):
            if wanted.setdefault(own, other) != other:
                return None
        lines: dict[int, tuple[str, Any]] = {}
        for own, other in wanted.items():
            if own == other:
                continue
            places = self.lines.get(own, [])
            if len(places) != mine.texts.count(own):
                return None
            for place in places:
                layout = _fitting(place, other)
                if layout is None:
                    return None
                lines[id(place.box)] = other, layout
        codes = {
            id(picture): code
            for picture, own, code in zip(self.pictures, mine.codes, letter.codes, strict=True)
            if own != code
        }
        return Filled(lines, codes)

    def masters(self) -> list["Master"]:
        """Return the pages of the layout, to be drawn in one document: names of fonts are that document's."""
        return [Master(page) for page in self.document.pages]


def install() -> bool:
    """Put the hooks in place, once; False when this WeasyPrint does not have them."""
    try:
        from weasyprint import draw  # noqa: PLC0415  # pango: see font_roles.weasyprint
        from weasyprint.draw import text  # noqa: PLC0415  # pango

        hooks = {"draw_first_line": text.draw_first_line, "draw_replacedbox": draw.draw_replacedbox}
    except (ImportError, AttributeError):
        log.warning("WeasyPrint has changed: letters are laid out one by one")
        return False
    if getattr(text, "registry_marks", False):
        return True
    if {name: list(inspect.signature(hook).parameters) for name, hook in hooks.items()} != EXPECTED:
        log.warning("WeasyPrint has changed: letters are laid out one by one")
        return False
    first_line, replaced = hooks["draw_first_line"], hooks["draw_replacedbox"]

    def draw_first_line(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any) -> Any:
        marks = getattr(stream, "registry_marks", None)
        if marks is None:
            return first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
        start, font = len(stream.stream), stream._current_font
        emojis = first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
        marks.append(_Mark(textbox, start, len(stream.stream), font, matrix))
        return emojis

    def draw_replacedbox(stream: Any, box: Any) -> None:
        if not _is_code(box):
            replaced(stream, box)
            return
        marks = getattr(stream, "registry_marks", None)
        start = len(stream.stream)
        _draw_code(stream, box, _path_of(box))
        if marks is not None:
            marks.append(_Mark(box, start, len(stream.stream), None, None))

    text.draw_first_line, draw.draw_replacedbox = draw_first_line, draw_replacedbox
    text.registry_marks = True
    return True


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where in the instructions of a page a box was drawn, and in which font the one before it was."""

    box: Any
    start: int
    end: int
    font: Any
    matrix: Any


class Master:
    """A page of a stencil as it was drawn once, with the place of each box in its instructions."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.marks: list[_Mark] = []
        self._instructions: list[Any] = []
        self._parts: dict[tuple[int, int], bytes] = {}

    def draw(self, stream: Any, scale: float) -> None:
        """Draw the page, when it is first asked for."""
        if not self._instructions:
            scratch = stream.clone()
            scratch.registry_marks = self.marks
            self.page.paint(scratch, scale)
            self._instructions = scratch.stream

    def part(self, start: int, end: int | None = None) -> bytes:
        """Return some of the instructions, written once for all letters."""
        until = len(self._instructions) if end is None else end
        if (start, until) not in self._parts:
            self._parts[start, until] = b"\n".join(map(_written, self._instructions[start:until]))
        return self._parts[start, until]


class _FilledPage:
    """A page of a filled letter, as WeasyPrint asks a page: its size is the stencil's, what is drawn its own."""

    def __init__(self, master: Master, letter: Filled) -> None:
        self._master, self._letter = master, letter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._master.page, name)

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draw the page: the instructions of the stencil, those of each changed line in their place."""
        master, at = self._master, 0
        master.draw(stream, scale)
        for mark in master.marks:
            own = self._drawn(mark, stream)
            if own is not None:
                if at < mark.start:
                    stream.stream.append(master.part(at, mark.start))
                stream.stream.extend(own)
                at = mark.end
        stream.stream.append(master.part(at))

    def _drawn(self, mark: _Mark, stream: Any) -> list[Any] | None:
        """Return the instructions of a box that the letter changes; None if it does not."""
        key = id(mark.box)
        if key in self._letter.lines:
            from weasyprint.draw.text import draw_first_line  # noqa: PLC0415  # pango

            said, layout = self._letter.lines[key]
            box = copy.copy(mark.box)
            box.text, box.pango_layout = said, layout
            scratch = stream.clone()
            scratch._current_font = mark.font
            layout.reactivate(box.style)
            draw_first_line(scratch, box, "clip", "none", mark.matrix)
            layout.deactivate()
            return list(scratch.stream)
        if key in self._letter.codes:
            scratch = stream.clone()
            _draw_code(scratch, mark.box, self._letter.codes[key])
            return list(scratch.stream)
        return None


def _written(instruction: Any) -> bytes:
    from pydyf import _to_bytes  # type: ignore[import-untyped]  # noqa: PLC0415  # as the stream itself writes it

    return bytes(_to_bytes(instruction))


def _is_code(box: Any) -> bool:
    return box.element is not None and box.element.get("class") == "qr" and str(box.element_tag).endswith("svg")


def _path_of(box: Any) -> str:
    """Return the modules of a QR code as its path says them."""
    return next(str(part.get("d")) for part in box.element.iter() if part.get("d"))


def _draw_code(stream: Any, box: Any, path: str) -> None:
    """Draw the modules of a QR code as rectangles: a tenth of the work of a drawing read as SVG."""
    side = float(box.element.get("viewBox").split()[2])
    bars = b" ".join(b"%s %s %s 1 re" % bar for bar in BAR.findall(path.encode()))
    with stream.stacked():
        stream.transform(a=box.width / side, d=box.height / side, e=box.content_box_x(), f=box.content_box_y())
        stream.set_color_rgb(1, 1, 1)
        stream.rectangle(0, 0, side, side)
        stream.fill()
        stream.set_color_rgb(0, 0, 0)
        stream.stream.append(bars)
        stream.fill()


@dataclass(frozen=True, slots=True)
class Parted:
    """The body of a letter in its parts: elements, texts, codes. What the head says is not drawn."""

    tags: tuple[str, ...]
    texts: tuple[str, ...]
    codes: tuple[str, ...]


def parted(html: str) -> Parted:
    """Part the body of a letter."""
    body = html[html.index("<body") :]
    codes = tuple(PATH.findall(code)[0] for code in QR.findall(body))
    pieces = TAG.split(QR.sub("<svg>", body))
    texts = (SPACES.sub(" ", unescape(text)).strip(" ") for text in pieces[::2])
    return Parted(tuple(pieces[1::2]), tuple(text for text in texts if text), codes)


def _walk(root: Any) -> Iterator[tuple[Line | None, Any]]:
    """Walk the boxes of a page: each text box as a line that may be filled, each code as it is."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415  # pango

    loose = (boxes.InlineBlockBox, boxes.FlexContainerBox)

    def inside(box: Any, block: Any, line: Any, is_loose: bool) -> Iterator[tuple[Line | None, Any]]:
        box = getattr(box, "_box", box)  # a placeholder of what stands out of the flow
        if isinstance(box, boxes.TextBox):
            yield Line(box, None if is_loose else _room(box, block, line, boxes)), None
        elif isinstance(box, boxes.ReplacedBox):
            if _is_code(box):
                yield None, box
        elif isinstance(box, boxes.ParentBox):
            block = box if isinstance(box, boxes.BlockContainerBox) else block
            line = box if isinstance(box, boxes.LineBox) else line
            is_out = is_loose or isinstance(box, loose) or not box.is_in_normal_flow()
            for child in box.children:
                yield from inside(child, block, line, is_out)

    yield from inside(root, None, None, False)


def _room(box: Any, block: Any, line: Any, boxes: Any) -> float | None:
    """Return how wide another text may be in the place of one; None if it must be just as wide."""
    if line is None or block is None or box.justification_spacing:
        return None
    if block.style["text_align_all"] not in START or _last_text(line, boxes) is not box:
        return None
    return float(block.content_box_x() + block.width - box.position_x - NEAR)


def _last_text(line: Any, boxes: Any) -> Any:
    last = None
    for box in line.descendants():
        if isinstance(box, boxes.TextBox):
            last = box
    return last


def _fitting(place: Line, text: str) -> Any:
    """Return a text set in the style of a box if it stands in its place alike; None if it does not."""
    own, other = place.own, _set(text, place.box.style)
    if place.box.justification_spacing or not other.is_whole:
        return None
    if other.measures != own.measures or other.fonts != own.fonts or len(own.fonts) != 1:
        return None
    if abs(other.width - own.width) > SAME and (place.room is None or other.width > place.room):
        return None
    return other.layout


def _set(text: str, style: Any) -> _Set:
    from weasyprint.text.ffi import ffi  # noqa: PLC0415  # pango: see font_roles.weasyprint
    from weasyprint.text.fonts import get_pango_font_key  # noqa: PLC0415  # pango
    from weasyprint.text.line_break import split_first_line  # noqa: PLC0415  # pango

    layout, _, resume_at, width, height, baseline = split_first_line(text, style, None, None, 0)
    layout.reactivate(style)
    line, _ = layout.get_first_line()
    fonts, run = [], line.runs[0]
    while run != ffi.NULL:
        key, _, size = get_pango_font_key(run.data.item.analysis.font)
        fonts.append((key, size))
        run = run.next
    layout.deactivate()
    return _Set(layout, resume_at is None, width, (height, baseline), tuple(dict.fromkeys(fonts)))
