"""What the demo shows, written down: the text of its pages for each role, the cells of its workbooks, its papers.

    python -m tests.pages_of_demo dump FOLDER [--data DATA_DIR] [--pages 600]
    python -m tests.pages_of_demo compare A B [--markup]

Dump before a change and after it, from the same data: `compare` says what differs, and ends with 1 if anything does.
The data folder (`load_demo` fills one) is copied first, every request is rolled back, and the clock stands at the last
act on record, so that two dumps of the same code are equal. From the desk of each demo account the walk follows the
links of what it may see, a few addresses for each route, and sends every form it meets empty, for the pages with
errors. Compared are the words of a page, run by run, and with `--markup` its tags too, with blanks only where a
browser draws them.
"""

import argparse
import difflib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

A_ROUTE = 3  # addresses of one route and one set of query keys, for one role
BLOCKS = frozenset(
    "html head body meta link title script main header footer nav section div p h1 h2 h3 h4 ul ol li dl dt dd table caption"
    " colgroup col thead tbody tr th td form fieldset legend option details br svg".split()
)
INSIDE = frozenset({"button", "select", "textarea"})  # boxes in a line: blanks at their inner edges are not drawn
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# Classes of app.css and paper.css whose children are the boxes of a row or grid: no blank between them is drawn.
ROWS = frozenset(
    "acts submit tabs filter pager figs eq road ladder key legend strip foot bar toast field checks head cols line week"
    " two top block door pair under-rule asof".split()
)
ROWS_INSIDE = {("section", "header"), ("pick", "li"), ("tl", "li"), ("msg", "li"), ("week", "h3"), ("card", "h2")}
BLOCKS_INSIDE = {("nav", "a"), ("u", "a"), ("choice", "b"), ("ladder", "span"), ("tl", "note"), ("rank", "note")}
OWN_LINE = frozenset({"sub", "choice", "vh"})  # spans and labels that app.css sets on a line of their own, or out of it
BOXES = frozenset({"btn", "pill", "pillst", "mk", "sw", "cell", "check"})  # inline-block
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d 导出，编号\w+")  # when and by which act a workbook was made
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Part(NamedTuple):
    """A tag or a text: whether the edge of a box lies before it, after it, and whether it takes room itself."""

    what: str
    is_edge_before: bool
    is_edge_after: bool
    takes_room: bool


class Markup(HTMLParser):
    """Read a page into tags and texts, blanks collapsed, and none at the edge of a box."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Part] = []
        self.links: list[str] = []
        self.forms: list[str] = []
        self._open: list[tuple[str, bool, bool, bool]] = []  # tag, holds a row, no blank drawn outside, inside
        self._classes: list[set[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, its attributes by name, and where it leads."""
        said = {name: plain(value or "") for name, value in attrs}
        self._follow(tag, said)
        classes = set(said.get("class", "").split())
        if said.get("name") == "csrfmiddlewaretoken":
            said["value"] = ""
        parent = self._open[-1] if self._open else ("", False, True, True)
        is_block = parent[1] or tag in BLOCKS or bool(classes & OWN_LINE) or said.get("type") == "hidden"
        is_block = is_block or self._is_among(BLOCKS_INSIDE, {tag, *classes})
        is_box = is_block or tag in INSIDE or bool(classes & BOXES)
        words = "".join(f' {name}="{value}"' for name, value in sorted(said.items()))
        self.parts.append(Part(f"<{tag}{words}>", is_block, is_box, is_box or tag in {"input", "img"}))
        if tag not in VOID:
            is_row = bool(classes & ROWS) or self._is_among(ROWS_INSIDE, {tag})
            self._open.append((tag, is_row, is_block, is_box))
            self._classes.append({tag, *classes})

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open tag of that name."""
        for depth in range(len(self._open), 0, -1):
            if self._open[depth - 1][0] == tag:
                _, _, outer, inner = self._open[depth - 1]
                del self._open[depth - 1 :], self._classes[depth - 1 :]
                self.parts.append(
                    Part(f"</{tag}>", inner, outer, inner or tag == "summary")
                )  # an arrow follows its text
                return

    def handle_data(self, data: str) -> None:
        """Note a text; whether its blanks are drawn is known when the next tag is."""
        said = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.parts.append(Part(said, False, False, said != " "))

    def _is_among(self, pairs: set[tuple[str, str]], names: set[str]) -> bool:
        """Whether the style sheet says so of one of these names inside a tag or class that is open."""
        return any((outer, name) in pairs for around in self._classes for outer in around for name in names)

    def _follow(self, tag: str, said: dict[str, str]) -> None:
        self.links += [said[name] for name in ("href", "hx-get") if tag != "link" and said.get(name)]
        if tag == "form" and said.get("method", "").lower() == "post":
            self.forms.append(said.get("action", ""))


def plain(value: str) -> str:
    """Return the value of an attribute with blanks collapsed; one that is JSON, as JSON without any."""
    if value.startswith("{"):
        return json.dumps(json.loads(value), ensure_ascii=False, separators=(",", ":"))
    return " ".join(value.split())


def lines_of(html: str) -> tuple[list[str], Markup]:
    """Return the markup of a page, a tag or a text a line, without the blanks that a browser does not draw."""
    page = Markup()
    page.feed(html)
    page.close()
    lines: list[str] = []
    is_drawn = False  # whether a blank would be drawn here: not after the edge of a box, nor after a blank
    for at, part in enumerate(page.parts):
        if part.what.startswith("<"):
            lines.append(part.what)
            is_drawn = not part.is_edge_after if part.takes_room else is_drawn
            continue
        said = part.what if is_drawn else part.what.lstrip(" ")
        if said.endswith(" ") and _is_edge_after(page.parts, at):
            said = said.rstrip(" ")
        if said:
            lines.append(said)
            is_drawn = not said.endswith(" ")
    return lines, page


def _is_edge_after(parts: list[Part], at: int) -> bool:
    """Whether nothing that takes room follows a text before the edge of its box."""
    for part in parts[at + 1 :]:
        if part.is_edge_before or part.takes_room:
            return part.is_edge_before
    return True


def words_of(lines: list[str]) -> list[str]:
    """Return the texts of a page without its tags."""
    return [line.strip(" ") for line in lines if not line.startswith("<") and line.strip(" ")]


def cells_of(content: bytes) -> Iterator[str]:
    """Return the cells of a workbook, a line each, with sheet and address."""
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            yield from (f"{sheet.title}!{c.coordinate} {c.value!r}" for c in row if c.value is not None)


class Walk:
    """The pages that one account sees, from its desk on."""

    def __init__(self, username: str, folder: Path, pages: int) -> None:
        self.username, self.folder, self.left = username, folder / username, pages
        self.session = session_of(username)
        self.met: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.waiting: deque[tuple[str, str]] = deque()

    def run(self) -> int:
        """Walk until nothing is left or the pages are used up; returns how many were written."""
        started = self.left
        self.meet("GET", "/", "/")
        while self.waiting and self.left:
            method, address = self.waiting.popleft()
            self.left -= 1
            self.visit(method, address)
        return started - self.left

    def meet(self, method: str, link: str, base: str) -> None:
        """Keep an address for later, unless its route was seen often enough."""
        address = urldefrag(urljoin(base, link)).url
        parts = urlsplit(address)
        if parts.netloc or parts.scheme or f"{method} {address}" in self.met:
            return
        self.met.add(f"{method} {address}")
        route = f"{method} {route_of(parts.path)} {sorted({key for key, _ in parse_qsl(parts.query)})}"
        self.counts[route] += 1
        if self.counts[route] <= A_ROUTE and not re.search(r"/(static|sign-out)/", parts.path):
            self.waiting.append((method, address))

    def visit(self, method: str, address: str) -> None:
        """Ask for one page, roll back what that did, write down what came."""
        status, kind, content, where = answer(self.session, method, address)
        name = re.sub(r"[^\w.=&-]+", "_", f"{method}{address}")[:180]
        if kind.startswith("text/html"):
            _, page = lines_of(content.decode())
            self.write(f"{name}.html", [f"<!-- {status} -->", content.decode()])
            for link in page.links:
                self.meet("GET", link, address)
            for action in page.forms:
                self.meet("POST", action or address, address)
        elif kind.startswith(XLSX):
            self.write(f"{name}.cells.txt", [f"{status}", *cells_of(content)])
        else:
            self.write(f"{name}.other.txt", [f"{status} {kind} {where} {len(content) if content else 0}"])
        if where:
            self.meet("GET", where, address)

    def write(self, name: str, lines: list[str]) -> None:
        """Write one file of the dump."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def route_of(path: str) -> str:
    """Return the name of the route of an address, with that of the list it is about; or the address."""
    from django.urls import Resolver404, resolve

    try:
        match = resolve(path)
    except Resolver404:
        return path
    return " ".join([match.view_name, *(str(match.kwargs[key]) for key in ("name", "kind") if key in match.kwargs)])


def session_of(username: str) -> str:
    """Return the key of a session that signing in makes."""
    from registry.accounts.models import Assignment, Person
    from tests.factories.accounts import Player, sign_in

    person = Person.objects.get(username=username)
    assignment = Assignment.objects.filter(person=person).order_by("pk")[0]
    return sign_in(Player(person, person.organisation, assignment)).cookies["sessionid"].value


def answer(session: str, method: str, address: str) -> tuple[int, str, bytes, str]:
    """Return status, content type, content and address of what comes; what was written is rolled back."""
    from django.db import transaction
    from django.test import Client

    client = Client(raise_request_exception=True, SERVER_NAME="localhost")
    client.cookies["sessionid"] = session
    with transaction.atomic():
        response = client.generic(method, address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, response.headers.get("Content-Type", ""), content, response.headers.get("Location", "")


def write_papers(folder: Path) -> None:
    """Write down the papers of the samples: their markup, and the hash of what is drawn."""
    from documents.render.pdf import render_html, render_pdf
    from tests.documents.render import samples

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("commitment", "cert_notice", "bulletin"):
        snapshot = getattr(samples, name)()
        (folder / f"{name}.html").write_text(render_html(f"papers/kinds/{name}.html", snapshot), encoding="utf-8")
        drawn = render_pdf(f"papers/kinds/{name}.html", snapshot).drawing_sha256
        (folder / f"{name}.drawing.txt").write_text(f"{drawn}\n", encoding="utf-8")


def dump(folder: Path, data: Path, pages: int) -> None:
    """Write down what the demo of a data folder shows; the folder itself is left as it is."""
    with tempfile.TemporaryDirectory(prefix="pages-of-demo-") as copy:
        shutil.copytree(data, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static", "cache"))
        os.environ.update({"DATA_DIR": copy, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "registry.settings"})
        os.environ["KEY_FILE"] = str(next(Path(copy).rglob("registry.keys")))
        _set_up()

        import time_machine

        from documents.setup.people import accounts
        from registry.audit.models import Act

        names = [account.username for account in accounts()]
        with time_machine.travel(Act.objects.latest("recorded_at").recorded_at, tick=False):
            left = pages
            for place, name in enumerate(names):
                left -= (written := Walk(name, folder, left // (len(names) - place)).run())
                print(f"{name:<12}{written:>4}")
            write_papers(folder / "papers")


def _set_up() -> None:
    """Start Django on the copy; names of static files without their hashes, which change with the files."""
    import django
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    django.setup()


def compare(before: Path, after: Path, with_markup: bool) -> int:
    """Print what differs between two dumps; returns how many files do."""
    names = sorted({path.relative_to(folder) for folder in (before, after) for path in folder.rglob("*.*")})
    differ = 0
    for name in names:
        texts = [said_in(folder / name, with_markup) for folder in (before, after)]
        if texts[0] != texts[1]:
            differ += 1
            print("\n".join(difflib.unified_diff(*texts, str(before / name), str(after / name), n=1, lineterm="")))
    print(f"{len(names)} files, {differ} differ")
    return differ


def said_in(path: Path, with_markup: bool) -> list[str]:
    """Return what a file of a dump says, line by line: of a page its words, or its markup. No file says nothing."""
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    if path.suffix != ".html":
        return STAMP.sub("导出", text).splitlines()
    lines, _ = lines_of(text)
    status = re.match("<!-- (.*) -->", text)
    return [*([status[1]] if status else []), *(lines if with_markup else words_of(lines))]


def main() -> int:
    """Dump or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump")
    dumping.add_argument("folder", type=Path)
    dumping.add_argument("--data", type=Path, default=Path(os.environ.get("DATA_DIR", "var")))
    dumping.add_argument("--pages", type=int, default=600)
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--markup", action="store_true")
    said = parser.parse_args()
    if said.command == "dump":
        dump(said.folder, said.data, said.pages)
        return 0
    return 1 if compare(said.before, said.after, said.markup) else 0


if __name__ == "__main__":
    sys.exit(main())
