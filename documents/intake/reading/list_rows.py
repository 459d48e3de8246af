"""The rows of a list that is not the unit list: each becomes its texts, or all its errors at once, cell by cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from re import Pattern
from typing import Any, Final

from documents.intake.reading.cells import as_code, as_place_text, as_text, as_typed_text, refusal
from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.results import ReadResult, RowError
from documents.intake.reading.row_draft import masked, printed
from documents.intake.reading.sender_mapping import with_sender_words
from documents.intake.reading.tables import CellFault, FormulaWithoutValue, Line, Table, is_blank
from documents.intake.reading.unit_rows import SIGNED, TOTAL, foreign_file, is_foreign
from registry.kernel.columns import Column
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import check_unit_code
from registry.kernel.masking import scrub
from registry.kernel.names import building_number, entrance_number, room_number
from registry.lists.columns import LONGEST
from registry.lists.rows import ListRow, split_list

MOST_DEEDS: Final = 1000  # rows of a list whose rows are acts of their own
SET_BASED: Final = frozenset({"stages"})  # lists that one act carries out, whatever their length
PLACES: Final = frozenset({"building", "entrance", "room", "number", "buildings"})


def _unit_code(value: Any) -> str:
    code = as_code(value, "UNITCODE_PRECISION_LOST")
    return str(check_unit_code(code)) if code else ""


RULES: Final[Mapping[tuple[str, str], Callable[[Any], str]]] = {
    ("stages", "building"): lambda value: building_number(as_place_text(value).strip()),
    ("stages", "entrance"): lambda value: entrance_number(as_place_text(value).strip()) or "",
    ("stages", "room"): lambda value: room_number(as_place_text(value).strip()),
    ("stages", "unit_code"): _unit_code,
}


@dataclass
class _Work:
    number: int
    cells: Mapping[str, Any]
    texts: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)

    def refuse(self, header: str, code: str, message: str) -> None:
        place = f"第 {self.number} 行" + (f"「{header}」" if header else "")
        said = message.removeprefix(f"「{header}」").removeprefix(header)
        self.errors.append(RowError(self.number, header, code, place + scrub(said)))


def list_rows(
    table: Table, shape: ListShape, *, expected_project: str, words: Mapping[str, Mapping[str, str]] | None = None
) -> ReadResult:
    """Turn a table into rows of texts, refused rows and skipped ones; a foreign row refuses the file.

    An empty `expected_project` expects none. Raises FileRefused if a list of acts has too many rows.
    """
    totals = {line.number for line in table.rows if _says(TOTAL, line, shape)}
    notes = {line.number for line in table.rows if _says(SIGNED, line, shape)}
    lines = [line for line in table.rows if line.number not in totals | notes]
    if shape.name not in SET_BASED and len(lines) > MOST_DEEDS:
        said = f"清单有{len(lines):,}行，一次最多{MOST_DEEDS:,}行。请分成几份上传。"
        raise FileRefused("TOO_MANY_ROWS", said)
    foreign = [one.number for one in lines if expected_project and is_foreign(one, table, expected_project)]
    if foreign:
        return foreign_file(table, foreign, expected_project)
    works = [_read(line.number, with_sender_words(line.cells, words or {}), shape, table) for line in lines]
    if shape.name == "stages":
        _refuse_repeated(works)
    for code, aside in (("TOTAL_ROW_SKIPPED", totals), ("TITLE_ROWS_SKIPPED", notes)):
        if aside:
            table.warn(code)
    skipped = [
        *((number, "合计行") for number in totals),
        *((number, "签名或说明") for number in notes),
        *((number, "重复的表头") for number in table.repeated),
    ]
    return ReadResult(
        rows_present=len(works) + len(skipped),
        rows=[ListRow(work.number, work.texts, _shown(work, shape)) for work in works if not work.errors],
        errors=[error for work in works for error in work.errors],
        skipped=sorted(skipped),
        warnings=list(table.warnings),
        shown={work.number: _shown(work, shape) for work in works if work.errors},
        texts={work.number: work.texts for work in works if work.errors},
        sheet=table.sheet,
        header_row=table.header.row,
        mapping=table.mapping,
        titles=table.titles,
        row_warnings={number: sorted(codes) for number, codes in sorted(table.row_warnings.items())},
    )


def _says(wanted: Pattern[str], line: Line, shape: ListShape) -> bool:
    """Tell a line of sums or a signature: it says so first of all, and lacks something that every row must have."""
    lacks = any(is_blank(line.cells.get(column.name)) for column in shape.columns if column.required)
    return lacks and wanted.fullmatch("".join(line.first.split())) is not None


def _read(number: int, cells: Mapping[str, Any], shape: ListShape, table: Table) -> _Work:
    work = _Work(number, cells)
    width = table.widths.get(number, table.width)
    if width != table.width:
        work.refuse("", "COL_COUNT", CODES["COL_COUNT"].message(found=width, expected=table.width))
        return work
    for column in shape.columns:
        try:
            text = _text(shape, column, cells.get(column.name))
        except DomainError as error:
            code = str(error.code)
            work.refuse(column.header, code if code in CODES else "RULE", error.message)
            continue
        work.texts[column.name] = text
        if column.required and not text:
            work.refuse(column.header, "REQUIRED", CODES["REQUIRED"].message())
    return work


def _text(shape: ListShape, column: Column, value: Any) -> str:
    rule = RULES.get((shape.name, column.name))
    if rule is not None:
        text = rule(value)
    elif column.kind == "date":
        return day_of(value)
    else:
        read = as_place_text if column.name in PLACES else as_typed_text if column.kind == "code" else as_text
        text = read(value).strip()
    limit = shape.limits.get(column.name, LONGEST)
    if len(text) > limit:
        raise refusal("TOO_LONG", limit=limit)
    if not column.choices or not text:
        return text
    try:
        if column.name in shape.several:
            return "、".join(column.coerce(word) for word in split_list(text))
        return column.coerce(text)
    except DomainError as error:
        raise DomainError(error.message, code="CHOICE_UNKNOWN") from error


def day_of(value: Any) -> str:
    """Read a day as people write it, as ISO text; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FormulaWithoutValue | CellFault):
        as_text(value)  # refuses both, each in its words
    text = str(value).strip()
    for old, new in (("年", "-"), ("月", "-"), ("日", ""), ("/", "-"), (".", "-")):
        text = text.replace(old, new)
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise refusal("DATE_FORMAT", value=str(value)[:20]) from error


def _refuse_repeated(works: list[_Work]) -> None:
    first: dict[tuple[str, str, str], int] = {}
    for work in works:
        if work.errors:
            continue
        place = (work.texts["building"], work.texts["entrance"], work.texts["room"])
        before = first.setdefault(place, work.number)
        if before != work.number:
            work.refuse("户号(房号)", "UNIT_DUP", f"与第 {before} 行是同一户。请只留一行。")


def _shown(work: _Work, shape: ListShape) -> dict[str, str]:
    if any(error.code == "COL_COUNT" for error in work.errors):
        return {}  # whose cell is whose is not known
    return {column.header: masked(column.name, printed(work.cells.get(column.name))) for column in shape.columns}
