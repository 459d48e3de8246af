"""Chinese in the order of pinyin, the same on both databases.

PostgreSQL has the collation of ICU; SQLite is given one of the same name, that ranks the characters as ICU does
(`pinyin_order.txt`, written down from ICU 72: `SELECT c ORDER BY c COLLATE "zh-x-icu"`).
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Collate

PINYIN: Final = "zh-x-icu"


def by_pinyin(path: str) -> Collate:
    """Return the text of a field as it is sorted; a page may go on behind it. What is missing is no text."""
    return Collate(Coalesce(F(path), Value("")), PINYIN)


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    text = Path(__file__).with_name("pinyin_order.txt").read_text("utf-8")
    return {character: rank for rank, character in enumerate(text.replace("\n", ""))}


@lru_cache(maxsize=16384)
def pinyin_key(text: str) -> tuple[tuple[tuple[int, int], ...], str]:
    """Return what a text is sorted by: signs, digits, characters by pinyin, letters; small letters first if equal."""
    return tuple(map(_place, unicodedata.normalize("NFKC", text).casefold())), text.swapcase()


def _place(character: str) -> tuple[int, int]:
    if character.isdigit():
        return 1, ord(character)
    if (rank := _ranks().get(character)) is not None:
        return 2, rank
    return 3 if character.isalpha() else 0, ord(character)


def compare(text: str, other: str) -> int:
    """Return -1, 0 or 1 as a database asks: 0 for the same text alone."""
    left, right = pinyin_key(text), pinyin_key(other)
    return (left > right) - (left < right)


def teach_sqlite(connection: Any, **_: Any) -> None:
    """Give a new connection to SQLite the collation that PostgreSQL has."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(PINYIN, compare)
