"""WeasyPrint as this registry uses it: our fonts and stylesheet, nothing fetched, every warning a refusal."""

import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from documents.render import font_roles, font_subset, justification, stencil, text_layout

STYLESHEET = Path(__file__).with_name("paper.css")
VARIANT = "pdf/a-2u"  # archival: fonts and colours embedded, text extractable

_lock = threading.Lock()  # pango's font map is shared by the process and is not thread-safe
_heard: ContextVar[list[str] | None] = ContextVar("paper_warnings", default=None)


class PaperError(Exception):
    """A template and its snapshot do not fit, or a template asks for something outside: a mistake in our code."""


@contextmanager
def typesetting() -> Iterator[Callable[[str], Any]]:
    """Hold the typesetter and return its way from html to a laid-out document; a warning refuses the paper."""
    library = font_roles.weasyprint()
    fatal = library.urls.FatalURLFetchingError
    with _lock:
        heard: list[str] = []
        token = _heard.set(heard)
        try:
            yield _kit(font_roles.generation()).lay_out
        except fatal as refused:
            raise PaperError(str(refused)) from None
        finally:
            _heard.reset(token)
    if heard:
        raise PaperError("; ".join(heard))


def write(document: Any) -> bytes:
    """Write a laid-out document as archival PDF."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ResourceWarning
        )  # WeasyPrint 70 leaves its colour profile to be closed by chance
        return bytes(document.write_pdf(pdf_variant=VARIANT, finisher=font_subset.embed_bare))


@dataclass(frozen=True, slots=True)
class _Kit:
    """What the process keeps between papers: fonts, parsed stylesheet, the fetcher that fetches nothing."""

    library: Any
    font_config: Any
    counter_style: Any
    stylesheet: Any
    fetcher: Any

    def lay_out(self, html: str) -> Any:
        """Lay out html on pages."""
        return self.library.HTML(string=html, url_fetcher=self.fetcher).render(
            font_config=self.font_config,
            counter_style=self.counter_style,
            stylesheets=[self.stylesheet],
            pdf_variant=VARIANT,
        )


@lru_cache(maxsize=1)
def _kit(generation: int) -> _Kit:
    """Build the kit; anew when fonts were put into the data folder, which fontconfig reads when it starts."""
    from weasyprint.css.counters import CounterStyle  # noqa: PLC0415  # pango: see font_roles.weasyprint
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  # pango

    font_roles.use_our_fonts()
    library = font_roles.weasyprint()
    if not any(isinstance(handler, _Listener) for handler in library.LOGGER.handlers):
        library.LOGGER.addHandler(_Listener())
    font_subset.install()
    stencil.install()
    font_config, counter_style, fetcher = FontConfiguration(), CounterStyle(), _closed_fetcher(library)
    edge = "justify" if justification.install() else "left"
    css = (
        font_roles.css_variables()
        + f":root {{ --edge: {edge}; }}\n"
        + text_layout.organ_rules()
        + text_layout.signature_rules()
        + STYLESHEET.read_text(encoding="utf-8")
    )
    stylesheet = library.CSS(string=css, font_config=font_config, counter_style=counter_style, url_fetcher=fetcher)
    return _Kit(library, font_config, counter_style, stylesheet, fetcher)


def _closed_fetcher(library: Any) -> Any:
    """Make the fetcher that refuses every address, whatever its kind: the paper is not made."""

    class ClosedFetcher(library.urls.URLFetcher):  # type: ignore[misc,name-defined]
        def fetch(self, url: str, headers: object = None) -> Any:
            raise library.urls.FatalURLFetchingError(
                f"a paper asked for {url[:120]!r}: nothing is fetched while rendering"
            )

    return ClosedFetcher()


class _Listener(logging.Handler):
    """Collects what WeasyPrint only warns of: a character without glyph, a rule that it did not understand."""

    def emit(self, record: logging.LogRecord) -> None:
        heard = _heard.get()
        if heard is not None and record.levelno >= logging.WARNING:
            heard.append(record.getMessage())
