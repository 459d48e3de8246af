"""Papers as PDF: a template of the repository and a snapshot of primitives in, the same bytes out, always.

Nothing is fetched while rendering: no network, no file. The date inside the file comes from the snapshot. A character
without a glyph refuses the paper.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from django.template import Context, Engine

from documents.render import font_roles
from documents.render.pdf_writer import PaperError, typesetting, write

__all__ = ["PaperError", "RenderedPdf", "UsedFont", "drawing_sha256", "render_pdf"]

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
Content = bytes
Primitive = str | int | bool | None | Sequence["Primitive"] | Mapping[str, "Primitive"]
Snapshot = Mapping[str, Primitive]


@dataclass(frozen=True, slots=True)
class UsedFont:
    """A font file that drew at least one character of a paper."""

    family: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished paper. `drawing_sha256` covers what is drawn on the pages, alone or in a batch alike."""

    bytes: Content
    sha256: str
    drawing_sha256: str
    pages: int
    fonts: tuple[UsedFont, ...]


def render_pdf(template_name: str, context: Snapshot) -> RenderedPdf:
    """Print a paper from its snapshot; the same snapshot and template give the same bytes."""
    return draw(render_html(template_name, context))


def render_html(template_name: str, context: Snapshot) -> str:
    """Fill a paper template; a key that the template uses and the snapshot lacks is a `PaperError`."""
    html = _engine().get_template(template_name).render(Context(dict(context), autoescape=True, use_l10n=False))
    font_roles.require_printable("".join(_texts(context)))
    return str(html)


def draw(html: str) -> RenderedPdf:
    """Lay out html with the paper stylesheet and write it as PDF; anything it asks for outside is refused."""
    with typesetting() as lay_out:
        return finish(lay_out(html))


def drawing_sha256(content: Content, first: int = 0, count: int | None = None) -> str:
    """Hash the sizes and drawing instructions of the pages: equal for equal paper, however it was filed."""
    with pikepdf.open(io.BytesIO(content)) as document:
        end = len(document.pages) if count is None else first + count
        return page_digest(document.pages[first:end])


def page_digest(pages: Iterable[pikepdf.Page]) -> str:
    """Hash the sizes and drawing instructions of open pages."""
    digest = hashlib.sha256()
    for page in pages:
        digest.update(str([float(edge) for edge in page.mediabox.as_list()]).encode())
        digest.update(page.Contents.read_bytes())
    return digest.hexdigest()


class _Strict(str):
    """What an absent key prints as: nothing ever, it stops the paper."""

    __slots__ = ()

    def __mod__(self, missing: object) -> str:
        raise PaperError(f"the snapshot lacks {missing}")


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(
        dirs=[str(TEMPLATES)],
        autoescape=True,
        string_if_invalid=_Strict("%s"),
        libraries={"paper": "documents.render.tags"},
    )


def _texts(value: Primitive) -> Iterator[str]:
    """Walk all texts of a snapshot: every one of them may be printed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, int):
        raise PaperError(f"a snapshot holds primitives only, not {type(value).__name__}")


def finish(document: Any) -> RenderedPdf:
    """Write a laid-out document, with its hashes and the fonts it was drawn in."""
    content: Content = write(document)
    used = {_used(font.family, font.weight) for font in document.fonts.values()}
    return RenderedPdf(
        bytes=content,
        sha256=hashlib.sha256(content).hexdigest(),
        drawing_sha256=drawing_sha256(content),
        pages=len(document.pages),
        fonts=tuple(sorted(used, key=lambda font: (font.file, font.family))),
    )


def _used(family: str, weight: int) -> UsedFont:
    face = font_roles.face_named(family, weight)
    return UsedFont(family, face.path.name, face.sha256) if face else UsedFont(family, "", "")
