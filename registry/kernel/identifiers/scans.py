"""Codes that the office prints for its scanner: 14 digits, so that no input method changes what is scanned.

`8`, the digit of the kind, eleven digits of the serial, a check digit (Damm: it finds every wrong digit and every pair
of neighbours changed over). Fourteen digits survive a spreadsheet, which rounds from the sixteenth on, and are neither
a telephone (11) nor the number of a person (15, 18). Other numbers of the field, as a certificate's, are no codes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from registry.kernel.identifiers.base import IdentifierError
from registry.kernel.names import clean_code

LEAD: Final = "8"
LENGTH: Final = 14
LAST_SERIAL: Final = 10**11 - 1
_SHAPE: Final = re.compile(f"{LEAD}[0-9]{{{LENGTH - 1}}}")
_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)  # the quasigroup of H. M. Damm (2004)


class ScanKind(StrEnum):
    """What a code is of; the value is its digit."""

    RECEIPT = "1"
    BAG = "2"
    CERTIFICATE = "3"
    MANIFEST = "4"
    TICKET = "5"
    NOTICE = "6"
    SHEET = "7"

    @property
    def label(self) -> str:
        """What it stands on, as the office says it."""
        return _LABELS[self]


_LABELS: Final = {
    ScanKind.RECEIPT: "材料接收清单",
    ScanKind.BAG: "材料袋",
    ScanKind.CERTIFICATE: "证书",
    ScanKind.MANIFEST: "移交清单",
    ScanKind.TICKET: "排队号",
    ScanKind.NOTICE: "材料补充告知单",
    ScanKind.SHEET: "停网登记表",
}


@dataclass(frozen=True, slots=True)
class ScanCode:
    """One code: of what kind of thing, and the serial of the thing within its kind."""

    kind: ScanKind
    serial: int

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= LAST_SERIAL:
            raise ValueError(f"a scan code has no room for serial {self.serial}")

    @classmethod
    def parse(cls, text: str, *kinds: ScanKind) -> Self:
        """Return the code for a text as scanned or typed, blanks between its digits allowed.

        `kinds`, where given, are those that the place takes. Refused: what is no code of ours, a wrong digit, a code of
        another kind of thing.
        """
        digits = clean_code(text)
        wanted = "、".join(kind.label for kind in kinds or ScanKind)
        if not _SHAPE.fullmatch(digits):
            raise IdentifierError(
                "SCAN_FORMAT",
                f"扫到的不是本系统的条码（应为{LEAD}开头的{LENGTH}位数字）。请扫描{wanted}上的条码。",
            )
        if _check_digit(digits[:-1]) != digits[-1]:
            raise IdentifierError("SCAN_CHECKSUM", "条码的校验位不符，通常是输错一位。请重新扫描，或对照条码逐位核对。")
        if digits[1] not in set(ScanKind) or not int(digits[2:-1]):
            raise IdentifierError("SCAN_UNKNOWN", f"条码的种类不在本系统之内。请扫描{wanted}上的条码。")
        code = cls(ScanKind(digits[1]), int(digits[2:-1]))
        if kinds and code.kind not in kinds:
            raise IdentifierError("SCAN_KIND", f"扫到的是{code.kind.label}的条码。请扫描{wanted}上的条码。")
        return code

    def format(self) -> str:
        """Return the 14 digits, as the bar code carries them."""
        body = f"{LEAD}{self.kind.value}{self.serial:011d}"
        return body + _check_digit(body)

    @property
    def spaced(self) -> str:
        """The digits as printed under the bars, to be typed if need be: 8200 0000 1234 52."""
        digits = self.format()
        return " ".join(digits[start : start + 4] for start in range(0, LENGTH, 4))

    def __str__(self) -> str:
        return self.format()


def is_scan_code(text: str) -> bool:
    """Tell whether a text has the shape of a code; whether it is right, `ScanCode.parse` says."""
    return _SHAPE.fullmatch("".join(text.split())) is not None


def _check_digit(body: str) -> str:
    interim = 0
    for digit in body:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)
