"""Templates: no inline style or script, no unescaped text, no other host. The content security policy forbids them;
this test says so before a browser does."""

import re

import pytest

from tests.architecture.source import PACKAGES, ROOT, sources

FORBIDDEN = {
    "style attribute": r"\sstyle\s*=",
    "style element": r"<style\b",
    "inline script": r"<script\b(?![^>]*\bsrc=)",
    "event attribute": r"\son[a-z]+\s*=\s*[\"'{]",
    "htmx event attribute": r"\shx-on",
    "javascript address": r"javascript:",
    "unescaped text": r"\|\s*safe\b|\{%\s*autoescape\s+off",
    "another host": r"(?:src|href|action|url\()\s*=?\s*[\"'(]?\s*(?:https?:)?//",
}
TEMPLATES = sorted(
    path
    for folder in ("templates", *PACKAGES)
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".html", ".svg", ".txt"} and ("templates" in path.parts)
)
STYLE_SHEETS = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("static/**/*.css"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_keeps_to_the_content_security_policy(path) -> None:  # type: ignore[no-untyped-def]
    text = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    found = {what: re.findall(pattern, text, re.IGNORECASE) for what, pattern in FORBIDDEN.items()}

    assert {what: hits for what, hits in found.items() if hits} == {}


FORM = re.compile(r"<form\b(?P<head>(?:[^>{]|\{\{.*?\}\}|\{%.*?%\}|\{(?![{%]))*)>(?P<body>.*?)</form>", re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_form_that_posts_carries_its_token(path) -> None:  # type: ignore[no-untyped-def]
    """A form whose method is not `get` can change something, and without its token Django refuses it."""
    text = path.read_text(encoding="utf-8")
    forms = list(FORM.finditer(text))
    posting = [one for one in forms if not re.search(r"method\s*=\s*[\"']get[\"']", one["head"])]

    assert len(forms) == text.count("<form"), "each form is read whole"
    assert [one["head"] for one in posting if "{% csrf_token %}" not in one["body"]] == []


@pytest.mark.parametrize("path", STYLE_SHEETS, ids=lambda path: path.name)
def test_style_sheet_asks_no_other_host_and_fits_old_browsers(path) -> None:  # type: ignore[no-untyped-def]
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text) == []
    assert re.findall(r":has\(|:is\(|:where\(|@layer|@container|\binset:|aspect-ratio|color-mix\(", text) == []


def test_python_marks_text_as_safe_only_where_pictures_are_drawn() -> None:
    """Elsewhere format_html and format_html_join, which escape. In these files ruff (S308) wants a reason per line."""
    drawing = ("documents/render", "registry/web")
    found = [s.name for s in sources() if not s.is_in(*drawing) and re.search(r"\bmark_safe\(|SafeString\(", s.text)]

    assert found == []


def test_every_template_named_in_python_exists() -> None:
    known = {
        path.relative_to(base).as_posix()
        for base in (ROOT / "templates", *(p for package in PACKAGES for p in (ROOT / package).rglob("templates")))
        for path in base.rglob("*.html")
    }
    named = {
        (source.name, found) for source in sources() for found in re.findall(r"[\"']([\w/-]+\.html)[\"']", source.text)
    }

    assert {f"{where}: {what}" for where, what in named if what not in known} == set()
