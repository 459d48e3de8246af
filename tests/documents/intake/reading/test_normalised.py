"""Whatever is staged otherwise than it stands in its cell is listed: row, column, from, to."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import Reading, ReadResult
from registry.lists.kinds import LISTS
from tests.documents.intake.reading.files import HEADERS, NAMES, PROJECT, home, workbook

CERTIFICATE = "京（2022）朝不动产权第0000001号"
UNIT_CELLS = (  # column, written, stored; None: as written, so nothing is listed
    ("use", "普通住宅", "住宅"), ("use", "住 宅", "住宅"), ("use", "住宅", None), ("use", "底商", "商业"),
    ("identity_kind", "身份证", "居民身份证"), ("identity_kind", "居民身份证", None),
    ("issued_on", 20220307, "2022-03-07"), ("issued_on", "20220307", "2022-03-07"), ("issued_on", "2022/3/7", "2022-03-07"),
    ("issued_on", "2022年3月7日", "2022-03-07"), ("issued_on", "2022-03-07", None), ("issued_on", 44627, "2022-03-07"),
    ("issued_on", date(2022, 3, 7), None), ("issued_on", datetime(2022, 3, 6, 23, 59, 30), "2022-03-07"),
    ("agreement", " AZ-1 ", "AZ-1"), ("agreement", "AZ-1", None),
    ("area", "89.50㎡", "89.50"), ("area", "1,089.5", "1089.50"), ("area", 76.5, None),
    ("building", "9#", "9号楼"), ("building", "9号楼", None), ("entrance", "一单元", "1单元"), ("floor", "二层", "2层"),
    ("room", "101室", "101"), ("room", "一零一", "101"), ("room", "101", None),
    ("holder", "张　三", "张*"), ("holder", "张三（已故）", "张*"), ("holder", "张三", None),
)  # fmt: skip
LIST_CELLS = (
    ("stages", "on", 20220307, "2022-03-07"), ("stages", "on", "2022.3.7", "2022-03-07"), ("stages", "on", "2022-03-07", None),
    ("stages", "building", "１号楼", "1号楼"), ("stages", "room", "201室", "201"), ("stages", "room", "201", None),
    ("steps", "status", "已过", "已办结"), ("steps", "status", "已办结", None), ("steps", "title", " 批复 ", "批复"),
    ("steps", "issued_on", "2021年3月1日", "2021-03-01"), ("steps", "part", "整栋", "全部"),
    ("letters", "due_on", "2023.6.30", "2023-06-30"), ("letters", "proof", "缴款书", None),
    ("buildings", "number", "七号楼", "7号楼"), ("buildings", "number", "7号楼", None),
)  # fmt: skip
GOOD: dict[str, dict[str, Any]] = {
    "stages": {"building": "1号楼", "entrance": "1", "room": "201"},
    "steps": {"gate": "供地", "status": "已办结", "document_no": "×规自〔2021〕7号", "organ": "规自分局", "issued_on": "2021-03-01"},
    "letters": {"letter": "甲函", "issuer": "甲", "recipient": "乙", "blockers": "D01", "fault": "欠", "end_state": "缴清",
                "due_on": "2023-06-30", "proof": "缴款书", "verifier": "丙"},
    "buildings": {"number": "7"},
}  # fmt: skip


def listed(result: ReadResult, header: str) -> list[str]:
    assert not result.errors, result.errors
    return [change.after for change in result.normalised if change.column == header]


def read(folder: Path, content: bytes, **more: Any) -> ReadResult:
    (folder / "upload.xlsx").write_bytes(content)
    return read_in_place(folder / "upload.xlsx", PROJECT, **more)


@pytest.mark.parametrize(("name", "written", "stored"), UNIT_CELLS, ids=str)
def test_cell_of_a_home_is_listed_as_changed(name: str, written: Any, stored: str | None, tmp_path: Path) -> None:
    with_paper = {"certificate_no": CERTIFICATE} if name == "issued_on" else {}
    shared = {"identity": "", "identity_kind": "", "phone": ""} if name == "holder" else {}
    result = read(tmp_path, workbook([home(2, **{**with_paper, **shared, name: written})]))
    header = dict(zip(NAMES, HEADERS, strict=True))[name]

    assert listed(result, header) == ([] if stored is None else [stored])


@pytest.mark.parametrize(("kind", "name", "written", "stored"), LIST_CELLS, ids=str)
def test_cell_of_another_list_is_listed_as_changed(
    kind: str, name: str, written: Any, stored: str | None, tmp_path: Path
) -> None:
    columns = LISTS[kind].columns
    row = {"project": PROJECT, **GOOD[kind], name: written}
    content = workbook([row], headers=columns.headers, names=columns.names)
    result = read(tmp_path, content, shape=ListShape.of(LISTS[kind]))

    assert listed(result, columns.by_name(name).header) == ([] if stored is None else [stored])


def test_words_of_a_sender_are_listed_as_ours_and_no_code_is_shown(tmp_path: Path) -> None:
    words = {"use": {"格子间": "retail"}}
    result = read(tmp_path, workbook([home(1, use="格子间")]), reading=Reading(words=words))

    assert [tuple(change) for change in result.normalised] == [(2, "规划用途", "格子间", "商业", "按本单位设置的对应")]
    assert result.rows[0].shown["规划用途"] == "商业"
