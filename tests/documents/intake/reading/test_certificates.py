"""The two cells of certificates: several in a cell, days in the same order, old ones as they are written."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult, StatedCertificate, UnitRow
from documents.intake.reading.unit_columns import UNIT_COLUMNS
from documents.intake.services.staging import placed_units
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import TitleNo, synthetic_identity
from registry.lists.rows import split_list
from tests.documents.intake.reading.files import HEADERS, PROJECT, home, homes, text_file, workbook

NEW = "京（2022）朝不动产权第0012345号"
OLD = "京房权证朝字第12345号"


def read(tmp_path: Path, content: bytes) -> ReadResult:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(content)
    return read_in_place(path, PROJECT)


def stated(tmp_path: Path, number: Any, on: Any = "") -> tuple[StatedCertificate, ...]:
    result = read(tmp_path, workbook([home(1, certificate_no=number, issued_on=on)]))
    assert [error.message for error in result.errors] == []
    return result.rows[0].certificates


@pytest.mark.parametrize(
    ("number", "on", "right"),
    [
        ("京(2022)朝不动产权第0012345号", datetime(2022, 3, 1), [(NEW, False, date(2022, 3, 1))]),
        (f" {OLD} ", "2005年6月30日", [(OLD, True, date(2005, 6, 30))]),
        ("X京房权证朝（2005） 字第 1号", "2005.6.30", [("X京房权证朝（2005）字第1号", True, date(2005, 6, 30))]),
        (f"{OLD}、{NEW}", "", [(OLD, True, None), (NEW, False, None)]),
        (f"{OLD}，{NEW}", "20220630", [(OLD, True, date(2022, 6, 30)), (NEW, False, date(2022, 6, 30))]),
        (f"{OLD}\n{NEW}", "无、2022-3-1", [(OLD, True, None), (NEW, False, date(2022, 3, 1))]),
        (f"{OLD}、{OLD}", 20050630, [(OLD, True, date(2005, 6, 30))]),
        ("/", "—", []),
        ("", "", []),
    ],
)
def test_cells_of_a_row(tmp_path: Path, number: Any, on: Any, right: list[tuple[str, bool, date | None]]) -> None:
    assert stated(tmp_path, number, on) == tuple(StatedCertificate(*one) for one in right)


@pytest.mark.parametrize("header", ["原房产证号", "不动产权证号", "房产证号", "证书号", "权证号", "房屋所有权证号"])
def test_headers_people_use(tmp_path: Path, header: str) -> None:
    headers = [*HEADERS[:-2], header, "登记日期"]

    rows = read(tmp_path, workbook([home(1, certificate_no=OLD, issued_on="2005-6-30")], headers=headers)).rows

    assert rows[0].certificates == (StatedCertificate(OLD, True, date(2005, 6, 30)),)


def test_text_file_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "upload.csv"
    path.write_text(text_file([home(1, certificate_no=f"{OLD}、{NEW}", issued_on="2022/6/30")]), encoding="utf-8")

    found = read_in_place(path, PROJECT).rows[0].certificates

    assert [(one.number, one.issued_on) for one in found] == [(OLD, date(2022, 6, 30)), (NEW, date(2022, 6, 30))]


def test_co_owners_on_rows_of_their_own_bring_one_each(tmp_path: Path) -> None:
    rows = [
        home(1, certificate_no=OLD, issued_on="2005-6-30"),
        home(1, holder="李四", identity=synthetic_identity(60), certificate_no=NEW),
        home(1, holder="王五", identity=synthetic_identity(61), certificate_no=OLD),
    ]

    result = read(tmp_path, workbook(rows))

    assert result.errors == []
    [unit] = placed_units(result.rows).values()
    assert [(certificate.number, certificate.is_legacy, certificate.issued_on) for certificate in unit.certificates] == [
        (OLD, True, date(2005, 6, 30)), (NEW, False, None),
    ]  # fmt: skip


def test_row_goes_through_the_pipe_unchanged(tmp_path: Path) -> None:
    row = read(tmp_path, workbook([home(1, certificate_no=f"{OLD}、{NEW}", issued_on="2005-6-30、无")])).rows[0]

    assert UnitRow.from_data(row.to_data()) == row
    before = {name: value for name, value in row.to_data().items() if name != "certificates"}
    assert UnitRow.from_data(before).certificates == (), "staged before there were certificates"


def test_warnings_stand_on_their_rows(tmp_path: Path) -> None:
    rows = homes(3, r2={"certificate_no": OLD}, r3={"certificate_no": "京(2022)朝不动产权第0012345号"})

    warned = read(tmp_path, workbook(rows)).row_warnings

    assert warned == {2: ["LEGACY_CERTIFICATE", "WITH_CERTIFICATE"], 3: ["NORMALIZED", "WITH_CERTIFICATE"]}


def test_a_refused_number_says_nothing_of_its_date(tmp_path: Path) -> None:
    result = read(tmp_path, workbook([home(1, certificate_no="办理中", issued_on="2005-6-30、2006-1-1"), home(2)]))

    assert [(error.row, error.column, error.code) for error in result.errors] == [(2, "产权证号", "CERTIFICATE_FORMAT")]


def test_columns_hold_nothing_personal_and_say_what_they_do() -> None:
    number, day = UNIT_COLUMNS.by_name("certificate_no"), UNIT_COLUMNS.by_name("issued_on")
    assert not number.personal
    assert not day.personal
    assert "按已发证入账" in number.note


@given(st.text(max_size=80))
def test_title_is_settled_and_splits_no_further(text: str) -> None:
    for part in split_list(text):
        try:
            title = TitleNo.parse(part)
        except DomainError:
            continue
        assert TitleNo.parse(title.number) == title
        assert len(title.number) <= 60
