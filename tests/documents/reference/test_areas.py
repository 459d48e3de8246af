"""Districts and townships: each city loads its own by table, two persons, with source and day."""

from datetime import date
from typing import Any

import pytest

from registry.accounts.models import Approval, Area
from registry.accounts.services import approve
from registry.audit.models import Act
from tests.documents.reference.files import book, confirm, send, sheet
from tests.factories.accounts import Cast, sign_in

pytestmark = pytest.mark.django_db
AREAS = "accounts_area"


def rows(keeper: Any, *lines: list[Any]) -> list[list[Any]]:
    return [sheet(keeper, AREAS)[0], *lines]


def test_a_city_loads_its_own_districts_and_they_are_offered(keeper: Any, cast: Cast) -> None:
    towns = ["440305005", "南山街道", "统计用区划代码", "2022-12-31", "是"]
    lines = rows(keeper, ["440305", "南山区", "民政部区划代码", "2022-12-31", "是"], towns)

    confirm(keeper, AREAS, send(keeper, AREAS, book(lines)))
    assert not Area.objects.filter(code__startswith="44").exists(), "nothing before the second person agrees"
    approve(actor=cast.city.actor, approval=Approval.objects.get(kind="reference.change"))

    district = Area.objects.get(code="440305")
    assert (district.name, district.source, district.as_of) == ("南山区", "民政部区划代码", date(2022, 12, 31))
    assert Act.objects.latest("id").event == "area.kept"
    page = sign_in(cast.city).get("/projects/new/").content.decode()
    assert '<optgroup label="南山区"' in page
    assert '<option value="440305005">南山街道</option>' in page
    assert "南山区" in keeper.get("/settings/").content.decode()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["4403", "深圳市", "民政部", "2022-12-31", "是"], "不是区（6位）或乡镇、街道（9位）的代码"),
        (["440305", "南山区", "", "2022-12-31", "是"], "来源"),
    ],
)
def test_what_is_no_district_is_said_before_it_is_proposed(keeper: Any, line: list[Any], said: str) -> None:
    page = send(keeper, AREAS, book(rows(keeper, line))).content.decode()

    assert said in page
    assert not Approval.objects.exists()
