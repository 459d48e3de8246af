"""Identifiers: parse∘format is the identity, wrong ones are refused by code, and an outside library agrees."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.identifiers import (
    CertificateNo,
    DistrictCode,
    DocumentNo,
    IdentifierError,
    TitleNo,
    UnitCode,
    check_blank_no,
    check_certificate_no,
    check_document_no,
    check_unit_code,
)
from registry.kernel.identifiers.papers import TitleKind

VALID_ID = "11010519491231002X"  # the worked example of GB 11643
VALID_CREDIT = "91350100M000100Y43"
VALID_UNIT = "110105012038GB00005F00120304"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

serials = st.integers(0, 1_094_999)
digits = st.characters(min_codepoint=0x30, max_codepoint=0x39)
han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
unit_codes = st.from_regex(
    r"\A[0-9]{12}[GJZ][A-Z][0-9]{4}[1-9](?:F[0-9]{3}[1-9][0-9]{4}|[LQ][0-9]{7}[1-9]|W00000000)\Z"
)


def code_of(call: object, *args: object) -> str:
    with pytest.raises(IdentifierError) as refusal:
        call(*args)  # type: ignore[operator]
    assert refusal.value.message.endswith("。")
    assert refusal.value.message.count("请") >= 1
    return str(refusal.value.code)


# Land and places


def test_unit_code_reads_its_parts() -> None:
    code = UnitCode.parse(VALID_UNIT)
    assert code.grouped() == str(code) == "110105 012038 GB00005 F00120304"
    assert (code.district, code.parcel) == ("110105", "110105012038GB00005")
    assert (code.is_building, code.building, code.unit) == (True, "0012", "0304")
    assert not UnitCode.parse("110105012038GB00005W00000000").is_building


@pytest.mark.parametrize("text", ["110105 012038 GB00005 F00120304", "110105012038gb00005f00120304"])
def test_unit_code_is_mended_where_nothing_is_lost(text: str) -> None:
    assert check_unit_code(text) == VALID_UNIT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (VALID_UNIT[:-1], "UNITCODE_FORMAT"),
        (VALID_UNIT + "0", "UNITCODE_FORMAT"),
        ("110105012038XB00005F00120304", "UNITCODE_FORMAT"),
        ("110105012038GB00005E00120304", "UNITCODE_FORMAT"),
        ("110105012038GB0000500120304F", "UNITCODE_FORMAT"),
        ("", "UNITCODE_FORMAT"),
        ("110105012038GB00000F00120304", "UNITCODE_FORMAT"),
        ("110105012038GB00005W00120304", "UNITCODE_FORMAT"),
        ("110105012038GB00005F00000304", "UNITCODE_FORMAT"),
        ("110105012038GB00005L00000000", "UNITCODE_FORMAT"),
        ("1.10105E+27", "UNITCODE_PRECISION_LOST"),
    ],
)
def test_unit_code_is_refused_by_code(text: str, code: str) -> None:
    assert code_of(UnitCode.parse, text) == code


@given(unit_codes)
def test_unit_code_parse_of_format_is_identity(text: str) -> None:
    code = UnitCode.parse(text)
    assert code.format() == text
    assert UnitCode.parse(code.grouped()) == code


@pytest.mark.parametrize(
    ("text", "level", "parent"),
    [
        ("110000", "province", None),
        ("110100", "city", "110000"),
        ("110105", "district", "110100"),
        ("110105029", "township", "110105"),
        ("110105029000", "township", "110105"),
        ("110105029003", "community", "110105029"),
    ],
)
def test_district_code_knows_its_place(text: str, level: str, parent: str | None) -> None:
    code = DistrictCode.parse(text)
    assert (code.level, code.parent) == (level, DistrictCode(parent) if parent else None)
    assert code.format() == text


def test_district_code_contains() -> None:
    city, district, township = (DistrictCode.parse(text) for text in ("110000", "110105", "110105029"))
    assert city.contains(district)
    assert district.contains(township)
    assert district.contains(district)
    assert not township.contains(district)
    assert not DistrictCode.parse("110106").contains(township)


@pytest.mark.parametrize("text", ["11010", "1101050", "0110105", "11010A", ""])
def test_district_code_is_refused(text: str) -> None:
    assert code_of(DistrictCode.parse, text) == "DISTRICT_FORMAT"


@given(st.from_regex(r"\A[1-9][0-9]{5}([0-9]{3}){0,2}\Z"))
def test_district_code_parse_of_format_is_identity(text: str) -> None:
    code = DistrictCode.parse(text)
    assert DistrictCode.parse(code.format()) == code
    assert code.parent is None or code.parent.contains(code)


# Papers


def test_certificate_number_reads_its_parts() -> None:
    number = CertificateNo.parse("京（2022）朝不动产权第0012345号")
    assert number == CertificateNo("京", 2022, "朝", 12345)
    assert check_certificate_no("京(2022) 朝阳区不动产权第0012345号") == "京（2022）朝阳区不动产权第0012345号"
    assert CertificateNo.parse("京〔2022〕朝不动产证明第0012345号").kind is TitleKind.PROOF


@pytest.mark.parametrize(
    "text",
    [
        "京（2022）朝不动产权第012345号",
        "京（1999）朝不动产权第0012345号",
        "京（2022）不动产权第0012345号",
        "京房权证朝字第123456号",
        "（2022）朝不动产权第0012345号",
        "",
    ],
)
def test_certificate_number_is_refused(text: str) -> None:
    assert code_of(CertificateNo.parse, text) == "CERTIFICATE_FORMAT"


@pytest.mark.parametrize(
    ("text", "number", "is_legacy"),
    [
        ("京(2022) 朝不动产权第0012345号", "京（2022）朝不动产权第0012345号", False),
        ("京房权证朝字第 123456 号", "京房权证朝字第123456号", True),
        ("Ｘ京房权证朝（２００５）字第1号", "X京房权证朝（2005）字第1号", True),
        ("朝全字第00123号", "朝全字第00123号", True),
        ("0012345", "0012345", True),
    ],
)
def test_title_number_of_today_is_checked_and_an_old_one_kept(text: str, number: str, is_legacy: bool) -> None:
    assert TitleNo.parse(text) == TitleNo(number, is_legacy)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("京（2022）朝不动产权第12345号", "CERTIFICATE_FORMAT"),
        ("京（2022）朝不动产第0012345号", "CERTIFICATE_FORMAT"),
        ("京（2022）朝不动产证明第0012345号", "CERTIFICATE_PROOF"),
        ("不动产登记证明12345", "CERTIFICATE_PROOF"),
        ("办理中", "CERTIFICATE_FORMAT"),
        ("2005年6月30日", "CERTIFICATE_FORMAT"),
        ("2005年6月", "CERTIFICATE_FORMAT"),
        ("2005-06-30", "CERTIFICATE_FORMAT"),
        ("110105190101010018", "CERTIFICATE_FORMAT"),
        ("19900000001", "CERTIFICATE_FORMAT"),
        ("证" * 60 + "1", "TOO_LONG"),
        ("", "CERTIFICATE_FORMAT"),
    ],
)
def test_title_number_is_refused(text: str, code: str) -> None:
    assert code_of(TitleNo.parse, text) == code


@given(st.text(max_size=70))
def test_title_number_settles_at_once(text: str) -> None:
    try:
        title = TitleNo.parse(text)
    except DomainError:
        return
    assert TitleNo.parse(title.number) == title


def test_certificate_number_agrees_with_the_reference_lists() -> None:
    text = "京（2022）朝不动产权第0012345号"
    assert check_certificate_no(text, prefixes=("京",), authorities=("朝", "海")) == text
    for lists in ({"prefixes": ("沪",)}, {"authorities": ("海",)}):
        with pytest.raises(IdentifierError, match="参照表"):
            CertificateNo.parse(text, **lists)


@given(
    han,
    st.integers(2015, 2099),
    st.text(han, min_size=1, max_size=6),
    st.integers(1, 9_999_999),
    st.sampled_from(TitleKind),
)
def test_certificate_number_parse_of_format_is_identity(
    prefix: str, year: int, authority: str, serial: int, kind: TitleKind
) -> None:
    if "不动产" in authority:
        return
    number = CertificateNo(prefix, year, authority, serial, kind)
    assert CertificateNo.parse(number.format()) == number


@pytest.mark.parametrize("text", ["京（2014）朝不动产权第0012345号", "京（1999）朝不动产权第0000001号"])
def test_certificate_number_of_no_certificate_is_refused(text: str) -> None:
    assert code_of(CertificateNo.parse, text) == "CERTIFICATE_FORMAT"


def test_certificate_of_a_year_that_has_not_come_is_refused() -> None:
    number = CertificateNo.parse("京（2099）朝不动产权第0012345号")
    number.require_by(date(2099, 1, 1))
    with pytest.raises(IdentifierError, match="年份2099尚未到来。请对照证书改正"):
        number.require_by(date(2098, 12, 31))


def test_blank_number() -> None:
    assert check_blank_no("No. d11001234567") == "D11001234567"
    assert code_of(check_blank_no, "D1100123456") == "BLANK_FORMAT"


@pytest.mark.parametrize(
    "text",
    [
        "×规自专函〔2022〕12号",
        "×规自专函[2022]12号",
        "×规自专函（2022） 12 号",
        "×规自专函【2022】12号",
        "×规自专函(2022)１２号",
    ],
)
def test_document_number_mends_the_brackets(text: str) -> None:
    assert check_document_no(text) == "×规自专函〔2022〕12号"
    assert DocumentNo.parse(text) == DocumentNo("×规自专函", 2022, 12)


@pytest.mark.parametrize(
    "text",
    [
        "×规自专函〔2022〕第12号",
        "×规自专函〔2022〕012号",
        "×规自专函〔2022〕0号",
        "×规自专函〔22〕12号",
        "〔2022〕12号",
        "×规自专函2022-12",
    ],
)
def test_document_number_is_refused(text: str) -> None:
    assert code_of(DocumentNo.parse, text) == "DOCUMENT_FORMAT"


def test_document_number_refusal_proposes_the_right_form() -> None:
    with pytest.raises(IdentifierError, match="请改为：×规自专函〔2022〕12号"):
        DocumentNo.parse("×规自专函〔2022〕第012号")


@given(st.text(han, min_size=1, max_size=10), st.integers(1900, 2099), st.integers(1, 99_999))
def test_document_number_parse_of_format_is_identity(series: str, year: int, serial: int) -> None:
    number = DocumentNo(series, year, serial)
    assert DocumentNo.parse(number.format()) == number
