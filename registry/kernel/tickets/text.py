"""What was said, in plain text: exports of hotlines carry markup, entities and signs nobody sees."""

import re
import unicodedata
from html import unescape
from typing import Final

_HIDDEN: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_BREAK: Final = re.compile(r"<\s*(?:br|/p|/div|/li|/tr)\s*/?\s*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_NUMBER: Final = re.compile(r"(?=.*\w)[\w.()（）〔〕\[\]【】·:：-]+")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\s*\n\s*")
_KEPT: Final = frozenset("\n\t")


def is_number(text: str) -> bool:
    """Return whether a text can be the number of a ticket: it stands in addresses, in files, on paper."""
    return bool(_NUMBER.fullmatch(text))


def plain_text(text: str) -> str:
    """Return a text without markup: breaks become lines, entities their signs, what nobody sees goes."""
    bare = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text.replace("\r", "\n"))))
    said = unescape(bare)
    if said != bare:  # markup that was written as entities
        said = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", said)))
    seen = "".join(c for c in said if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    return _LINES.sub("\n", _SPACES.sub(" ", seen)).strip()
