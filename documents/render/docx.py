"""A draft of a paper for Word and WPS: the same template and the same snapshot as its PDF, never numbered.

Offices circulate a text before it is signed and correct it in their own program. So what this makes is plain paragraphs
and tables in the sizes and pitches of GB/T 9704-2012, with the faces that an office has (仿宋, 黑体, 楷体), and every
page says that it is a draft.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from docx import Document
from docx.document import Document as Draft
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml import html as markup  # type: ignore[import-untyped]  # no type information is installed

from documents.render.pdf import render_html
from documents.render.text_layout import ordinal

UNNUMBERED: Final = "（草稿，未编号）"
MARK: Final = "草稿　未编号，不作为依据"
FANG, HEI, KAI, BIAOSONG = "仿宋", "黑体", "楷体", "方正小标宋简体"
RED: Final = RGBColor(0xC3, 0x16, 0x1C)
PITCH: Final = {"letter": Pt(28.99), "form": Pt(20)}
SIZE: Final = {"letter": Pt(16), "form": Pt(13)}
MARGINS: Final = {"letter": (37, 26, 35, 28), "form": (25, 22, 20, 22)}  # mm: top, right, bottom, left
SKIPPED: Final = frozenset({"rule-top", "rule-foot", "verify"})  # drawn, or proven, in the paper itself
COLUMNS: Final = {"label": 30, "nth": 12, "what": 52, "how": 42, "item-name": 50, "sum": 24, "word": 18}  # mm
MADE: Final = "registry"


def draft_docx(template_name: str, snapshot: Mapping[str, Any]) -> bytes:
    """Return a paper as a document to be corrected; a character that no face has refuses it as it does the PDF."""
    return _written(template_name, snapshot).file(title=str(snapshot.get("title", "")))


def reading_of(template_name: str, snapshot: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what a paper says, to be read on a page: paragraphs ("p", text) and tables ("table", rows of cells)."""
    parts: list[tuple[str, Any]] = []
    for block in _written(template_name, snapshot).draft.iter_inner_content():
        if isinstance(block, Paragraph):
            if block.text.strip():
                parts.append(("p", " ".join(block.text.split())))
        else:
            parts.append(("table", [_cells(row) for row in block.rows]))
    return parts


def _cells(row: Any) -> list[str]:
    """The texts of a row, a merged cell once."""
    return [cell.text for cell in {id(cell._tc): cell for cell in row.cells}.values()]


def _written(template_name: str, snapshot: Mapping[str, Any]) -> "_Writer":
    page = markup.fromstring(render_html(template_name, {**snapshot, "number": UNNUMBERED}))
    body = page.find("body")
    form = "letter" if "letter" in _classes(body) else "form"
    written = _Writer(form)
    written.children(body)
    return written


def _classes(element: Any) -> set[str]:
    return set((element.get("class") or "").split())


def _pieces(element: Any) -> Iterator[tuple[str, set[str]]]:
    """The texts of a paragraph with the classes and tags around each; a line break is a piece of its own."""
    if element.text:
        yield element.text, set()
    for child in element:
        if child.tag == "br":
            yield "\n", set()
        elif isinstance(child.tag, str) and not _classes(child) & SKIPPED:
            around = _classes(child) | {child.tag}
            for text, inner in _pieces(child):
                yield text, inner | around
        if child.tail:
            yield child.tail, set()


class _Writer:
    """Writes the parts of a paper in their order; sections and items are numbered as the stylesheet counts them."""

    def __init__(self, form: str) -> None:
        self.form, self.draft = form, Document()
        self.sections, self.items = 0, 0
        self._set_up(self.draft)

    def _set_up(self, draft: Draft) -> None:
        section = draft.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        top, right, bottom, left = MARGINS[self.form]
        section.top_margin, section.right_margin = Mm(top), Mm(right)
        section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
        normal = draft.styles["Normal"]
        normal.font.name, normal.font.size = FANG, SIZE[self.form]
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANG)
        normal.paragraph_format.space_after = Pt(0)
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.say(mark, MARK, face=HEI, size=Pt(10.5))

    def say(self, paragraph: Paragraph, text: str, *, face: str = "", size: Any = None, **more: Any) -> None:
        """Add text to a paragraph in a face that has Chinese, of a size, a colour, bold."""
        run = paragraph.add_run(text)
        run.font.bold, run.font.size = more.get("bold"), size
        if face:
            run.font.name = face
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if "colour" in more:
            run.font.color.rgb = more["colour"]

    def paragraph(self, *, into: Any = None, indent: bool = False, align: Any = None) -> Paragraph:
        """Begin a paragraph at the pitch of the paper; in a cell at that of its text."""
        paragraph = (into or self.draft).add_paragraph()
        if into is None:
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            paragraph.paragraph_format.line_spacing = PITCH[self.form]
        if indent:
            paragraph.paragraph_format.first_line_indent = 2 * SIZE[self.form]
        paragraph.alignment = align
        return paragraph

    def children(self, parent: Any) -> None:
        """Write the parts of an element; what has no part of its own is gone through."""
        for element in parent:
            if isinstance(element.tag, str) and not _classes(element) & SKIPPED:
                self.part(element)

    def part(self, element: Any) -> None:
        """Write one part by what it is."""
        classes = _classes(element)
        named = next((name for name in PARTS if name in classes or name == element.tag), "")
        if named:
            PARTS[named](self, element)
        else:
            self.children(element)

    def organ(self, element: Any) -> None:
        """The head of a letter, red as its paper will have it."""
        paragraph = self.paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        self.say(paragraph, _text(element), face=BIAOSONG, size=Pt(30), bold=True, colour=RED)

    def under_rule(self, element: Any) -> None:
        """The marks and the place of the number."""
        marks = " ".join(_text(mark) for mark in element.find_class("marks"))
        paragraph = self.paragraph(align=WD_ALIGN_PARAGRAPH.RIGHT)
        self.say(paragraph, "　".join(filter(None, (marks, UNNUMBERED))))

    def title(self, element: Any) -> None:
        """A title, in the lines in which it is set."""
        paragraph = self.paragraph(align=WD_ALIGN_PARAGRAPH.CENTER)
        paragraph.paragraph_format.line_spacing = Pt(34)
        paragraph.paragraph_format.space_after = PITCH[self.form] if self.form == "letter" else Pt(6)
        for text, _ in _pieces(element):
            if text == "\n":
                paragraph.add_run().add_break(WD_BREAK.LINE)
            else:
                self.say(paragraph, text.strip(), face=BIAOSONG, size=Pt(22), bold=True)

    def heading(self, element: Any) -> None:
        """The words above or beside a title: whose paper it is, the place of its number."""
        align = WD_ALIGN_PARAGRAPH.RIGHT if "number" in _classes(element) else WD_ALIGN_PARAGRAPH.CENTER
        self.say(self.paragraph(align=align), _text(element), face=KAI)

    def section(self, element: Any) -> None:
        """The heading of a section, counted 一、二、三、."""
        self.sections, self.items = self.sections + 1, 0
        self.say(self.paragraph(indent=True), f"{ordinal(self.sections)}、{_text(element)}", face=HEI)

    def text(self, element: Any) -> None:
        """A paragraph; what opens an item is counted （一）（二） and set in 楷体."""
        is_flush = bool(_classes(element) & {"to", "flush", "note"})
        paragraph = self.paragraph(indent=not is_flush)
        is_opened = False
        for text, around in _pieces(element):
            said = " ".join(text.split())
            if not said:
                continue
            face = KAI if around & {"item", "lone"} else HEI if around & {"b", "seal"} else ""
            if "item" in around and not is_opened:
                is_opened, self.items = True, self.items + 1
                said = f"（{ordinal(self.items)}）{said}"
            self.say(paragraph, said, face=face)

    def table(self, element: Any) -> None:
        """A table with its lines, a cell as wide as the office drags it."""
        rows = [[cell for cell in row if cell.tag in ("th", "td")] for row in element.iter("tr")]
        width = max((sum(int(cell.get("colspan", 1)) for cell in row) for row in rows), default=0)
        if not width:
            return
        table = self.draft.add_table(rows=len(rows), cols=width)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, wide in zip(table.columns, self._widths(element, width), strict=True):
            column.width = wide
            for cell in column.cells:
                cell.width = wide
        if "enclosed" not in _classes(element):
            table.style = "Table Grid"
        for drawn, row in zip(table.rows, rows, strict=True):
            at = 0
            for cell in row:
                span = int(cell.get("colspan", 1))
                place = drawn.cells[at]
                if span > 1:
                    place = place.merge(drawn.cells[at + span - 1])
                face = HEI if cell.tag == "th" else ""
                place.paragraphs[0].paragraph_format.space_before = Pt(1.5)
                place.paragraphs[0].paragraph_format.space_after = Pt(1.5)
                self.say(place.paragraphs[0], _text(cell), face=face, size=Pt(12))
                at += span

    def _widths(self, element: Any, count: int) -> list[Any]:
        """The widths of the columns, as the stylesheet names them; those without a name share what is left."""
        _, right, _, left = MARGINS[self.form]
        named: list[int | None] = [
            next((COLUMNS[name] for name in _classes(column) if name in COLUMNS), None)
            for column in element.iter("col")
        ][:count]
        named += [None] * (count - len(named))
        rest = 210 - left - right - sum(filter(None, named))
        share = max(20, rest // max(1, named.count(None)))
        return [Mm(share if wide is None else wide) for wide in named]

    def signature(self, element: Any) -> None:
        """Whose paper it is, and the place of the seal and of the day."""
        self.paragraph()
        lines = element.find_class("signed") or [element]
        for line in lines[0]:
            if isinstance(line.tag, str) and not _classes(line) & SKIPPED:
                paragraph = self.paragraph(align=WD_ALIGN_PARAGRAPH.RIGHT)
                paragraph.paragraph_format.right_indent = 2 * SIZE[self.form]
                self.say(paragraph, _text(line))

    def annex(self, element: Any) -> None:
        """An annex, on a page of its own."""
        self.paragraph().add_run().add_break(WD_BREAK.PAGE)
        self.children(element)

    def file(self, *, title: str) -> bytes:
        """Return the document."""
        told = self.draft.core_properties
        told.title, told.author, told.comments = title, MADE, MARK
        out = io.BytesIO()
        self.draft.save(out)
        return out.getvalue()


def _text(element: Any) -> str:
    return "".join(" ".join(text.split()) if text != "\n" else " " for text, _ in _pieces(element)).strip()


PARTS: Final[Mapping[str, Callable[[_Writer, Any], None]]] = {
    "organ": _Writer.organ,
    "under-rule": _Writer.under_rule,
    "heading": _Writer.heading,
    "number": _Writer.heading,
    "annex-mark": _Writer.heading,
    "signature": _Writer.signature,
    "copies": _Writer.text,
    "annex": _Writer.annex,
    "h1": _Writer.title,
    "h2": _Writer.section,
    "table": _Writer.table,
    "p": _Writer.text,
}
