"""Names and numbers as people write them, and the one form they are stored in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.names import (
    Floor,
    building_number,
    chinese_number,
    clean_code,
    clean_person_name,
    entrance_number,
    is_same_name,
    parse_floor,
    rare_characters,
    room_number,
)

HAND_WRITTEN = st.text(
    st.sampled_from("0123456789九十二三百零甲AbＢ＃#楼栋幢号单元层夹地下负-－—室第 \u3000\u200b"), max_size=8
)


def test_clean_code_folds_width_spaces_and_invisible_characters() -> None:
    assert clean_code(" １１０１０５\u00a019 49\u200b1231\ufeff002ｘ\n") == "11010519491231002x"
    assert clean_code("abc123") == "abc123"


@pytest.mark.parametrize("text", ["5\u202e02", "5\x0002", "5\u206702", "5\x7f"])
def test_clean_code_with_a_control_character_is_refused(text: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean_code(text)
    assert refusal.value.code == "CTRL_CHAR"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("张　三", "张三"),
        (" 张 三 ", "张三"),
        ("徐振忠", "徐振忠"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提 ・ 吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("𫖯龑䶮", "𫖯龑䶮"),
        ("李\ue000", "李\ue000"),
        ("张\u200b三", "张三"),
    ],
)
def test_clean_person_name_keeps_what_belongs_to_the_name(written: str, stored: str) -> None:
    assert clean_person_name(written) == stored
    assert clean_person_name(stored) == stored


@pytest.mark.parametrize(("text", "code"), [("  ", "REQUIRED"), ("张\u202e三", "CTRL_CHAR"), ("张" * 61, "TOO_LONG")])
def test_clean_person_name_refuses(text: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        clean_person_name(text)
    assert refusal.value.code == code


def test_is_same_name_ignores_form_not_characters() -> None:
    assert is_same_name("张　三", "张三")
    assert is_same_name("买买提·吐尔逊", "买买提•吐尔逊")
    assert is_same_name("JOHN SMITH", "Ｊohn Smith")
    assert not is_same_name("张三", "张叁")


def test_rare_characters_names_each_once() -> None:
    assert rare_characters("龑𫖯龑张\ue000A·") == "龑𫖯\ue000"
    assert rare_characters("徐振忠") == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("九", 9),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十六", 36),
        ("一百零三", 103),
        ("二〇三", 203),
        ("一百一十", 110),
    ],
)
def test_chinese_number(text: str, value: int) -> None:
    assert chinese_number(text) == value


def test_chinese_number_of_something_else_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not a Chinese number"):
        chinese_number("甲")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("9", "9"),
        ("9#", "9"),
        ("９＃", "9"),
        ("#9", "9"),
        ("9号楼", "9"),
        ("9#楼", "9"),
        ("9幢", "9"),
        ("9栋", "9"),
        ("9 号 楼", "9"),
        ("09", "9"),
        ("九号楼", "9"),
        ("第九幢", "9"),
        ("十二栋", "12"),
        ("三十六号楼", "36"),
        ("No.9", "9"),
        ("b9#", "B9"),
        ("B九号楼", "B9"),
        ("A座", "A"),
        ("甲9号楼", "甲9"),
        ("甲九号楼", "甲9"),
        ("9—1号楼", "9-1"),
        ("S04", "S4"),
        ("S104", "S104"),
        ("商业楼", "商业"),
        ("楼", "楼"),
    ],
)
def test_building_number_of_hand_written_forms(written: str, number: str) -> None:
    assert building_number(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2单元", "2"),
        ("二单元", "2"),
        ("第2单元", "2"),
        ("单元2", "2"),
        ("02", "2"),
        ("2门", "2"),
        ("Ｂ单元", "B"),
        ("十单元", "10"),
        ("", ""),
        ("无", ""),
        ("—", ""),
        ("0", "0"),
    ],
)
def test_entrance_number_of_hand_written_forms(written: str, number: str) -> None:
    assert entrance_number(written) == number


@pytest.mark.parametrize(
    ("written", "label", "order"),
    [
        ("5", "5", 50),
        ("05", "5", 50),
        ("5层", "5", 50),
        ("５Ｆ", "5", 50),
        ("F5", "5", 50),
        ("五层", "5", 50),
        ("第十二层", "12", 120),
        ("12楼", "12", 120),
        ("5.0", "5", 50),
        ("1夹", "1夹", 15),
        ("1层夹层", "1夹", 15),
        ("一层夹层", "1夹", 15),
        ("1夹层", "1夹", 15),
        ("-1", "-1", -10),
        ("－1层", "-1", -10),
        ("−1", "-1", -10),
        ("B1", "-1", -10),
        ("负一层", "-1", -10),
        ("地下一层", "-1", -10),
        ("地下2", "-2", -20),
        ("-1夹", "-1夹", -5),
        ("13A", "13A", 131),
        ("5-6层", "5-6", 50),
        ("5—6", "5-6", 50),
    ],
)
def test_parse_floor_of_hand_written_forms(written: str, label: str, order: int) -> None:
    assert parse_floor(written) == Floor(label, order)
    assert parse_floor(label) == Floor(label, order)


def test_parse_floor_orders_the_mezzanine_between() -> None:
    written = ["2", "1夹", "-1", "13", "1", "13A", "-2", "14"]
    ordered = sorted((parse_floor(text) for text in written), key=lambda floor: floor.order)
    assert [floor.label for floor in ordered] == ["-2", "-1", "1", "1夹", "2", "13", "13A", "14"]


@pytest.mark.parametrize("text", ["", "屋顶", "2022-03-05", "5.5"])
def test_parse_floor_of_an_unknown_floor_says_how_to_write_it(text: str) -> None:
    with pytest.raises(DomainError, match="请写成 5、-1、1夹") as refusal:
        parse_floor(text)
    assert refusal.value.code == "FLOOR_FORMAT"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("502", "502"),
        ("502室", "502"),
        (" ５０２\u200b", "502"),
        ("s04", "S04"),
        ("001", "001"),
        ("5—502", "5-502"),
        ("商1", "商1"),
    ],
)
def test_room_number_of_hand_written_forms(written: str, number: str) -> None:
    assert room_number(written) == number


@given(HAND_WRITTEN)
def test_numbers_normalised_twice_stay(text: str) -> None:
    for normalise in (building_number, entrance_number, room_number):
        once = normalise(text)
        assert normalise(once) == once


@given(st.integers(1, 199))
def test_building_number_is_one_for_all_spellings(number: int) -> None:
    spellings = {f"{number}{tail}" for tail in ("", "#", "＃", "号楼", "栋", "幢", "楼", "号")}
    assert {building_number(spelling) for spelling in spellings} == {str(number)}
