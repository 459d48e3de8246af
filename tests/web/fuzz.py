"""Requests that no page of ours sends: every part of a request may hold a value of the wrong kind.

Drawn from a seed. `asks(...)` gives, for each route, a GET, a POST of the page's own form with a field or two spoilt,
and a request of another method, each for the role whose turn it is.
"""

import base64
import io
import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.exceptions import NoReverseMatch
from lxml import html

ROLES = (
    "city", "district", "township", "department", "centre", "tax", "developer", "auditor", "system_admin",
    "security_admin", "strange_district", "strange_developer",
)  # fmt: skip
HOSTILE = (
    "²", "٣", "9" * 30, "-1", "0", "1e9", "NaN", "9999-12-31", "0001-01-01", "2022-02-30", "\0", "a\0b", "\ufffe",
    "'\"><script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd", "=1+1", "长" * 5000, "%s%n", "\r\nSet-Cookie: a=b",
    "[]", "{}", "None", "true", " ", "\u202e", "1,2", "CY-0001", "½", "十", "１２", "1_000", "+5", "1.5", "-", "∞",
    "2022-03", "9999-12", "0001-01", "10000-01", "2022-13", "20220308", "2022-03-08T00:00", str(2**31), str(2**63), "on",
    "all", "\x7f", "\u2028", "😀" * 300, '{"a":', "[[[[[",
)  # fmt: skip
SURROGATE = b"a\xed\xa0\x80"  # half of a pair, as UTF-8 would write it if it could
LONG_GET = 3000  # of a value in an address: gunicorn takes no longer line
CURSORS = tuple(
    base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for text in (
        "[1]",
        '["x"]',
        '[1,"x"]',
        '["x",1]',
        '["x","y",1]',
        "[null]",
        '["\\u0000",1]',
        '["\\ud800"]',
        f"[{9**40}]",
    )
)
ASKED = (
    "after", "before", "order", "columns", "q", "state", "unit", "building", "tab", "code", "starts", "ends", "event",
    "who", "project", "district", "township", "owner", "called", "issuer", "month", "part", "next", "by", "policy", "known",
    "kind", "row", "x", "_to_field", "e", "p", "on", "day", "page", "use", "gate", "type", "step", "at",
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {}, {}, {"HTTP_HX_REQUEST": "true"}, {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[::bad"},
    {"HTTP_REFERER": "http://[bad"}, {"HTTP_ACCEPT_LANGUAGE": "²;q=x"}, {"HTTP_RANGE": "bytes=9-1"},
    {"HTTP_IF_MODIFIED_SINCE": "²"}, {"HTTP_X_FORWARDED_FOR": "²,\0"}, {"HTTP_HOST": "localhost:99999"},
    {"HTTP_HOST": "evil.example"}, {"HTTP_USER_AGENT": "²" * 3000}, {"HTTP_ACCEPT": "²"}, {"HTTP_X_POLLED": "\0"},
)  # fmt: skip
COOKIES: tuple[dict[str, str], ...] = (
    {}, {}, {}, {"sessionid": "²"}, {"sessionid": "x" * 4000}, {"csrftoken": "\x01"}, {"messages": "bad:bad:bad"},
    {"messages": '[["__json_message"'}, {"django_language": "²"}, {"browser": "W10:x:y"}, {"browser": "²"},
)  # fmt: skip
BODIES: tuple[tuple[bytes, str], ...] = (
    (b"{", "application/json"), (b"x", ""), (b"", "multipart/form-data"), (b"--x\r\nbad", "multipart/form-data; boundary=x"),
    (b"reason=%ff&name=" + quote(SURROGATE).encode(), "application/x-www-form-urlencoded"),
    (b"a=1", "application/x-www-form-urlencoded; charset=utf-7"), (b"a=1&" * 20_001, "application/x-www-form-urlencoded"),
    (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0.xlsx"\r\n\r\nabc\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
)  # fmt: skip
OTHER_METHODS = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO")
FILES = (
    ("长" * 120 + ".xlsx", b"PK\x03\x04"), ("a.xlsx", b""), ("a.pdf", b"%PDF-1.4\n%%EOF"), ("a.png", b"\x89PNG\r\n\x1a\n"),
    ("a.csv", b"\xff\xfea\0"), ("\u202exslx.exe", b"MZ"), ("x" * 300 + ".pdf", b"%PDF"), ("a\nb.xlsx", b"PK"), ("..", b"x"),
)  # fmt: skip
HAN = re.compile("[\u4e00-\u9fff]")
RAW = re.compile(
    r">\s*(?:None|True|False|\[\]|\{\}|nan)\s*<|This field|Select a valid|Ensure this"
)  # the program's own


@dataclass(frozen=True)
class Ask:
    """One request. `sent` is a form; `raw` a body and its type in place of one."""

    route: str
    role: str
    method: str
    url: str
    sent: dict[str, Any] = field(default_factory=dict)
    raw: tuple[bytes, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        words = f"{self.sent}"[:160] if self.raw is None else f"{self.raw[0][:40]!r}"
        return f"{self.route} as {self.role}: {self.method} {self.url[:160]} {words} {self.headers} {self.cookies}"


def asks(
    routes: Sequence[tuple[str, URLPattern]],
    clients: dict[str, Client],
    dice: random.Random,
    there: dict[str, list[Any]],
    *,
    turn: int = 0,
) -> Iterator[Ask]:
    """Give the requests of one round; the role moves on by one with each route and each round."""
    for at, (name, pattern) in enumerate(routes):
        role = ROLES[(at + turn) % len(ROLES)]
        url = address(name, pattern, dice, there)
        if not url:
            continue
        more = {"headers": dice.choice(HEADERS), "cookies": dice.choice(COOKIES)}
        yield Ask(name, role, "GET", f"{url}?{query(dice)}", **more)
        yield posted(Ask(name, role, "POST", url, **more), clients[role], dice)
        yield Ask(
            name, role, dice.choice(OTHER_METHODS), url, raw=(b"a=1", "application/x-www-form-urlencoded"), **more
        )


def address(name: str, pattern: URLPattern, dice: random.Random, there: dict[str, list[Any]]) -> str:
    """Return an address of a route: things that are there as often as hostile texts; nothing if it takes none."""
    for _ in range(5):
        try:
            return reverse(name, kwargs=arguments(pattern, dice, there))
        except (NoReverseMatch, UnicodeEncodeError):
            continue
    return ""


def arguments(pattern: URLPattern, dice: random.Random, there: dict[str, list[Any]]) -> dict[str, Any]:
    """Return arguments of a route."""
    chosen: dict[str, Any] = {}
    for name, converter in pattern.pattern.converters.items():
        is_number = type(converter).__name__ == "IntConverter"
        hostile = [1, 10**17, 10**30] if is_number else [text for text in HOSTILE if text.strip() and "/" not in text]
        wanted = there["pk"] if is_number else there.get(name, ["x"])
        chosen[name] = dice.choice(wanted if dice.random() < 0.7 else hostile)
    for name in pattern.pattern.regex.groupindex:
        chosen.setdefault(name, dice.choice(["1", "accounts", "9" * 30]))
    return chosen


def query(dice: random.Random) -> str:
    """Return a query string of hostile values; a cursor of another list among them."""
    pairs = [(name, dice.choice(HOSTILE)[:LONG_GET]) for name in dice.sample(ASKED, 4)]
    words = "&".join(f"{name}={quote(value)}" for name, value in [*pairs, ("after", dice.choice(CURSORS))])
    return words + dice.choice(("", "", "&%ff=%ff", f"&q={quote(SURROGATE)}", "&="))


def posted(bare: Ask, client: Client, dice: random.Random) -> Ask:
    """Return a POST: the page's own form as it was shown, with some fields spoilt; or a body that is no form."""
    if dice.random() < 0.2:
        return Ask(bare.route, bare.role, "POST", bare.url, {}, dice.choice(BODIES), bare.headers, bare.cookies)
    shown = client.get(bare.url)
    values = form_of(shown.content) if shown.status_code == 200 and not shown.streaming else {}
    values = values or {name: ["1"] for name in ("reason", "count", "choice")}
    for name in dice.sample(sorted(values), min(len(values), dice.choice((1, 1, 2, len(values))))):
        values[name] = [dice.choice(HOSTILE)] if dice.random() < 0.85 else [SURROGATE]
    for name in [name for name, value in values.items() if value is None]:
        values[name] = file_of(dice)
    return Ask(bare.route, bare.role, "POST", bare.url, values, None, bare.headers, bare.cookies)


def form_of(page: bytes) -> dict[str, Any]:
    """Return the fields of the last form of a page with the values it would send; None for a file."""
    forms = html.fromstring(page).xpath("//main//form[translate(@method, 'POST', 'post') = 'post']") if page else []
    values: dict[str, Any] = {}
    for box in forms[-1].xpath(".//input | .//select | .//textarea") if forms else ():
        name, kind = box.get("name"), box.get("type", box.tag)
        if not name or name == "csrfmiddlewaretoken":
            continue
        if kind == "file":
            values[name] = None
        elif kind in ("checkbox", "radio"):
            values.setdefault(name, []).append(box.get("value", "on"))
        elif kind == "select":
            values[name] = [option.get("value", "") for option in box.xpath(".//option")][-1:]
        else:
            values[name] = [box.get("value") or (box.text or "").strip() or "2022-03-01"]
    return values


def file_of(dice: random.Random) -> io.BytesIO:
    """Return an upload that is not what it says, once in a while a large one."""
    name, content = dice.choice(FILES)
    file = io.BytesIO(content + (os.urandom(8) if dice.random() < 0.9 else b"x" * 2_700_000))
    file.name = name
    return file


def sent(client: Client, ask: Ask) -> Any:
    """Send a request and give its answer."""
    for name, value in ask.cookies.items():
        client.cookies[name] = value
    if ask.method == "GET":
        return client.get(ask.url, **ask.headers)
    if ask.raw is None:
        return client.post(ask.url, ask.sent, **ask.headers)
    body, kind = ask.raw
    return client.generic(ask.method, ask.url, body, content_type=kind, **ask.headers)


def fault_of(ask: Ask, response: Any) -> str:
    """Say what is wrong with an answer; nothing for one that a person can read."""
    if response.status_code >= 500:
        return f"status {response.status_code}"
    if ask.method == "HEAD" or response.status_code in (204, 301, 302, 304) or response.streaming:
        return ""
    if response.headers.get("Content-Type") == "application/problem+json":  # of a platform: the reason is in words
        return "" if HAN.search(str(json.loads(response.content))) else f"status {response.status_code} without a word"
    if "html" not in response.headers.get("Content-Type", "html"):
        return f"status {response.status_code} as {response['Content-Type']}" if response.status_code >= 400 else ""
    page = response.content.decode()
    if raw := RAW.search(page):
        return f"status {response.status_code} shows {raw.group()}"
    return "" if HAN.search(page) else f"status {response.status_code} without a word"
