"""The 楼盘表 as HTML, made by joining escaped parts: 500 homes in a few milliseconds.

A row of the table is a floor; within it each entrance has a group of places, one per room number. A place holds a
`Cell` (a unit: a link), a `Text` (what is there but is no unit: 无此号, 设备用房), or None (nothing: a dash). Cells may
be wide (shops) or tall (跃层): a tall cell covers the places below it, and a None there in the next row is skipped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from registry.web.unit_marks import MARKS


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
    """One entrance: its name, its counts, how many rooms wide. `is_apart`: shops with no entrance, in a table below."""

    label: str
    note: str
    width: int
    is_apart: bool = False


def render_grid(heads: Sequence[GridHead], rows: Iterable[GridRow], *, label: str) -> SafeString:
    """Return the table of a building, top floor first, as escaped HTML; what stands apart in a second one."""
    floors = list(rows)
    parts: list[str] = []
    for apart in (False, True):
        places = [n for n, head in enumerate(heads) if head.is_apart == apart]
        if places:
            own = [GridRow(row.label, [row.groups[n] for n in places], row.is_apart) for row in floors]
            _table(parts, [heads[n] for n in places], own, label if not apart else f"{label}，{heads[places[0]].label}")
    return mark_safe("".join(parts))  # noqa: S308 - every value is escaped where it is joined


def _table(parts: list[str], heads: Sequence[GridHead], rows: Sequence[GridRow], label: str) -> None:
    """One table. Beyond 13 rooms cells have two lines, beyond 26 it scrolls; floors with nothing are left out."""
    widths = [max(1, head.width) for head in heads]
    across = sum(widths)
    tight = " tight" if across > 13 else ""
    wide = " wide" if across > 26 else ""
    parts.append('<div class="scroll">' if wide else "")
    parts.append(
        f'<table class="lp{tight}{wide}" aria-label="{escape(label)}">{_columns(widths)}{_head(heads, widths)}<tbody>'
    )
    covered = [[0] * width for width in widths]
    is_open = [False] * len(widths)  # per entrance: whether the floor above has an edge to stand on
    is_first = True
    for row in rows:
        if not any(any(group) for group in row.groups) and not any(any(below) for below in covered):
            continue
        if row.is_apart and not is_first:
            parts.append(f'<tr class="sep"><td colspan="{across + len(widths)}"></td></tr>')
            is_open = [False] * len(widths)
        is_first = False
        _floor(parts, row, covered, is_open)
    parts.append("</tbody></table>")
    parts.append("</div>" if wide else "")


def _floor(parts: list[str], row: GridRow, covered: list[list[int]], is_open: list[bool]) -> None:
    parts.append(f'<tr><th class="fl" scope="row">{escape(row.label)}</th>')
    for index, (group, below) in enumerate(zip(row.groups, covered, strict=True)):
        if index:
            parts.append('<td class="gp"></td>')
        if any(group) or any(below):
            _group(parts, group, below, edge="" if is_open[index] else " edge")
            is_open[index] = True
        else:  # the entrance has nothing on this floor
            parts.append(f'<td class="void" colspan="{len(below)}"></td>')
            is_open[index] = False
    parts.append("</tr>")


def _columns(widths: Sequence[int]) -> str:
    groups = GAP_COLUMN.join("<col>" * width for width in widths)
    return f'<colgroup><col class="fl">{groups}</colgroup>'


def _head(heads: Sequence[GridHead], widths: Sequence[int]) -> str:
    cells = GAP_HEAD.join(
        f'<th colspan="{width}" scope="colgroup"><b>{escape(head.label)}</b>{escape(head.note)}</th>'
        for head, width in zip(heads, widths, strict=True)
    )
    return f'<thead><tr><th class="fl" scope="col">层</th>{cells}</tr></thead>'


def _group(parts: list[str], group: Sequence[Place], covered: list[int], *, edge: str) -> None:
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
        parts.append(_place(thing, span, edge + (" first" if column == 0 else "")))
        if isinstance(thing, Cell) and thing.floors > 1:
            covered[column : column + span] = [thing.floors - 1] * span
        column += span


def _place(thing: Place, span: int, edge: str) -> str:
    wide = f' colspan="{span}"' if span > 1 else ""
    if thing is None:
        return f'<td class="u none{edge}"{wide}>—</td>'
    if isinstance(thing, Text):
        title = f' title="{escape(thing.title)}"' if thing.title else ""
        if thing.is_fault:
            return (
                f'<td class="u fault m-fault{edge}"{wide}{title}><span class="plain">{escape(thing.text)}</span></td>'
            )
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
    marked = f" m-{cell.mark}" if cell.mark else ""
    classes = f"u{' tall' if tall else ''}{edge} {colour}{marked}{' sel' if cell.is_selected else ''}"
    note = f'<span class="vt">{escape(cell.note)}</span>' if cell.note else ""
    here = ' aria-current="true"' if cell.is_selected else ""
    return (
        f'<td class="{classes}"{wide}{tall}><a href="{escape(cell.url)}" title="{escape(cell.title)}{said}"{here}>'
        f"{escape(cell.room)}<em>{escape(cell.word)}</em>{mark}{note}</a></td>"
    )
