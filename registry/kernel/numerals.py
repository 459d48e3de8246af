"""Whole numbers as people and programs send them: ASCII digits only, never more than a database can hold."""

from typing import Final

MOST: Final = 10**18 - 1  # below 2**63, the largest whole number of both databases


def whole_number(text: str, *, most: int = MOST) -> int | None:
    """Read a text of ASCII digits as a number; None for anything else and for more than `most`.

    `str.isdigit` says yes to ² and to ٣: the first breaks `int`, the second is read as a number nobody typed.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None


def building_order(number: str) -> int:
    """Return where a building stands among its project's: by its number, those without one (S4, 东楼) at the end."""
    read = whole_number(number, most=9998)
    return 9999 if read is None else read
