"""What all identifiers share: the refusal, and the trap of numbers that Excel has already rounded."""

import re
from typing import Final

from registry.kernel.errors import DomainError

_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
OPENING: Final = str.maketrans("([［【〔〖{", "（" * 7)
CLOSING: Final = str.maketrans(")]］】〕〗}", "）" * 7)


class IdentifierError(DomainError):
    """An identifier that cannot be accepted: the code for the list of errors, and what is wrong and how to mend it."""

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(message, code=code, field=field)


def is_rounded_number(text: str) -> bool:
    """Tell whether the text is a number in scientific notation (1.10105E+17): its last digits are lost."""
    return _SCIENTIFIC.fullmatch(text) is not None


def full_width_brackets(text: str) -> str:
    """Return the text with every pair of brackets as （）."""
    return text.translate(OPENING).translate(CLOSING)
