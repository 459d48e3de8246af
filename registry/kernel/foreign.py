"""Checking a published table (外来表): do its sums add up, do its shares follow, how were they rounded, of what.

A sheet is text as copied from a spreadsheet: some lines of words (标题、期间、来源), a head, and rows. Each row has a
name and a number; it may say of what it is a part (属于), of what its share is one (分母), by how much it changed.
Nothing is mended: what does not follow is named, with what would make it follow; the figure stays as printed.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from registry.kernel.errors import DomainError
from registry.kernel.stages import Labelled

MOST_LINES: Final = 500
FEW: Final = 20  # cases under which a share says little
HEADS: Final = {
    "name": ("项", "项目", "单位", "类别", "指标", "名称", "事项"),
    "number": ("数", "件数", "套数", "数量", "户数", "办结", "合计数"),
    "share": ("率", "占比", "比例", "百分率", "百分比"),
    "part_of": ("属于", "上级", "合计项"),
    "share_of": ("分母", "对应", "占谁"),
    "change": ("增减", "增减数"),
    "change_rate": ("增减率", "同比", "环比"),
    "score": ("得分", "评分", "指数", "分数"),
}
_META: Final = re.compile(r"^(标题|期间|来源|备注)[:：](.*)$")
_NUMBER: Final = re.compile(r"[+＋\-−－]?[0-9]+(?:\.[0-9]+)?")
_PERIOD: Final = re.compile(r"(?:(20[0-9]{2})年?[-./]?)?(1[0-2]|0?[1-9])月|(20[0-9]{2})[-./](1[0-2]|0?[1-9])(?![0-9])")
_CHINESE_MONTHS: Final = dict(zip("一二三四五六七八九", range(1, 10), strict=True)) | {"十": 10, "十一": 11, "十二": 12}


class Verdict(Labelled):
    """What a check says."""

    AGREES = "agrees", "相符"
    DIFFERS = "differs", "不符"
    NOTE = "note", "提示"


class SheetRefused(DomainError):
    """A table that can't be read at all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check of one row says, in words."""

    name: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed: its value, and the smallest step that it was printed in (9.67万 is 96,700 by 100)."""

    value: Fraction
    step: Fraction
    text: str

    def may_be(self, exact: Fraction) -> bool:
        """Whether it is what a number comes to when it is rounded, or cut, at its last digit."""
        return abs(self.value - exact) < self.step if self.step > 1 else self.value == exact


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet."""

    name: str
    number: Quantity | None = None
    share: Quantity | None = None
    part_of: str = ""
    share_of: str = ""
    change: Quantity | None = None
    change_rate: Quantity | None = None
    score: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A published table as read."""

    lines: Sequence[Line]
    words: dict[str, str] = field(default_factory=dict)

    def number_of(self, name: str) -> Quantity | None:
        """Return the number of a row by its name."""
        return next((line.number for line in self.lines if line.name == name and line.number is not None), None)


def read_sheet(text: str) -> Published:
    """Read a sheet of tabs or commas. Refused: no head that names items and numbers, nothing below it, too much."""
    rows = [_cells(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if len(rows) > MOST_LINES:
        raise SheetRefused(f"一张表最多{MOST_LINES}行，这张有{len(rows)}行。请分开核对。")
    words: dict[str, str] = {}
    while rows and (told := _META.match(rows[0][0])):
        words[told[1]] = "，".join([told[2].strip(), *filter(None, rows[0][1:])]).strip("，")
        rows.pop(0)
    head = _head(rows[0]) if rows else {}
    if "name" not in head or not {"number", "share", "score"} & set(head):
        raise SheetRefused("第一行应是表头，至少有“项目”和“数”两列，如：项目、数、率、属于、分母。请补上表头再核对。")
    lines = [_line(row, head) for row in rows[1:]]
    if not lines:
        raise SheetRefused("表头下没有行。请把表的各行一并粘贴。")
    return Published(lines, words)


def check_sheet(sheet: Published) -> list[Finding]:
    """Check sums, shares, changes, what shares add up to, small numbers and the period; in the order of the rows."""
    return [
        *_period(sheet), *_sums(sheet), *_shares(sheet), *_changes(sheet), *_whole_shares(sheet), *_scores(sheet),
    ]  # fmt: skip


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for cell in (line.split("\t") if "\t" in line else next(csv.reader([line])))]
    except csv.Error as error:
        raise SheetRefused(f"“{line[:20]}”一行无法识别。请从表格重新复制。") from error


def _head(cells: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        word = re.sub(r"[（(].*?[）)]|[%％\s]", "", cell)
        for name, words in HEADS.items():
            if word in words:
                places.setdefault(name, at)
    return places


def _line(cells: Sequence[str], head: dict[str, int]) -> Line:
    def cell(name: str) -> str:
        at = head.get(name)
        return cells[at] if at is not None and at < len(cells) else ""

    return Line(
        cell("name"), _quantity(cell("number")), _quantity(cell("share")), cell("part_of"), cell("share_of"),
        _quantity(cell("change")), _quantity(cell("change_rate")), cell("score"),
    )  # fmt: skip


def _quantity(text: str) -> Quantity | None:
    """Read 26898, 9.67万, 96.16%, +7181. Nothing for an empty cell; refused: what is no number."""
    plain = text.replace(",", "").replace(" ", "").rstrip("%％")
    if plain in ("", "-", "—", "…"):
        return None
    times = 10_000 if plain.endswith("万") else 1
    plain = plain.removesuffix("万")
    if not _NUMBER.fullmatch(plain):
        raise SheetRefused(f"“{text}”不是数。数写成26898、9.67万，率写成96.16%；没有的留空。")
    plain = re.sub("[+＋]", "", re.sub("[−－]", "-", plain))
    try:
        exact = Decimal(plain)
    except InvalidOperation as error:
        raise SheetRefused(f"“{text}”不是数。请改正。") from error
    digits = -int(exact.as_tuple().exponent)
    return Quantity(Fraction(exact) * times, Fraction(times, 10**digits), text)


def _sums(sheet: Published) -> Iterator[Finding]:
    """Parts against their whole; what is not listed, and what other number they do come to, is named."""
    wholes = dict.fromkeys(line.part_of for line in sheet.lines if line.part_of)
    for whole in wholes:
        name, _, _ = whole.partition("#")
        parts = [line for line in sheet.lines if line.part_of == whole and line.number is not None]
        total, stated = sum((part.number.value for part in parts if part.number), Fraction(0)), sheet.number_of(name)
        if stated is None:
            yield Finding(name, Verdict.NOTE, f"各项合计{_print(total)}，表中没有“{name}”的数，无从核对")
        elif stated.may_be(total) or (
            any(part.number and part.number.step > 1 for part in parts)
            and abs(stated.value - total) < sum((part.number.step for part in parts if part.number), stated.step)
        ):
            yield Finding(name, Verdict.AGREES, f"{len(parts)}项合计{_print(total)}，与所列相符")
        else:
            gap = total - stated.value
            said = f"{len(parts)}项合计{_print(total)}，所列{stated.text}，" + (
                f"多{_print(gap)}" if gap > 0 else f"有{_print(-gap)}未列明"
            )
            yield Finding(name, Verdict.DIFFERS, said)


def _shares(sheet: Published) -> Iterator[Finding]:
    """Each share against its denominator; one that does not follow is tried against every other number and sum."""
    for line in sheet.lines:
        if line.share is None or line.number is None:
            continue
        whole = _denominator(line, sheet)
        if whole is None:
            yield from _by_any(line, sheet, "没有写明分母")
            continue
        name, of = whole
        how = _rounding(line.number, of, line.share)
        if how:
            yield Finding(line.name, Verdict.AGREES, f"{line.share.text}＝{line.number.text}÷{name}{_print(of)}，{how}")
            if of < FEW:
                yield Finding(line.name, Verdict.NOTE, f"只有{_print(of)}件，比率不宜排名")
        else:
            exact = line.number.value / of * 100 if of else Fraction(0)
            told = f"{line.number.text}÷{name}{_print(of)}＝{_percent(exact)}，所列{line.share.text}"
            yield from _by_any(line, sheet, told)


def _denominator(line: Line, sheet: Published) -> tuple[str, Fraction] | None:
    name = line.share_of or line.part_of.partition("#")[0]
    number = sheet.number_of(name) if name else None
    return None if number is None else (name, number.value)


def _by_any(line: Line, sheet: Published, told: str) -> Iterator[Finding]:
    """Name the numbers of the table, or sums of its parts, of which a share would be right."""
    number, share = line.number, line.share
    if number is None or share is None:
        return
    tried: dict[str, Fraction] = {
        other.name: other.number.value for other in sheet.lines if other.number is not None and other is not line
    }
    for whole in dict.fromkeys(other.part_of for other in sheet.lines if other.part_of):
        parts = [other.number.value for other in sheet.lines if other.part_of == whole and other.number is not None]
        tried[f"{whole.partition('#')[0]}各项之和"] = sum(parts, Fraction(0))
    own = sorted(tried.items(), key=lambda stated: stated[0][:2] != line.name[:2])  # of the same unit first
    fits = [f"{name}{_print(of)}" for name, of in own if _rounding(number, of, share)]
    if fits:
        yield Finding(line.name, Verdict.DIFFERS, f"{told}；以{'或'.join(fits[:3])}为分母则相符，分母须写明")
    else:
        yield Finding(line.name, Verdict.DIFFERS, f"{told}；表中没有一个数能算出它，照录并注明不能复现")


def _rounding(number: Quantity, of: Fraction, share: Quantity) -> str:
    """Return how a share was made of its parts: 四舍五入, 舍去; nothing if neither gives it."""
    if of <= 0:
        return ""
    spread = number.step / 2 if number.step > 1 else Fraction(0)
    for value in (number.value, number.value - spread, number.value + spread):
        exact = value / of * 100 / share.step
        wanted = share.value / share.step
        if int(exact + Fraction(1, 2)) == wanted:
            return "四舍五入" if int(exact) != wanted else "四舍五入、舍去都合"
        if int(exact) == wanted:
            return "尾数舍去，不是四舍五入"
    return ""


def _changes(sheet: Published) -> Iterator[Finding]:
    """A change against its rate; with a rate alone, the number of the period before that it implies."""
    for line in sheet.lines:
        if line.number is None or line.change_rate is None:
            continue
        if line.change is not None:
            before = line.number.value - line.change.value
            how = _rounding(line.change, before, line.change_rate)
            if not before:
                continue
            told = f"上期{_print(before)}，增减{line.change.text}，折合{_percent(line.change.value / before * 100)}"
            yield Finding(line.name, Verdict.AGREES if how else Verdict.DIFFERS, f"{told}，所列{line.change_rate.text}")
        elif line.change_rate.value != -100:
            before = line.number.value / (1 + line.change_rate.value / 100)
            yield Finding(line.name, Verdict.NOTE, f"增减率{line.change_rate.text}，上期应约为{round(before):,}，未列")


def _whole_shares(sheet: Published) -> Iterator[Finding]:
    """What the shares of one whole add up to: named, never forced to 100."""
    groups: dict[str, list[Line]] = {}
    for line in sheet.lines:
        if line.part_of and line.share is not None and line.share_of in ("", line.part_of.partition("#")[0]):
            groups.setdefault(line.part_of, []).append(line)
    for whole, lines in groups.items():
        total = sum((line.share.value for line in lines if line.share), Fraction(0))
        every = sum(line.part_of == whole for line in sheet.lines)
        if len(lines) == every and len(lines) > 1 and total != 100 and abs(total - 100) <= Fraction(1, 10):
            name = whole.partition("#")[0]
            yield Finding(name, Verdict.NOTE, f"各率之和{_percent(total)}，是各自取舍的结果，不凑成100%")


def _scores(sheet: Published) -> Iterator[Finding]:
    """Scores have a formula that is not in the table; a full score of few cases says little."""
    scored = [line for line in sheet.lines if line.score]
    if scored:
        yield Finding(
            "得分", Verdict.NOTE, f"{len(scored)}个得分的公式不在表中，不能复核，照录；公式换过的年份不能相比"
        )
    for line in scored:
        if line.number is not None and line.number.value < FEW + 10 and line.score.rstrip("0").rstrip(".") == "100":
            yield Finding(line.name, Verdict.NOTE, f"只有{line.number.text}件得满分，件数太少，不宜排名")
    small = [line.name for line in scored if line.number is not None and line.number.value < FEW]
    if small:
        yield Finding("得分", Verdict.NOTE, f"{'、'.join(small)}不足{FEW}件，不排名")


def _period(sheet: Published) -> Iterator[Finding]:
    title, period = sheet.words.get("标题", ""), sheet.words.get("期间", "")
    said, meant = _month(title), _month(period)
    if said is not None and meant is not None and said != meant:
        yield Finding("期间", Verdict.DIFFERS, f"标题写{said}月，期间是{period}")


def _month(text: str) -> int | None:
    if (told := _PERIOD.search(text)) is not None:
        return int(told[2] or told[4])
    chinese = re.search("(十[一二]?|[一二三四五六七八九])月", text)
    return _CHINESE_MONTHS[chinese[1]] if chinese else None


def _print(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.2f}"


def _percent(value: Fraction) -> str:
    return f"{float(value):.2f}%"
