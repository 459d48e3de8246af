"""The 楼盘表 as HTML, made by joining escaped parts: 500 homes in a few milliseconds.

A row of the table is a floor; within it each entrance has a group of places, one per room number. A place holds a
`Cell` (a unit: a link), a `Text` (what is there but is no unit: 无此号, 设备用房), or None (nothing: a dash). Cells may
be wide (shops) or tall (跃层): a tall cell covers the places below it, and a None there in the next row is skipped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from registry.web.marks import MARKS


@dataclass(frozen=True)
class Cell:
    """One unit; `css` is the class of its stage, `mark` the strongest mark or "", `note` a second line (跃层)."""

    url: str
    room: str
    word: str
    title: str
    css: str
    mark: str = ""
    is_selected: bool = False
    span: int = 1
    floors: int = 1
    note: str = ""


@dataclass(frozen=True)
class Text:
    """What stands in a place that is no unit: 无此号, 设备用房，不登记到户; hatched if it was built without leave."""

    text: str
    span: int = 1
    is_fault: bool = False
    title: str = ""


Place = Cell | Text | None
GAP_COLUMN = '<col class="gp">'
GAP_HEAD = '<th class="gp"></th>'


@dataclass(frozen=True)
class GridRow:
    """One floor: its label, and per entrance its places. `is_apart` leaves a gap above it (shops, mezzanine)."""

    label: str
    groups: Sequence[Sequence[Place]]
    is_apart: bool = False


@dataclass(frozen=True)
class GridHead:
    """One entrance: its name, its counts, how many rooms wide."""

    label: str
    note: str
    width: int


def render_grid(heads: Sequence[GridHead], rows: Iterable[GridRow], *, label: str) -> SafeString:
    """This will give the table of a building, top floor first, as escaped HTML."""
    widths = [max(1, head.width) for head in heads]
    parts = [f'<table class="lp" aria-label="{escape(label)}">', _columns(widths), _head(heads, widths), "<tbody>"]
    across = 1 + sum(widths) + max(0, len(widths) - 1)
    covered = [[0] * width for width in widths]
    for n, row in enumerate(rows):
        if row.is_apart and n:
            parts.append(f'<tr class="sep"><td colspan="{across}"></td></tr>')
        top = ' class="top"' if n == 0 or row.is_apart else ""
        parts.append(f'<tr{top}><th class="fl" scope="row">{escape(row.label)}</th>')
        for index, (group, below) in enumerate(zip(row.groups, covered, strict=True)):
            if index:
                parts.append('<td class="gp"></td>')
            _group(parts, group, below)
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return mark_safe("".join(parts))  # noqa: S308 - every value is escaped where it is joined


def _columns(widths: Sequence[int]) -> str:
    groups = GAP_COLUMN.join("<col>" * width for width in widths)
    return f'<colgroup><col class="fl">{groups}</colgroup>'


def _head(heads: Sequence[GridHead], widths: Sequence[int]) -> str:
    cells = GAP_HEAD.join(
        f'<th colspan="{width}" scope="colgroup"><b>{escape(head.label)}</b>{escape(head.note)}</th>'
        for head, width in zip(heads, widths, strict=True)
    )
    return f'<thead><tr><th class="fl" scope="col">层</th>{cells}</tr></thead>'


def _group(parts: list[str], group: Sequence[Place], covered: list[int]) -> None:
    """One entrance of one floor; `covered` counts, per column, the floors still taken by a tall cell above."""
    width, column, place = len(covered), 0, 0
    while column < width:
        if covered[column]:
            covered[column] -= 1
            if place < len(group) and group[place] is None:
                place += 1
            column += 1
            continue
        thing = group[place] if place < len(group) else None
        place += 1
        free = next((n for n in range(column, width) if covered[n]), width) - column
        span = min(max(1, thing.span), free) if thing is not None else 1
        parts.append(_place(thing, span, first=column == 0))
        if isinstance(thing, Cell) and thing.floors > 1:
            covered[column : column + span] = [thing.floors - 1] * span
        column += span


def _place(thing: Place, span: int, *, first: bool) -> str:
    edge = " first" if first else ""
    wide = f' colspan="{span}"' if span > 1 else ""
    if thing is None:
        return f'<td class="u none{edge}"{wide}>—</td>'
    if isinstance(thing, Text):
        title = f' title="{escape(thing.title)}"' if thing.title else ""
        if thing.is_fault:
            return f'<td class="u fault{edge}"{wide}{title}><span class="plain">{escape(thing.text)}</span></td>'
        return f'<td class="u none{edge}"{wide}{title}>{escape(thing.text)}</td>'
    return _unit(thing, edge, wide)


def _unit(cell: Cell, edge: str, wide: str) -> str:
    mark = said = ""
    if cell.mark:
        character, css, wording = MARKS[cell.mark]
        mark = f'<span class="mk mk-{css}" title="{wording}">{character}</span>'
        said = f"，{wording}"
    colour = "fault" if cell.mark == "fault" else escape(cell.css)
    tall = f' rowspan="{cell.floors}"' if cell.floors > 1 else ""
    classes = f"u{' tall' if tall else ''}{edge} {colour}{' sel' if cell.is_selected else ''}"
    note = f'<span class="vt">{escape(cell.note)}</span>' if cell.note else ""
    here = ' aria-current="true"' if cell.is_selected else ""
    return (
        f'<td class="{classes}"{wide}{tall}><a href="{escape(cell.url)}" title="{escape(cell.title)}{said}"{here}>'
        f"{escape(cell.room)}<em>{escape(cell.word)}</em>{mark}{note}</a></td>"
    )
