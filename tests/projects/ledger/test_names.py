"""Names of units per scheme: certain by area, proposed by order, accepted by a person only."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from projects.ledger.choices import NameScheme
from projects.ledger.models import Unit, UnitName
from projects.ledger.selectors.names import NamedRow, proposals_for, read_rows, units_named
from projects.ledger.services.names import accept_names
from registry.kernel.errors import DomainError
from registry.store.guard import fixture_writes
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, lay_strange_estate, on_day
from tests.factories.trials import last_act, refused

MARCH = date(2022, 3, 1)


def measure(estate: Estate, *areas: str) -> list[Unit]:
    """State the areas of the first building's homes on the second floor: one in each entrance."""
    units = list(Unit.objects.filter(building=estate.buildings[0], floor="2").order_by("id"))
    with fixture_writes():
        for unit, area in zip(units, areas, strict=True):
            Unit.objects.filter(pk=unit.pk).update(area=Decimal(area))
    return units


def accept(estate: Estate, names: dict[int, str], **more: Any) -> int:
    with on_day(TODAY):
        return accept_names(
            **{
                "actor": estate.cast.district.actor, "building": estate.buildings[0], "scheme": NameScheme.SALES,
                "names": names, "starts": MARCH, **more,
            }
        )  # fmt: skip


def test_an_area_that_is_alone_on_its_floor_is_certain(estate: Estate) -> None:
    first, second = measure(estate, "88.51", "90.20")

    found = proposals_for(estate.buildings[0], read_rows("乙-201 2 90.20\n甲-201 2 88.51"))

    assert [(one.row.text, one.unit, one.is_certain) for one in found] == [
        ("乙-201", second, True), ("甲-201", first, True),
    ]  # fmt: skip


def test_equal_areas_are_proposed_by_order_and_not_certain(estate: Estate) -> None:
    first, second = measure(estate, "88.51", "88.51")

    found = proposals_for(estate.buildings[0], read_rows("甲-201 2 88.51\n乙-201 2 88.51"))

    assert [(one.unit, one.is_certain) for one in found] == [(first, False), (second, False)]


def test_other_numbers_on_a_floor_and_a_floor_that_is_not_there_propose_nothing(estate: Estate) -> None:
    found = proposals_for(estate.buildings[0], [NamedRow("甲-201", "2"), NamedRow("甲-901", "9")])

    assert [(one.unit, one.is_certain) for one in found] == [(None, False), (None, False)]
    assert [one.why for one in found] == ["2层本清单1个名称，台账2户", "本楼没有9层"]


@pytest.mark.parametrize(("text", "message"), [("甲-201", "第1行.*无法识别"), ("甲 2\n甲 3", "“甲”出现两次")])
def test_a_list_that_cannot_be_read_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(DomainError, match=message):
        read_rows(text)


def test_a_new_name_ends_the_one_before_and_both_find_the_unit(estate: Estate) -> None:
    key, actor = estate.homes[0], estate.cast.district.actor
    assert accept(estate, {key: "甲-201"}, starts=date(2021, 1, 1)) == 1
    assert accept(estate, {key: "A-201"}) == 1

    assert list(UnitName.objects.order_by("id").values_list("text", "ends")) == [("甲-201", MARCH), ("A-201", None)]
    for text in ("甲-201", " A-201 "):
        assert [one.unit_id for one in units_named(actor, text)] == [key]
    assert units_named(estate.cast.strange_district.actor, "A-201") == []
    assert last_act().facts == {"building": "1号楼", "scheme": "销售", "count": 1}


def test_names_that_cannot_be_are_refused(estate: Estate) -> None:
    one, two = estate.homes[:2]
    other = lay_strange_estate(estate.cast)
    accept(estate, {one: "甲"})

    with refused("未选择定一户", field="names"):
        accept(estate, {one: " "})
    with refused("日期2022-03-09尚未到来", field="starts"):
        accept(estate, {two: "乙"}, starts=date(2022, 3, 9))
    with refused("所选的户不全在本楼", field="names"):
        accept(estate, {other.homes[0]: "乙"})
    with refused("“甲”对应了两户", field="names"):
        accept(estate, {two: "甲"})
    with refused("没有变动", field="names"):
        accept(estate, {one: "甲"})
    with refused("不得早于现名称的起始日期2022-03-01", field="starts"):
        accept(estate, {one: "乙"}, starts=date(2021, 1, 1))


def test_the_screen_proposes_and_writes_only_what_is_chosen(estate: Estate) -> None:
    first, second = measure(estate, "88.51", "88.51")
    client = sign_in(estate.cast.district)
    address = reverse("ledger:unit_names", args=[estate.project.code, "1"])
    words = {"scheme": "sales", "starts": "2022-03-01", "text": "甲-201 2 88.51\n乙-201 2 88.51"}
    shown = client.post(address, {**words, "preview": "1"}).content.decode()
    assert "请核对" in shown
    assert "selected" not in shown.split("<tbody>", 1)[1]
    assert "未选择定一户" in client.post(address, {**words, "save": "1"}).content.decode()
    twice = {"row-0": first.pk, "row-1": first.pk}
    assert "选择了同一户" in client.post(address, {**words, **twice, "save": "1"}).content.decode()
    assert UnitName.objects.count() == 0

    client.post(address, {**words, "row-1": first.pk, "save": "1"})

    assert list(UnitName.objects.values_list("unit_id", "text", "scheme")) == [(first.pk, "乙-201", "sales")]
    assert f"/{first.pk}/" in client.get(address, {"q": "乙-201"}).content.decode()
    assert second.pk != first.pk
