"""Small fonts inside papers: a notice in four big Chinese fonts takes 120 KB instead of 470 KB, and less time.

WeasyPrint keeps glyph numbers when it cuts a font down, so a font of 65,535 glyphs carries 65,535 mostly empty slots.
A CID-keyed font does not need that: its own table says which number each glyph answers to, and is made to say so. Such
a font is cut down to the glyphs used and embedded bare (CIDFontType0C, ISO 32000 9.9); the text of the page stays as it
is. Guarded like `justification`: without the hook papers are made as WeasyPrint makes them.
"""

import inspect
import io
import logging
from typing import Any

from fontTools.ttLib import TTFont

log = logging.getLogger(__name__)

DROPPED = (b"BASE", b"DSIG", b"GPOS", b"GSUB", b"VORG", b"vhea", b"vmtx")
OWN, REGISTRY = "own", "registry"
_keyed: dict[tuple[str, int, int], str] = {}


def install() -> bool:
    """Put the hook in place, once; False when this WeasyPrint does not have it."""
    from weasyprint.pdf.fonts import Font  # noqa: PLC0415  # pango: see font_roles.weasyprint

    if getattr(Font, "registry_compacts", False):
        return True
    hook = getattr(Font, "_harfbuzz_subset", None)
    if hook is None or list(inspect.signature(hook).parameters) != ["self", "to_unicode", "hinting"]:
        log.warning("WeasyPrint has changed: papers carry larger fonts")
        return False
    Font._harfbuzz_subset = _subset(hook)
    Font.registry_compacts = True
    return True


def embed_bare(document: Any, pdf: Any) -> None:
    """Embed the fonts cut down by us without their wrapper (a finisher of WeasyPrint's `write_pdf`)."""
    names = {font.name for font in document.fonts.values() if getattr(font, "registry_compact", False)}
    for entry in pdf.objects:
        if not isinstance(entry, dict):
            continue
        if entry.get("Type") == "/FontDescriptor" and entry.get("FontName") in names:
            _unwrap(pdf.objects[int(entry["FontFile3"].split()[0])])
        elif entry.get("Subtype") == "/CIDFontType0" and entry.get("BaseFont") in names:
            entry.pop("CIDToGIDMap", None)


def _unwrap(stream: Any) -> None:
    """Replace an OpenType file by its CFF table; two descriptors may share one file."""
    content = stream.stream[0]
    if content[:4] == b"OTTO":
        with TTFont(io.BytesIO(content), lazy=True) as font:
            stream.stream = [font.reader["CFF "]]
        stream.extra["Subtype"] = "/CIDFontType0C"


def _subset(original: Any) -> Any:
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset  # noqa: PLC0415  # pango
    from weasyprint.text.fonts import get_hb_object_data  # noqa: PLC0415  # pango

    def add(target: Any, numbers: list[int]) -> None:
        harfbuzz.hb_set_add_sorted_array(target, ffi.new("hb_codepoint_t[]", numbers), len(numbers))

    def subset(self: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        numbering = _numbering(self)
        if self.missing or not numbering:
            original(self, to_unicode, hinting)
            return
        wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
        add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), sorted(to_unicode))
        drop = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
        add(drop, sorted(harfbuzz.hb_tag_from_string(name, -1) for name in DROPPED))
        flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
        harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
        face = ffi.gc(harfbuzz_subset.hb_subset_or_fail(self.hb_face, wanted), harfbuzz.hb_face_destroy)
        content = get_hb_object_data(face)
        if content and numbering == REGISTRY:
            content = _renumbered(content, sorted({0, *to_unicode}))
        if not content:
            original(self, to_unicode, hinting)
            return
        self.file_content, self.registry_compact = content, True

    return subset


def _numbering(font: Any) -> str:
    """Say what the glyphs of a font answer to: their numbers, a registry's, or nothing that a page can name ("")."""
    key = (font.family, font.weight, font.index)
    if key not in _keyed:
        _keyed[key] = _read_numbering(font.file_content, font.index) if "CFF " in font.tables else ""
    return _keyed[key]


def _read_numbering(content: bytes, index: int) -> str:
    with TTFont(io.BytesIO(content), fontNumber=index, lazy=True) as font:
        top = font["CFF "].cff[0]
        if not hasattr(top, "ROS"):
            return ""
        own = all(name == f"cid{number:05d}" for number, name in enumerate(top.charset) if number)
        return OWN if own else REGISTRY


def _renumbered(content: bytes, numbers: list[int]) -> bytes:
    """Let each glyph of a font cut down answer to its number in the whole font, which is what the page says.

    The characters of some fonts go by a registry (FandolFang: Adobe-GB1); what they are called there nobody asks.
    """
    with TTFont(io.BytesIO(content), lazy=True) as font:
        top = font["CFF "].cff[0]
        if len(top.charset) != len(numbers):
            return b""
        names = [".notdef", *(f"cid{number:05d}" for number in numbers[1:])]
        top.ROS = ("Adobe", "Identity", 0)
        top.CharStrings.charStrings = {name: at for at, name in enumerate(names)}
        top.charset = names
        out = io.BytesIO()
        font.setGlyphOrder(names)
        font.save(out)
        return out.getvalue()
