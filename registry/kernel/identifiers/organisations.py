"""统一社会信用代码 (GB 32100) of firms and organs, and the older licence number of dissolved developers."""

import re
from dataclasses import dataclass
from typing import Final, Self

from registry.kernel.identifiers.base import IdentifierError, is_rounded_number
from registry.kernel.names import clean_code

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
_VALUES: Final = {character: value for value, character in enumerate(_ALPHABET)}
_WEIGHTS: Final = tuple(3**position % 31 for position in range(17))
_CODE: Final = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_LICENCE: Final = re.compile("[0-9]{15}")


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code: 18 characters, the last one checks the others."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code for a text as people write it; lower case and spaces are mended."""
        if is_rounded_number(text.strip()):
            raise IdentifierError(
                "CREDIT_FORMAT", "信用代码在Excel中成了数值，末位已丢失。请将该列设为“文本”后重新录入。"
            )
        code = clean_code(text).upper()
        if len(code) != 18:
            raise IdentifierError(
                "CREDIT_FORMAT",
                f"统一社会信用代码应为18位，现为{len(code)}位。请对照营业执照改正；只有15位注册号的老企业请填在“注册号”一栏。",
            )
        if not _CODE.fullmatch(code):
            raise IdentifierError(
                "CREDIT_FORMAT",
                "统一社会信用代码含有不用的字符（没有字母I、O、S、V、Z，第3至8位是数字）。请对照营业执照改正。",
            )
        if code[-1] != _check_character(code[:17]):
            raise IdentifierError(
                "CREDIT_CHECKSUM", "统一社会信用代码的校验位不符，通常是错了一位。请对照营业执照逐位核对。"
            )
        return cls(code)

    def format(self) -> str:
        """Return the 18 characters."""
        return self.code

    @property
    def region(self) -> str:
        """Return the six digits of the registering authority's region."""
        return self.code[2:8]

    def __str__(self) -> str:
        return self.code


def check_credit_code(text: str) -> str:
    """Return a unified social credit code as stored."""
    return CreditCode.parse(text).format()


def check_legacy_licence(text: str) -> str:
    """Return the 15-digit licence number of a firm that was gone before the unified code came."""
    number = clean_code(text)
    if not _LICENCE.fullmatch(number):
        raise IdentifierError("LICENCE_FORMAT", f"工商注册号应为15位数字，现为{len(number)}位。请对照旧营业执照改正。")
    return number


def _check_character(body: str) -> str:
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, body, strict=True))
    return _ALPHABET[-total % 31]
