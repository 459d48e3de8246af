"""The rows of a list that is not the unit list: each becomes its texts, or all its errors at once, cell by cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern
from typing import Any, Final

from documents.intake.reading.aside import SIGNED, TOTAL, is_lone
from documents.intake.reading.cells import (
    MARK_RULE,
    as_place_text,
    as_text,
    as_typed_text,
    is_date,
    is_nothing,
    is_number,
    refusal,
    without_mark,
)
from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.list_cells import RULES, fold_code, moment, require_exact
from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.results import Normalised, ReadResult, RowError
from documents.intake.reading.row_draft import (
    BLANKS_RULE,
    CHOICE_RULE,
    DAY_RULE,
    FILLED_RULE,
    comments_shown,
    masked,
    printed,
)
from documents.intake.reading.sender_mapping import SENDER_RULE, take_sender_words
from documents.intake.reading.tables import Line, Table, is_blank
from documents.intake.reading.unit_rows import foreign_file, is_foreign, project_of
from registry.kernel.addresses import join_numbers
from registry.kernel.cell_words import (
    CLEARED,
    is_clear_word,
    is_ditto,
    is_nearly_clear_word,
    is_not_stated,
    is_truth_word,
)
from registry.kernel.columns import Column
from registry.kernel.dates import read_day
from registry.kernel.errors import DomainError
from registry.kernel.masking import scrub
from registry.kernel.names import building_number
from registry.kernel.places import Place, read_place
from registry.lists.columns import LONGEST
from registry.lists.rows import ListRow, said_again, split_list

MOST_DEEDS: Final = 1000  # rows of a list whose rows are acts of their own
SET_BASED: Final = frozenset({"stages"})  # lists that one act carries out, whatever their length
OF_HOMES: Final = frozenset({"stages", "returns"})  # lists whose rows are homes, named as the unit list names them
PLACES: Final = frozenset({"building", "entrance", "room", "number", "buildings"})


FIGURES: Final = frozenset({"int", "area", "money", "rate", "date"})
HOME: Final = {"building": "号楼", "entrance": "单元", "room": ""}  # of a list of homes, and what may stand behind
REPEATED: Final = frozenset({*HOME, "project"})  # where 同上 may stand


@dataclass
class _Work:
    number: int
    cells: dict[str, Any]
    texts: dict[str, str] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    normalised: list[Normalised] = field(default_factory=list)
    comments: Sequence[str] = ()
    warnings: set[str] = field(default_factory=set)

    def refuse(self, header: str, code: str, message: str) -> None:
        place = f"第 {self.number} 行" + (f"“{header}”" if header else "")
        said = message.removeprefix(f"“{header}”").removeprefix(header)
        self.errors.append(RowError(self.number, header, code, place + scrub(said)))

    def note_change(self, column: Column, before: str, after: str, rule: str) -> None:
        if before == after:
            return
        was, now = (masked(column.name, text) for text in (before, after))
        self.normalised.append(Normalised(self.number, column.header, was, now, rule))


def list_rows(
    table: Table, shape: ListShape, *, expected_project: str, words: Mapping[str, Mapping[str, str]] | None = None
) -> ReadResult:
    """Turn a table into rows of texts, refused rows and skipped ones; a foreign row refuses the file.

    An empty `expected_project` expects none. Raises FileRefused if a list of acts has too many rows.
    """
    totals = {line.number for line in table.rows if _says(TOTAL, line, shape) or _counts(line)}
    notes = {
        line.number for line in table.rows if _says(SIGNED, line, shape) or _is_lone(line, shape, expected_project)
    }
    lines = [line for line in table.rows if line.number not in totals | notes]
    if shape.name not in SET_BASED and len(lines) > MOST_DEEDS:
        said = f"清单有{len(lines):,}行，一次最多{MOST_DEEDS:,}行。请分成几份上传。"
        raise FileRefused("TOO_MANY_ROWS", said)
    foreign = [one.number for one in lines if expected_project and is_foreign(one, table, expected_project)]
    if foreign:
        return foreign_file(table, foreign, expected_project)
    works: list[_Work] = []
    for line in lines:
        work = _Work(line.number, line.cells, comments=table.comments.get(line.number, ()))
        for name, written in take_sender_words(work.cells, words or {}, shape.columns).items():
            work.note_change(shape.columns.by_name(name), written, str(work.cells[name]), SENDER_RULE)
        works.append(_read(work, shape, table, works[-1].cells if works else None))
    if shape.name in OF_HOMES:
        _refuse_repeated(works)
    for work in works:
        for warning in sorted(work.warnings):
            table.warn(warning, [work.number])
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
        normalised=[change for work in works for change in work.normalised],
        export_no=table.export_no,
        untitled=table.untitled_columns,
    )


def _says(wanted: Pattern[str], line: Line, shape: ListShape) -> bool:
    """Tell a line of sums or a signature: it says so first of all, and lacks something that every row must have."""
    lacks = any(is_blank(line.cells.get(column.name)) for column in shape.columns if column.required)
    return lacks and wanted.fullmatch("".join(line.first.split())) is not None


def _is_lone(line: Line, shape: ListShape, expected: str) -> bool:
    return "project" in shape.columns.names and is_lone(line.cells, project_of(line), expected)


def _counts(line: Line) -> bool:
    """Tell a line of sums by 合计 where the number of a home or a building should stand."""
    cells = [line.cells.get(name) for name in (*HOME, "number")]
    return any(isinstance(cell, str) and TOTAL.fullmatch("".join(cell.split())) for cell in cells)


def _read(work: _Work, shape: ListShape, table: Table, above: dict[str, Any] | None) -> _Work:
    width = table.widths.get(work.number, table.width)
    if width != table.width:
        work.refuse("", "COL_COUNT", CODES["COL_COUNT"].message(found=width, expected=table.width))
        return work
    _take_marks(work, shape, table)
    for column in shape.columns:
        try:
            text = _text(work, shape, column, above)
        except DomainError as error:
            code = str(error.code)
            hint = f"（{column.note}）" if column.kind == "date" and column.note.startswith("不填") else ""
            work.refuse(column.header, code if code in CODES else "RULE", error.message + hint)
            continue
        work.texts[column.name] = text
        if column.required and not text and not (column.name in HOME and shape.name in OF_HOMES):
            work.refuse(column.header, "REQUIRED", CODES["REQUIRED"].message())
    if shape.name in OF_HOMES:
        _read_home(work, shape)
    return work


def _take_marks(work: _Work, shape: ListShape, table: Table) -> None:
    """Take the apostrophe off that stands before a text, and say what was laid down for merged cells."""
    merged = table.merged.get(work.number, {})
    for column in shape.columns:
        cell = work.cells.get(column.name)
        bare = without_mark(cell)
        if bare is not cell:
            work.cells[column.name] = bare
            work.note_change(column, str(cell).strip(), bare.strip(), MARK_RULE)
        if column.name in merged and column.name not in REPEATED:
            work.note_change(column, "", printed(bare), FILLED_RULE)


def _says_nothing(work: _Work, shape: ListShape, column: Column, text: str) -> bool:
    """Tell what says that nothing is known (/, 待补, 不详): as good as blank, and warned of.

    Not where a blank says something itself (every building, every use): there it is judged as what it is. In a column
    of figures 0 is one.
    """
    if column.name in HOME and shape.name in OF_HOMES:
        return is_nothing(text)
    if not text or column.choices or column.name in PLACES:
        return False
    if not is_nothing(text) and (not is_not_stated(text) or (text.isascii() and column.kind in FIGURES)):
        return False
    work.warnings.add("NOT_STATED")
    return True


def _read_home(work: _Work, shape: ListShape) -> None:
    """Read building, entrance and room together, as the unit list does: 1单元101 in one cell is two of them."""
    if not all(name in work.texts for name in HOME):
        return  # one of them was refused
    cells = {name: work.texts[name].lstrip("'’") for name in HOME}
    try:
        place: Place = read_place(floor="", **cells)
    except DomainError as error:
        column = shape.columns.by_name(error.field if error.field in HOME else "room")
        work.refuse(column.header, str(error.code), error.message)
        return
    for name, tail in HOME.items():
        stored = getattr(place, name)
        if cells[name] not in (stored, f"{stored}{tail}"):
            work.note_change(shape.columns.by_name(name), cells[name], f"{stored}{tail}", "规整编号")
        work.texts[name] = stored
        column = shape.columns.by_name(name)
        if column.required and not stored:
            work.refuse(column.header, "REQUIRED", CODES["REQUIRED"].message())


def _cell(work: _Work, column: Column, above: dict[str, Any] | None) -> Any:
    """Return a cell; 同上 in the column of a place is what stands above, anywhere else it is refused, as TRUE is."""
    value = work.cells.get(column.name)
    if isinstance(value, str) and is_ditto(value):
        if column.name not in REPEATED:
            raise refusal("DITTO", value=value.strip())
        if above is None:
            raise refusal("DITTO_FIRST", value=value.strip())
        work.cells[column.name] = above.get(column.name)
        work.note_change(column, value.strip(), printed(above.get(column.name)), "同上一行")
        return work.cells[column.name]
    if not column.choices and (isinstance(value, bool) or (isinstance(value, str) and is_truth_word(value))):
        raise refusal("KIND", value=str(value).upper().strip())
    return value


def _text(work: _Work, shape: ListShape, column: Column, above: dict[str, Any] | None) -> str:
    value = _cell(work, column, above)
    if isinstance(value, str) and "清" in value:
        if is_nearly_clear_word(value):
            raise refusal("CLEAR_WORD", value=value.strip()[:20])
        if is_clear_word(value):
            if column.name not in shape.clearable:
                raise refusal("CLEAR_NOT")
            return CLEARED
    rule = RULES.get((shape.name, column.name))
    if rule is not None:
        text = rule(value)
        if text != (written := printed(value).strip()) and text:
            work.note_change(column, written, text, DAY_RULE if rule is moment else "规整编号")
        if (shape.name, column.name) == ("buildings", "number") and text:
            bare = building_number(text)
            if text not in (bare, f"{bare}号楼"):
                work.note_change(column, text, join_numbers([bare]), "规整编号")
        text = "" if _says_nothing(work, shape, column, text) else text
    elif column.kind == "date":
        return _day(work, shape, column, value)
    else:
        require_exact(value)
        read = as_place_text if column.name in PLACES else as_typed_text if column.kind == "code" else as_text
        text = read(value).strip()
        if column.kind == "code" and column.name not in HOME and text != (folded := fold_code(text)):
            work.note_change(column, text, folded, "规整编号")
            text = folded
        text = "" if _says_nothing(work, shape, column, text) else text
    limit = shape.limits.get(column.name, LONGEST)
    if len(text) > limit:
        raise refusal("TOO_LONG", limit=limit)
    if not column.choices or not text:
        if isinstance(value, str) and text and text == value.strip():
            work.note_change(column, value, text, BLANKS_RULE)
        return text
    try:
        values = [column.coerce(word) for word in (split_list(text) if column.name in shape.several else [text])]
    except DomainError as error:
        raise DomainError(error.message, code="CHOICE_UNKNOWN") from error
    labels = {choice.value: choice.label for choice in column.choices}
    work.note_change(column, printed(value), "、".join(labels[each] for each in values), CHOICE_RULE)
    return "、".join(values)


def _day(work: _Work, shape: ListShape, column: Column, value: Any) -> str:
    """Read a day by the one reader of days, as ISO text; nothing for nothing.

    A blank day may say something (长期, the day given for all homes of a list), so 待定 is no blank here.
    """
    if is_blank(value):
        return ""
    if isinstance(value, str) and is_nothing(value) and shape.name not in OF_HOMES:
        work.warnings.add("NOT_STATED")
        return ""
    if isinstance(value, str) or not (is_number(value) or is_date(value)):
        value = as_text(value)  # refuses a formula without a result and an error value, each in its words
    read = read_day(value, month_only=column.months)
    work.note_change(column, printed(value), read.day.isoformat(), read.rule or DAY_RULE)
    return read.day.isoformat()


def _refuse_repeated(works: list[_Work]) -> None:
    """Refuse a home stated again; if its days differ, every row of it: none of them is more right than the others."""
    homes: dict[tuple[str, str, str], list[_Work]] = defaultdict(list)
    for work in works:
        if not work.errors:
            homes[work.texts["building"], work.texts["entrance"], work.texts["room"]].append(work)
    for same in homes.values():
        others = {
            work.number: said_again(work.number, {each.number: each.texts["on"] for each in same}) for work in same
        }
        for work in same:
            if others[work.number]:
                work.refuse("户号(房号)", "UNIT_DUP", others[work.number])


def _shown(work: _Work, shape: ListShape) -> dict[str, str]:
    if any(error.code == "COL_COUNT" for error in work.errors):
        return {}  # whose cell is whose is not known
    shown = {column.header: masked(column.name, printed(work.cells.get(column.name))) for column in shape.columns}
    return {**shown, **comments_shown(work.comments)}
