"""The looks of a workbook's cells: faces that every office computer has, three rules, hairlines between rows."""

from collections.abc import Sequence
from typing import Literal, get_args

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from registry.kernel.columns import KIND_FORMATS, Kind

SONG, HEI, KAI = "宋体", "黑体", "楷体"
INK, INK_2, LINE, WASH = "1A2330", "465263", "DDE1E7", "E7EFF8"
HEAVY, THIN, HAIR = Side("medium", color=INK), Side("thin", color=INK), Side("thin", color=LINE)
TITLE, HEADING, HEADING_RIGHT, BAND, NO_BAND = "标题", "表前", "表前右", "分组", "无分组"
NOTE, RULE, TOTAL_LABEL = "注", "底线", "合计"

Variant = Literal["", "组内", "必填"]


def body_style(kind: Kind) -> str:
    """Name the style of a body cell of a kind."""
    return f"表身{kind}"


def total_style(kind: Kind) -> str:
    """Name the style of a total of a kind."""
    return f"合计{kind}"


def head_style(kind: Kind, variant: Variant = "") -> str:
    """Name the style of a column's head, set as the column is: plain, under a group, or to be filled in."""
    return f"表头{side(kind)}{variant}"


def side(kind: Kind) -> str:
    """Say to which side a kind is set: dates, all of one width, stand in the middle."""
    return "center" if kind == "date" else KIND_FORMATS[kind].align


def register(workbook: Workbook) -> None:
    """Put all styles into a workbook."""
    sides = {
        "left": Alignment("left", "center", wrap_text=True),
        "center": Alignment("center", "center"),
        "right": Alignment("right", "center", indent=1),
    }
    plain, bold = Font(SONG, 10.5, color=INK), Font(HEI, 10.5, bold=True, color=INK)
    grey, centred = Font(SONG, 10.5, color=INK_2), sides["center"]
    made = [
        NamedStyle(TITLE, Font(SONG, 20, bold=True, color=INK), alignment=centred),
        NamedStyle(HEADING, grey, alignment=Alignment("left", "center")),
        NamedStyle(HEADING_RIGHT, grey, alignment=Alignment("right", "center")),
        NamedStyle(BAND, bold, border=Border(top=HEAVY, bottom=HAIR), alignment=centred),
        NamedStyle(NO_BAND, border=Border(top=HEAVY)),
        NamedStyle(NOTE, Font(KAI, 10.5, color=INK_2), alignment=Alignment("left", "top", wrap_text=True)),
        NamedStyle(RULE, border=Border(top=HEAVY)),
        NamedStyle(TOTAL_LABEL, bold, border=Border(top=THIN), alignment=sides["left"]),
    ]
    heads: Sequence[tuple[Kind, str]] = (("text", "left"), ("date", "center"), ("int", "right"))
    for variant in get_args(Variant):
        edge = Border(top=None if variant == "组内" else HEAVY, bottom=THIN)
        fill = PatternFill("solid", fgColor=WASH) if variant == "必填" else None
        for kind, where in heads:
            over = Alignment(where, "center", wrap_text=True, indent=int(where == "right"))
            made.append(NamedStyle(head_style(kind, variant), bold, fill, edge, over))
    for kind, look in KIND_FORMATS.items():
        where, shown = sides[side(kind)], look.number_format
        made.append(NamedStyle(body_style(kind), plain, None, Border(bottom=HAIR), where, shown))
        made.append(NamedStyle(total_style(kind), bold, None, Border(top=THIN), where, shown))
    for style in made:
        workbook.add_named_style(style)
