"""Reading a page strictly: tags in order, classes, ids and what refers to them."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "col", "br", "rect", "line", "polygon", "polyline", "path", "hr", "img"}


class Checker(HTMLParser):
    """Collects classes, ids and references, and notes every tag that isn't closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.classes: set[str] = set()
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._note(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def _note(self, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        self.classes.update(words.get("class", "").split())
        self.ids += [words["id"]] if words.get("id") else []
        self.labels += [words["for"]] if words.get("for") else []


def checked(html: str) -> Checker:
    checker = Checker()
    checker.feed(html)
    return checker


def tight(html: str) -> str:
    """Return markup without the blanks around its tags, to look for a piece of it however its template is broken."""
    return re.sub(r" ?(<[^>]*?) ?> ?", r"\1>", re.sub(r"\s+", " ", html))
