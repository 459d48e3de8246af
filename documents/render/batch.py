"""Many papers of one kind: one file for the printer, and each paper as a file of its own.

What is laid out once serves all letters that fit it (`documents.render.stencil`), in this portion and the next; fonts
are cut down once a portion, and once more, from there, for each separate file. What is drawn on a separate file is the
same as on that paper printed alone; its bytes may differ.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

import pikepdf

from documents.render import font_roles, font_subset
from documents.render.pdf import Content, PaperError, RenderedPdf, Snapshot, finish, page_digest, render_html
from documents.render.pdf_writer import typesetting
from documents.render.stencil import Filled, Stencil, install, parted

KEPT: Final = 12  # layouts that a process keeps
SHOWN: Final = re.compile(rb"(/\S+) [\d.]+ Tf|<([0-9a-fA-F]+)>")  # a font is taken up; glyphs of it are shown
XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{created}</xmp:CreateDate><pdf:Keywords>{keywords}</pdf:Keywords>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

_stencils: list[tuple[int, Stencil]] = []  # the one used last stands first; guarded by the lock of `typesetting`


@dataclass(frozen=True, slots=True)
class Batch:
    """Many papers of one kind: one file for the printer, and each paper as a file of its own, in the same order."""

    print_file: RenderedPdf
    papers: tuple[RenderedPdf, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a separate file says of itself."""

    title: str
    created: str
    keywords: str

    @classmethod
    def of(cls, context: Snapshot) -> "_Facts":
        keywords = ", ".join(str(context.get(name) or "") for name in ("number", "kind", "snapshot"))
        return cls(str(context.get("title") or ""), str(context.get("made_at") or ""), keywords)


def render_batch(template_name: str, contexts: Iterable[Snapshot]) -> Batch:
    """Print papers of one kind (a job takes portions of about 100)."""
    given = list(contexts)
    if not given:
        raise PaperError("a batch needs at least one paper")
    letters = [render_html(template_name, context) for context in given]
    with typesetting() as lay_out:
        drawn = [_drawn(html, lay_out) for html in letters]
        masters = {id(stencil): stencil.masters() for stencil, _ in drawn}
        pages = [letter.pages(masters[id(stencil)]) for stencil, letter in drawn]
        document = drawn[0][0].document.copy([page for of_letter in pages for page in of_letter])
        whole = finish(document)
        fonts = {font.name.decode(): font for font in document.fonts.values()}
        papers = _split(whole, fonts, [len(of_letter) for of_letter in pages], map(_Facts.of, given))
        return Batch(whole, tuple(papers))


def _drawn(html: str, lay_out: Callable[[str], Any]) -> tuple[Stencil, Filled]:
    """Return the layout that a letter is drawn from, and what it changes of it."""
    generation = font_roles.generation()
    letter = parted(html)
    for kept in _stencils if install() else ():
        filled = kept[1].filled(letter) if kept[0] == generation else None
        if filled is not None:
            _stencils.remove(kept)
            _stencils.insert(0, kept)
            return kept[1], filled
    stencil = Stencil.of(letter, lay_out(html))
    _stencils.insert(0, (generation, stencil))
    del _stencils[KEPT:]
    return stencil, Filled({}, {})


def _split(
    whole: RenderedPdf, fonts: Mapping[str, Any], counts: Sequence[int], facts: Iterable[_Facts]
) -> Iterator[RenderedPdf]:
    first = 0
    with pikepdf.open(io.BytesIO(whole.bytes)) as document:
        for count, said in zip(counts, facts, strict=True):
            pages = document.pages[first : first + count]
            content = _extract(document, pages, said, fonts)
            yield RenderedPdf(content, hashlib.sha256(content).hexdigest(), page_digest(pages), count, whole.fonts)
            first += count


def _extract(document: pikepdf.Pdf, pages: Sequence[pikepdf.Page], facts: _Facts, fonts: Mapping[str, Any]) -> Content:
    """Copy some pages into a file of their own, with the colour profile and the paper's own title, number and date."""
    with pikepdf.new() as paper:
        paper.pages.extend(pages)
        _narrow(paper, fonts)
        paper.Root.OutputIntents = paper.copy_foreign(document.make_indirect(document.Root.OutputIntents))
        if "/Lang" in document.Root:
            paper.Root.Lang = str(document.Root.Lang)
        said = XMP.format(title=escape(facts.title), created=escape(facts.created), keywords=escape(facts.keywords))
        paper.Root.Metadata = pikepdf.Stream(paper, said.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        out = io.BytesIO()
        paper.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
        return out.getvalue()


def _narrow(paper: pikepdf.Pdf, fonts: Mapping[str, Any]) -> None:
    """Leave in a paper's fonts the glyphs that stand on its pages."""
    carried = {name: entry for page in paper.pages for name, entry in page.Resources.get("/Font", {}).items()}
    for name, used in _used(paper.pages).items():
        inner = carried[name].DescendantFonts[0]
        small = font_subset.narrowed(fonts.get(str(inner.BaseFont)), used)
        if small is None:
            continue
        content, places = small
        if places:
            inner.FontDescriptor.FontFile2 = paper.make_stream(content)
            inner.CIDToGIDMap = paper.make_stream(places)
        else:
            inner.FontDescriptor.FontFile3 = paper.make_stream(content, Subtype=pikepdf.Name.CIDFontType0C)


def _used(pages: Iterable[pikepdf.Page]) -> dict[str, set[int]]:
    """Say which glyphs of which font stand on some pages: all text is in their own contents, as hexadecimal numbers."""
    used: dict[str, set[int]] = {}
    for page in pages:
        numbers: set[int] = set()
        for font, text in SHOWN.findall(page.Contents.read_bytes()):
            if font:
                numbers = used.setdefault(font.decode(), set())
            numbers.update(int(text[at : at + 4], 16) for at in range(0, len(text), 4))
    return used
