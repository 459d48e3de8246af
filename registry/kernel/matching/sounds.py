"""How names sound: one sign for each syllable, so that texts compare by the ear as they do by the eye."""

import re
from collections.abc import Callable
from typing import Final

_HAN: Final = range(0x2E80, 0xA000)
_FIRST_SIGN: Final = 0xE000
_BLURS: Final = ((re.compile("^zh"), "z"), (re.compile("^ch"), "c"), (re.compile("^sh"), "s"), (re.compile("(?<=[aei])ng$"), "n"),
                 (re.compile("^l"), "n"), (re.compile("^r"), "l"))  # fmt: skip


class Sounds(dict[int, str]):
    """A table for `str.translate`, filled as characters come; `syllable` reads one character, as the caller can."""

    def __init__(self, syllable: Callable[[str], str], *, blurred: bool = False) -> None:
        super().__init__()
        self._syllable = syllable
        self._blurred = blurred
        self._signs: dict[str, str] = {}

    def __missing__(self, point: int) -> str:
        character = chr(point)
        sign = character
        if point in _HAN:
            syllable = self._syllable(character)
            if self._blurred:
                for pattern, plain in _BLURS:
                    syllable = pattern.sub(plain, syllable)
            sign = self._signs.setdefault(syllable, chr(_FIRST_SIGN + len(self._signs)))
        self[point] = sign
        return sign
