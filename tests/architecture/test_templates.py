"""Templates: no inline style or script, no unescaped text, no other host. The content security policy forbids them;
this test says so before a browser does. And lines that can be read."""

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
    if path.suffix in {".html", ".svg", ".txt"} and "templates" in path.relative_to(ROOT).parts
)
WIDTH, WIDEST = 120, 140
TAG = r"\{%(?:(?!%\}).)*%\}"  # one tag of Django
ATTRIBUTE = r"""[\w-]+=(["'])(?:\{%.*?%\}|\{\{.*?\}\}|(?!\1).)*\1"""
BOX = r"<(?:div|section|header|p|h\d|[uod]l|li|d[td]|table|t[hd]|tr|thead|tbody|form|label|button|input|option)\b"
STYLE_SHEETS = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("static/**/*.css"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_keeps_to_the_content_security_policy(path) -> None:  # type: ignore[no-untyped-def]
    text = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    found = {what: re.findall(pattern, text, re.IGNORECASE) for what, pattern in FORBIDDEN.items()}

    assert {what: hits for what, hits in found.items() if hits} == {}


def is_readable(line: str) -> bool:
    """Whether a line has at most 120 characters; one tag, one attribute or one sentence without a box may have 140."""
    said = line.strip()
    is_one = bool(
        re.fullmatch(TAG, said)
        or re.fullmatch(ATTRIBUTE, said)
        or (re.search(r"[\u4e00-\u9fff]", said) and not re.search(BOX, said) and said.count("。") <= 1)
    )
    return len(line) <= (WIDEST if is_one else WIDTH)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_lines_can_be_read(path) -> None:  # type: ignore[no-untyped-def]
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [f"{at}: {line.strip()}" for at, line in enumerate(lines, 1) if not is_readable(line)] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<td>" + "户" * 111 + "</td>", True),
        ("<td>" + "户" * 112 + "</td>", False),
        ("户" * 139 + "。", True),
        ("户" * 140 + "。", False),
        ("户" * 60 + "。" + "户" * 60 + "。", False),
        ('{% include "x.html" with ' + "a" * 112 + " %}", True),
        ('{% include "x.html" with ' + "a" * 113 + " %}", False),
        ("{% if " + "a" * 100 + " %}x{% endif %}", False),
        ('href="{% url "x" %}' + "a" * 120 + '"', True),
        ("a" * 121, False),
    ],
)
def test_a_long_line_is_refused_unless_it_is_one_thing(line: str, expected: bool) -> None:
    assert is_readable(line) is expected


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


NOT_KEPT = {  # forms with fields whose content is not kept over a sign-in: why
    "accounts/change_password.html": "passwords are never kept",
    "registration/login.html": "as above",
    "intake/import_preview.html": "a day that is offered; the state of the session is what carries it out once",
    "intake/across_result.html": "as above",
}


def test_every_form_that_shows_fields_bears_its_key() -> None:
    """Without it what is typed is lost when the session ends, and a form that is sent twice is carried out twice."""
    shows = re.compile(r'method="(?:post|\{\{).*?_components/fields?\.html', re.DOTALL)
    without = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        if shows.search(text := path.read_text(encoding="utf-8")) and "_components/once.html" not in text
    }

    assert without == set(NOT_KEPT)
