"""Fonts inside papers are small, and every number on the page still finds its glyph."""

import io

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet

from documents.render import font_subset, pdf
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


def test_notice_is_small_enough_to_be_kept_for_every_family(notice: pdf.RenderedPdf) -> None:
    assert len(notice.bytes) < 200_000


def test_hook_that_is_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.pdf.fonts import Font

    monkeypatch.setattr(Font, "registry_compacts", False)
    monkeypatch.setattr(Font, "_harfbuzz_subset", lambda self, other: None)

    assert font_subset.install() is False
