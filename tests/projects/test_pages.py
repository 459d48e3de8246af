"""Pages of a project: literal query counts whatever its size, and figures that are the ledger's."""

from dataclasses import replace

from django.urls import reverse

from projects.ledger.models import Unit
from projects.progress.services import place_units
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import PLACED, Estate, home, on_day
from tests.web.html import tight

ASKED = 25  # and once more for the session, which is not counted here


def more_homes(estate: Estate, count: int) -> None:
    """Put further homes into a third building."""
    rows = [replace(home("3号楼", "1", 2 + n // 4, 500 + n), room=f"{n + 1:04d}") for n in range(count)]
    with on_day(PLACED):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=PLACED, source="清册"
        )


def figure(page: str, label: str) -> str:
    """The big number under a label of the page."""
    after = tight(page).split(f"<dt>{label}</dt>", 1)[1]
    return after.split("</dd>", 1)[0].rpartition(">")[2].strip() or after.split("</dd>", 1)[0]


def test_project_page_asks_the_same_whatever_its_size(story):
    client = sign_in(story.cast.district)
    address = reverse("ledger:project", args=[story.project.code])
    client.get(address)

    with assert_asks(ASKED):
        page = client.get(address)

    assert page.status_code == 200
    more_homes(story, 60)
    with assert_asks(ASKED):
        client.get(address)


def test_project_page_shows_the_figures_of_the_ledger(story):
    page = sign_in(story.cast.district).get(reverse("ledger:project", args=[story.project.code])).content.decode()
    homes = Unit.objects.filter(building__project=story.project, use="dwelling").count()

    for label in ("应办（住宅）", "已打通", "已首登"):
        assert str(homes) in figure(page, label)


def test_building_table_marks_the_faulty_shop_and_explains_it(story):
    shop = Unit.objects.filter(building__project=story.project, features__gt=0).select_related("building").first()
    assert shop is not None
    address = reverse("progress:building", args=[story.project.code, shop.building.number])
    page = sign_in(story.cast.district).get(f"{address}?unit={shop.id}").content.decode()

    assert "在过错范围内" in page
    assert "先恢复原状" in page


def test_stranger_sees_no_project_no_building_and_no_unit(story):
    client = sign_in(story.cast.strange_district)
    unit = Unit.objects.filter(building__project=story.project).select_related("building").first()
    assert unit is not None
    code = story.project.code

    for address in (
        reverse("ledger:project", args=[code]),
        reverse("progress:building", args=[code, unit.building.number]),
        reverse("progress:unit", args=[code, unit.id]),
        reverse("progress:units", args=[code]),
    ):
        assert client.get(address).status_code == 404
    assert story.project.name not in client.get(reverse("ledger:projects")).content.decode()
