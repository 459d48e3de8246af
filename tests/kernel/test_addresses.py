"""Addresses: parts and string, keys for matching, ranges of building numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.addresses import (
    AddressKey,
    Location,
    address_key,
    expand_numbers,
    join_numbers,
    natural_key,
    normalise_address,
    parse_location,
)
from registry.kernel.errors import DomainError

DISTRICTS = ("朝阳区", "海淀区")
HOME = Location("朝阳区", "管庄西里", "53", "5", "2", "502")


def test_location_of_the_story() -> None:
    assert HOME.text() == "朝阳区管庄西里53号楼5层2单元502"
    assert parse_location(HOME.text(), districts=DISTRICTS) == HOME


@pytest.mark.parametrize(
    "text",
    [
        "北京市朝阳区管庄西里53号楼5层2单元502",
        "朝阳区管庄西里53号楼2单元5层502室",
        "朝阳区 管庄西里 ５３＃楼 五层二单元502",
        "朝阳区管庄西里五十三号楼5层2单元-502",
        "朝阳区管庄西里53幢5层2门502",
    ],
)
def test_parse_location_of_written_forms(text: str) -> None:
    assert parse_location(text, districts=DISTRICTS) == HOME


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("周庄嘉园20号院9号楼1夹层S04", Location("", "周庄嘉园20号院", "9", "1夹", "", "S04")),
        ("三里屯5号楼", Location("", "三里屯", "5")),
        ("花园新区B9#楼-1层03", Location("", "花园新区", "B9", "-1", "", "03")),
    ],
)
def test_parse_location_without_a_district(text: str, location: Location) -> None:
    assert parse_location(text) == location


@pytest.mark.parametrize("text", ["管庄西里", "朝阳区", "53号楼", ""])
def test_parse_location_without_place_or_building_is_nothing(text: str) -> None:
    assert parse_location(text, districts=DISTRICTS) is None


@given(
    st.sampled_from(("管庄西里", "周庄嘉园三期", "花园新区甲区", "三里屯")),
    st.integers(1, 99),
    st.sampled_from(("", "5", "-1", "1夹")),
    st.sampled_from(("", "2", "B")),
    st.sampled_from(("", "502", "S04", "0103")),
)
def test_parse_of_location_text_is_identity(place: str, building: int, floor: str, entrance: str, room: str) -> None:
    location = Location("海淀区", normalise_address(place), str(building), floor, entrance, room)
    assert parse_location(location.text(), districts=DISTRICTS) == location


def test_address_key_keeps_name_and_numbers_apart() -> None:
    assert address_key("阳光家园3号楼") == AddressKey("阳光家园", building="3")
    assert address_key("阳光花园3#楼") == AddressKey("阳光花园", building="3")
    assert address_key("北京市朝阳区周庄嘉园三期小区九号院12栋2单元1103室", districts=DISTRICTS) == AddressKey(
        "周庄嘉园", phase="3", yard="9", building="12", entrance="2", room="1103"
    )
    assert address_key("周庄嘉园小区") == AddressKey("周庄嘉园")
    assert address_key("八里庄北里") == AddressKey("八里庄北里")


def test_normalise_address_turns_numerals_before_counters_only() -> None:
    assert normalise_address("三里屯 十二号楼 二单元") == "三里屯12号楼2单元"
    assert normalise_address("至善里五号楼") == "至善里5号楼"


def test_natural_key_orders_as_people_do() -> None:
    assert sorted(["10", "S4", "9", "B10", "B9", "9-1", "甲9"], key=natural_key) == [
        "9",
        "9-1",
        "10",
        "B9",
        "B10",
        "S4",
        "甲9",
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("9—12号楼", ("9", "10", "11", "12")),
        ("9号楼至12号楼、15#", ("9", "10", "11", "12", "15")),
        ("九至十一号楼，S1-S3", ("9", "10", "11", "S1", "S2", "S3")),
        ("9、9、10", ("9", "10")),
        ("", ()),
    ],
)
def test_expand_numbers_of_written_ranges(text: str, numbers: tuple[str, ...]) -> None:
    assert expand_numbers(text) == numbers


@pytest.mark.parametrize("text", ["12—9号楼", "A1-B3", "1-9999"])
def test_expand_numbers_of_an_impossible_range_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="前小后大"):
        expand_numbers(text)


def test_join_numbers_reads_as_people_write() -> None:
    assert join_numbers(["12", "9", "10", "11", "15"]) == "9—12、15号楼"
    assert join_numbers(["9", "10"]) == "9、10号楼"
    assert join_numbers(["S1", "S2", "S3", "9"], tail="") == "9、S1—S3"
    assert join_numbers([]) == ""
    assert join_numbers(["1", "2", "地下车库"]) == "1、2号楼、地下车库"
    assert join_numbers(["1号楼东"]) == "1号楼东"
    assert (
        join_numbers(["1", "东", "综合", "配电室", "活动中心", "1甲"]) == "1、1甲号楼、活动中心、配电室、东楼、综合楼"
    )


@given(st.sets(st.builds(lambda head, n: f"{head}{n}", st.sampled_from(("", "B", "S")), st.integers(1, 40))))
def test_expand_of_join_is_identity(numbers: set[str]) -> None:
    assert set(expand_numbers(join_numbers(numbers))) == numbers
