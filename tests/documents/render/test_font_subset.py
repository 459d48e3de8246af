"""Fonts inside papers are small, and every number on the page still finds its glyph."""

import io
from pathlib import Path

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from documents.render import batch, font_subset, pdf
from tests.documents.render import measure, samples


@pytest.fixture(scope="module")
def notice() -> pdf.RenderedPdf:
    return pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice())


def bare_fonts(content: bytes) -> dict[str, tuple[set[int], set[int]]]:
    """For each bare CFF font: the numbers its glyphs answer to, and the numbers the page asks for."""
    found = {}
    with pikepdf.open(io.BytesIO(content)) as document:
        for name, font in document.pages[0].Resources.Font.items():
            descriptor = font.DescendantFonts[0].FontDescriptor
            file = descriptor.get("/FontFile3")
            if file is not None and file.Subtype == "/CIDFontType0C":
                assert "/CIDToGIDMap" not in font.DescendantFonts[0]
                fonts = CFFFontSet()
                fonts.decompile(io.BytesIO(file.read_bytes()), None)
                answers = {int(glyph.removeprefix("cid")) for glyph in fonts[0].charset if glyph != ".notdef"}
                found[name] = (answers, {int(cid) for cid in measure.glyphs_of(document.pages[0], name)})
    return found


def test_every_number_on_the_page_is_answered_by_a_glyph(notice: pdf.RenderedPdf) -> None:
    fonts = bare_fonts(notice.bytes)

    assert len(fonts) >= 2
    for answers, asked in fonts.values():
        assert asked <= answers
        assert len(answers) <= len(asked) + 1


NOTICE = "papers/kinds/cert_notice.html"
WENKAI = Path("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf")


def mapped_fonts(content: bytes) -> dict[str, tuple[TTFont, dict[int, int], set[int]]]:
    """For each TrueType font: itself, the glyph of each number, and the numbers that stand on the pages."""
    fonts = {}
    with pikepdf.open(io.BytesIO(content)) as document:
        for name, font in document.pages[0].Resources.Font.items():
            inner = font.DescendantFonts[0]
            if "/FontFile2" in inner.FontDescriptor:
                small = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()))
                places = inner.CIDToGIDMap.read_bytes()
                glyphs = {at // 2: int.from_bytes(places[at : at + 2]) for at in range(0, len(places), 2)}
                fonts[name] = (small, glyphs, measure.glyphs_of(document.pages[0], name))
    return fonts


def outline(font: TTFont, glyph: int) -> list[tuple[str, tuple[object, ...]]]:
    pen = RecordingPen()
    font.getGlyphSet()[font.getGlyphName(glyph)].draw(pen)
    return pen.value


def letters(count: int) -> list[dict[str, object]]:
    """Notices to people whose names have no character in common."""
    return [
        samples.cert_notice(recipients="".join(map(chr, range(0x5200 + 3 * n, 0x5203 + 3 * n)))) for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 8])
def test_every_number_of_a_truetype_font_is_led_to_the_outline_of_the_whole_font(count: int) -> None:
    papers = batch.render_batch(NOTICE, letters(count)).papers

    with TTFont(WENKAI, lazy=True) as whole:
        for paper in papers[::4]:
            ((small, glyphs, asked),) = mapped_fonts(paper.bytes).values()
            assert len(asked) > 150
            assert [number for number in asked if outline(small, glyphs[number]) != outline(whole, number)] == []
            assert small["maxp"].numGlyphs < len(asked) + font_subset.FEW


def test_a_paper_of_a_batch_carries_no_glyph_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    def glyphs(paper: pdf.RenderedPdf) -> int:
        return sum(small["maxp"].numGlyphs for small, _, _ in mapped_fonts(paper.bytes).values())

    given = letters(40)
    own = batch.render_batch(NOTICE, given).papers
    monkeypatch.setattr(font_subset, "narrowed", lambda font, used: None)
    shared = batch.render_batch(NOTICE, given).papers

    assert glyphs(shared[0]) - glyphs(own[0]) > 100
    assert [paper.drawing_sha256 for paper in own] == [paper.drawing_sha256 for paper in shared]


def test_notice_is_small_enough_to_be_kept_for_every_family(notice: pdf.RenderedPdf) -> None:
    assert len(notice.bytes) < 100_000
    assert max(len(paper.bytes) for paper in batch.render_batch(NOTICE, letters(40)).papers) < 100_000


def test_hook_that_is_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.pdf.fonts import Font

    monkeypatch.setattr(Font, "registry_compacts", False)
    monkeypatch.setattr(Font, "_harfbuzz_subset", lambda self, other: None)

    assert font_subset.install() is False
