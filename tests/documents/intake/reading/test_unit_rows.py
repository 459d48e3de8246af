"""The rows of a unit list: what they become, all errors at once, rows against each other."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from documents.intake.reading.reader import from_data, read_in_place, to_data
from documents.intake.reading.results import ReadResult, StatedHolder
from documents.intake.reading.unit_rows import UNIT_COLUMNS, features_of
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.kernel.names import parse_floor
from registry.kernel.stages import Feature, Use
from tests.documents.intake.reading.files import PROJECT, Row, home, homes, text_file, workbook


def read(folder: Path, rows: list[Row], **more: Any) -> ReadResult:
    path = folder / "upload.xlsx"
    path.write_bytes(workbook(rows, **more))
    return read_in_place(path, PROJECT)


def codes(result: ReadResult) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in result.errors]


def test_headers_are_those_of_the_template() -> None:
    assert UNIT_COLUMNS.headers == (
        "项目编号", "楼栋(幢号)", "单元号", "楼层", "户号(房号)", "不动产单元号", "规划用途", "建筑面积", "权利人姓名", "证件类型",
        "证件号码", "联系电话", "购房合同号/安置协议号", "备注", "产权证号", "发证日期",
    )  # fmt: skip


def test_good_row_becomes_a_unit(tmp_path: Path) -> None:
    row = read(tmp_path, [home(5, building="九号楼", entrance="二单元", floor="5层", room="s04室", use="底商")]).rows[0]

    assert (row.row, row.building, row.entrance, row.floor, row.floor_order, row.room) == (2, "9", "2", "5", 50, "S04")
    assert (row.use, row.area, row.unit_code) == (Use.RETAIL, Decimal("76.50"), "110105012038GB00005F00090005")
    assert row.holders == (StatedHolder("张小六", "resident", synthetic_identity(5), synthetic_phone(5)),)
    assert (row.agreement_no, row.features) == ("AZ-0005", Feature.NONE)


def test_row_is_shown_masked(tmp_path: Path) -> None:
    good = read(tmp_path, [home(1, remark=f"另有电话{synthetic_phone(7)}")]).rows[0].shown
    bad = read(tmp_path, [home(1, use="城堡", identity=110105190101010000)]).shown[2]

    assert good["权利人姓名"] == "张*二"
    assert good["证件号码"].startswith("110***********")
    assert good["联系电话"] == "199****0001"
    assert good["备注"] == "另有电话199****0007"
    assert bad["证件号码"] == "110***********0000"
    assert (bad["规划用途"], bad["建筑面积"]) == ("城堡", "76.5")


@pytest.mark.parametrize(
    ("remark", "floor", "right"),
    [
        ("有夹层", "1", Feature.MEZZANINE),
        ("夹层30平方米", "1", Feature.MEZZANINE),
        ("", "1夹", Feature.NONE),
        ("无夹层", "1", Feature.NONE),
        ("没有夹层，擅改用途", "1", Feature.ALTERED_USE),
        ("未改变用途", "1", Feature.NONE),
        ("跃层、有夹层", "1", Feature.DUPLEX | Feature.MEZZANINE),
        ("", "-1", Feature.BASEMENT),
        ("", "地下二层", Feature.BASEMENT),
        ("改变用途", "B1", Feature.ALTERED_USE | Feature.BASEMENT),
    ],
)
def test_features_come_from_remark_and_floor(remark: str, floor: str, right: Feature) -> None:
    assert features_of(remark, parse_floor(floor)) == right


def test_all_errors_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    wrong = home(
        1, building=None, floor="顶", use="城堡", area="x", unit_code="1", identity="2", phone="3", remark="长" * 501
    )
    result = read(tmp_path, [wrong])

    assert codes(result) == [
        (2, "楼栋(幢号)", "REQUIRED"), (2, "楼层", "FLOOR_FORMAT"), (2, "规划用途", "USAGE_UNKNOWN"),
        (2, "建筑面积", "AREA_FORMAT"), (2, "不动产单元号", "UNITCODE_FORMAT"), (2, "联系电话", "PHONE_FORMAT"),
        (2, "证件号码", "ID_LENGTH"), (2, "备注", "TOO_LONG"),
    ]  # fmt: skip
    assert result.rows == []


def test_message_names_row_column_fault_and_remedy(tmp_path: Path) -> None:
    result = read(tmp_path, [home(1, identity=110105190101010000)])

    assert result.errors[0].message == (
        "第 2 行“证件号码”在Excel中是数值，末位已丢失，无法恢复。请将该列设为“文本”后重新录入。"
    )


def test_message_about_a_rounded_text_does_not_name_the_column_twice(tmp_path: Path) -> None:
    result = read(tmp_path, [home(1, identity="1.10105E+17")])

    assert result.errors[0].message.startswith("第 2 行“证件号码”在Excel中是数值")


def test_co_owners_in_one_cell_keep_their_order(tmp_path: Path) -> None:
    many = home(
        1,
        holder="张三、李四",
        identity_kind="身份证、护照",
        identity=f"{synthetic_identity(8)}\nE12345678",
        phone=f"{synthetic_phone(8)}、{synthetic_phone(9)}",
    )

    assert read(tmp_path, [many]).rows[0].holders == (
        StatedHolder("张三", "resident", synthetic_identity(8), synthetic_phone(8)),
        StatedHolder("李四", "passport", "E12345678", synthetic_phone(9)),
    )


def test_check_digit_binds_resident_papers_only(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        homes(
            2,
            r2={"identity_kind": "护照", "identity": "E12345678"},
            r3={"identity_kind": "军官证", "identity": "军字第1234567号"},
        ),
    )

    assert [row.holders[0].identity_kind for row in result.rows] == ["passport", "military"]


def test_home_without_a_holder_is_a_home(tmp_path: Path) -> None:
    vacant = home(
        1, holder=None, identity_kind=None, identity=None, phone=None, agreement=None, area=None, unit_code=None
    )
    row = read(tmp_path, [vacant]).rows[0]

    assert (row.holders, row.area, row.unit_code, row.agreement_no) == ((), None, None, "")


def test_same_room_on_another_floor_or_entrance_is_another_home(tmp_path: Path) -> None:
    rows = [home(1), home(2, floor="1夹", room="101"), home(3, entrance="2", floor="1", room="101")]

    assert len(read(tmp_path, rows).rows) == 3


def test_co_owners_on_rows_share_the_facts_of_their_unit(tmp_path: Path) -> None:
    second = home(1, holder="李四", identity=synthetic_identity(9), area=None, unit_code=None, agreement=None)
    first = home(1, area=None)
    third = home(1, holder="王五", identity=synthetic_identity(10), unit_code=None, agreement=None)
    result = read(tmp_path, [first, second, third])

    assert {(row.area, row.unit_code, row.agreement_no) for row in result.rows} == {
        (Decimal("76.50"), "110105012038GB00005F00090001", "AZ-0001")
    }
    assert (result.warnings, codes(result)) == (["CO_OWNERS"], [])


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ({}, "权利人也相同"),
        ({"holder": "张小二", "identity": None}, "权利人也相同"),
        ({"holder": "李四", "identity": synthetic_identity(9), "use": "商业"}, "“规划用途”却不一样"),
        ({"holder": "李四", "identity": synthetic_identity(9), "agreement": "AZ-9"}, "安置协议号”却不一样"),
        ({"phone": synthetic_phone(8)}, "“联系电话”却不一样"),
        ({"holder": None, "identity": None, "phone": None}, "没有写明"),
    ],
)
def test_unit_stated_again_is_refused_with_the_reason(second: Row, says: str, tmp_path: Path) -> None:
    """Rows that contradict each other are refused both, each naming the other; of rows that agree the first stays."""
    result = read(tmp_path, [home(1), home(1, **second), home(2)])

    last = {error.row: error.message for error in result.errors}
    expected = [(3, "户号(房号)", "UNIT_DUP")]
    if "不一样" in says:
        expected.insert(0, (2, "户号(房号)", "UNIT_DUP"))
        assert "与第 3 行" in last[2]
    assert codes(result) == expected
    assert "第 2 行" in last[3]
    assert says in last[3]


def test_name_alike_is_another_person_by_the_number(tmp_path: Path) -> None:
    result = read(tmp_path, [home(1), home(1, identity=synthetic_identity(9))])

    assert (len(result.rows), result.warnings) == (2, ["CO_OWNERS"])


def test_old_and_new_number_of_a_person_are_one(tmp_path: Path) -> None:
    old = "110105020304001"
    new = next(n for n in map(synthetic_identity, range(3000)) if n[:6] + n[8:17] == old)
    result = read(tmp_path, homes(2, r2={"identity": old}, r3={"identity": new}))

    assert set(result.warnings) == {"OLD_ID15", "ONE_OWNER_MANY_UNITS"}


def test_unit_code_of_a_refused_row_counts_as_stated(tmp_path: Path) -> None:
    """Else the second fault would show only once the first is mended: never all errors at once."""
    code = home(1)["unit_code"]
    result = read(tmp_path, homes(2, r2={"use": "城堡"}, r3={"unit_code": code}))

    assert codes(result) == [
        (2, "规划用途", "USAGE_UNKNOWN"), (2, "不动产单元号", "UNITCODE_DUP"), (3, "不动产单元号", "UNITCODE_DUP"),
    ]  # fmt: skip


@pytest.mark.parametrize("first", [{"area": "x"}, {"use": "城堡"}, {"identity": "1"}, {"holder": "张三、李四"}])
def test_co_owner_is_not_refused_for_what_was_refused_already(first: Row, tmp_path: Path) -> None:
    second = {"holder": "王五", "identity": synthetic_identity(9)}
    result = read(tmp_path, [home(1, **first), home(1, **second), home(2)])

    assert {row for row, _, _ in codes(result)} == {2}
    assert [row.row for row in result.rows] == [3, 4]


def test_fact_of_a_refused_row_is_not_lent_to_another(tmp_path: Path) -> None:
    second = {"holder": "王五", "identity": synthetic_identity(9), "area": None}
    result = read(tmp_path, [home(1, phone="1"), home(1, **second)])

    assert [(row.row, row.area) for row in result.rows] == [(3, None)]


@pytest.mark.parametrize("name", [name for name in UNIT_COLUMNS.names if name not in ("project", "identity")])
def test_identity_in_a_wrong_column_is_shown_to_nobody(name: str, tmp_path: Path) -> None:
    number = synthetic_identity(5)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    rows = [home(n, **({"area": "x"} | {name: text})) for n, text in enumerate((number, wide, number * 2), start=1)]
    result = read(tmp_path, rows)

    said = str(result.shown) + str(result.errors) + str([row.shown for row in result.rows])
    assert len(result.shown) == 3
    assert number[:17] not in said
    assert wide[:17] not in said


@pytest.mark.parametrize("note", ["审核人：李四", "注：以下空白", "第1页 共3页", "以下空白", "演示小区房屋清册"])
def test_line_that_is_no_home_is_set_aside_and_counted(note: str, tmp_path: Path) -> None:
    result = read(tmp_path, [*homes(2), {"project": note}, home(3)])

    assert (result.file_error, len(result.rows), result.skipped) == ("", 3, [(4, "签名或说明")])
    assert result.rows_present == 4


@pytest.mark.parametrize(
    "cells",
    [
        {"project": "CY-0002"},
        {"project": "别的小区", "room": "101"},
        {"project": "注：见下", "use": "住宅"},
        {"project": "单位：甲", "building": "9", "floor": "1", "room": "101"},
    ],
)
def test_home_of_another_project_is_no_note(cells: Row, tmp_path: Path) -> None:
    assert read(tmp_path, [*homes(2), cells]).file_error == "FOREIGN_PROJECT"


def test_text_line_of_another_width_is_no_note(tmp_path: Path) -> None:
    path = tmp_path / "upload.csv"
    path.write_text(text_file() + '"别的小区,9号楼,1,1,101,,住宅"\n')

    assert codes(read_in_place(path, PROJECT)) == [(5, "", "COL_COUNT")]


def test_project_is_compared_as_people_write_it(tmp_path: Path) -> None:
    assert len(read(tmp_path, homes(2, r2={"project": "ｃｙ－０００１"}, r3={"project": " cy-0001 "})).rows) == 2


def test_foreign_rows_are_named_and_nothing_is_read(tmp_path: Path) -> None:
    result = read(tmp_path, homes(4, r3={"project": "X"}, r5={"project": "Y"}))

    assert (result.file_error, result.rows, result.rows_present) == ("FOREIGN_PROJECT", (), 4)
    assert [error.row for error in result.errors] == [3, 5]
    assert result.message.startswith("第 3、5 行的项目编号不是本项目（CY-0001），整份未导入")


def test_every_row_of_the_file_is_accounted_for(tmp_path: Path) -> None:
    rows = [*homes(3, r3={"use": "城堡"}), {"project": "合计", "area": 229.5}]
    result = read(tmp_path, rows)

    assert (result.rows_present, len(result.rows), len(result.errors), result.skipped) == (4, 2, 1, [(5, "合计行")])


@pytest.mark.parametrize("first", ["合计", "小 计", "总计（3户）", "9号楼合计", "共计：3户"])
def test_line_of_sums_is_skipped_whatever_its_column(first: str, tmp_path: Path) -> None:
    path = tmp_path / "upload.csv"
    path.write_text(text_file() + "," * 2 + first + "," * 11 + "\n")

    assert read_in_place(path, PROJECT).skipped == [(5, "合计行")]


def test_home_is_not_taken_for_a_line_of_sums(tmp_path: Path) -> None:
    rows = homes(
        2, r2={"remark": "合计两间"}, r3={"building": "总计楼", "holder": None, "identity": None, "phone": None}
    )

    assert len(read(tmp_path, rows).rows) == 2


def test_result_comes_through_json_unchanged(tmp_path: Path) -> None:
    result = read(tmp_path, [*homes(3, r3={"use": "城堡"}), {"project": "合计"}])

    assert from_data(to_data(result)) == result


def test_mapping_names_the_headers_of_the_file(tmp_path: Path) -> None:
    headers = ["项目代码", "楼号", "单元", "层", "房号", *UNIT_COLUMNS.headers[5:]]
    result = read(tmp_path, homes(1), headers=headers)

    assert (len(result.rows), result.mapping["building"], result.mapping["floor"]) == (1, "楼号", "层")


def test_a_good_row_whose_co_owners_row_is_refused_says_so(tmp_path: Path) -> None:
    other = synthetic_identity(1)
    bad = home(1, holder="李小乙", identity=other[:-1] + ("2" if other[-1] == "1" else "1"))
    result = read(tmp_path, [home(1), bad, home(2)])

    assert {error.row for error in result.errors} == {3}
    assert [row.row for row in result.rows] == [2, 4]
    assert "CO_OWNER_LEFT" in result.row_warnings[2]
    assert "CO_OWNER_LEFT" not in result.row_warnings.get(4, ())


def test_list_of_another_project_is_told_so_in_one_line(tmp_path: Path) -> None:
    result = read(tmp_path, [home(n, project="CY-0002") for n in (1, 2, 3)])

    assert result.message == "整份清单都是另一个项目（CY-0002）的，没有导入。请到该项目下导入。"
    assert (result.file_error, result.errors) == ("FOREIGN_PROJECT", [])


def test_some_rows_of_another_project_are_named(tmp_path: Path) -> None:
    result = read(tmp_path, homes(2, r3={"project": "CY-0002"}))

    assert "第 3 行的项目编号不是本项目" in result.message
    assert [error.row for error in result.errors] == [3]
