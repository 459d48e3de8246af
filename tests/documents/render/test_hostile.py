"""Whatever stands in a free text is printed as text: nothing is fetched, nothing is markup, nothing is a template."""

import socket
from typing import Any

import pytest

from documents.render import pdf
from documents.render.batch import render_batch
from documents.render.font_roles import UnprintableText
from tests.documents.render import measure, samples

FREE = ("recipients", "location", "place", "late", "proxy", "fee_note", "opening")
PAYLOADS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</p></body></html>",
    "<iframe src=//evil.example>", "<link rel=stylesheet href=//evil.example/a.css>", "<style>*{display:none}</style>",
    "<style>@import url(//evil.example/b.css);</style>", "<base href=//evil.example/>", "<object data=//evil.example>",
    "<embed src=//evil.example>", "<a href=javascript:alert(1)>x</a>", "<meta http-equiv=refresh content=0>",
    "<table><tr><td>", "</td></tr></table>", "<!--", "-->", "<![CDATA[x]]>", "<?xml version='1.0'?>", "<!DOCTYPE x>",
    "&lt;b&gt;", "&amp;", "&#x3c;b&#x3e;", "&nbsp;", "&copy", "{{ settings.SECRET_KEY }}", "{% load paper %}",
    "{% include 'base.html' %}", "{# x #}", "{{ 7|add:7 }}", "${7*7}", "#{7*7}", "%s%n%x", "url(//evil.example)",
    "\"';--", "=cmd|'/c calc'!A1", "../../etc/passwd", "file:///etc/passwd", "x\\0y", "<b>甲</b>", "（<q>）", "]]>",
)  # fmt: skip


@pytest.fixture
def outward(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every connection that is tried."""
    tried: list[Any] = []

    def refuse(self: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError("no way out")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\xa0", "")


def test_forty_payloads_in_every_free_text_are_printed_as_they_are(outward: list[Any]) -> None:
    assert len(PAYLOADS) >= 40
    snapshots = [samples.cert_notice(**dict.fromkeys(FREE, payload)) for payload in PAYLOADS]

    made = render_batch("papers/kinds/cert_notice.html", snapshots)

    for payload, paper in zip(PAYLOADS, made.papers, strict=True):
        said = squeezed(measure.text(paper.bytes))
        assert said.count(squeezed(payload)) >= len(FREE), payload
        assert paper.pages == 1
    assert outward == []


def test_characters_that_no_font_has_are_named_and_stop_the_paper() -> None:
    for character in ("\ue123", "\U0010fffd"):
        with pytest.raises(UnprintableText, match=f"“{character}”（U\\+{ord(character):04X}）"):
            pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice(recipients=f"徐{character}"))
