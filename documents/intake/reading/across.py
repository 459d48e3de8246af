"""One file of several projects: read once, its rows told apart by project, each project's by the rules of its list.

What is known of projects comes as data: the code by every folded word that names one project alone, its code, a code
that it had, its name. A row of no project known, or of none at all, is refused in the rest with its other faults.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.delimited import read_delimited
from documents.intake.reading.file_guard import inspect_file
from documents.intake.reading.list_rows import list_rows
from documents.intake.reading.list_shape import UNITS, ListShape
from documents.intake.reading.results import Normalised, Reading, ReadResult, RowError, UnitRow
from documents.intake.reading.row_draft import printed
from documents.intake.reading.sender_mapping import with_sender_columns
from documents.intake.reading.sheets import read_workbook
from documents.intake.reading.tables import Line, Table
from documents.intake.reading.unit_columns import HEADER
from documents.intake.reading.unit_rows import REPEATING, project_of, unit_rows
from registry.kernel.cell_words import is_ditto
from registry.kernel.columns import ColumnSet
from registry.kernel.names import code_key
from registry.lists.columns import PROJECT

NAMES: Final = ("项目名称", "项目", "小区名称", "小区", "楼盘名称", "楼盘")
BY_NAME: Final = "按项目名称填编号"
REPEATED: Final = "同上一行"
UNKNOWN: Final = "PROJECT_UNKNOWN"


@dataclass(frozen=True)
class Across:
    """A file of several projects as read: what is of each, by code in the order of the file, and what is of none."""

    rest: ReadResult
    parts: Mapping[str, ReadResult] = field(default_factory=dict)

    @property
    def rows_present(self) -> int:
        """How many rows the file has: those of each project and those of none."""
        return self.rest.rows_present + sum(part.rows_present for part in self.parts.values())


def read_across_in_place(path: Path, known: Mapping[str, str], reading: Reading, shape: ListShape) -> Across:
    """Read a guarded file in this process: what the child runs. Raises FileRefused."""
    table = _table(path, with_sender_columns(shape.columns, reading.headers), reading.sheet)
    lines: dict[str, list[Line]] = defaultdict(list)
    notes: dict[str, list[Normalised]] = defaultdict(list)
    for line, repeated in _with_dittos(table):
        said = project_of(line)
        code = known.get(said, "")
        lines[code].append(line)
        notes[code] += repeated
        if code and code_key(code) != said:
            written = printed(line.cells[PROJECT.name])
            notes[code].append(Normalised(line.number, PROJECT.header, written, code, BY_NAME))
        if code:
            line.cells[PROJECT.name] = code
    parts = {}
    for code in lines:
        if code:
            part = _read(_part(table, lines[code]), shape, code, reading)
            parts[code] = replace(part, file_error="", message="", normalised=[*part.normalised, *notes[code]])
    if shape.name == UNITS:
        parts = _refuse_shared(parts)
    return Across(_of_none(table, lines[""], shape, reading, notes[""]), parts)


def _table(path: Path, columns: ColumnSet, sheet: str) -> Table:
    """Read the table; a file without the column of codes may name its projects instead."""

    def read(wanted: ColumnSet) -> Table:
        return read_workbook(path, wanted, sheet) if is_book else read_delimited(path, wanted)

    is_book = inspect_file(path) == "xlsx"
    try:
        return read(columns)
    except FileRefused as refusal:
        if refusal.code not in ("MISSING_COLUMN", "NO_HEADER"):
            raise
        first = refusal
    taken = {word for column in columns for word in (column.header, *column.synonyms)}
    more = tuple(name for name in NAMES if name not in taken)
    named = ColumnSet(
        tuple(
            replace(column, synonyms=(*column.synonyms, *more)) if column.name == PROJECT.name else column
            for column in columns
        )
    )
    try:
        return read(named)
    except FileRefused:
        raise first from None


def _with_dittos(table: Table) -> Iterator[tuple[Line, list[Normalised]]]:
    """Put what stands above in place of 同上 before the rows are told apart: the row above may be another project's."""
    headers = {column: HEADER.get(column, PROJECT.header) for column in REPEATING}
    above: Line | None = None
    for line in table.rows:
        noted = []
        for name in REPEATING:
            cell = line.cells.get(name)
            if above is not None and isinstance(cell, str) and is_ditto(cell):
                line.cells[name] = above.cells.get(name)
                noted.append(
                    Normalised(line.number, headers[name], cell.strip(), printed(line.cells[name])[:60], REPEATED)
                )
        if project_of(line):
            above = line
        yield line, noted


def _part(table: Table, lines: list[Line]) -> Table:
    numbers = {line.number for line in lines}
    return Table(
        table.sheet, table.header, rows=lines, widths=table.widths, width=table.width, warnings=dict(table.warnings),
        row_warnings={row: set(codes) for row, codes in table.row_warnings.items() if row in numbers},
        export_no=table.export_no, comments=table.comments, untitled=table.untitled,
        merged={row: names for row, names in table.merged.items() if row in numbers},
    )  # fmt: skip


def _read(table: Table, shape: ListShape, code: str, reading: Reading) -> ReadResult:
    if shape.name == UNITS:
        return unit_rows(table, expected_project=code, words=reading.words)
    return list_rows(table, shape, expected_project=code, words=reading.words)


def _of_none(
    table: Table, lines: list[Line], shape: ListShape, reading: Reading, notes: list[Normalised]
) -> ReadResult:
    """Refuse the rows whose project is not known, each with what it says it is and with its other faults.

    Each unknown project is read by itself, and each row that names none: of two such rows nobody knows whether they
    are of one project.
    """
    by_word: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_word[project_of(line) or f"{line.number}"].append(line)
    results = [_read(_part(table, same), shape, "", reading) for same in by_word.values()]
    skipped = [
        *((number, "重复的表头") for number in table.repeated),
        *(row for result in results for row in result.skipped),
    ]
    aside = {number for number, _ in skipped}
    named = {line.number: printed(line.cells[PROJECT.name])[:40] for line in lines if project_of(line)}
    faults = [
        RowError(row, PROJECT.header, UNKNOWN, f"第 {row} 行“{PROJECT.header}”{CODES[UNKNOWN].message(project=said)}")
        for row, said in named.items()
        if row not in aside
    ]
    return ReadResult(
        rows_present=len(lines) + len(table.repeated),
        errors=[*faults, *(error for result in results for error in result.errors)],
        skipped=sorted(skipped),
        warnings=list(dict.fromkeys(code for result in results for code in result.warnings)) or list(table.warnings),
        shown={row: cells for result in results for row, cells in _shown(result).items()},
        sheet=table.sheet,
        header_row=table.header.row,
        mapping=table.mapping,
        titles=table.titles,
        row_warnings={row: codes for result in results for row, codes in result.row_warnings.items()},
        normalised=[*(change for result in results for change in result.normalised), *notes],
        export_no=table.export_no,
        untitled=table.untitled_columns,
    )


def _shown(result: ReadResult) -> dict[int, Mapping[str, str]]:
    return {**{row.row: row.shown for row in result.rows}, **result.shown}


def _refuse_shared(parts: Mapping[str, ReadResult]) -> dict[str, ReadResult]:
    """Refuse the homes of two projects that state one unit code or one certificate: none is more right than another."""
    owners: dict[tuple[str, str], list[tuple[str, UnitRow]]] = defaultdict(list)
    for code, part in parts.items():
        for row in part.rows:
            for said in [("unit_code", row.unit_code or ""), *(("certificate_no", c.number) for c in row.certificates)]:
                if said[1]:
                    owners[said].append((code, row))
    faults: dict[str, dict[int, RowError]] = defaultdict(dict)
    for (name, _), rows in owners.items():
        if len({code for code, _ in rows}) < 2:
            continue
        for code, row in rows:
            others = "、".join(str(other.row) for at, other in rows if at != code)
            what = "一户一号" if name == "unit_code" else "一证一户"
            told = f"第 {row.row} 行“{HEADER[name]}”与第 {others} 行（另一项目）相同，都不写入。请核对，{what}。"
            kind = "UNITCODE_DUP" if name == "unit_code" else "CERTIFICATE_DUP"
            faults[code][row.row] = RowError(row.row, HEADER[name], kind, told)
    return {code: _without(part, faults.get(code, {})) for code, part in parts.items()}


def _without(part: ReadResult, faults: Mapping[int, RowError]) -> ReadResult:
    bad = [row for row in part.rows if row.row in faults]
    if not bad:
        return part
    return replace(
        part,
        rows=[row for row in part.rows if row.row not in faults],
        errors=[*part.errors, *faults.values()],
        shown={**part.shown, **{row.row: row.shown for row in bad}},
        doubtful=[*part.doubtful, *bad],
    )


def across_to_data(across: Across, to_data: Any) -> dict[str, Any]:
    """Return a file of several projects as JSON-ready data."""
    return {"rest": to_data(across.rest), "parts": {code: to_data(part) for code, part in across.parts.items()}}


def across_from_data(data: Mapping[str, Any], from_data: Any) -> Across:
    """Read a file of several projects back."""
    return Across(from_data(data["rest"]), {code: from_data(part) for code, part in data["parts"].items()})
