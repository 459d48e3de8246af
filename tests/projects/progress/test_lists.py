"""Tax and fund lists: each number is the length of the list that it opens."""

import re
from datetime import date

import pytest
from django.urls import reverse

from registry.kernel.stages import Track
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.laid import laid
from tests.factories.projects import Estate, lay_strange_estate, move

SEPTEMBER = date(2021, 9, 1)
CELL = re.compile(r'<td class="n">(?:<a href="([^"]+)">)?(\d+)')


def cells(client, track: str) -> list[tuple[str, int]]:
    page = client.get(reverse("progress:track_list", args=[track])).content.decode().split("<tfoot>")[0]
    return [(url.replace("&amp;", "&"), int(count)) for url, count in CELL.findall(page)]


def lay_taxed(story: Estate) -> Estate:
    move(story, story.homes[:4], "assessed", SEPTEMBER, Track.TAX)
    move(story, story.homes[:2], "settled", SEPTEMBER, Track.TAX)
    move(story, story.homes[:5], "settled", SEPTEMBER, Track.FUND)
    return story


@pytest.fixture
def taxed(story: Estate) -> Estate:
    made: Estate = laid("test_lists.taxed", lay_taxed, story)
    return made


def test_the_tax_list_counts_homes_and_others_by_stage(taxed):
    assert [count for _, count in cells(sign_in(taxed.cast.tax), "tax")] == [8, 2, 2, 3, 0, 0]
    assert [count for _, count in cells(sign_in(taxed.cast.tax), "fund")] == [7, 5, 0, 0]


@pytest.mark.parametrize("track", ["tax", "fund"])
def test_each_number_opens_its_list(taxed, track):
    client = sign_in(taxed.cast.district)

    for url, count in cells(client, track):
        assert not count or f"共{count}户" in client.get(url).content.decode()


def test_a_stranger_sees_its_own_projects_only(taxed):
    other = lay_strange_estate(taxed.cast)
    page = sign_in(taxed.cast.strange_district).get(reverse("progress:track_list", args=["tax"])).content.decode()

    assert other.project.name in page
    assert taxed.project.code not in page


def test_another_track_has_no_such_list(taxed):
    assert sign_in(taxed.cast.tax).get(reverse("progress:track_list", args=["certificate"])).status_code == 404


def test_the_list_asks_six_times_whatever_its_size(taxed):
    client = sign_in(taxed.cast.city)
    address = reverse("progress:track_list", args=["tax"])
    client.get(address)
    with assert_asks(6):
        client.get(address)
    lay_strange_estate(taxed.cast)
    with assert_asks(6):
        client.get(address)
