"""Every route with a code, asked by who could read the project before a merge, a split or a hand-over: not there.

A code is followed to what it means today, and the scope is asked of that (`project_by_code`). Which addresses open at
all is found out by those who still may, so that a 404 for the others says something.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from projects.ledger.models import Building, Holder, Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.models import Submission
from projects.progress.services.merge import merge_projects
from projects.progress.services.split import split_project
from registry.kernel.authority import Role
from registry.store.guard import fixture_writes
from tests.architecture.test_urls import routes
from tests.factories.accounts import lay_assignment, sign_in
from tests.factories.projects import PLACED, TODAY, Estate, on_day, project_words

OTHER_TOWNSHIP = "110105028"
NOT_OF_A_PROJECT = ("casework:policy", "casework:meeting")  # of a district, a policy of the city
ENOUGH = 15  # addresses that open to those who may: the 404 of the others says something
STILL = ("city", "district", "department")


def addresses(codes: list[str], unit: int, holder: int, number: str, submission: int) -> Iterator[str]:
    """Every address with a code: each route, each code, with what the other blanks may mean."""
    blanks = {
        "pk": unit, "key": unit, "holder": holder, "ordinal": 1, "link": 1, "number": number, "other": codes[-1], "kind": "buildings",
        "rung": "reminder", "act": "close", "submission": submission,
    }  # fmt: skip
    for name, pattern in sorted(routes(get_resolver()), key=lambda pair: pair[0]):
        wanted = pattern.pattern.converters
        if "code" not in wanted or name in NOT_OF_A_PROJECT:
            continue
        for code in codes:
            try:
                yield reverse(name, kwargs={**{key: blanks[key] for key in wanted if key != "code"}, "code": code})
            except NoReverseMatch:
                continue


@contextmanager
def taken_back() -> Iterator[None]:
    """Do what a request does, then take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answer(client: Client, url: str) -> int:
    """The status of the page, or of what its form sends where there is no page."""
    for method in ("GET", "POST"):
        with taken_back():
            status: int = client.generic(method, url).status_code
        if status != 405:
            break
    return status


def gone(estate: Estate, *formerly: str, codes: list[str], unit: Unit, number: str) -> None:
    """Who could read it finds nothing under any address (403 is want of the right itself), though they open still."""
    holder = Holder.objects.filter(holdings__unit=unit).get()
    with fixture_writes():
        papers = Submission.objects.create(unit=unit, handed_on=TODAY, act_id=1)
    urls = list(addresses(codes, unit.pk, holder.pk, number, papers.pk))
    for name in formerly:
        client = sign_in(getattr(estate.cast, name))
        assert {url: status for url in urls if (status := answer(client, url)) not in (403, 404)} == {}, name
    district = sign_in(estate.cast.district)
    opened = (url for url in urls if answer(district, url) not in (403, 404))
    assert len(list(islice(opened, ENOUGH))) == ENOUGH


@pytest.fixture
def shared(story: Estate) -> Estate:
    """The developer's staff works at another project too: it stays signed in whatever it loses."""
    with on_day(PLACED):
        words = project_words(story.cast, code="CY-9009", name="演示另一小区")
        other = take_in_project(actor=story.cast.district.actor, **words)
    lay_assignment(story.cast.developer.person, story.cast.developer.organisation, Role.DEVELOPER, project_key=other.id)
    return story


def far_project(estate: Estate) -> Project:
    """A project of another township of the district, which nobody but the district takes part in."""
    with on_day(PLACED):
        project: Project = take_in_project(
            actor=estate.cast.district.actor,
            **project_words(estate.cast, code="CY-9002", name="演示佳苑", township_code=OTHER_TOWNSHIP),
        )
    return project


def test_after_a_merge_who_read_the_absorbed_project_reads_neither(shared: Estate) -> None:
    far = far_project(shared)
    with on_day(TODAY):
        merge_projects(
            actor=shared.cast.district.actor, project=far, absorbed=shared.project, on=TODAY, reason="同一项目"
        )  # fmt: skip
    assert shared.letter is not None

    gone(
        shared, "township", "developer",
        codes=["CY-9001", shared.letter.code], unit=Unit.objects.order_by("id")[0], number="1",
    )  # fmt: skip


def test_after_a_split_who_is_assigned_to_the_origin_reads_nothing_of_the_part(shared: Estate) -> None:
    building = shared.buildings[1]
    with on_day(TODAY):
        made = split_project(
            actor=shared.cast.district.actor, project=shared.project, building_ids=[building.pk], code="CY-9003",
            name="演示小区二期", on=TODAY, reason="分期",
        )  # fmt: skip
    unit = Unit.objects.filter(building__project=made).order_by("id")[0]

    gone(shared, "developer", codes=["CY-9003"], unit=unit, number=building.number)
    client = sign_in(shared.cast.developer)
    for name, last in (("progress:unit", unit.pk), ("progress:building", building.number)):
        assert client.get(reverse(name, args=["CY-9001", last])).status_code == 404, "it left under its old address too"


def test_after_the_hand_over_the_developer_that_left_reads_nothing(shared: Estate) -> None:
    assert shared.letter is not None
    with fixture_writes():
        shared.cast.developer.person.assignments.filter(project_key=shared.project.pk).update(ends=date(2022, 3, 1))

    gone(
        shared, "developer",
        codes=["CY-9001", shared.letter.code], unit=shared.unit(), number=Building.objects.all()[0].number,
    )  # fmt: skip


def test_who_may_see_the_surviving_project_finds_it_by_each_code_it_had(shared: Estate) -> None:
    far = far_project(shared)
    with on_day(TODAY):
        merge_projects(
            actor=shared.cast.district.actor, project=far, absorbed=shared.project, on=TODAY, reason="同一项目"
        )  # fmt: skip

    for name in STILL:
        client: Any = sign_in(getattr(shared.cast, name))
        for code in ("CY-9001", "CY-9002"):
            page = client.get(reverse("ledger:project", args=[code]), follow=True)
            assert (page.status_code, page.request["PATH_INFO"]) == (200, reverse("ledger:project", args=["CY-9002"]))
