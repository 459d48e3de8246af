"""The rows of a unit list: each becomes a typed row or all its errors at once; a foreign row refuses the whole file."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

from documents.intake.reading.aside import is_lone, is_note, is_total
from documents.intake.reading.cells import as_area, as_code, as_text, is_area_as_written, is_nothing, is_number
from documents.intake.reading.certificates import certificates_of, refuse_shared
from documents.intake.reading.codes import CODES
from documents.intake.reading.contradictions import look_at_two_names, refuse_merged
from documents.intake.reading.duplicates import one_owner_many_units, refuse_duplicates
from documents.intake.reading.holders import holders_of
from documents.intake.reading.results import ReadResult, RowError, UnitRow
from documents.intake.reading.row_draft import CHOICE_RULE, RowDraft, printed
from documents.intake.reading.sender_mapping import SENDER_RULE, take_sender_words
from documents.intake.reading.tables import Line, Table
from documents.intake.reading.unit_columns import HEADER, UNIT_COLUMNS
from registry.kernel.cell_words import is_clear_word, is_ditto
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import check_unit_code
from registry.kernel.names import Floor, code_key, parse_floor
from registry.kernel.places import Place, read_place
from registry.kernel.stages import Feature, Use

__all__ = ["UNIT_COLUMNS", "unit_rows"]

FEATURE_WORDS: Final = (
    *((word, Feature.CIVIL_DEFENCE) for word in ("人防车", "人防储藏", "人防区", "人防范围", "人防工程内")),
    ("夹层", Feature.MEZZANINE),
    ("擅改用途", Feature.ALTERED_USE),
    ("改变用途", Feature.ALTERED_USE),
    ("跃层", Feature.DUPLEX),
)
DENIED: Final = "(?:无|没有|未见?|未发现|非|不是|不含|不带)"
NAMED_ROWS: Final = 20
REPEATING: Final = ("project", "building", "entrance", "floor", "room", "use", "identity_kind", "remark")
SHOWN_MERGED: Final = frozenset({"project", "building", "entrance", "floor", "room", "use"})  # a merged cell shows them
TAILS: Final = {"building": "号楼", "entrance": "单元", "floor": "层", "room": ""}  # what may stand behind a number


def unit_rows(
    table: Table,
    *,
    expected_project: str,
    words: Mapping[str, Mapping[str, str]] | None = None,
    is_shown: bool = True,
) -> ReadResult:
    """Turn a table into typed rows, refused rows and skipped ones; a foreign row refuses the file.

    An empty `expected_project` expects none. Good rows carry what a preview shows of them unless `is_shown` says that
    nobody looks.
    """
    works = [
        RowDraft(
            line.number, line.cells, line.first,
            comments=table.comments.get(line.number, ()), filled=table.merged.get(line.number, {}).keys() - SHOWN_MERGED,
        )
        for line in table.rows
    ]  # fmt: skip
    skipped = [(number, "重复的表头") for number in table.repeated]
    for is_aside, code, reason in (
        (lambda work: is_total(work.cells, work.first), "TOTAL_ROW_SKIPPED", "合计行"),
        (partial(_is_note, table, expected_project), "TITLE_ROWS_SKIPPED", "签名或说明"),
    ):
        aside = [work.number for work in works if is_aside(work)]
        works = [work for work in works if work.number not in set(aside)]
        skipped += [(number, reason) for number in aside]
        if aside:
            table.warn(code)
    foreign = [work.number for work in works if expected_project and is_foreign(work, table, expected_project)]
    if foreign:
        return foreign_file(table, foreign, expected_project)
    for work in works:
        for name, written in take_sender_words(work.cells, words or {}, UNIT_COLUMNS).items():
            work.note_change(name, written, str(work.cells[name]), SENDER_RULE)
        work.take_marks()
        work.take_clear_words()
    repeat_dittos(works)
    stated = [row for work in works if (row := _row(work, table, is_shown)) is not None]
    rows = refuse_duplicates(works, stated)
    by_number = {work.number: work for work in works}
    refuse_shared(stated, by_number)
    refuse_merged(table.merged, stated, by_number)
    look_at_two_names(stated, by_number)
    if suspects := _lost_zeros(works):
        table.warn("LEADING_ZERO_SUSPECT", suspects)
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
        normalised=[change for work in works for change in work.normalised],
        export_no=table.export_no,
        untitled=table.untitled_columns,
        doubtful=[row for row in stated if row.row in bad],
    )


def repeat_dittos(works: list[RowDraft], columns: tuple[str, ...] = REPEATING) -> None:
    """Put what stands above in place of 同上, 〃 and the like, where a place or a choice may be repeated."""
    above: Mapping[str, Any] | None = None
    for work in works:
        for name in columns:
            cell = work.cells.get(name)
            if not isinstance(cell, str) or not is_ditto(cell):
                continue
            if above is None:
                work.refuse(name, "DITTO_FIRST", value=cell.strip())
                work.cells[name] = None
            else:
                work.cells[name] = above.get(name)
                work.note_change(name, cell.strip(), printed(above.get(name)), "同上一行")
        above = work.cells


def _is_note(table: Table, expected: str, work: RowDraft) -> bool:
    if is_note(work.cells, work.first):
        return True
    return not _is_ragged(work, table) and is_lone(work.cells, project_of(work), expected)


def _is_ragged(work: RowDraft | Line, table: Table) -> bool:
    return table.widths.get(work.number, table.width) != table.width


def is_foreign(work: RowDraft | Line, table: Table, expected: str) -> bool:
    """Return whether a row names another project than the one expected; a blank cell names none."""
    stated = project_of(work)
    return not (_is_ragged(work, table) or is_nothing(stated) or is_clear_word(stated)) and stated != code_key(expected)


def project_of(work: RowDraft | Line) -> str:
    """The project that a row states, folded; nothing if it can't be read, which is refused with its other faults."""
    try:
        return code_key(as_text(work.cells.get("project"))).lstrip("'’")
    except DomainError:
        return ""


def foreign_file(table: Table, foreign: list[int], expected: str) -> ReadResult:
    """Refuse a whole file for its rows of another project."""
    named = "、".join(map(str, foreign[:NAMED_ROWS])) + (f"等{len(foreign)}" if len(foreign) > NAMED_ROWS else "")
    code = CODES["FOREIGN_PROJECT"]
    numbers = set(foreign)
    others = list(dict.fromkeys(project_of(line) for line in table.rows if line.number in numbers))
    is_whole = len(others) == 1 and all(line.number in numbers for line in table.rows if project_of(line))
    told = f"整份清单都是另一个项目（{others[0]}）的，没有导入。请到该项目下导入。" if is_whole else ""
    said = f"的项目编号不是本项目（{expected}）。请删去这一行，或到所属项目下导入。"
    return ReadResult(
        rows_present=len(table.rows) + len(table.repeated),
        errors=[RowError(row, HEADER["project"], code.code, f"第 {row} 行{said}") for row in foreign if not is_whole],
        warnings=list(table.warnings),
        file_error=code.code,
        message=told or code.message(rows=named, project=expected),
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
    for name in ("project", "building", "use"):
        work.required(name, texts[name])
    place = _place(work, texts)
    for name in ("building", "floor", "room"):  # the latter two may stand in another cell
        work.required(name, texts[name] if place is None else "stated" if getattr(place, name) else "")
    use = _use(work, texts["use"])
    area = _area(work, use)
    code = _unit_code(work)
    holders = holders_of(work)
    certificates = certificates_of(work)
    agreement, remark = work.text("agreement"), work.text("remark")
    if place is None or place.floor is None or not place.building or not place.room:
        return None
    return UnitRow(
        row=work.number,
        building=place.building,
        entrance=place.entrance,
        floor=place.floor.label,
        floor_order=place.floor.order,
        room=place.room,
        use=use or Use.DWELLING,  # a row without one was refused
        features=features_of(remark, place.floor),
        unit_code=code,
        area=area,
        holders=holders,
        agreement_no=agreement,
        remark=remark,
        certificates=certificates,
        shown=work.shown() if is_shown else {},
        cleared=work.cleared_fields,
    )


def _use(work: RowDraft, text: str) -> Use | None:
    use: Use | None = work.through("use", _use_of, text) if text else None
    if use is not None:
        work.note_change("use", printed(work.cells.get("use")), use.label, CHOICE_RULE)
    return use


@lru_cache(maxsize=1000)
def _use_of(text: str) -> Use:
    return Use(UNIT_COLUMNS.by_name("use").coerce(text))


def _place(work: RowDraft, texts: dict[str, str]) -> Place | None:
    """Read the place of the home from its four cells; None if it is refused, at the cell that is wrong."""
    cells = {name: texts[name].lstrip("'’") for name in TAILS}
    floor = work.through("floor", parse_floor, cells["floor"]) if cells["floor"] else None
    if any(work.has_error(name) for name in ("building", "entrance", "room")) or (floor is None and cells["floor"]):
        return None
    try:
        place = read_place(**cells)
    except DomainError as error:
        work.refuse(error.field or "room", str(error.code), error.message)
        return None
    stored = {**{name: getattr(place, name) for name in TAILS}, "floor": place.floor.label if place.floor else ""}
    for name, tail in TAILS.items():
        cell, value = work.cells.get(name), stored[name]
        if cell == value or cell == f"{value}{tail}" or (not value and not cells[name]):
            continue
        written = "" if cell is None else str(as_text(cell))
        if written not in (value, f"{value}{tail}"):
            number = f"{value}{tail}" if value[-1:].isdigit() else value
            work.note_change(name, written, number, "按楼—单元—层—室分开" if not written.strip() else "规整编号")
    return place


def _area(work: RowDraft, use: Use | None) -> Decimal | None:
    cell = work.cells.get("area")
    if isinstance(cell, str) and work.refuse_words("area", cell):
        return None
    area: Decimal | None = work.through("area", lambda value: as_area(value, is_home=use is Use.DWELLING), cell)
    if area is None:
        if isinstance(cell, str) and cell.strip() and not work.has_error("area"):
            work.warnings.add("NOT_STATED")
    elif not is_area_as_written(cell, area):
        work.note_change(
            "area", printed(cell)[:12], str(area), "去掉单位、空格、千分号" if isinstance(cell, str) else "去掉浮点误差"
        )
    return area


def _unit_code(work: RowDraft) -> str | None:
    def read(value: Any) -> str:
        return work.too_long("unit_code", as_code(value, "UNITCODE_PRECISION_LOST"))

    text: str = work.through("unit_code", read, work.cells.get("unit_code")) or ""
    if is_nothing(text) or work.refuse_words("unit_code", text) or work.says_nothing("unit_code", text):
        return None
    unit_code: str | None = work.through("unit_code", check_unit_code, text)
    if unit_code:
        work.note_change("unit_code", text, unit_code)
    return unit_code


def features_of(remark: str, floor: Floor) -> Feature:
    """Read the features from the words of a remark (a denied one is none) and from the floor."""
    features = Feature.BASEMENT if floor.order < 0 else Feature.NONE
    for word, feature in FEATURE_WORDS:
        if word in re.sub(DENIED + word, "", remark):
            features |= feature
    return features


def _lost_zeros(works: list[RowDraft]) -> list[int]:
    """Find the rooms that are numbers among texts, or shorter than any room is: their zeros in front may be gone."""
    rooms = {work.number: work.cells.get("room") for work in works}
    numbers = {row: str(as_text(room)) for row, room in rooms.items() if is_number(room)}
    longest = max((len(number) for number in numbers.values()), default=0)
    if any(isinstance(room, str) and room.strip() for room in rooms.values()):
        return list(numbers)
    return [row for row, number in numbers.items() if len(number) < min(3, longest)]
