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


class _Sender(HTMLParser):
    """Collects what the forms of a page would send if nothing were touched, form by form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.field = ""
        self.text: list[str] | None = None
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and words.get("name") and self.forms:
            ticks = words.get("type") in ("checkbox", "radio")
            if (not ticks or "checked" in words) and words.get("type") not in ("submit", "file"):
                self.forms[-1].setdefault(words["name"], []).append(words.get("value", "on" if ticks else ""))
        elif tag in ("textarea", "select"):
            self.field, self.text, self.options = words.get("name", ""), [], []
        elif tag == "option":
            self.options.append((words.get("value", ""), "selected" in words))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.forms:
            self.forms[-1][self.field] = ["".join(self.text or []).removeprefix("\n")]
        elif tag == "select" and self.forms and self.options:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [self.options[0][0]]
            self.forms[-1][self.field] = chosen
        if tag in ("textarea", "select"):
            self.text = None


def sent_by(html: str, *, with_field: str = "csrfmiddlewaretoken") -> dict[str, list[str]]:
    """What a browser would send of the form that has a field, if nothing on it were touched."""
    sender = _Sender()
    sender.feed(html)
    return next(form for form in sender.forms if with_field in form)
