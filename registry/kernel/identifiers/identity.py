"""居民身份证 (GB 11643), other identity papers, telephones, and valid synthetic ones for the demo and the tests."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Self

from registry.kernel.identifiers.base import IdentifierError, is_rounded_number
from registry.kernel.masking import mask_identity
from registry.kernel.names import clean_code

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_NUMBER: Final = re.compile("[0-9]+X?")
_PAPER: Final = re.compile("[0-9A-Z()（）\u4e00-\u9fff-]{4,30}")
_MOBILE: Final = re.compile("1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile("(010|02[0-9]|0[3-9][0-9]{2})-?([2-9][0-9]{6,7})(?:(?:-|转)([0-9]{1,6}))?")
_EARLIEST_YEAR: Final = 1850
SYNTHETIC_REGION: Final = "110105"
SYNTHETIC_FIRST_DAY: Final = date(1901, 1, 1)
SYNTHETIC_DAYS: Final = 1095  # 1901–1903: nobody living has these


@dataclass(frozen=True, slots=True, repr=False)
class IdentityNo:
    """A resident identity number of 15 or 18 characters; it prints masked, only `format()` gives it in full.

    No number is refused by its region: abolished counties and foreign residents' codes occur (domain.md 11.13).
    """

    number: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the number for a text as people write it; a lower-case x and spaces are mended."""
        if is_rounded_number(text.strip()):
            raise IdentifierError("ID_PRECISION_LOST", _MESSAGES["ID_PRECISION_LOST"])
        number = clean_code(text).upper()
        if number[-1:] in _LIKE_X and _NUMBER.fullmatch(f"{number[:-1]}X"):
            raise IdentifierError("ID_FORMAT", _MESSAGES["ID_LIKE_X"].format(sign=number[-1]))
        if not _NUMBER.fullmatch(number):
            raise IdentifierError("ID_FORMAT", _MESSAGES["ID_FORMAT"])
        if len(number) not in (15, 18):
            raise IdentifierError("ID_LENGTH", _MESSAGES["ID_LENGTH"].format(length=len(number)))
        if len(number) == 15 and number.endswith("X"):
            raise IdentifierError("ID_FORMAT", _MESSAGES["ID_FORMAT"])
        if _birth_date(number) is None:
            raise IdentifierError("ID_FORMAT", _MESSAGES["ID_DATE"].format(masked=mask_identity(number)))
        if len(number) == 18 and number[-1] != _check_digit(number[:17]):
            raise IdentifierError("ID_CHECKSUM", _MESSAGES["ID_CHECKSUM"].format(masked=mask_identity(number)))
        return cls(number)

    def format(self) -> str:
        """Return the number in full. Whoever prints it answers for that."""
        return self.number

    @property
    def region(self) -> str:
        """Return the six digits of the region of first registration."""
        return self.number[:6]

    @property
    def born_on(self) -> date:
        """Return the date of birth."""
        born_on = _birth_date(self.number)
        if born_on is None:
            raise IdentifierError("ID_FORMAT", _MESSAGES["ID_FORMAT"])
        return born_on

    def require_by(self, today: date) -> None:
        """Refuse the number of somebody who is not born yet."""
        if self.born_on > today:
            raise IdentifierError("ID_FORMAT", _MESSAGES["ID_AHEAD"].format(masked=self, born_on=self.born_on))

    @property
    def is_old(self) -> bool:
        """Tell whether this is a number of 15 digits, as old contracts have them."""
        return len(self.number) == 15

    def upgrade(self) -> "IdentityNo":
        """Return the number of 18: "19" after the region, and the check digit; by it old and new papers match."""
        if not self.is_old:
            return self
        body = f"{self.number[:6]}19{self.number[6:]}"
        return IdentityNo(body + _check_digit(body))

    def __str__(self) -> str:
        return mask_identity(self.number)

    def __repr__(self) -> str:
        return f"IdentityNo({self})"


class IdentityKind(StrEnum):
    """The papers by which a holder is known; the check digit binds resident identity numbers only."""

    RESIDENT = "resident"
    MILITARY = "military"
    HK_MACAO = "hk_macao"
    TAIWAN = "taiwan"
    PASSPORT = "passport"
    ORGANISATION = "organisation"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the name of the paper."""
        return IDENTITY_LABELS[self][0]

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Return other words for the paper."""
        return IDENTITY_LABELS[self][1:]


IDENTITY_LABELS: Final = {
    IdentityKind.RESIDENT: ("居民身份证", "身份证", "二代身份证", "身份证号", "户口簿", "户口本", "临时身份证"),
    IdentityKind.MILITARY: ("军官证", "军人证", "士兵证", "文职干部证", "警官证", "军人身份证件"),
    IdentityKind.HK_MACAO: ("港澳居民来往内地通行证", "港澳通行证", "回乡证", "港澳居民居住证"),
    IdentityKind.TAIWAN: ("台湾居民来往大陆通行证", "台胞证", "台湾居民居住证"),
    IdentityKind.PASSPORT: ("护照", "中国护照", "外国护照"),
    IdentityKind.ORGANISATION: ("统一社会信用代码", "营业执照", "组织机构代码", "单位", "机构"),
    IdentityKind.OTHER: (
        "其他",
        "其他证件",
        "其它",
        "外国人永久居留身份证",
        "外国人永久居留证",
        "外国人居留证",
        "永久居留证",
        "香港身份证",
        "香港居民身份证",
        "香港永久性居民身份证",
        "澳门身份证",
        "澳门居民身份证",
        "出生医学证明",
    ),
}
_LIKE_X: Final = frozenset("ХΧ×✕╳")  # Cyrillic, Greek, and signs that look like it
_MESSAGES: Final = {
    "ID_PRECISION_LOST": "证件号码在Excel中是数值，末位已丢失，无法恢复。请将该列设为“文本”后重新录入。",
    "ID_FORMAT": "身份证号只能是数字，末位可以是X。请对照证件重新填写。",
    "ID_LIKE_X": "身份证号末位的“{sign}”不是英文字母X。请用键盘重新录入X。",
    "ID_LENGTH": "身份证号应为18位（旧证15位），现为{length}位。请对照证件补全或改正。",
    "ID_DATE": "身份证号{masked}中的出生日期不存在。请对照证件改正。",
    "ID_AHEAD": "身份证号{masked}中的出生日期{born_on}尚未到来。请对照证件改正。",
    "ID_CHECKSUM": "身份证号{masked}的校验位不符，通常是错了一位。请对照证件逐位核对。",
}


def check_identity(kind: IdentityKind, text: str) -> str:
    """Return the paper's number as stored, checked by the rules of its kind."""
    if kind is IdentityKind.RESIDENT:
        return IdentityNo.parse(text).format()
    if is_rounded_number(text.strip()):
        raise IdentifierError("ID_PRECISION_LOST", _MESSAGES["ID_PRECISION_LOST"])
    number = clean_code(text).upper()
    if not _PAPER.fullmatch(number):
        raise IdentifierError("ID_FORMAT", f"{kind.label}号码应为4至30位字母、数字或汉字。请对照证件重新填写。")
    return number


def check_phone(text: str) -> str:
    """Return a telephone number as stored: 19900012345, 010-65001234, 010-65001234-801."""
    number = clean_code(text).lstrip("'’").replace("－", "-").replace("—", "-")
    number = re.sub("^\\((0[0-9]{2,3})\\)", "\\1-", re.sub("^(?:(?:\\+|00)86-?|86-)", "", number))
    digits = number.replace("-", "")
    if _MOBILE.fullmatch(digits):
        return digits
    if match := _LANDLINE.fullmatch(number):
        return "-".join(part for part in match.groups() if part)
    if is_rounded_number(number) or re.fullmatch("[0-9](?:\\.[0-9]+)?E\\+?[0-9]{1,2}", number, re.IGNORECASE):
        raise IdentifierError(
            "PHONE_FORMAT", "联系电话被表格软件改成了科学计数，位数可能已丢失。请将该列设为“文本”后重新录入。"
        )
    raise IdentifierError("PHONE_FORMAT", "联系电话应为11位手机号，或带区号的座机（010-65001234）。请核对后改正。")


def synthetic_identity(serial: int) -> str:
    """Return the serial-th valid identity number of nobody: region 110105, born 1901–1903; 1,095,000 of them."""
    sequence, day = divmod(serial, SYNTHETIC_DAYS)
    if not 0 <= sequence <= 999:
        raise ValueError(f"no synthetic identity number {serial}")
    body = f"{SYNTHETIC_REGION}{SYNTHETIC_FIRST_DAY + timedelta(days=day):%Y%m%d}{sequence:03d}"
    return body + _check_digit(body)


def synthetic_phone(serial: int) -> str:
    """Return a mobile number of nobody, 199000 and five digits; they repeat after 100,000."""
    return f"199000{serial % 100_000:05d}"


def _birth_date(number: str) -> date | None:
    """Return the date of birth if it is a real one."""
    digits = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born_on if born_on.year >= _EARLIEST_YEAR else None


def _check_digit(body: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECK_DIGITS[total % 11]


def upgraded(kind: str, number: str) -> str:
    """Return a number of a person as two of them compare: an old number of fifteen digits as its new one."""
    if kind == IdentityKind.RESIDENT and len(number) == 15:
        try:
            return IdentityNo.parse(number).upgrade().format()
        except IdentifierError:
            return number
    return number
