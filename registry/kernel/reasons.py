"""Reasons of substance: what is written where personal data are asked for must say something."""

import re
from typing import Final

LEAST: Final = 4  # Han characters, or words of another script
DIFFERENT: Final = 3  # of them: the same one over and over says nothing
ASKED: Final = "至少4个汉字（或4个词），不能是数字、符号或重复的字"
_PIECE: Final = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]{2,}")


def is_substantial(text: str) -> bool:
    """Return whether a text has four Han characters or words, three of them different. Digits and signs don't count."""
    pieces = _PIECE.findall(text.lower())
    return len(pieces) >= LEAST and len(set(pieces)) >= DIFFERENT
