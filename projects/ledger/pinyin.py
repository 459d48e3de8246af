"""Pinyin initials for search at the counter: 阳光花园 is found by yghy."""

from functools import lru_cache
from typing import Final

SURNAMES: Final = {
    "仇": "q", "单": "s", "解": "x", "曾": "z", "查": "z", "区": "o", "盖": "g", "尉": "y", "任": "r", "华": "h",
    "翟": "z", "朴": "p", "缪": "m", "乐": "y", "纪": "j", "燕": "y", "宁": "n", "谌": "c", "覃": "q", "逄": "p",
}  # fmt: skip


def pinyin_initials(text: str) -> str:
    """Return the initials of a name of a place or thing, in lower case."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  36 MB of phrases, which most processes never need

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:80]


@lru_cache(maxsize=8192)
def syllable(character: str) -> str:
    """Return how one character is read, without its tone: 翠 → cui; what has no reading is itself."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  36 MB of phrases, which most processes never need

    return "".join(lazy_pinyin(character))


@lru_cache(maxsize=8192)
def _initial(character: str) -> str:
    return pinyin_initials(character)


def person_initials(name: str) -> str:
    """Return the initials of a person's name, character by character; the surname is read as a surname."""
    return (SURNAMES.get(name[0]) or _initial(name[0])) + "".join(map(_initial, name[1:])) if name else ""
