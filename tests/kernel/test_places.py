"""The place of a home: one home for all its spellings, a contradiction refused, a doubt asked back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.places import building_parts, home_key, one_building, read_place

Cells = tuple[str, str, str, str]
ONE_HOME: tuple[Cells, ...] = (
    ("1号楼", "1", "1", "101"), ("1号楼", "", "1", "1单元101"), ("1号楼1单元", "", "1", "101"), ("1号楼", "1", "1", "101房"),
    ("壹号楼", "1", "1", "101"), ("1号楼", "一", "一层", "一零一"), ("1号楼", "1", "1", "1-1-101"), ("1号楼", "", "1", "1-1-101"),
    ("１＃", "１单元", "1F", "１０１室"), ("一幢", "第一单元", "第1层", "1单元一〇一室"), ("1栋", "1门", "1", "101户"), ("1#楼", "01",
    "01", "1单元-101"),
    ("1号楼1单元101", "", "1", ""), ("1号楼", "1号楼1单元", "1", "101号"), ("1号楼", "1-1", "1", "101"), ("1号楼", "1", "", "1层101"),
    ("1号楼", "1", "1", "1号楼1单元101室"), ("1 号 楼", "1", "1", "1单元1层101"), ("1号楼（1#）", "1", "1", "101房间"),
    ("1號樓".replace("樓", "楼"), "1", "1", "1-101"), ("1-1-101", "", "1", ""), ("1#-1-101", "", "1", "101"), ("1号楼.", "1", "1", "101，"),
    ("1号楼", "1", "1", "一百零一"), ("1", "1。", "1", "101、"),
)  # fmt: skip
READ: dict[Cells, tuple[str, str, str, str]] = {
    ("14号楼", "", "5", "1单元101"): ("14", "1", "5", "101"),
    ("14号楼", "", "6", "2单元102室"): ("14", "2", "6", "102"),
    ("14号楼", "1", "7", "1单元103"): ("14", "1", "7", "103"),
    ("14号楼", "", "9", "一单元105"): ("14", "1", "9", "105"),
    ("14-1号楼", "", "1", "101"): ("14-1", "", "1", "101"),
    ("9", "", "3", "2-301"): ("9", "2", "3", "301"),
    ("1", "2", "1", "1-101"): ("1", "2", "1", "101"),
    ("9", "1", "5", "5-502"): ("9", "1", "5", "502"),
    ("二期3号楼", "1", "1", "101"): ("2期3", "1", "1", "101"),
    ("2期3#", "1", "1", "101"): ("2期3", "1", "1", "101"),
    ("A区5栋", "1", "1", "101"): ("A区5", "1", "1", "101"),
    ("三号院2号楼", "1", "1", "101"): ("3号院2", "1", "1", "101"),
    ("地库", "", "-1", "B1-023"): ("地库", "", "-1", "B1-023"),
    ("地库", "", "-1", "A-12"): ("地库", "", "-1", "A-12"),
    ("S1", "", "1", "商一"): ("S1", "", "1", "商1"),
    ("1", "", "1", "〇一"): ("1", "", "1", "01"),
    ("1", "1", "1", "0101"): ("1", "1", "1", "0101"),
    ("1号楼", "Ａ单元", "1", "A-101"): ("1", "A", "1", "101"),
    ("9", "1", "1", "1-2-3"): ("9", "1", "1", "1-2-3"),
    ("1", "/", "1", "101"): ("1", "", "1", "101"),
    ("1-2号楼", "", "1", "101"): ("1-2", "", "1", "101"),
    ("1", "1", "-1", "-101"): ("1", "1", "-1", "101"),
    ("1", "1", "-1", "负101"): ("1", "1", "-1", "101"),
    ("1", "1", "负一层", "地下101"): ("1", "1", "-1", "101"),
    ("1号樓", "1單元", "1層", "101"): ("1", "1", "1", "101"),
    ("1", "1", "5-6", "501"): ("1", "1", "5-6", "501"),
    ("1", "1", "1", "101-1"): ("1", "1", "1", "101-1"),
}
REFUSED: dict[Cells, tuple[str, str]] = {
    ("14号楼", "2", "8", "1单元104"): ("PLACE_CONTRADICTS", "room"),
    ("1号楼1单元", "2", "1", "101"): ("PLACE_CONTRADICTS", "entrance"),
    ("2号楼", "1", "1", "1号楼1单元101"): ("PLACE_CONTRADICTS", "room"),
    ("2号楼", "1号楼1单元", "1", "101"): ("PLACE_CONTRADICTS", "entrance"),
    ("1号楼", "1", "2", "3层301"): ("PLACE_CONTRADICTS", "room"),
    ("1号楼", "2", "1", "1-1-101"): ("PLACE_CONTRADICTS", "room"),
    ("9", "1", "1", "2-101"): ("PLACE_CONTRADICTS", "room"),
    ("1", "", "1", "1-101"): ("PLACE_AMBIGUOUS", "room"),
    ("9", "", "5", "5-502"): ("PLACE_AMBIGUOUS", "room"),
    ("14-1", "", "1", "101"): ("BUILDING_PAIR", "building"),
    ("2022-3-7", "", "1", "101"): ("BUILDING_PAIR", "building"),
    ("TRUE", "", "1", "101"): ("PLACE_KIND", "building"),
    ("1", "是", "1", "101"): ("PLACE_KIND", "entrance"),
    ("1", "1", "1", "否"): ("PLACE_KIND", "room"),
    ("1", "1", "1", "301.5"): ("PLACE_KIND", "room"),
    ("1.5", "1", "1", "101"): ("PLACE_KIND", "building"),
    ("1", "1.5", "1", "101"): ("PLACE_KIND", "entrance"),
    ("合计", "1", "1", "101"): ("PLACE_KIND", "building"),
    ("1号楼合计", "1", "1", "101"): ("PLACE_KIND", "building"),
    ("1", "1", "1", "1 101"): ("PLACE_AMBIGUOUS", "room"),
    ("1 2", "1", "1", "101"): ("PLACE_AMBIGUOUS", "building"),
    **{
        ("1", "1", "1", room): ("ROOM_SEVERAL", "room")
        for room in (
            "101、102",
            "101/102",
            "101~103",
            "101至103",
            "101 102",
            "101-103",
            "101＋102",
            "101\n102",
            "101（102）",
            "101(原102)",
        )
    },
    **{
        (building, "1", "1", "101"): ("ROOM_SEVERAL", "building")
        for building in (
            "1、2号楼",
            "1~2号楼",
            "1/2号楼",
            "1+2号楼",
            "1号楼2号楼",
            "1号楼、2号楼",
            "1至3号楼",
        )
    },
    ("1", "1、2", "1", "101"): ("ROOM_SEVERAL", "entrance"),
    ("1", "1/2", "1", "101"): ("ROOM_SEVERAL", "entrance"),
    **{
        ("1", "1", "1", room): ("PLACE_KIND", "room") for room in ("1O1", "l01", "10l", "101？", "101*", "1单元", "1层")
    },
    ("1单元", "", "1", "101"): ("PLACE_KIND", "building"),
    ("1层", "", "1", "101"): ("PLACE_KIND", "building"),
    ("1", "1", "1", "-101"): ("PLACE_CONTRADICTS", "room"),
    ("1", "1", "1", "地下101"): ("PLACE_CONTRADICTS", "room"),
}


def label(cells: Cells) -> tuple[str, str, str, str]:
    place = read_place(*cells)
    return place.building, place.entrance, place.floor.label if place.floor else "", place.room


@pytest.mark.parametrize("cells", ONE_HOME)
def test_one_home_has_many_spellings(cells: Cells) -> None:
    assert label(cells) == ("1", "1", "1", "101")
    assert home_key(*cells)[0] == "1"


@pytest.mark.parametrize("cells", READ)
def test_place_is_read(cells: Cells) -> None:
    assert label(cells) == READ[cells]
    assert home_key(*READ[cells]) == READ[cells]


@pytest.mark.parametrize("cells", REFUSED)
def test_place_that_is_doubtful_is_refused_at_its_cell(cells: Cells) -> None:
    with pytest.raises(DomainError) as refusal:
        read_place(*cells)
    assert (refusal.value.code, refusal.value.field) == REFUSED[cells]
    assert "请" in refusal.value.message


def test_key_of_a_place_that_cannot_be_read_is_its_own() -> None:
    assert home_key("1", "", "1", "1-101") == ("1", "", "1", "1-101")


def test_building_alone_names_no_entrance() -> None:
    assert building_parts("37号楼").entrance == ""


NUMERALS = "零一二三四五六七八九"


@given(st.integers(1, 36), st.integers(1, 9), st.integers(1, 33), st.integers(1, 9), st.data())
def test_any_spelling_is_the_same_home(
    building: int, entrance: int, floor: int, stand: int, data: st.DataObject
) -> None:
    room = f"{floor}{stand:02d}"
    spelled = "".join(NUMERALS[int(digit)] for digit in room)
    first = data.draw(st.sampled_from(["号楼", "#", "幢", "栋", "＃楼", "号"]))
    tail = data.draw(st.sampled_from(["", "室", "房", "号", "户", "号房"]))
    written = data.draw(
        st.sampled_from(
            [
                (f"{building}{first}", f"{entrance}", f"{floor}", f"{room}{tail}"),
                (f"{building}{first}", f"{entrance}单元", f"{floor}层", f"{entrance}单元{room}{tail}"),
                (f"{building}{first}", "", f"{floor}", f"{entrance}单元{spelled}{tail}"),
                (f"{building}号楼{entrance}单元", "", f"{floor}", f"{spelled}{tail}"),
                (f"{building}{first}", f"{entrance}", f"{floor}", f"{building}-{entrance}-{room}{tail}"),
                (f"{building}{first}", "", f"{floor}", f"{building}号楼{entrance}单元{floor}层{room}{tail}"),
            ]
        )
    )
    assert label(written) == (str(building), str(entrance), str(floor), room)


@given(*[st.text(st.sampled_from("0123一二单元层号楼室-A#东 "), max_size=6)] * 4)
def test_what_is_read_is_read_the_same_again(building: str, entrance: str, floor: str, room: str) -> None:
    try:
        place = label((building, entrance, floor, room))
        again = label((place[0] + "号楼" if place[0][-1:].isdigit() else place[0], *place[1:]))
    except DomainError as refusal:
        said = refusal.message
    else:
        said = f"请：{again == place}"
    assert "请" in said
    assert "False" not in said


def test_a_room_below_ground_whose_floor_is_nowhere_named_is_none_above() -> None:
    """A list without floors says -101: it is not the 101 of the first floor."""
    assert [read_place("1", "1", "", room).room for room in ("-101", "负101", "地下101", "101")] == [
        "-101", "-101", "-101", "101"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["1-1-101", "1#-1-101", "16号楼1单元", "1号楼、2号楼"])
def test_a_list_of_buildings_takes_no_home_for_one(text: str) -> None:
    with pytest.raises(DomainError):
        one_building(text)
