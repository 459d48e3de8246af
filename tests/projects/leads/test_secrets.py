"""Nothing of whoever rang reaches a developer: no page, no export, no log."""

import logging

import pytest
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch
from django.urls.resolvers import get_resolver

from projects.leads.services.handling import contact_caller
from projects.leads.services.matching import match_ticket
from registry.lists.exports import EXPORTS
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, moment, on_day
from tests.projects.leads.trials import SAID, dispatched, lay_ticket
from tests.web.test_access import routes

SECRETS = ("RX20220307001", "演示甲", "演*甲", "19900000001", "199****0001", "房产证一直办不下来", "来电核实")


@pytest.fixture
def rung(story: Estate) -> Estate:
    """The story with a ticket of its own home in hand, spoken about."""
    ticket, cast = lay_ticket(story), story.cast
    with on_day(TODAY):
        match_ticket(
            actor=cast.district.actor, ticket=ticket, project=story.project, unit=story.unit(), reason="来电核实到户"
        )
        dispatched(story, ticket)
        contact_caller(
            actor=cast.department.actor, ticket=ticket, contacted_at=moment(TODAY, 9), text="来电核实，已说明"
        )
    return story


def test_no_page_or_export_of_a_developer_tells_of_a_caller(rung: Estate, caplog: pytest.LogCaptureFixture) -> None:
    code, unit = rung.project.code, rung.unit()
    client, read = sign_in(rung.cast.developer), 0
    words = {"code": code, "pk": unit.pk, "number": "RX20220307001", "unit": unit.pk, "key": unit.pk}
    with caplog.at_level(logging.DEBUG):
        for route in routes(get_resolver()):
            name = f"{route.callback.__module__.split('.')[1]}:{route.name}"
            wanted = route.pattern.converters
            if not set(wanted) <= set(words):
                continue
            try:
                address = reverse(name, kwargs={key: words[key] for key in wanted})
            except NoReverseMatch:
                continue
            answer = client.get(address)
            body = b"".join(answer) if answer.streaming else answer.content
            assert not [told for told in SECRETS if told.encode() in body], address
            read += answer.status_code == 200
        for name in EXPORTS:
            body = client.get(reverse("exports:export_list", args=[name])).content
            assert not [told for told in SECRETS if told.encode() in body], name
    assert read > 20, "pages that the developer may read"
    assert not [told for told in SECRETS if told in caplog.text and not told.startswith("RX")]


def test_those_who_handle_it_see_what_is_kept_from_the_developer(rung: Estate) -> None:
    """The control: the words are there for those who may read them."""
    page = sign_in(rung.cast.department).get(reverse("leads:ticket", args=["RX20220307001"])).content.decode()
    assert [told for told in SECRETS if told in page] == [
        told for told in SECRETS if told not in ("演示甲", "19900000001")
    ]
    assert SAID[:6] in page
