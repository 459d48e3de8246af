"""The small inputs of tests/documents/intake/cases and their right values: each file shows a kind."""

from collections import defaultdict
from collections.abc import Mapping

from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from tests.documents.intake.cases import CASES

REFUSED_NAMES = {
    "500": "NAME_SEVERAL", "501": "NAME_SEVERAL", "505": "NAME_OTHERS", "517": "NAME_SEVERAL", "518": "NAME_SEVERAL",
    "519": "NAME_SEVERAL", "523": "NAME_WHO", "530": "NAME_DITTO", "532": "NAME_DITTO", "533": "NAME_DITTO",
}  # fmt: skip
NAMES = {
    "502": "张三", "503": "欧阳修文", "504": "张三<已故>", "506": "张三=1/2+李四=1/2", "507": "张三=1/2+李四=1/2", "508": "SMITH, JOHN",
    "509": "JOHN SMITH", "510": "阿卜杜拉·吐尔逊", "511": "阿卜杜拉·吐尔逊", "512": "阿卜杜拉·吐尔逊", "513": "阿卜杜拉·吐尔逊",
    "514": "北京甲乙房地产开发有限公司", "515": "张三+李四", "516": "张三+李四", "520": "张三+李四", "521": "张三+李四", "522": "张三+李四",
    "524": "O’NEIL PATRICK", "525": "张三<曾用名：张四>", "526": "", "527": "", "528": "", "529": "", "531": "张三",
    "534": "*三",  # beside the ledger: no change if it fits the holder who stands, else refused
}  # fmt: skip


def read(name: str, project: str) -> ReadResult:
    return read_in_place(CASES / f"{name}.xlsx", project)


def codes(result: ReadResult) -> Mapping[int, set[str]]:
    by_row: dict[int, set[str]] = defaultdict(set)
    for error in result.errors:
        by_row[error.row].add(error.code)
    return by_row


def test_names() -> None:
    result = read("names", "YS-01")
    rows = {row.room: row for row in result.rows}
    said = {
        room: "+".join(
            h.name + (f"={h.share}" if h.share else "") + (f"<{h.note}>" if h.note else "") for h in row.holders
        )
        for room, row in rows.items()
    }
    assert said == NAMES
    assert {str(498 + row): code for row, [code] in codes(result).items()} == REFUSED_NAMES
    warned = {row.room: set(result.row_warnings.get(row.row, ())) for row in result.rows}
    assert "HOLDER_DECEASED" in warned["504"]
    assert "ORGANISATION_CODE" in warned["514"]
    assert rows["514"].holders[0].identity_kind == "organisation"
    assert all("NOT_STATED" in warned[room] for room in ("526", "527", "528", "529"))
    assert {change.row for change in result.normalised} >= {4, 5, 13, 14, 15, 33}


def test_ditto_and_true() -> None:
    result = read("ditto_and_true", "LSYL-110105-0002")
    assert {(row.row, row.building, row.entrance) for row in result.rows if row.row in (3, 4)} == {
        (3, "37", "1"), (4, "37", "1"),
    }  # fmt: skip
    assert codes(result) == {5: {"NAME_DITTO", "DITTO"}, 10: {"KIND"}, 11: {"KIND"}, 12: {"KIND"}, 13: {"KIND"}}
    assert {error.column for error in result.errors if error.code == "KIND"} == {
        "户号(房号)", "权利人姓名", "单元号", "楼栋(幢号)",
    }  # fmt: skip
    assert [row.holders for row in result.rows if row.row in (6, 7, 8, 9)] == [()] * 4
    assert all("NOT_STATED" in result.row_warnings[row] for row in (6, 7, 8, 9))
    assert [change[:4] for change in result.normalised if change.row == 3] == [
        (3, "楼栋(幢号)", "同上", "37号楼"), (3, "单元号", "〃", "1单元"),
    ]  # fmt: skip


def test_entrance_in_room() -> None:
    result = read("entrance_in_room", "LSYL-110105-0002")
    assert [(row.row, row.entrance, row.room) for row in result.rows] == [
        (2, "1", "101"), (3, "2", "102"), (4, "1", "103"), (6, "1", "105"),
    ]  # fmt: skip
    assert codes(result) == {5: {"PLACE_CONTRADICTS"}}
    assert [change[1:4] for change in result.normalised if change.row == 3] == [
        ("单元号", "", "2单元"), ("户号(房号)", "2单元102室", "102"),
    ]  # fmt: skip


def test_one_home_six_spellings() -> None:
    result = read("one_home_six_spellings", "LSYL-110105-0003")
    assert [(row.building, row.entrance, row.floor, row.room) for row in result.rows] == [("1", "1", "1", "101")]
    assert codes(result) == {row: {"UNIT_DUP"} for row in range(3, 8)}


def test_areas() -> None:
    result = read("areas", "LSYL-110105-0002")
    areas = {row.room: None if row.area is None else str(row.area) for row in result.rows}
    assert areas == {
        **dict.fromkeys(("304", "404", "504", "604", "704", "1304", "1404", "601"), "89.50"), "1204": "1089.50",
        "904": None, "1004": None, "401": "0.01",
    }  # fmt: skip
    assert set(codes(result)) == {7, 10, 14, 15, 16, 17, 18, 19, 20, 22, 24}
    assert {change.row for change in result.normalised} == {2, 3, 4, 5, 6, 11, 12, 13, 23}
    assert all(change.after == "89.50" for change in result.normalised if change.row != 11)


def test_certificates_of_a_moment() -> None:
    result = read("cert_date_43s", "HD-0012")
    assert {row.room: str(row.certificates[0].issued_on) for row in result.rows} == dict.fromkeys(
        ("950", "951", "952", "953", "954", "955"), "2021-08-23"
    )
    assert codes(result) == {8: {"DATE_YEAR"}}
    assert {change.row for change in result.normalised if change.column == "发证日期"} == {2, 4, 5, 6, 7}


def test_two_line_head() -> None:
    result = read("two_line_head", "LSYL-110105-0003")
    assert [(str(row.area), row.holders[0].identity) for row in result.rows] == [
        ("80.00", "110105190209160041"), ("81.00", "110105190209170047"),
    ]  # fmt: skip
    assert (result.rows_present, result.header_row, result.errors) == (2, 2, [])
    assert result.mapping["holder"] == "姓名"
    assert result.titles[6] == "面积"


def test_masked_roundtrip_is_read_without_its_title_and_footnote() -> None:
    result = read("masked_roundtrip", "HD-0012")
    assert (result.errors, result.rows_present - len(result.skipped)) == ([], len(result.rows))
    assert len(result.rows) == 52
    assert result.rows[0].holders[0].name == "朱*戊", "kept for comparing, never for writing"
