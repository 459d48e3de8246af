"""Clean right edges for Chinese text in WeasyPrint, which by itself stretches a line only at its spaces.

Three hooks of WeasyPrint 70 are replaced so that the gap after each Chinese character takes its share. The hooks are
private, so `install` first looks whether they are as expected; if not, it changes nothing and says so, and the
stylesheet falls back to a ragged edge. `tests/documents/render/test_pdf.py` measures the edge.
"""

import inspect
import logging
import re
from typing import Any

log = logging.getLogger(__name__)

# Ideographs, kana, full-width forms and the marks that a Chinese font draws a full square wide.
CJK = (
    "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
    "\u2014\u2018\u2019\u201c\u201d\u2026 \u00a0"
)
STRETCHY = re.compile(f"[{CJK}]")
STRETCHY_RUN = re.compile(f"[{CJK}]+")
WIDEST_GAP = 0.25  # of the type size; a line that would need more stays ragged
EXPECTED = {
    "count_expandable_spaces": ["box"],
    "justify_line": ["context", "line", "extra_width"],
    "add_word_spacing": ["context", "box", "justification_spacing", "x_advance"],
    "set_text": ["self", "text", "justify"],
}


def install() -> bool:
    """Put the hooks in place, once; False when this WeasyPrint does not have them."""
    try:
        from weasyprint.formatting_structure import boxes  # noqa: PLC0415  # pango: see font_roles.weasyprint
        from weasyprint.layout import inline  # noqa: PLC0415  # pango
        from weasyprint.text import line_break  # noqa: PLC0415  # pango

        hooks = [inline.count_expandable_spaces, inline.justify_line, inline.add_word_spacing]
        hooks.append(line_break.Layout.set_text)
    except (ImportError, AttributeError):
        log.warning("WeasyPrint has changed: Chinese lines are set ragged")
        return False
    if getattr(inline, "registry_justifies", False):
        return True
    if {hook.__name__: list(inspect.signature(hook).parameters) for hook in hooks} != EXPECTED:
        log.warning("WeasyPrint has changed: Chinese lines are set ragged")
        return False
    _replace(inline, line_break, boxes)
    inline.registry_justifies = True
    return True


def _replace(inline: Any, line_break: Any, boxes: Any) -> None:
    def count(box: Any) -> int:
        if isinstance(box, boxes.TextBox):
            return len(STRETCHY.findall(box.text))
        if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            return sum(count(child) for child in box.children)
        return 0

    def last_text(box: Any) -> str:
        """The text of the last text box: pango trims half a gap at either end of what it sets."""
        if isinstance(box, boxes.TextBox):
            return str(box.text)
        if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            return next((text for child in reversed(box.children) if (text := last_text(child))), "")
        return ""

    def justify_line(context: Any, line: Any, extra_width: float) -> None:
        ending = last_text(line)
        if not ending:
            return
        trimmed = sum(STRETCHY.match(character) is not None for character in (ending[0], ending[-1])) / 2
        gaps = count(line) - trimmed
        if gaps > 0 and 0 < extra_width / gaps < WIDEST_GAP * line.style["font_size"]:
            inline.add_word_spacing(context, line, extra_width / gaps, 0)

    original = line_break.Layout.set_text

    def set_text(self: Any, text: str, justify: bool = False) -> None:
        spacing = self.justification_spacing
        if not (justify and spacing):
            original(self, text, justify)
            return
        self.justification_spacing = 0
        original(self, text, justify)
        self.justification_spacing = spacing
        _stretch(line_break, self, spacing)

    inline.count_expandable_spaces = count
    inline.justify_line = justify_line
    line_break.Layout.set_text = set_text


def _stretch(line_break: Any, layout: Any, spacing: float) -> None:
    """Give each run of stretchy characters its letter spacing, by UTF-8 byte offsets as pango counts."""
    pango, ffi = line_break.pango, line_break.ffi
    own = layout.style["letter_spacing"]
    units = int(((0 if own == "normal" else own) + spacing) * line_break.TO_UNITS)
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for run in STRETCHY_RUN.finditer(layout.text):
        attribute = pango.pango_attr_letter_spacing_new(units)
        attribute.start_index = len(layout.text[: run.start()].encode())
        attribute.end_index = attribute.start_index + len(run[0].encode())
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)
