"""Every form that a walk of the pages meets: its faults come all at once, in words; nothing typed is lost."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from django import forms
from django.test import Client

from registry.accounts.forms import ServiceForm
from registry.web.typed.places import _SECRET
from tests.factories.accounts import PASSWORD, Player, sign_in
from tests.factories.projects import Estate
from tests.pages_of_demo import lines_of
from tests.web.test_raw_words import route_of, shown  # noqa: F401  # the fixture

pytestmark = pytest.mark.django_db
ROLES = ("district", "township", "system_admin", "developer")
PAGES = 90  # of each role
TYPED = "填到一半的话"
DJANGOS = "这个字段是必填项"


@dataclass(frozen=True)
class Met:
    """A form on a page, and who met it."""

    player: Player
    client: Client
    route: str
    address: str
    form: ServiceForm

    @property
    def text(self) -> str:
        """The first field that takes words."""
        return next(
            (
                name
                for name, field in self.form.fields.items()
                if type(field) is forms.CharField and name not in _SECRET and not field.widget.is_hidden
            ),
            "",
        )

    def words(self, **more: Any) -> dict[str, Any]:
        """What a browser would send of the form as it is shown."""
        values = {
            name: self.form[name].value() for name in self.form.fields if not isinstance(self.form[name].value(), bool)
        }
        return {
            **{self.form.add_prefix(name): value for name, value in values.items() if value not in (None, "", [])},
            "once": self.form.once_key,
            **more,
        }


def forms_met(estate: Estate, dead: list[str]) -> Iterator[Met]:
    """Follow the links of what each role sees, one address a route; give each form met for the first time.

    `dead` takes the links that a page shows to somebody to whom they don't open.
    """
    met: set[str] = set()
    for role in ROLES:
        player = getattr(estate.cast, role)
        client, waiting, routes, left = sign_in(player), deque(["/"]), {"web:desk"}, PAGES
        while waiting and left:
            address = waiting.popleft()
            answer = client.get(address)
            left -= 1
            if answer.status_code in (403, 404):
                dead.append(f"{role}: a page leads to {address}, which answers {answer.status_code}")
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                continue
            form, route = (answer.context or {}).get("form"), route_of(address)
            _, page = lines_of(answer.content.decode())
            posts = re.search(r'<form[^>]*class="(?:form|confirm)[^"]*"[^>]*method="post"', answer.content.decode())
            if isinstance(form, ServiceForm) and posts and route not in met:
                met.add(route)
                yield Met(player, client, route, address, form)
            for link in page.links:
                target = urldefrag(urljoin(address, link)).url
                if (name := route_of(target)) and name not in routes:
                    routes.add(name)
                    waiting.append(target)


def faults_of_nothing(met: Met) -> Iterator[str]:
    """Send the form with nothing in it: each field that must be filled says so, by its name, in the same answer."""
    answer = met.client.post(met.address, {"once": met.form.once_key, "save": "1"})
    form = (answer.context or {}).get("form") if answer.status_code != 302 else None
    if form is None:
        return
    for name, field in form.fields.items():
        has_own = isinstance(field, (forms.BooleanField, forms.MultipleChoiceField)) or field.disabled
        if field.required and not has_own and name not in form.errors:
            yield f"{met.route}: {name} is asked for only afterwards"
    if "---------" in answer.content.decode():
        yield f"{met.route}: a choice is called by nothing"
    yield from (f"{met.route}: {said}" for said in re.findall(f"{DJANGOS}|This field", answer.content.decode()))


def lost_of(met: Met) -> Iterator[str]:
    """Send the form without a session, sign in, and look for what was typed."""
    if not met.text:
        return
    met.client.cookies.pop("sessionid")
    asked = met.client.post(met.address, met.words(**{met.text: TYPED, "save": "1"}))
    hidden = dict(re.findall(r'type="hidden" name="(next|typed)" value="([^"]*)"', asked.content.decode()))
    words = {"username": met.player.person.username, "password": PASSWORD, **hidden}
    entered = met.client.post("/sign-in/", words)
    page = met.client.get(entered["Location"]) if entered.status_code == 302 else entered
    if TYPED not in page.content.decode():
        said = re.sub(r"<[^>]+>|\\s+", " ", page.content.decode().split("<main")[-1])[:300]
        yield f"{met.route}: {met.text} is lost, {entered.get('Location')} {page.status_code} {said}"


def test_every_form_says_all_its_faults_at_once_and_loses_nothing(shown: Estate) -> None:  # noqa: F811
    wrong: list[str] = []
    routes: list[str] = []
    for met in forms_met(shown, wrong):
        routes.append(met.route)
        wrong += [*faults_of_nothing(met), *lost_of(met)]

    assert wrong == [], "\n".join(wrong)
    assert len(routes) > 25, routes
