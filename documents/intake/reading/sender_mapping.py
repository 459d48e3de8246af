"""How one sender writes: its headers for our columns, its words for our choices. Kept once corrected by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from registry.kernel.columns import Column, ColumnSet, header_key

SENDER_RULE: Final = "按本单位设置的对应"


def with_sender_columns(columns: ColumnSet, headers: Mapping[str, str]) -> ColumnSet:
    """Return the columns as this sender names them: `headers` has the column name by header of the file.

    A column that a header was chosen for is known by that header alone, and the header by no other column.
    """
    chosen = {header_key(title): name for title, name in headers.items() if name in columns.names}
    titles = {name: title for title, name in headers.items() if name in columns.names}
    ignored = {header_key(title) for title, name in headers.items() if not name}
    if not chosen and not ignored:
        return columns
    return ColumnSet(tuple(_tailored(column, titles.get(column.name), {*chosen} | ignored) for column in columns))


def _tailored(column: Column, title: str | None, taken: set[str]) -> Column:
    if title is not None:
        return replace(column, header=title, synonyms=())
    synonyms = tuple(word for word in column.synonyms if header_key(word) not in taken)
    if header_key(column.header) not in taken:
        return replace(column, synonyms=synonyms)
    first = f"\uff3b{column.name}\uff3d"  # stands in no file: the column's own header was given to another column
    return replace(column, header=first, synonyms=synonyms)


def take_sender_words(
    cells: dict[str, Any], words: Mapping[str, Mapping[str, str]], columns: ColumnSet
) -> dict[str, str]:
    """Put our words in place of the sender's, in the columns that have choices; return what was written, by column."""
    written: dict[str, str] = {}
    for name, said in words.items():
        cell = cells.get(name)
        if said and isinstance(cell, str) and (ours := said.get(header_key(cell))):
            written[name] = cell.strip()
            cells[name] = next((each.label for each in columns.by_name(name).choices if each.value == ours), ours)
    return written
