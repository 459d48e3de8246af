"""Lines under a header that are no rows of a list: sums, signatures, notes, the title that stands on each page."""

import re
from collections.abc import Mapping
from typing import Any, Final

from documents.intake.reading.cells import is_number
from documents.intake.reading.tables import is_blank
from registry.kernel.names import code_key

TOTAL: Final = re.compile("(?:本?[^合小总共]{0,12})?(?:合计|小计|总计|共计|累计)(?:[:：(（].*|[0-9]+[户套间]?.*)?")
COUNTED: Final = re.compile("(?:共|计|共计)?[0-9,]+(?:[户人套间名位]|户数|人数)?")  # under the names, in a line of sums
WHO: Final = (
    "(?:填表|制表|造表|编制|填报|统计|审核|复核|审批|校对|负责|经办|录入|核对|报送|联系|主管|建设|开发|测绘|承办|受理)"
)
SEALED: Final = "[（(](?:单位)?(?:加?盖?公?章|盖章处|签章|签字|签名|手签)[）)]"
SIGNED: Final = re.compile(
    f"[（(*※]?(?:{WHO}[人员者单位负责日期时间电话]{{0,6}}(?:{SEALED})?|单位(?:名称)?|日期|时间|[备附]?注|(?:填表)?说明)[:：].*"
    f"|[（(]?(?:单位)?(?:盖章|公章|签章|签字)(?:处)?[：:）)].*|.{{0,16}}{SEALED}.*|第[0-9]+页.*"
    "|姓名[^，。]{0,8}脱敏.*|.{0,20}不得外传。?|以下(?:空白|无正文|无内容)"
)
LABELLED: Final = re.compile(
    f".{{0,16}}[:：].{{0,30}}|.{{0,16}}{SEALED}.{{0,30}}"
)  # 审核：, in whatever column it fell
HAN: Final = re.compile("[\u4e00-\u9fff]")
SAYING: Final = ("use", "unit_code", "area", "identity")  # what only a home has
PLACED: Final = ("building", "floor", "room")


def is_total(cells: Mapping[str, Any], first: str) -> bool:
    """Tell a line of sums from a home: it says so, and names no one."""
    holder = cells.get("holder")
    is_count = is_number(holder) or (isinstance(holder, str) and COUNTED.fullmatch("".join(holder.split())))
    if not (is_blank(holder) or is_count) or not is_blank(cells.get("identity")):
        return False
    places = [cells.get(name) for name in ("project", "building", "entrance", "floor", "room", "use")]
    says = any(isinstance(text, str) and TOTAL.fullmatch("".join(text.split())) for text in (first, *places))
    return says and (is_blank(cells.get("room")) or is_blank(cells.get("use")))


def is_note(cells: Mapping[str, Any], first: str) -> bool:
    """Tell signatures and notes under the table from a home: nothing that only a home has stands there."""
    if not all(is_blank(cells.get(name)) or is_labelled(cells.get(name)) for name in SAYING):
        return False
    if all(not is_blank(cells.get(name)) and not is_labelled(cells.get(name)) for name in PLACED):
        return False
    return SIGNED.fullmatch("".join(first.split())) is not None


def is_lone(cells: Mapping[str, Any], said: str, expected: str) -> bool:
    """Tell a title, a day or a remark that stands alone in the column of projects; `said` is that cell, folded."""
    filled = {name for name, cell in cells.items() if not is_blank(cell)}
    return filled == {"project"} and bool(HAN.search(said)) and not (expected and code_key(expected) in said)


def is_labelled(cell: Any) -> bool:
    """Tell a cell that names whose signature or day it is: 审核人：, 测绘单位（公章）."""
    return isinstance(cell, str) and LABELLED.fullmatch("".join(cell.split())) is not None
