"""Shares of co-owners as people write them: 1/2, 50%, 二分之一, 0.5, ½; each an exact fraction."""

import re
from fractions import Fraction
from typing import Final

from registry.kernel.errors import DomainError
from registry.kernel.names import chinese_number

_NUMERAL: Final = "[零〇一二两三四五六七八九十百]+"
_VULGAR: Final = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅙": "1/6", "⅛": "1/8"}
SHARE: Final = (
    f"[0-9]+\\s*[/⁄]\\s*[0-9]+|[0-9]+(?:\\.[0-9]+)?\\s*[%％]|{_NUMERAL}分之{_NUMERAL}|百分之{_NUMERAL}"
    f"|百分之[0-9]+(?:\\.[0-9]+)?|0\\.[0-9]+|[{''.join(_VULGAR)}]|全部份额|一半"
)


def read_share(text: str) -> Fraction:
    """Return a share: more than nothing, at most the whole. Raises DomainError."""
    said = "".join(text.split()).replace("％", "%").replace("⁄", "/")
    said = _VULGAR.get(said, said)
    try:
        share = _read(said)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        raise DomainError(f"份额“{text.strip()}”不成立，应大于0、不超过1。请核对，如 1/2、50%。", code="NAME_SHARES")
    return share


def _read(said: str) -> Fraction:
    if said in ("全部份额", "一半"):
        return Fraction(1) if said == "全部份额" else Fraction(1, 2)
    if said.endswith("%"):
        return Fraction(said[:-1]) / 100
    if "分之" in said:
        whole, _, part = said.partition("分之")
        below = 100 if whole == "百" else chinese_number(whole)
        return Fraction(chinese_number(part)) / below if re.fullmatch(_NUMERAL, part) else Fraction(part) / below
    return Fraction(said)
