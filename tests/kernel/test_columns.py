"""Columns: one declaration reads, prints, recognises headers and coerces words."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.columns import Choice, Column, ColumnSet, bare_key, format_cell, header_key
from registry.kernel.errors import DomainError
from registry.kernel.masking import Masked

USES = (Choice("dwelling", "住宅", ("普通住宅", "成套住宅")), Choice("retail", "商业", ("底商", "商铺", "商业服务")))
UNIT_LIST = ColumnSet(
    (
        Column("project", "项目编号", kind="code", required=True, synonyms=("项目代码",)),
        Column("building", "楼栋(幢号)", "building.number", kind="code", required=True, synonyms=("楼号", "幢号")),
        Column("entrance", "单元号", kind="code", synonyms=("单元",)),
        Column("room", "户号(房号)", kind="code", required=True, synonyms=("房号", "室号")),
        Column("use", "规划用途", choices=USES, synonyms=("用途",)),
        Column("area", "建筑面积", kind="area", total=True, synonyms=("面积",)),
        Column("owner", "权利人姓名", kind="person", personal=True),
        Column("homes", "套数", lambda row: 1, kind="int", total=True),
    )
)


class Stage(StrEnum):
    ISSUED = "issued"

    @property
    def label(self) -> str:
        return "已发证"


@dataclass(frozen=True)
class Building:
    number: str


@dataclass(frozen=True)
class Unit:
    building: Building | None
    area: Decimal | None = Decimal("86.50")
    use: str = "dwelling"
    owner: object = "徐振忠"


def test_column_reads_a_path_a_key_or_a_function() -> None:
    unit = Unit(Building("9"))
    assert UNIT_LIST.by_name("building").read(unit) == "9"
    assert UNIT_LIST.by_name("building").read({"building": {"number": "S04"}}) == "S04"
    assert UNIT_LIST.by_name("building").show(Unit(None)) == ""
    assert UNIT_LIST.by_name("homes").read(unit) == 1


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (7899, "int", "7,899"),
        (-12, "int", "−12"),
        (0, "int", "0"),
        (Decimal("117536.15"), "area", "117,536.15"),
        (Decimal("86.5"), "area", "86.50"),
        (86, "area", "86.00"),
        (Decimal("1234567.8"), "money", "1,234,567.80"),
        (date(2022, 3, 8), "date", "2022-03-08"),
        (datetime(2022, 3, 8, 16, 20, tzinfo=ZoneInfo("Asia/Shanghai")), "date", "2022-03-08 16:20"),
        (Decimal("5.06"), "rate", "5.06%"),
        (None, "rate", "—"),
        (None, "int", ""),
        ("", "person", ""),
        ("110105012038GB00005F00120304", "code", "110105012038GB00005F00120304"),
        ("徐振忠", "person", "徐*忠"),
        ("110105190101010019", "identity", "110***********0019"),
        ("19900012345", "phone", "199****2345"),
        (Masked.name("徐振忠"), "person", "徐*忠"),
        (Masked.name("徐振忠"), "text", "徐*忠"),
        (Stage.ISSUED, "text", "已发证"),
        (True, "text", "是"),
        (502, "code", "502"),
    ],
)
def test_format_cell_by_kind(value: object, kind: str, text: str) -> None:
    assert format_cell(value, kind) == text  # type: ignore[arg-type]


def test_column_in_clear_prints_plain_strings_but_never_opens_a_masked_value() -> None:
    owner = UNIT_LIST.by_name("owner")
    assert owner.show(Unit(None)) == "徐*忠"
    assert owner.in_clear().show(Unit(None)) == "徐振忠"
    assert owner.in_clear().show(Unit(None, owner=Masked.name("徐振忠"))) == "徐*忠"
    assert UNIT_LIST.by_name("area").in_clear() is UNIT_LIST.by_name("area")


def test_column_knows_its_excel_format() -> None:
    assert [c.number_format for c in UNIT_LIST] == ["@", "@", "@", "@", "@", "#,##0.00", "@", "#,##0"]
    assert [c.is_number for c in UNIT_LIST].count(True) == 2
    assert UNIT_LIST.by_name("building").characters == 20
    assert Column("x", "购房合同号/安置协议号").characters == 24
    assert Column("x", "x", width=5).characters == 5


@pytest.mark.parametrize("word", ["住宅", " 住　宅", "普通住宅", "dwelling", "成套住宅\n"])
def test_coerce_accepts_the_words_people_write(word: str) -> None:
    assert UNIT_LIST.by_name("use").coerce(word) == "dwelling"


def test_coerce_of_an_unknown_word_says_what_is_possible() -> None:
    with pytest.raises(DomainError) as refusal:
        UNIT_LIST.by_name("use").coerce("办公")
    assert refusal.value.code == "USAGE_UNKNOWN"
    assert refusal.value.field == "use"
    assert refusal.value.message == "“规划用途”填写的“办公”不在可选范围内。请改为：住宅、商业。"


def test_totals_sum_what_is_declared_and_skip_blanks() -> None:
    rows = [Unit(Building("9")), Unit(Building("9"), area=None), Unit(Building("10"), area=Decimal("0.01"))]
    assert UNIT_LIST.totals(rows) == {"area": Decimal("86.51"), "homes": 3}


def test_without_personal_drops_the_names() -> None:
    assert "owner" not in UNIT_LIST.without_personal().names
    assert len(UNIT_LIST.without_personal()) == len(UNIT_LIST) - 1


def test_match_headers_of_the_template_itself() -> None:
    match = UNIT_LIST.match_headers(UNIT_LIST.headers)
    assert match.positions == {name: at for at, name in enumerate(UNIT_LIST.names)}
    assert (match.missing, match.duplicates, match.extra, match.score) == ((), (), (), 8)


def test_match_headers_written_by_hand() -> None:
    row = ["序号", "＊项目编号", "楼 栋（施工号）", None, "房号", "用\n途：", "建筑面积（㎡）", "", "权利人\u200b姓名*"]
    match = UNIT_LIST.match_headers(row)
    assert match.positions == {"project": 1, "building": 2, "room": 4, "use": 5, "area": 6, "owner": 8}
    assert match.extra == ((0, "序号"),)
    assert match.missing == ()


def test_match_headers_prefers_the_full_spelling() -> None:
    match = UNIT_LIST.match_headers(["建筑面积(套内)", "建筑面积", "楼栋(幢号)", "项目编号", "户号(房号)"])
    assert match.positions["area"] == 1
    assert match.extra == ((0, "建筑面积(套内)"),)


def test_match_headers_reports_duplicates_and_missing() -> None:
    match = UNIT_LIST.match_headers(["项目编号", "建筑面积", "面积", "单元号"])
    assert match.duplicates == ("建筑面积",)
    assert "area" not in match.positions
    assert [column.header for column in match.missing] == ["楼栋(幢号)", "户号(房号)"]


@pytest.mark.parametrize("headers", [["面积(一)", "面积(二)"], ["建筑面积", "建筑面积"]])
def test_match_headers_twice_the_same_closeness_is_a_duplicate(headers: list[str]) -> None:
    assert UNIT_LIST.match_headers(headers).duplicates == ("建筑面积",)


def test_column_set_refuses_ambiguous_declarations() -> None:
    with pytest.raises(ValueError, match="share a name"):
        ColumnSet((Column("a", "甲"), Column("a", "乙")))
    with pytest.raises(ValueError, match="share the header"):
        ColumnSet((Column("a", "甲"), Column("b", "乙", synonyms=("甲",))))
    with pytest.raises(ValueError, match="cannot be summed"):
        Column("a", "甲", total=True)


@given(st.permutations(range(len(UNIT_LIST))))
def test_match_headers_in_any_order(order: list[int]) -> None:
    match = UNIT_LIST.match_headers([UNIT_LIST.headers[at] for at in order])
    assert {name: order[at] for name, at in match.positions.items()} == {
        name: at for at, name in enumerate(UNIT_LIST.names)
    }


@given(st.text(st.sampled_from("楼栋幢号面积㎡Ａab19０（）()[]【】〔〕*＊:： \u3000\u200b\n")))
def test_header_keys_are_stable(text: str) -> None:
    assert header_key(header_key(text)) == header_key(text)
    assert bare_key(text) or not header_key(text)


@pytest.mark.parametrize("title", ["户号 *\n(房号)", "*户号(房号)", "户号(房号)★", "户 号（房 号）"])
def test_marks_of_obligation_do_not_hide_a_header(title: str) -> None:
    columns = ColumnSet((Column("room", "户号(房号)"),))
    assert columns.match_headers([title]).positions == {"room": 0}
