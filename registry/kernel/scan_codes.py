"""Codes that a scanner reads: digits only, so that an input method can't garble them, with a kind and a check digit.

    80 | kind, 1 digit | number, 11 digits | check digit          15 digits in all

The check digit is that of ISO/IEC 7064, MOD 11,10: it finds every wrong digit and nearly every two that changed places.
`registry/web/static/registry/scan.js` knows the prefix and the length, and no more.
"""

import re
from dataclasses import dataclass
from typing import Final

from registry.kernel.stages import Labelled

PREFIX: Final = "80"
LENGTH: Final = 15
MOST: Final = 10**11 - 1
_CODE: Final = re.compile(f"{PREFIX}([1-9])([0-9]{{11}})([0-9])")
_LIKE: Final = re.compile("[0-9]{14,}")


class ScanKind(Labelled):
    """What a code stands on; the value is its digit."""

    RECEIPT = "1", "材料接收清单"
    NOTICE = "2", "材料补充告知单"
    BAG = "3", "材料袋"
    CERTIFICATE = "4", "证书"
    MANIFEST = "5", "移交清单"
    TICKET = "6", "排队号"
    SHEET = "7", "停网登记表"


@dataclass(frozen=True, slots=True)
class ScanCode:
    """A code as read: what it stands on, and the number of that row."""

    kind: ScanKind
    number: int


def check_digit(digits: str) -> str:
    """Return the check digit of digits (ISO/IEC 7064, MOD 11,10)."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def scan_code(kind: ScanKind, number: int) -> str:
    """Return the code of a row; a number that does not fit is a fault of the program."""
    if not 0 < number <= MOST:
        raise ValueError(f"no code for {kind} {number}")
    body = f"{PREFIX}{kind.value}{number:011d}"
    return body + check_digit(body)


def looks_scanned(text: str) -> bool:
    """Return whether a text is such as a scanner gives: 14 digits or more and nothing else."""
    return bool(_LIKE.fullmatch(text))


def read_code(text: str) -> ScanCode | None:
    """Read a code; None if it is not one of ours, or a digit of it was misread."""
    match = _CODE.fullmatch(text)
    if match is None or check_digit(text[:-1]) != text[-1] or match[1] not in {kind.value for kind in ScanKind}:
        return None
    number = int(match[2])
    return ScanCode(ScanKind(match[1]), number) if number else None
