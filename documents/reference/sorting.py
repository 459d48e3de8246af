"""A reference table under heads that sort: its cells are words of the file, so they are sorted as words."""

from collections.abc import Sequence
from typing import Any

from registry.kernel.columns import Column
from registry.lists.listing import Listing, table
from registry.store.access import Request

TableLine = tuple[str, Sequence[Any]]  # the address of a line, and its cells


def sorted_page(request: Request, headers: Sequence[str], lines: Sequence[TableLine]) -> Listing:
    """Return the lines in the order that the request asks for: words by pinyin, columns of numbers as numbers."""
    columns = [_column(place, header, lines) for place, header in enumerate(headers)]
    return table(request, name="reference", rows=lines, columns=columns[1:], leads=columns[:1])


def _column(place: int, header: str, lines: Sequence[TableLine]) -> Column:
    texts = [str(cells[place]) for _, cells in lines if cells[place] not in (None, "")]
    is_number = bool(texts) and all(text.isascii() and text.isdecimal() for text in texts)
    return Column(f"c{place}", header, lambda line: _value(line[1][place], is_number))


def _value(cell: Any, is_number: bool) -> Any:
    if cell in (None, ""):
        return None
    return int(cell) if is_number else str(cell)
