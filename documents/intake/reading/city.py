"""The fast reader of an operator's city load: one plain sheet or text file, hundreds of thousands of rows.

The file is proved plain first; then its values are read in one go, sorted by project, and judged by the very rules of
an upload, project by project. All errors of all rows are known before the first is written.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TextIO

from python_calamine import CalamineError, CalamineWorkbook

from documents.intake.reading.cells import as_text
from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.delimited import END_OF_DOS, MIXED, cell_of, header_of, mixed_lines
from documents.intake.reading.file_guard import CITY, inspect_file
from documents.intake.reading.plain_sheet import require_plain, why_not_plain
from documents.intake.reading.results import RowError, UnitRow
from documents.intake.reading.tables import (
    BLANK_STOP,
    HEADER_ROWS,
    CellFault,
    Header,
    Line,
    Table,
    find_header,
    is_blank,
)
from documents.intake.reading.unit_columns import HEADER, UNIT_COLUMNS
from documents.intake.reading.unit_rows import unit_rows
from registry.kernel.errors import DomainError
from registry.kernel.names import code_key

MOST_ROWS: Final = 1_048_576
MOST_ERRORS: Final = 1000
Pulse = Callable[[str, int], None]
Cells = tuple[int, Sequence[Any]]


def _no_pulse(stage: str, done: int) -> None:
    return None


@dataclass
class City:
    """A read file: by project code, in the order of the file, its good rows packed; all errors; what was skipped."""

    packed: dict[str, bytes] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    error_count: int = 0
    skipped: int = 0
    warnings: dict[str, None] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many good rows there are."""
        return sum(self.counts.values())

    def unpacked(self, code: str) -> list[UnitRow]:
        """Return the rows of a project."""
        return [UnitRow.from_data(data) for data in json.loads(self.packed[code])]


def read_city(path: Path, pulse: Pulse = _no_pulse) -> City:
    """Read a city load. Raises FileRefused if it is no table, not plain, or lacks a column.

    `pulse` is told of each stage, and of rows done, every few seconds.
    """
    pulse("检查文件", 0)
    kind = inspect_file(path, CITY)
    spool = _Spool(pulse)
    if kind == "xlsx":
        _read_workbook(path, spool)
    else:
        _read_text(path, spool)
    return _judged(spool, pulse)


class _Spool:
    """Rows as they were read, by project, packed small. Nothing of them touches a disk."""

    def __init__(self, pulse: Pulse) -> None:
        self.pulse = pulse
        self.table: Table | None = None
        self.lines: dict[str, list[bytes]] = {}
        self.count = self.repeated = 0

    def take(self, table: Table, rows: Iterable[Cells]) -> None:
        """Take the rows below the header."""
        self.table = table
        places = table.header.match.positions
        titles = [(name, str(table.header.titles[at]).strip()) for name, at in places.items()]
        last = table.header.row
        for number, cells in rows:
            named = {name: cells[at] for name, at in places.items() if at < len(cells)}
            if all(value is None or value == "" or is_blank(value) for value in named.values()):
                continue
            if number - last - 1 > BLANK_STOP:
                raise why_not_plain(f"第{last}行以下空了{number - last - 1}行又有内容", f"第{number}行")
            last = number
            self.count += 1
            if self.count > MOST_ROWS:
                raise FileRefused("TOO_MANY_ROWS", f"数据超过{MOST_ROWS:,}行。请按区拆成几个文件。")
            if sum(named.get(name) == title for name, title in titles) >= 3:
                self.repeated += 1
                continue
            first = next((str(cell).strip() for cell in cells if not is_blank(cell)), "")
            kept = json.dumps(
                [number, named, first, len(cells)], ensure_ascii=False, default=_stated, check_circular=False
            )
            self.lines.setdefault(_project_of(named), []).append(kept.encode())
            if self.count % 20_000 == 0:
                self.pulse("读取", self.count)


def _stated(value: Any) -> dict[str, Any]:
    """A date of the sender's program, as data."""
    if isinstance(value, datetime | date | time):
        return {type(value).__name__: value.isoformat()}
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    if isinstance(value, CellFault):
        return {"fault": value.text}
    raise TypeError(type(value).__name__)


def _restored(data: dict[str, Any]) -> Any:
    if len(data) != 1:
        return data
    kind, value = next(iter(data.items()))
    makers: dict[str, Callable[[Any], Any]] = {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "fault": CellFault,
        "timedelta": lambda seconds: timedelta(seconds=seconds),
    }
    return makers[kind](value) if kind in makers else data


def _project_of(cells: dict[str, Any]) -> str:
    """The project that a row names, folded; nothing if it names none, to be refused with its other faults."""
    try:
        return code_key(as_text(cells.get("project"))).lstrip("'’")
    except DomainError:
        return ""


def _read_workbook(path: Path, spool: _Spool) -> None:
    spool.pulse("查找看不出的内容", 0)
    lowest_merged = require_plain(path)
    spool.pulse("读取表格", 0)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except CalamineError as error:
        raise FileRefused("CORRUPT") from error
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":  # the fast reader's own, no Exception, and by no name to import
            raise
        raise FileRefused("CORRUPT") from fault
    rows = enumerate(sheet.iter_rows(), start=1)
    top = list(islice(rows, HEADER_ROWS))
    header = find_header(top, UNIT_COLUMNS)
    if header is None:
        raise FileRefused("NO_HEADER")
    if lowest_merged > header.row:
        raise why_not_plain("有合并单元格", f"到第{lowest_merged}行")
    spool.take(_opened(header, is_text=False), _below(header, top, rows))


def _below(header: Header, top: Iterable[Cells], rest: Iterable[Cells]) -> Iterator[Cells]:
    return (row for row in chain(top, rest) if row[0] > header.row)


def _opened(header: Header, *, is_text: bool) -> Table:
    """Check the header as an upload's is checked, before any row is read."""
    table = Table("", header, width=len(header.titles) if is_text else 0)
    table.rows.append(Line(0, {}))
    table.close()
    table.rows.clear()
    return table


def _read_text(path: Path, spool: _Spool) -> None:
    spool.pulse("检查文字编码", 0)
    encoding = _encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        header, delimiter = header_of("".join(islice(file, 4 * HEADER_ROWS)), UNIT_COLUMNS)
    if header is None:
        raise FileRefused("ENCODING" if encoding == "gb18030" else "NO_HEADER")
    table = _opened(header, is_text=True)
    with path.open(encoding=encoding, newline="") as file:
        spool.take(table, _records(file, delimiter, table))


def _encoding_of(path: Path) -> str:
    """Decode the whole file strictly, keeping nothing: UTF-8 with or without its mark, UTF-16 with it, GB18030."""
    with path.open("rb") as file:
        start = file.read(2)
    order = ("utf-16",) if start in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in order:
        try:
            with path.open(encoding=encoding, errors="strict", newline="") as text:
                for piece in iter(lambda: text.read(1 << 20), ""):
                    if "\x00" in piece:
                        raise FileRefused("NUL_BYTE")
        except UnicodeError:
            continue
        if encoding == "gb18030":
            _refuse_mixed(path)
        return encoding
    raise FileRefused("ENCODING")


def _refuse_mixed(path: Path) -> None:
    """A file pasted together of two encodings decodes as GB18030 and is wrong in every character of some lines."""
    with path.open("rb") as file:
        rows = [number for number, line in enumerate(file, start=1) if mixed_lines(line)]
        if rows:
            raise FileRefused(
                "ENCODING", MIXED.format(rows="、".join(map(str, rows[:10])) + ("等" if rows[10:] else ""))
            )


def _records(file: TextIO, delimiter: str, table: Table) -> Iterator[Cells]:
    number = 0
    try:
        for cells in csv.reader(file, delimiter=delimiter, strict=True):
            number += 1
            if number <= table.header.row or cells == [END_OF_DOS.decode()]:
                continue
            if any("\n" in cell and cell.count(delimiter) >= 3 for cell in cells):
                raise FileRefused("UNCLOSED_QUOTE", row=number)  # a quote that closed by chance, lines later
            yield number, [cell_of(cell, table) for cell in cells]
    except csv.Error as error:
        raise FileRefused("UNCLOSED_QUOTE", row=number + 1) from error


def _judged(spool: _Spool, pulse: Pulse) -> City:
    """Judge the rows project by project, by an upload's rules; codes and titles are watched across projects."""
    if spool.table is None or not spool.lines:
        raise FileRefused("NO_ROWS")
    city, owners = City(skipped=spool.repeated), dict[str, tuple[str, int]]()
    done = 0
    for code in list(spool.lines):
        lines = spool.lines.pop(code)
        done += len(lines)
        _judge(city, spool.table, code, lines, owners)
        pulse("检查每一行", done)
    if not city.counts and not city.error_count:
        raise FileRefused("NO_ROWS")
    city.errors.sort(key=lambda error: error.row)
    return city


def _judge(city: City, header: Table, code: str, lines: list[bytes], owners: dict[str, tuple[str, int]]) -> None:
    table = Table(header.sheet, header.header, width=header.width)
    for line in lines:
        number, cells, first, width = json.loads(line, object_hook=_restored)
        table.rows.append(Line(number, cells, first))
        if header.width:
            table.widths[number] = width
    result = unit_rows(table, expected_project=code, is_shown=False)
    errors = list(result.errors)
    for row in result.rows:
        other, at = owners.setdefault(row.unit_code, (code, row.row)) if row.unit_code else (code, row.row)
        if other != code:
            said = f"第 {row.row} 行“{HEADER['unit_code']}”与第 {at} 行（另一项目）相同。请核对，一户一号。"
            errors.append(RowError(row.row, HEADER["unit_code"], "UNITCODE_DUP", said))
        for certificate in row.certificates:
            other, at = owners.setdefault(f"{HEADER['certificate_no']} {certificate.number}", (code, row.row))
            if other != code:
                said = f"第 {row.row} 行“{HEADER['certificate_no']}”与第 {at} 行（另一项目）相同。请核对，一证一户。"
                errors.append(RowError(row.row, HEADER["certificate_no"], "CERTIFICATE_DUP", said))
                break
    city.error_count += len(errors)
    city.errors += errors[: max(0, MOST_ERRORS - len(city.errors))]
    city.skipped += len(result.skipped)
    city.warnings |= dict.fromkeys(code for code in result.warnings if code in CODES)
    good = [row.to_data() for row in result.rows]
    if good:
        city.packed[code] = json.dumps(good, ensure_ascii=False, check_circular=False).encode()
        city.counts[code] = len(good)
