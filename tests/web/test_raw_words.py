"""No page shows what is no word of the office's: codes, Python's own writing, English. A bounded walk of the routes."""

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from projects.progress.services import change_standing
from registry.accounts.models import Organisation, Person
from registry.kernel.stages import Standing
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, bring_to, on_day
from tests.factories.shown import OWN
from tests.pages_of_demo import lines_of, words_of
from tests.projects.casework.test_tasks import lay_task
from tests.projects.casework.trials import lay_whistle
from tests.terms import forbidden

ROLES = ("district", "auditor", "system_admin")
PAGES = 32  # of each role
RAW = re.compile(
    r"\b[A-Za-z]{4,}\b|\b[a-z]+[._][a-z_]{2,}\b|\b[A-Z]{2,}_[A-Z]+\b|\b(?:None|True|False)\b|[{\[(]'|\(\d+, "
)
KNOWN = {"Excel", "Shift", "Ctrl", "Enter", "xlsx"}  # programs, keys, kinds of files
HELD = ("title", "aria-label", "placeholder")


def raw_in(html: str) -> set[str]:
    """What of the words of a page nobody in an office would write."""
    return raw_of(lines_of(html)[0])


def raw_of(lines: list[str]) -> set[str]:
    texts = words_of(lines)
    for line in lines:
        texts += re.findall(rf'(?:{"|".join(HELD)})="([^"]+)"', line) if line.startswith("<") else []
    return {hit[0] for text in texts for hit in RAW.finditer(OWN.sub("", text)) if hit[0] not in KNOWN}


@pytest.fixture
def shown(story: Estate) -> Estate:
    """The story with something of everything: homes at several stages, one held, a task, a whistle."""
    bring_to(story, story.homes[:3], "issued", TODAY)
    bring_to(story, story.homes[3:5], "collected", TODAY)
    with on_day(TODAY):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[6:7], standing=Standing.HELD,
            reason="seizure", evidence="裁定书", on=TODAY, review_on=TODAY.replace(month=9),
        )  # fmt: skip
    lay_task(story)
    lay_whistle(story)
    return story


def test_no_page_shows_a_code_or_a_word_of_another_language(shown: Estate) -> None:
    wrong: dict[str, set[str]] = {}
    names = " ".join(
        [*Person.objects.values_list("username", flat=True), *Organisation.objects.values_list("code", flat=True)]
    )
    own = set(re.split(r"[^A-Za-z]+", names))  # what people are signed in by, and organisations listed by
    met: set[str] = set()
    for role in ROLES:
        client, waiting, left = sign_in(getattr(shown.cast, role)), deque(["/"]), PAGES
        routes: set[str] = set()
        while waiting and left:
            address = waiting.popleft()
            answer = client.get(address)
            left -= 1
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                continue
            lines, page = lines_of(answer.content.decode())
            if raw := (raw_of(lines) - own) | forbidden(words_of(lines)):
                wrong[f"{role} {address}"] = raw
            for link in page.links:
                target = urldefrag(urljoin(address, link)).url
                name = route_of(target)
                if name and name not in routes:
                    routes.add(name)
                    waiting.append(target)
        met |= routes

    assert not wrong, "\n".join(f"{where}: {sorted(raw)}" for where, raw in wrong.items())
    assert len(met) > 45, "the walk reaches the pages"


def route_of(address: str) -> str:
    parts = urlsplit(address)
    if parts.netloc or parts.scheme or "sign-out" in parts.path:
        return ""
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return ""


def test_what_is_raw_is_seen() -> None:
    """Negative control."""
    page = "<main><p>{}</p><input placeholder='units'></main>"
    assert raw_in(page.format("记录：('units.advanced', None)")) >= {"units", "None", "advanced"}
    assert raw_in("<p>ID_CHECKSUM</p>") == {"ID_CHECKSUM"}
    assert raw_in("<p>导出Excel，《名单abcd.xlsx》</p>") == set()
