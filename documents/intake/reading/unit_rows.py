"""The rows of a unit list: each becomes a typed row or all its errors at once; a foreign row refuses the whole file."""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, Final

from documents.intake.reading.cells import as_area, as_code, as_text, is_nothing, is_number
from documents.intake.reading.certificates import certificates_of, refuse_shared
from documents.intake.reading.codes import CODES
from documents.intake.reading.duplicates import one_owner_many_units, refuse_duplicates
from documents.intake.reading.holders import holders_of
from documents.intake.reading.results import ReadResult, RowError, UnitRow
from documents.intake.reading.row_draft import RowDraft
from documents.intake.reading.sender_mapping import with_sender_words
from documents.intake.reading.tables import Line, Table, is_blank
from documents.intake.reading.unit_columns import HEADER, REQUIRED, UNIT_COLUMNS
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import check_unit_code
from registry.kernel.names import (
    Floor,
    building_number,
    clean_code,
    code_key,
    entrance_number,
    parse_floor,
    room_number,
)
from registry.kernel.stages import Feature, Use

__all__ = ["UNIT_COLUMNS", "unit_rows"]

FEATURE_WORDS: Final = (
    ("夹层", Feature.MEZZANINE),
    ("擅改用途", Feature.ALTERED_USE),
    ("改变用途", Feature.ALTERED_USE),
    ("跃层", Feature.DUPLEX),
)
DENIED: Final = "(?:无|没有|未见?|未发现|非|不是|不含|不带)"
TOTAL: Final = re.compile("(?:本?[^合小总共]{0,12})?(?:合计|小计|总计|共计|累计)(?:[:：(（].*|[0-9]+[户套间]?.*)?")
COUNTED: Final = re.compile("(?:共|计|共计)?[0-9,]+(?:[户人套间名位]|户数|人数)?")  # under the names, in a line of sums
WHO: Final = "(?:填表|制表|造表|编制|填报|统计|审核|复核|审批|校对|负责|经办|录入|核对|报送|联系|主管|建设|开发|测绘)"
SIGNED: Final = re.compile(
    f"[（(*※]?(?:{WHO}[人员者单位日期时间电话]{{0,4}}|单位(?:名称)?|日期|时间|[备附]?注|(?:填表)?说明)[:：].*"
    "|[（(]?(?:单位)?(?:盖章|公章|签章|签字)(?:处)?[：:）)].*|第[0-9]+页.*|以下(?:空白|无正文|无内容)"
)
HAN: Final = re.compile("[\u4e00-\u9fff]")
NAMED_ROWS: Final = 20


def unit_rows(
    table: Table,
    *,
    expected_project: str,
    words: Mapping[str, Mapping[str, str]] | None = None,
    is_shown: bool = True,
) -> ReadResult:
    """Turn a table into typed rows, refused rows and skipped ones; a foreign row refuses the file.

    Good rows carry what a preview shows of them unless `is_shown` says that nobody looks.
    """
    works = [RowDraft(line.number, with_sender_words(line.cells, words or {}), line.first) for line in table.rows]
    skipped = [(number, "重复的表头") for number in table.repeated]
    for is_aside, code, reason in (
        (_is_total, "TOTAL_ROW_SKIPPED", "合计行"),
        (partial(_is_note, table, expected_project), "TITLE_ROWS_SKIPPED", "签名或说明"),
    ):
        aside = [work.number for work in works if is_aside(work)]
        works = [work for work in works if work.number not in set(aside)]
        skipped += [(number, reason) for number in aside]
        if aside:
            table.warn(code)
    foreign = [work.number for work in works if is_foreign(work, table, expected_project)]
    if foreign:
        return foreign_file(table, foreign, expected_project)
    rows = refuse_duplicates(works, [row for work in works if (row := _row(work, table, is_shown)) is not None])
    refuse_shared(rows, {work.number: work for work in works})
    if _has_lost_zeros(works):
        table.warn("LEADING_ZERO_SUSPECT")
    bad = {work.number for work in works if work.errors}
    good = [row for row in rows if row.row not in bad]
    if one_owner_many_units(good):
        table.warn("ONE_OWNER_MANY_UNITS")
    for work in works:
        for warning in sorted(work.warnings):
            table.warn(warning, [work.number])
    return ReadResult(
        rows_present=len(works) + len(skipped),
        rows=good,
        errors=[error for work in works for error in work.errors],
        skipped=sorted(skipped),
        warnings=list(table.warnings),
        file_error="" if works else "NO_ROWS",
        message="" if works else CODES["NO_ROWS"].message(),
        shown={work.number: work.shown() for work in works if work.errors},
        sheet=table.sheet,
        header_row=table.header.row,
        mapping=table.mapping,
        titles=table.titles,
        row_warnings={number: sorted(codes) for number, codes in sorted(table.row_warnings.items())},
    )


def _is_total(work: RowDraft) -> bool:
    """Tell a line of sums from a home: it says so, and names no one."""
    holder = work.cells.get("holder")
    is_count = is_number(holder) or (isinstance(holder, str) and COUNTED.fullmatch("".join(holder.split())))
    if not (is_blank(holder) or is_count) or not is_blank(work.cells.get("identity")):
        return False
    places = [work.cells.get(name) for name in ("project", "building", "entrance", "floor", "room")]
    says = any(isinstance(text, str) and TOTAL.fullmatch("".join(text.split())) for text in (work.first, *places))
    return says and (is_blank(work.cells.get("room")) or is_blank(work.cells.get("use")))


def _is_note(table: Table, expected: str, work: RowDraft) -> bool:
    """Tell a line that is no home: signatures and notes under the table, the title that stands again on each page."""
    if not all(is_blank(work.cells.get(name)) for name in ("use", "unit_code", "area", "identity")):
        return False
    filled = {name for name, cell in work.cells.items() if not is_blank(cell)}
    if {"building", "floor", "room"} <= filled:
        return False
    if SIGNED.fullmatch("".join(work.first.split())):
        return True
    text = _project_of(work)
    is_lone = filled == {"project"} and not _is_ragged(work, table)
    return is_lone and bool(HAN.search(text)) and code_key(expected) not in text


def _is_ragged(work: RowDraft | Line, table: Table) -> bool:
    return table.widths.get(work.number, table.width) != table.width


def is_foreign(work: RowDraft | Line, table: Table, expected: str) -> bool:
    """Return whether a row names another project than the one expected; a blank cell names none."""
    stated = _project_of(work)
    return not _is_ragged(work, table) and not is_nothing(stated) and stated != code_key(expected)


def _project_of(work: RowDraft | Line) -> str:
    """The project that a row states, folded; nothing if it can't be read, which is refused with its other faults."""
    try:
        return code_key(as_text(work.cells.get("project"))).lstrip("'’")
    except DomainError:
        return ""


def foreign_file(table: Table, foreign: list[int], expected: str) -> ReadResult:
    """Refuse a whole file for its rows of another project."""
    named = "、".join(map(str, foreign[:NAMED_ROWS])) + (f"等{len(foreign)}" if len(foreign) > NAMED_ROWS else "")
    code = CODES["FOREIGN_PROJECT"]
    said = f"的项目编号不是本项目（{expected}）。请删去这一行，或到所属项目下导入。"
    return ReadResult(
        rows_present=len(table.rows) + len(table.repeated),
        errors=[RowError(row, HEADER["project"], code.code, f"第 {row} 行{said}") for row in foreign],
        warnings=list(table.warnings),
        file_error=code.code,
        message=code.message(rows=named, project=expected),
        sheet=table.sheet,
        header_row=table.header.row,
        mapping=table.mapping,
        titles=table.titles,
    )


def _row(work: RowDraft, table: Table, is_shown: bool) -> UnitRow | None:
    """Read a row, with all its errors; one that was refused is returned too if its place is known."""
    if _is_ragged(work, table):
        work.refuse("", "COL_COUNT", found=table.widths[work.number], expected=table.width)
        return None
    texts = {name: work.text(name) for name in ("project", "building", "entrance", "floor", "room", "use")}
    for name in REQUIRED:
        work.required(name, texts[name])
    floor: Floor | None = work.through("floor", parse_floor, texts["floor"]) if texts["floor"] else None
    use = _use(work, texts["use"])
    building = _place(work, "building", building_number, texts)
    entrance = _place(work, "entrance", entrance_number, texts)
    room = _place(work, "room", room_number, texts)
    area = work.through("area", lambda value: as_area(value, is_home=use is Use.DWELLING), work.cells.get("area"))
    code = _unit_code(work)
    holders = holders_of(work)
    certificates = certificates_of(work)
    agreement, remark = work.text("agreement"), work.text("remark")
    if floor is None or not building or not room:
        return None
    return UnitRow(
        row=work.number,
        building=building,
        entrance=entrance,
        floor=floor.label,
        floor_order=floor.order,
        room=room,
        use=use or Use.DWELLING,  # a row without one was refused
        features=features_of(remark, floor),
        unit_code=code,
        area=area,
        holders=holders,
        agreement_no=agreement,
        remark=remark,
        certificates=certificates,
        shown=work.shown() if is_shown else {},
    )


def _use(work: RowDraft, text: str) -> Use | None:
    use: Use | None = work.through("use", _use_of, text) if text else None
    return use


@lru_cache(maxsize=1000)
def _use_of(text: str) -> Use:
    return Use(UNIT_COLUMNS.by_name("use").coerce(text))


def _place(work: RowDraft, name: str, rule: Any, texts: dict[str, str]) -> str:
    """Return a number of a place as stored; a text of which nothing remains is as good as none."""
    text = texts[name].lstrip("'’")
    if not text:
        return ""
    value: str = work.through(name, rule, text) or ""
    work.note_change(str(as_text(work.cells.get(name))), clean_code(text))
    if not value and name in REQUIRED:
        work.required(name, "")
    return value


def _unit_code(work: RowDraft) -> str | None:
    def read(value: Any) -> str:
        return work.too_long("unit_code", as_code(value, "UNITCODE_PRECISION_LOST"))

    text: str = work.through("unit_code", read, work.cells.get("unit_code")) or ""
    if is_nothing(text):
        return None
    unit_code: str | None = work.through("unit_code", check_unit_code, text)
    if unit_code:
        work.note_change(text, unit_code)
    return unit_code


def features_of(remark: str, floor: Floor) -> Feature:
    """Read the features from the words of a remark (a denied one is none) and from the floor."""
    features = Feature.BASEMENT if floor.order < 0 else Feature.NONE
    for word, feature in FEATURE_WORDS:
        if word in re.sub(DENIED + word, "", remark):
            features |= feature
    return features


def _has_lost_zeros(works: list[RowDraft]) -> bool:
    """Tell whether rooms that are numbers stand among rooms that begin with 0, or are shorter than any room is."""
    rooms = [work.cells.get("room") for work in works]
    numbers = [str(as_text(room)) for room in rooms if isinstance(room, int | float) and not isinstance(room, bool)]
    zeros = any(isinstance(room, str) and room.strip().startswith("0") for room in rooms)
    longest = max((len(number) for number in numbers), default=0)
    return bool(numbers) and (zeros or any(len(number) < min(3, longest) for number in numbers))
