"""Masking of names, identity numbers and telephones: one place for lists, files, audit and error texts.

What stays readable (trust.md 3.2, look.md 5): of a name the surname and the last character (徐*忠; strict: 徐**), of a
number the first 3 and the last 4. A birth date and the region behind a number's first 3 digits are always hidden.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn, Self

HIDDEN = "*"
# Written by hand. A compound surname missing here is masked like a single one: X*Z instead of XY*.
COMPOUND_SURNAMES: Final = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 "
    "慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 "
    "令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 西门 第五 贯丘 南荣 东里 即墨 达奚 褚师 纳兰 完颜 叶赫".split()
)
_CHARACTER = re.compile(r".[\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL)  # a glyph with its variation selector
_LATIN = re.compile(r"[A-Za-z]")
_IDENTITY_IN_TEXT = re.compile(r"(?<!\d)(?:\d{6}\s?\d{8}\s?\d{3}[\dXxＸｘ]|\d{15})(?!\d)")
_PHONE_IN_TEXT = re.compile(r"(?<!\d)[1１]\d{10}(?!\d)")


def mask_name(name: str, *, strict: bool = False) -> str:
    """Hide a person's name: 张* · 张*三 · 欧阳* · 欧阳*华; strict hides all but the surname: 李**.

    At least one character is always hidden. Names with a middle dot or Latin letters keep the first character and
    the separators only, because their last part is as telling as a surname.
    """
    characters: list[str] = _CHARACTER.findall(name.strip())
    if len(characters) <= 1:
        return HIDDEN * len(characters)
    if "·" in characters or _LATIN.search(name):
        return characters[0] + "".join(c if c in "· " else HIDDEN for c in characters[1:])
    surname = 2 if len(characters) > 2 and "".join(characters[:2]) in COMPOUND_SURNAMES else 1
    given = characters[surname:]
    shown_last = "" if strict or len(given) == 1 else given[-1]
    return "".join(characters[:surname]) + HIDDEN * (len(given) - bool(shown_last)) + shown_last


def mask_identity(number: str) -> str:
    """Hide an identity number: first 3 and last 4 of 15 or 18; of shorter papers (passport) first 1 and last 2."""
    return _keep(number.strip(), *((3, 4) if len(number.strip()) >= 15 else (1, 2)))


def mask_phone(number: str) -> str:
    """Hide a telephone number: 138****5678; of numbers shorter than 11 only the last 2 stay."""
    return _keep(number.strip(), *((3, 4) if len(number.strip()) >= 11 else (0, 2)))


def scrub(text: str) -> str:
    """Mask every identity number and mobile number found in free text (hotline tickets, error messages, remarks)."""
    without_identities = _IDENTITY_IN_TEXT.sub(lambda match: mask_identity(match[0]), text)
    return _PHONE_IN_TEXT.sub(lambda match: mask_phone(match[0]), without_identities)


@dataclass(frozen=True, slots=True)
class Reveal:
    """The ticket that opens a masked value: the recorded act, who looks, and why. Made by the reveal service only."""

    act_id: int
    person_id: int
    reason: str

    def __post_init__(self) -> None:
        if self.act_id <= 0 or not self.reason.strip():
            raise ValueError("a reveal needs its recorded act and a reason")


class Masked:
    """A personal value that prints masked, however it is printed, and opens only to a recorded `Reveal`.

    The clear text is in no attribute: it lies behind a function that asks for the ticket (for stored values that
    function decrypts, so an unopened row is never decrypted). It cannot be pickled or put into JSON. Two values are
    equal only if they are the same object: equality would otherwise be an oracle.
    """

    __slots__ = ("_open", "masked")

    masked: Final[str]

    def __init__(self, masked: str, opener: Callable[[], str]) -> None:
        self.masked = masked

        def opened(ticket: Reveal) -> str:
            if not isinstance(ticket, Reveal):
                raise TypeError("a masked value opens to a Reveal only")
            return opener()

        self._open = opened

    @classmethod
    def name(cls, clear: str, *, strict: bool = False) -> Self:
        """Wrap a person's name."""
        return cls(mask_name(clear, strict=strict), lambda: clear)

    @classmethod
    def identity(cls, clear: str) -> Self:
        """Wrap an identity number."""
        return cls(mask_identity(clear), lambda: clear)

    @classmethod
    def phone(cls, clear: str) -> Self:
        """Wrap a telephone number."""
        return cls(mask_phone(clear), lambda: clear)

    def reveal_with(self, ticket: Reveal) -> str:
        """Return the clear text to the holder of a ticket, that is, after the record of the look was written."""
        return self._open(ticket)

    reveal_with.alters_data = True  # type: ignore[attr-defined]  # templates never call it

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Masked {self.masked}>"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __bool__(self) -> bool:
        return bool(self.masked)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a masked value is never pickled")


def _keep(text: str, head: int, tail: int) -> str:
    """Show head and tail characters if at least as many stay hidden in between as a guess would need (3)."""
    if len(text) < head + tail + 3:
        return HIDDEN * len(text)
    return text[:head] + HIDDEN * (len(text) - head - tail) + text[-tail:]
