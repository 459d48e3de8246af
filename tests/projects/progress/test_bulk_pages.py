"""Moving many homes from a list: all that match, in numbers first, and back to the place where it was begun."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from projects.ledger.models import Unit
from projects.progress.selectors import LIST_WORDS
from projects.progress.services.advance import plan_moves
from registry.kernel.stages import Track
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, move

ON = date(2021, 9, 1)


@pytest.fixture
def address(story: Estate) -> str:
    return reverse("progress:advance", args=[story.project.code])


@pytest.fixture
def place(story: Estate) -> str:
    return reverse("progress:units", args=[story.project.code]) + "?use=dwelling&certificate=waiting&order=-room"


def words(place: str, **more: object) -> dict[str, object]:
    return {"target": "certificate:notified", "occurred_on": ON.isoformat(), "next": place, **more}


def count_at(stage: str) -> int:
    return Unit.objects.filter(certificate=stage).count()


def carried(page: str) -> dict[str, list[str]]:
    """The fields that the form of a confirmation carries."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        fields.setdefault(name, []).append(value.replace("&amp;", "&"))
    return fields


def test_all_that_match_are_said_in_numbers_and_moved_when_the_number_is_typed(
    story: Estate, address: str, place: str
) -> None:
    client, homes = sign_in(story.cast.township), len(story.homes)

    asked = client.post(address, words(place, every="1"))
    page = asked.content.decode()

    assert f"{homes}户办理至“已通知”，办理日期{ON}" in page
    assert count_at("notified") == 0, "asking moves nothing"
    agreed = {**carried(page), "evidence": "送达清单1号", "save": "1"}
    wrong = client.post(address, agreed | {"count": homes - 1})
    assert f"数量不符：应为{homes}" in wrong.content.decode()
    assert count_at("notified") == 0
    done = client.post(address, agreed | {"count": homes})
    assert (done.status_code, done["Location"]) == (302, place), "one stays where one was, filter and order kept"
    assert count_at("notified") == homes


def test_what_will_not_move_is_named_with_its_reason_and_number(story: Estate, address: str, place: str) -> None:
    client = sign_in(story.cast.township)
    move(story, story.homes[:2], "notified", ON)
    move(story, story.homes[:1], "collected", ON)

    page = client.post(address, words(place, unit=story.homes[:4])).content.decode()

    assert "2户办理至“已通知”" in page
    assert "1户不办：现在是“已收材料”，不能直接办理至“已通知”" in page
    assert "1户原已是“已通知”" in page


def test_the_preview_decides_as_the_act_does(story: Estate) -> None:
    from projects.progress.services import advance_units

    move(story, story.homes[:2], "notified", ON)
    asked = {
        "actor": story.cast.township.actor,
        "project": story.project,
        "unit_ids": story.homes,
        "track": Track.CERTIFICATE,
        "to": "collected",
        "occurred_on": ON,
    }

    plan = plan_moves(**asked)
    outcome = advance_units(**asked)

    assert (plan.moved, plan.refused, plan.unchanged) == (outcome.moved, outcome.refused, outcome.unchanged)


def test_copying_acts_of_the_registry_by_hand_names_its_list(story: Estate, address: str, place: str) -> None:
    move(story, story.homes[:2], "notified", ON)
    move(story, story.homes[:2], "collected", ON)
    client = sign_in(story.cast.centre)
    asked = words(place, unit=story.homes[:2]) | {"target": "certificate:accepted"}

    refused = client.post(address, asked | {"save": "1"})
    assert "补录依据" in refused.content.decode()
    assert count_at("accepted") == 0

    client.post(address, asked | {"save": "1", "evidence": "受理清单03-08"})
    assert count_at("accepted") == 2


def test_none_that_may_move_is_a_refusal_with_every_reason(story: Estate, address: str, place: str) -> None:
    asked = words(place, unit=story.homes[:3]) | {"target": "certificate:issued"}

    refused = sign_in(story.cast.township).post(address, asked)

    assert refused.status_code == 422
    assert "请按顺序办理" in refused.content.decode()


def test_one_home_moves_at_once(story: Estate, address: str, place: str) -> None:
    done = sign_in(story.cast.township).post(address, words(place, unit=story.homes[0]))

    assert (done.status_code, done["Location"]) == (302, place)
    assert count_at("notified") == 1


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/x", ""])
def test_a_place_elsewhere_is_not_gone_back_to(story: Estate, address: str, elsewhere: str) -> None:
    done = sign_in(story.cast.township).post(address, words(elsewhere, unit=story.homes[0]))

    assert done["Location"] == reverse("progress:units", args=[story.project.code])


def test_a_stranger_moves_nothing(story: Estate, address: str, place: str) -> None:
    client: Client = sign_in(story.cast.strange_township)

    assert client.post(address, words(place, every="1")).status_code == 404
    assert count_at("notified") == 0


def test_every_word_of_the_filter_is_read_back() -> None:
    """A filter that the act did not know would widen what was chosen."""
    from pathlib import Path

    page = Path("templates/progress/units.html").read_text("utf-8")
    named = set(re.findall(r'name="(\w+)"', page)) - {"every", "next", "unit"}

    assert named - set(LIST_WORDS) <= {"certificate", "tax", "fund"}
    assert {"certificate", "tax", "fund"} <= set(LIST_WORDS)
