"""Identifiers: parse∘format is the identity, wrong ones are refused by code, and an outside library agrees."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from registry.kernel.identifiers import (
    CreditCode,
    IdentifierError,
    IdentityKind,
    IdentityNo,
    check_credit_code,
    check_identity,
    check_legacy_licence,
    check_phone,
    synthetic_identity,
    synthetic_phone,
)

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


# Resident identity


def test_identity_of_somebody_not_born_yet_is_refused() -> None:
    number = IdentityNo.parse(VALID_ID)
    number.require_by(date(1949, 12, 31))
    with pytest.raises(IdentifierError, match="出生日期1949-12-31尚未到来。请对照证件改正"):
        number.require_by(date(1949, 12, 30))


def test_identity_of_the_standard_example() -> None:
    number = IdentityNo.parse(VALID_ID)
    assert number.format() == VALID_ID
    assert (number.region, number.born_on, number.is_old) == ("110105", date(1949, 12, 31), False)
    assert number.upgrade() is number


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231002X",
    ],
)
def test_identity_is_mended_where_nothing_is_lost(text: str) -> None:
    assert IdentityNo.parse(text).format() == VALID_ID


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105194912310021", "ID_CHECKSUM"),
        ("11010519491231003X", "ID_CHECKSUM"),
        ("11010519491231002", "ID_LENGTH"),
        ("1101051949123100200", "ID_LENGTH"),
        ("11010519491331002X", "ID_FORMAT"),
        ("110105190002290019", "ID_FORMAT"),
        ("110105000101010019", "ID_FORMAT"),
        ("11O105194912310O2X", "ID_FORMAT"),
        ("X1010519491231002X", "ID_FORMAT"),
        ("11010549123100X", "ID_FORMAT"),
        ("110105491331002", "ID_FORMAT"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢", "ID_FORMAT"),
        ("", "ID_FORMAT"),
        ("1.10105E+17", "ID_PRECISION_LOST"),
        ("1.10105194912e17", "ID_PRECISION_LOST"),
    ],
)
def test_identity_is_refused_by_code(text: str, code: str) -> None:
    assert code_of(IdentityNo.parse, text) == code


def test_identity_never_prints_or_complains_in_full() -> None:
    number = IdentityNo.parse(VALID_ID)
    assert f"{number} {number!r}" == "110***********002X IdentityNo(110***********002X)"
    with pytest.raises(IdentifierError) as refusal:
        IdentityNo.parse("110105194912310021")
    assert "19491231" not in refusal.value.message
    assert refusal.value.message == "身份证号110***********0021的校验位不符，通常是错了一位。请对照证件逐位核对。"


def test_identity_of_fifteen_is_upgraded() -> None:
    old = IdentityNo.parse("110105491231002")
    assert (old.is_old, old.born_on, old.format()) == (True, date(1949, 12, 31), "110105491231002")
    assert old.upgrade() == IdentityNo.parse(VALID_ID)


def test_identity_is_not_refused_by_its_region() -> None:
    for region in ("110110", "110221", "110229", "110103", "999999"):
        body = f"{region}19010101001"
        assert IdentityNo.parse(body + ric.calc_check_digit(body + "0")).region == region


@given(serials)
def test_identity_parse_of_format_is_identity(serial: int) -> None:
    text = synthetic_identity(serial)
    assert IdentityNo.parse(text).format() == text
    assert IdentityNo.parse(text.lower()) == IdentityNo.parse(text)


@given(serials)
def test_identity_agrees_with_stdnum(serial: int) -> None:
    text = synthetic_identity(serial)
    assert ric.is_valid(text)
    assert ric.calc_check_digit(text) == text[-1]
    assert ric.get_birth_date(text) == IdentityNo.parse(text).born_on


@given(serials, st.integers(0, 16), st.integers(1, 9))
def test_identity_with_one_wrong_digit_is_never_accepted(serial: int, position: int, shift: int) -> None:
    text = synthetic_identity(serial)
    wrong = f"{text[:position]}{(int(text[position]) + shift) % 10}{text[position + 1 :]}"
    assert code_of(IdentityNo.parse, wrong) in {"ID_CHECKSUM", "ID_FORMAT"}


@given(st.dates(date(1910, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_identity_upgrade_keeps_region_and_birth(born_on: date, sequence: int) -> None:
    old = IdentityNo.parse(f"110105{born_on:%y%m%d}{sequence:03d}")
    new = old.upgrade()
    assert IdentityNo.parse(new.format()) == new
    assert (new.region, new.born_on) == (old.region, old.born_on)
    assert IdentityNo.parse(old.format()) == old


def test_synthetic_identities_are_distinct_and_of_nobody_living() -> None:
    numbers = {synthetic_identity(serial) for serial in range(5000)}
    assert len(numbers) == 5000
    assert {number[:8] for number in numbers} == {"11010519"}
    assert {IdentityNo.parse(number).born_on.year for number in numbers} == {1901, 1902, 1903}
    assert IdentityNo.parse(synthetic_identity(1_094_999)).born_on == date(1901, 1, 1) + timedelta(days=1094)


@pytest.mark.parametrize("serial", [-1, 1_095_000])
def test_synthetic_identity_outside_the_range_is_a_mistake(serial: int) -> None:
    with pytest.raises(ValueError, match="no synthetic identity"):
        synthetic_identity(serial)


# Other papers and telephones


def test_check_identity_applies_the_check_digit_to_residents_only() -> None:
    assert check_identity(IdentityKind.RESIDENT, "11010519491231002x") == VALID_ID
    assert check_identity(IdentityKind.PASSPORT, " e1234 5678") == "E12345678"
    assert check_identity(IdentityKind.MILITARY, "军字第0012345号") == "军字第0012345号"
    assert check_identity(IdentityKind.HK_MACAO, "h12345678（01）") == "H12345678(01)"
    assert code_of(check_identity, IdentityKind.PASSPORT, "E1") == "ID_FORMAT"
    assert code_of(check_identity, IdentityKind.OTHER, "1.10105E+17") == "ID_PRECISION_LOST"
    assert code_of(check_identity, IdentityKind.RESIDENT, "E12345678") == "ID_FORMAT"


def test_identity_kinds_have_labels_and_no_shared_words() -> None:
    words = [word for kind in IdentityKind for word in (kind.label, *kind.synonyms)]
    assert len(words) == len(set(words))
    assert IdentityKind.RESIDENT.label == "居民身份证"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("19900012345", "19900012345"),
        (" 199 0001 2345", "19900012345"),
        ("199-0001-2345", "19900012345"),
        ("+86 19900012345", "19900012345"),
        ("1９９00012345", "19900012345"),
        ("010-65001234", "010-65001234"),
        ("01065001234", "010-65001234"),
        ("010－65001234转801", "010-65001234-801"),
        ("0316-6500123", "0316-6500123"),
        ("（010）65001234", "010-65001234"),
        ("'19900012345", "19900012345"),
    ],
)
def test_check_phone_of_written_forms(written: str, stored: str) -> None:
    assert check_phone(written) == stored
    assert check_phone(stored) == stored


@pytest.mark.parametrize("text", ["1990001234", "12900012345", "199000123456", "1.99E+10", "无", ""])
def test_check_phone_is_refused(text: str) -> None:
    assert code_of(check_phone, text) == "PHONE_FORMAT"


def test_synthetic_phones_are_valid() -> None:
    assert check_phone(synthetic_phone(7)) == "19900000007"
    assert synthetic_phone(100_007) == synthetic_phone(7)


# Organisations


def test_credit_code_of_the_worked_example() -> None:
    assert check_credit_code(" 91350100m000100y43 ") == VALID_CREDIT
    assert CreditCode.parse(VALID_CREDIT).region == "350100"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91350100M000100Y44", "CREDIT_CHECKSUM"),
        ("91350100M000100Y4", "CREDIT_FORMAT"),
        ("91350100I000100Y43", "CREDIT_FORMAT"),
        ("91AB0100M000100Y43", "CREDIT_FORMAT"),
        ("110000001234567", "CREDIT_FORMAT"),
        ("9.1350100E+17", "CREDIT_FORMAT"),
    ],
)
def test_credit_code_is_refused_by_code(text: str, code: str) -> None:
    assert code_of(CreditCode.parse, text) == code


@given(
    st.text(digits, min_size=2, max_size=2),  # the library knows no letters here; the standard does (A1, N2, Y1)
    st.text(digits, min_size=6, max_size=6),
    st.text(st.sampled_from(ALPHABET), min_size=9, max_size=9),
)
def test_credit_code_agrees_with_stdnum(head: str, region: str, body: str) -> None:
    text = head + region + body
    text += uscc.calc_check_digit(text)
    assert CreditCode.parse(text).format() == text
    assert uscc.is_valid(text)
    swapped = text[:-1] + ALPHABET[(ALPHABET.index(text[-1]) + 1) % 31]
    assert code_of(CreditCode.parse, swapped) == "CREDIT_CHECKSUM"


def test_credit_code_of_a_rural_collective_begins_with_a_letter() -> None:
    text = "N2110105MF0000000"
    assert CreditCode.parse(text + uscc.calc_check_digit(text)).region == "110105"


def test_legacy_licence_is_another_function() -> None:
    assert check_legacy_licence("110000 001234567") == "110000001234567"
    assert code_of(check_legacy_licence, "1100000012345") == "LICENCE_FORMAT"
    assert code_of(check_legacy_licence, VALID_CREDIT) == "LICENCE_FORMAT"
