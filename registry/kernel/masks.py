"""Whether what a cell shows of a name or a number, the rest hidden, is of the one that stands.

Programs hide with `*`, `＊`, dots or runs of x; ours shows 张*、张*三 and 110***********1239. A run hides at least one
character and says nothing of how many: some programs write as many signs as there are characters, others always three.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from registry.kernel.masking import HIDDEN

_SIGNS: Final = re.compile(
    "[*＊●○◯■□▇█⬛★☆∗﹡✱]+|(?<=[0-9])[xX×]{2,}(?=[0-9])|^[xX×]{2,}(?=[0-9])|(?<=[0-9])[xX×]{2,}$"
)


def masked_number(text: str) -> str | None:
    """Return a number that is shown in part with one `*` for each hidden run; None if all of it is shown."""
    bare = "".join(unicodedata.normalize("NFKC", text).split())
    said = _SIGNS.sub(HIDDEN, bare)
    return said.upper() if HIDDEN in said else None


def is_masked(text: str) -> bool:
    """Tell whether a name or a number as it is kept for comparing hides anything."""
    return HIDDEN in text


def fits_mask(mask: str, value: str) -> bool:
    """Tell whether a value may be what a mask hides: all that is shown is where it stands."""
    return _pattern(mask).fullmatch(value) is not None


@lru_cache(maxsize=4096)
def _pattern(mask: str) -> re.Pattern[str]:
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\*+", mask)), re.DOTALL)
