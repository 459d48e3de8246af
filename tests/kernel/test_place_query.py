"""What people type for a home."""

import pytest

from registry.kernel.place_query import PlaceQuery, place_query


@pytest.mark.parametrize(
    ("text", "name", "building", "entrance", "room"),
    [
        ("9-1-2003", "", "9", "1", "2003"),
        ("９－１－２００３", "", "9", "1", "2003"),
        ("9-2003", "", "9", "", "2003"),
        ("9号楼1单元2003室", "", "9", "1", "2003"),
        ("九号楼一单元502室", "", "9", "1", "502"),
        ("阳光花园9号楼1单元2003", "阳光花园", "9", "1", "2003"),
        ("周庄嘉园三期9-1-2003", "周庄嘉园三期", "9", "1", "2003"),
        ("周庄嘉园三期9号楼1单元2003", "周庄嘉园三期", "9", "1", "2003"),
        ("阳光花园 9-1-2003", "阳光花园", "9", "1", "2003"),
        ("HD-0012 9-1-2003", "HD-0012", "9", "1", "2003"),
        ("甲9号楼2单元101", "", "甲9", "2", "101"),
        ("A3-2-101", "", "A3", "2", "101"),
        ("2003", "", "", "", "2003"),
        ("商3", "", "", "", "商3"),
    ],
)
def test_a_home_is_read_however_it_is_typed(text: str, name: str, building: str, entrance: str, room: str) -> None:
    assert place_query(text) == PlaceQuery(name, building, entrance, room)


@pytest.mark.parametrize(
    "text", ["", "张三", "HD-0012", "110105190101011234", "19900012345", "9号楼", "京政函〔2021〕18号"]
)
def test_what_names_no_room_is_no_home(text: str) -> None:
    assert place_query(text) is None
