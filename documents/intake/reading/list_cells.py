"""The rules of single cells of lists that are not the unit list: by list and column, and of codes in all of them."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final

from documents.intake.reading.cells import (
    MOST_EXACT,
    as_code,
    as_place_text,
    as_text,
    as_typed_text,
    is_nothing,
    is_number,
    is_scientific,
    refusal,
)
from registry.kernel.dates import SERIALS_FROM
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import check_unit_code
from registry.kernel.masks import masked_number
from registry.kernel.names import clean_code
from registry.kernel.places import one_building
from registry.lists.rows import split_list

DASHES: Final = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
STARRED: Final = re.compile("[*＊●]|(?<=[\u4e00-\u9fff])[xX×]+$")  # a name of which letters are hidden
WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]+|(?<=[０-９Ａ-Ｚａ-ｚ])－(?=[０-９Ａ-Ｚａ-ｚ])")
BROKEN: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")  # a code that its narrow cell shows in two lines
SERIALS: Final = (18_000, 73_050)  # of days that a moment can be of: 1949 to 2099
MASKED_PHONE: Final = "号码是掩码，不能当作电话写入。请填完整的电话，或整格留空。"


def unit_code(value: Any) -> str:
    """Return the code of a home."""
    code = as_code(value, "UNITCODE_PRECISION_LOST")
    return str(check_unit_code(code)) if code else ""


def one_person(value: Any) -> str:
    """Return the name of one person who is no owner: a masked one, or two, is none."""
    text = people(value)
    if len(split_list(text)) > 1:
        raise refusal("NAME_ONE")
    return text


def people(value: Any) -> str:
    """Return names of people who are no owners: none is masked, or a number."""
    text = caller(value)
    if any(character.isdigit() for character in text):
        raise refusal("NAME_DIGITS")
    return text


def caller(value: Any) -> str:
    """Return what somebody called himself, which may be anything but a mask."""
    text = str(as_typed_text(value)).strip()
    if STARRED.search(text):
        raise refusal("NAME_MASKED")
    return text


def phone(value: Any) -> str:
    """Return a telephone number, folded; one of which digits are hidden is none."""
    text = fold_code(str(as_typed_text(value)).strip())
    if masked_number(text) is not None:
        raise DomainError(MASKED_PHONE, code="PHONE_MASKED")
    return text


def project_code(value: Any) -> str:
    """Return the code of a project in ordinary letters and dashes: ＣＹ－８００１ is no other one than CY-8001."""
    return DASHES.sub("-", clean_code(str(as_typed_text(value))))


def building(value: Any) -> str:
    """Return the number of a building as the list of homes reads it: not two of them, no entrance, no doubtful sign."""
    text = str(as_place_text(value)).strip()
    return one_building(text) if text and not is_nothing(text) and text != "0" else ""


def moment(value: Any) -> str:
    """Return a moment as text: a date cell, or the serial number that it is, to the minute; a text as it is written."""
    if is_number(value) and not isinstance(value, bool) and SERIALS[0] <= value <= SERIALS[1]:
        value = datetime.combine(SERIALS_FROM, time()) + timedelta(days=value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return (value + timedelta(seconds=30)).strftime("%Y-%m-%d %H:%M")
    return as_text(value).strip()


def fold_code(text: str) -> str:
    """Fold a code to ordinary letters and digits in one line; the brackets of a document's number stay."""
    joined = BROKEN.sub("", text) if "\n" in text or "\r" in text else text
    return joined if joined.isascii() else WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), joined)


def require_exact(value: Any) -> None:
    """Refuse a number whose last digits the program has lost, whatever text stands for it."""
    if (is_number(value) and abs(value) >= MOST_EXACT) or (isinstance(value, str) and is_scientific(value)):
        raise refusal("ID_PRECISION_LOST")


RULES: Final[Mapping[tuple[str, str], Callable[[Any], str]]] = {
    ("stages", "unit_code"): unit_code,
    ("returns", "unit_code"): unit_code,
    ("projects", "code"): project_code,
    ("accounts", "name"): one_person,
    ("accounts", "phone"): phone,
    ("projects", "officer"): people,
    ("letters", "responsible"): people,
    ("buildings", "number"): building,
    ("tickets", "caller_name"): caller,
    ("tickets", "caller_phone"): phone,
    **{
        ("tickets", f"{what}_at"): moment
        for what in ("received", "dispatched", "returned", "contacted", "answered", "called")
    },
}
