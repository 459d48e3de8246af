"""Nothing comes from outside while a paper is made: no network, no file, whatever data or html say."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pypdf
import pytest

from documents.render import pdf
from tests.documents.render import measure, samples

LETTER = '<html lang="zh-CN"><body class="letter">{}</body></html>'


class Visits(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Visits)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


HOSTILE = {
    "stylesheet": '<link rel="stylesheet" href="{}/a.css">',
    "import": "<style>@import url({}/b.css);</style>",
    "background": '<p style="background: url({}/c.png)">字</p>',
    "font": "<style>@font-face {{ font-family: X; src: url({}/d.otf) }} p {{ font-family: X }}</style><p>字</p>",
    "image": '<img src="{}/e.png">',
    "object": '<object data="{}/f.png"></object>',
    "embed": '<embed src="{}/g.svg">',
    "svg image": '<svg width="9" height="9"><image href="{}/h.png" width="9" height="9"/></svg>',
    "attachment": '<link rel="attachment" href="{}/i.txt">',
    "list mark": '<ul style="list-style-image: url({}/j.png)"><li>字</li></ul>',
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("place", ["network", "file"])
def test_paper_that_asks_for_something_outside_is_refused_and_nothing_is_fetched(
    kind: str, place: str, stranger: str, tmp_path: Path
) -> None:
    (tmp_path / "e.png").write_bytes(b"secret")
    Visits.seen.clear()
    address = stranger if place == "network" else tmp_path.as_uri()

    with pytest.raises(pdf.PaperError):
        pdf.draw(LETTER.format(HOSTILE[kind].format(address)))

    assert Visits.seen == []


def test_typesetter_works_on_after_a_refusal() -> None:
    notice = pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice())

    with pytest.raises(pdf.PaperError):
        pdf.draw(LETTER.format('<img src="http://127.0.0.1:9/x.png">'))

    assert pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice()).bytes == notice.bytes


@pytest.mark.parametrize("kind", HOSTILE)
def test_markup_in_data_is_printed_as_text(kind: str, stranger: str) -> None:
    Visits.seen.clear()
    payload = HOSTILE[kind].format(stranger)
    content = pdf.render_pdf("papers/kinds/cert_notice.html", samples.cert_notice(late=payload)).bytes

    assert payload.replace(" ", "") in measure.text(content).replace("\n", "").replace(" ", "")
    assert Visits.seen == []
    assert pypdf.PdfReader(io.BytesIO(content)).attachments == {}
