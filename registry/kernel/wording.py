"""Text with named fields (自{起始日期}起): which it has, which it may have, what it says once they are filled."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from registry.kernel.errors import DomainError

FIELD: Final = re.compile(r"\{([^{}\n]*)\}")
MOST: Final = 400  # characters of one text


class WordingRefused(DomainError):
    """A text that cannot be printed in its place."""


def fields_of(text: str) -> tuple[str, ...]:
    """Return the names of the fields of a text, each once, in their order."""
    return tuple(dict.fromkeys(name.strip() for name in FIELD.findall(text)))


def require_wording(text: str, allowed: Collection[str], *, several: bool = False) -> None:
    """Refuse a text with a field that its place does not have, a brace by itself, a line break in one paragraph."""
    if not text.strip():
        raise WordingRefused("未填写文字。", field="value")
    if len(text) > MOST:
        raise WordingRefused(f"文字有{len(text)}个字，最多{MOST}个。请缩短。", field="value")
    may = "、".join(f"{{{name}}}" for name in allowed)
    for name in fields_of(text):
        if name not in allowed:
            said = f"可用的字段是{may}" if allowed else "这段文字没有可用的字段"
            raise WordingRefused(f"没有“{{{name}}}”这个字段，{said}。请改正字段名后重新提交。", field="value")
    if "{" in (rest := FIELD.sub("", text)) or "}" in rest:
        raise WordingRefused("花括号没有成对。字段写成{字段名}，文字里不要有别的花括号。", field="value")
    if not several and "\n" in text.strip():
        raise WordingRefused("这里是一段文字，不能换行。请写成一段。", field="value")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled; what is put in is never read as a field."""
    return FIELD.sub(lambda name: values[name[1].strip()], text.strip())
