"""Pinyin initials for search at the counter: 阳光花园 is found by yghy."""

from typing import Final

SURNAMES: Final = {
    "仇": "q", "单": "s", "解": "x", "曾": "z", "查": "z", "区": "o", "盖": "g", "尉": "y", "任": "r", "华": "h",
    "翟": "z", "朴": "p", "缪": "m", "乐": "y", "纪": "j", "燕": "y", "宁": "n", "谌": "c", "覃": "q", "逄": "p",
}  # fmt: skip


def initials(text: str) -> str:
    """This will give the initials of a name of a place or thing, in lower case."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  36 MB of phrases, which most processes never need

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()[:80]


def person_initials(name: str) -> str:
    """This will give the initials of a person's name; the surname is read as a surname."""
    rest = initials(name)
    return (SURNAMES.get(name[:1], rest[:1]) + rest[1:]) if name else ""
