"""Small fonts inside papers: a notice in four big Chinese fonts takes 85 KB instead of 470 KB, and less time.

WeasyPrint keeps glyph numbers when it cuts a font down, so a font of 65,535 glyphs carries 65,535 mostly empty slots.
Neither form of a font needs that. A CID-keyed one has a table that says which number each glyph answers to, and is made
to say so; it is embedded bare (CIDFontType0C, ISO 32000 9.9). A TrueType one gets a map from the numbers on the page to
those of its glyphs (CIDToGIDMap, ISO 32000 9.7.4.2). The text of the page stays as it is. Guarded like `justification`:
without the hook papers are made as WeasyPrint makes them.
"""

import inspect
import io
import logging
import sys
from array import array
from dataclasses import dataclass
from typing import Any, Final

from fontTools.ttLib import TTFont

log = logging.getLogger(__name__)

DROPPED: Final = (b"BASE", b"DSIG", b"GPOS", b"GSUB", b"VORG", b"vhea", b"vmtx")
# What a TrueType font inside a PDF is not asked for: ISO 32000 9.9 names the tables that are.
UNASKED: Final = (b"GDEF", b"OS/2", b"cmap", b"gasp", b"name", b"post")
OWN, REGISTRY, TRUETYPE = "own", "registry", "truetype"
FEW: Final = 4  # glyphs: for fewer a font is not cut down once more
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


@dataclass(frozen=True, slots=True)
class Compact:
    """A font cut down by us: its small face, what its glyphs answer to, and their numbers on the page in order."""

    face: Any
    numbering: str
    numbers: list[int]


def embed_bare(document: Any, pdf: Any) -> None:
    """Embed the fonts cut down by us without their wrapper, or with their map (a finisher of `write_pdf`)."""
    from weasyprint.pdf import pydyf  # noqa: PLC0415  # pango: see font_roles.weasyprint

    compacts = {font.name: compact for font in document.fonts.values() if (compact := compact_of(font)) is not None}
    for entry in tuple(pdf.objects):
        if not isinstance(entry, dict):
            continue
        if entry.get("Type") == "/FontDescriptor" and entry.get("FontName") in compacts and "FontFile3" in entry:
            _unwrap(pdf.objects[int(entry["FontFile3"].split()[0])])
        elif entry.get("Subtype") == "/CIDFontType0" and entry.get("BaseFont") in compacts:
            entry.pop("CIDToGIDMap", None)
        elif entry.get("Subtype") == "/CIDFontType2" and entry.get("BaseFont") in compacts:
            places = pydyf.Stream([_places(compacts[entry["BaseFont"]].numbers)], compress=True)
            pdf.add_object(places)
            entry["CIDToGIDMap"] = places.reference


def compact_of(font: Any) -> Compact | None:
    """Return what we made of a font of a document; None if it was not cut down by us."""
    compact: Compact | None = getattr(font, "registry_compact", None)
    return compact


def _places(numbers: list[int]) -> bytes:
    """Map each number on the page to the place of its glyph: two bytes for each number from 0 on, big-endian."""
    places = array("H", bytes(2 * (numbers[-1] + 1)))
    for at, number in enumerate(numbers):
        places[number] = at
    if sys.byteorder == "little":
        places.byteswap()
    return places.tobytes()


def _unwrap(stream: Any) -> None:
    """Replace an OpenType file by its CFF table; two descriptors may share one file."""
    content = stream.stream[0]
    if content[:4] == b"OTTO":
        stream.stream = [_table(content)]
        stream.extra["Subtype"] = "/CIDFontType0C"


def _table(content: bytes) -> bytes:
    with TTFont(io.BytesIO(content), lazy=True) as font:
        return bytes(font.reader["CFF "])


def _subset(original: Any) -> Any:
    def subset(self: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        numbering, numbers = _numbering(self), sorted({0, *to_unicode})
        if self.missing or not numbering:
            original(self, to_unicode, hinting)
            return
        face, content = _cut(self.hb_face, sorted(to_unicode), numbering, numbers)
        if not content:
            original(self, to_unicode, hinting)
            return
        self.file_content, self.registry_compact = content, Compact(face, numbering, numbers)

    return subset


def narrowed(font: Any, used: set[int]) -> tuple[bytes, bytes] | None:
    """Cut a font of many papers down once more, to what one of them uses: its file, and the map of a TrueType font.

    None where that would save little, or the font is not one that was cut down by us.
    """
    compact = compact_of(font)
    if compact is None or len(compact.numbers) - len(used) < FEW or not used.issubset(compact.numbers):
        return None
    numbers = sorted({0, *used})
    at = {number: place for place, number in enumerate(compact.numbers)}
    _, content = _cut(compact.face, [at[number] for number in numbers], compact.numbering, numbers)
    if not content:
        return None
    return (content, _places(numbers)) if compact.numbering == TRUETYPE else (_table(content), b"")


def _cut(face: Any, glyphs: list[int], numbering: str, numbers: list[int]) -> tuple[Any, bytes]:
    """Cut a face down to some of its glyphs; no content where it cannot say which number each answers to."""
    from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset  # noqa: PLC0415  # pango
    from weasyprint.text.fonts import get_hb_object_data  # noqa: PLC0415  # pango

    def add(target: Any, values: list[int]) -> None:
        harfbuzz.hb_set_add_sorted_array(target, ffi.new("hb_codepoint_t[]", values), len(values))

    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    drop = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    dropped = (*DROPPED, *UNASKED) if numbering == TRUETYPE else DROPPED
    add(drop, sorted(harfbuzz.hb_tag_from_string(name, -1) for name in dropped))
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    small = ffi.gc(harfbuzz_subset.hb_subset_or_fail(face, wanted), harfbuzz.hb_face_destroy)
    content = bytes(get_hb_object_data(small) or b"")
    if content and numbering == REGISTRY:
        content = _renumbered(content, numbers)
    if content and numbering == TRUETYPE and _count(content) != len(numbers):  # a glyph made of other glyphs
        content = b""
    return small, content


def _numbering(font: Any) -> str:
    """Say what the glyphs of a font answer to: their numbers, a registry's, or nothing that a page can name ("")."""
    key = (font.family, font.weight, font.index)
    if key not in _keyed:
        tables = font.tables
        numbering = _read_numbering(font.file_content, font.index) if "CFF " in tables else ""
        _keyed[key] = TRUETYPE if "glyf" in tables and "CFF " not in tables else numbering
    return _keyed[key]


def _count(content: bytes) -> int:
    with TTFont(io.BytesIO(content), lazy=True) as font:
        return int(font["maxp"].numGlyphs)


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
    with TTFont(io.BytesIO(content), lazy=True, recalcBBoxes=False) as font:  # the boxes are right, and dear to measure
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
