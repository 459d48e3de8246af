"""Every route, asked by people of several roles with what no form of ours sends: an answer in Chinese.

A seeded sample; `FUZZ_ROUNDS=50` asks more. Each request is taken back, so that none hangs on the one before.
"""

import base64
import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from projects.ledger.models import Building, Project, Unit
from tests.architecture.test_urls import routes
from tests.factories.accounts import lay_cast, sign_in
from tests.factories.projects import Estate, lay_story

pytestmark = pytest.mark.django_db

SEED = 20_220_308
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))
ROLES = ("city", "district", "township", "centre", "developer", "auditor", "system_admin", "security_admin")
HOSTILE = (
    "²", "٣", "9" * 30, "-1", "0", "1e9", "NaN", "9999-12-31", "0001-01-01", "2022-02-30", "\0", "a\0b", "\ufffe",
    "'\"><script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd", "=1+1", "长" * 5000, "%s%n", "\r\nSet-Cookie: a=b",
    "[]", "{}", "None", "true", " ", "\u202e", "1,2", "CY-0001",
)  # fmt: skip
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
    "kind", "row", "x", "_to_field", "e", "p",
)  # fmt: skip
HAN = re.compile("[\u4e00-\u9fff]")
FIELD = re.compile(r'<(?:input|select|textarea)[^>]*?\bname="([^"]+)"')


@pytest.fixture
def story(db: None) -> Estate:
    return lay_story(lay_cast())


def known(estate: Estate) -> dict[str, list[Any]]:
    """What stands in the ledger, by the kind of thing that addresses call it."""
    building = Building.objects.first()
    return {
        "code": [Project.objects.values_list("code", flat=True)[0]],
        "number": [building.number if building else "1"],
        "pk": [Unit.objects.values_list("pk", flat=True)[0], 1, 2, 3],
        "month": ["2022-02"],
    }


def arguments(pattern: URLPattern, dice: random.Random, there: dict[str, list[Any]]) -> dict[str, Any]:
    """Arguments of a route: things that are there as often as hostile texts."""
    chosen: dict[str, Any] = {}
    for name, converter in pattern.pattern.converters.items():
        number = type(converter).__name__ == "IntConverter"
        hostile = [1, 10**17, 10**30] if number else [text for text in HOSTILE if text.strip() and "/" not in text]
        wanted = there["pk"] if number else there.get(name, ["x"])
        chosen[name] = dice.choice(wanted if dice.random() < 0.7 else hostile)
    for name in pattern.pattern.regex.groupindex:
        chosen.setdefault(name, dice.choice(["1", "accounts", "9" * 30]))
    return chosen


def asked(dice: random.Random) -> dict[str, str]:
    """A query string of hostile values."""
    names = dice.sample(ASKED, 4)
    return {name: dice.choice(CURSORS if name == "after" else HOSTILE) for name in names} | {
        "after": dice.choice(CURSORS)
    }


def sent(page: Any, dice: random.Random) -> dict[str, Any]:
    """Hostile values for every field of the page's forms; a file where one is asked for."""
    text = page.content.decode(errors="replace") if page.status_code == 200 and not page.streaming else ""
    names = [name for name in FIELD.findall(text) if name != "csrfmiddlewaretoken"] or ["reason", "count", "choice"]
    values: dict[str, Any] = {name: dice.choice(HOSTILE) for name in names}
    if 'type="file"' in text:
        values["file"] = SimpleUploadedFile("长" * 120 + ".xlsx", os.urandom(64), "application/octet-stream")
    return values


def requests(dice: random.Random, there: dict[str, list[Any]]) -> Iterator[tuple[str, str, str]]:
    """Name of the route, role and address, each route for one role a round, strangers to it or not."""
    for name, pattern in sorted(routes(get_resolver()), key=lambda pair: pair[0]):
        for _ in range(5):
            try:
                url = reverse(name, kwargs=arguments(pattern, dice, there))
            except (NoReverseMatch, UnicodeEncodeError):
                continue
            yield name, dice.choice(ROLES), url
            break


def fault_of(response: Any) -> str:
    """What is wrong with an answer; nothing for one that a person can read."""
    if response.status_code >= 500:
        return f"status {response.status_code}"
    if response.status_code in (204, 301, 302, 304) or response.streaming or "html" not in response["Content-Type"]:
        return ""
    return "" if HAN.search(response.content.decode()) else f"status {response.status_code} without a word"


def ask(client: Client, dice: random.Random, url: str) -> str:
    """Open and send to an address; say the first fault."""
    page = client.get(url, asked(dice))
    fault = fault_of(page)
    if fault:
        return f"GET: {fault}"
    fault = fault_of(client.post(f"{url}?after={dice.choice(CURSORS)}", sent(page, dice)))
    return f"POST: {fault}" if fault else ""


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_no_route_answers_hostile_input_with_an_accident(story: Estate, round_: int) -> None:
    dice, there, faults = random.Random(SEED + round_), known(story), []
    clients = {role: sign_in(getattr(story.cast, role)) for role in ROLES}
    for client in clients.values():
        client.raise_request_exception = False

    for name, role, url in requests(dice, there):
        with transaction.atomic():
            fault = ask(clients[role], dice, url)
            transaction.set_rollback(True)
        if fault:
            faults.append(f"{name} as {role}: {fault} at {url[:120]}")

    assert faults == []
