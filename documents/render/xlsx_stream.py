"""One long sheet written straight to a file: flat memory, many times faster than cell by cell.

openpyxl makes the frame (title, heads, widths, styles, totals, page set-up) with a few sample rows; the rows between
are written here as text, block by block, and deflated in a thread of their own. The looks are those of `xlsx`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import islice, repeat
from types import NoneType
from typing import Any, BinaryIO, Final, NamedTuple
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from documents.render.xlsx import MOST_ROWS, Sheet, write_workbook
from documents.render.xlsx_cells import EARLIEST, FORMULA_LIKE, LARGEST, LONGEST, cell_value
from registry.kernel.columns import Column
from registry.kernel.errors import DomainError

BLOCK: Final = 1000
LEVEL: Final = 1  # of deflate: a file to be fetched once and opened; 6 takes three times as long for a third less
PART: Final = "xl/worksheets/sheet1.xml"
BOOK: Final = "xl/workbook.xml"
NUMBER_MARK: Final = "\x01"  # stands for the row's number in a row's text; no cell can hold it
BETWEEN: Final = "¦"
EPOCH: Final = date(1899, 12, 30)
DAY_SECONDS: Final = 86_400
REMEMBERED: Final = 20_000
FEW: Final = 64
EXACT: Final = frozenset({int, Decimal})
TEXTS: Final = frozenset({str, NoneType})
ROW: Final = re.compile(r'<row r="(\d+)".*?(?:</row>|/>)', re.DOTALL)
CELL: Final = re.compile(r'<c r="[A-Z]+\d+"([^>]*?)(?:/>|>)')
STYLE: Final = re.compile(r' s="\d+"')
PLACE: Final = re.compile(r'((?:ref|r)="|:)([A-Z]*)(\d+)(?=[":])')
STARTS: Final = tuple(BETWEEN + mark for mark in (*FORMULA_LIKE, " "))
SUSPECT: Final = ("&", "<", ">", "_x", "  ", f" {BETWEEN}", *STARTS)
TOO_MANY: Final = "一张表最多104.8万行，本表超出，未生成。请按区或按项目分开导出。"

Rows = Iterable[Sequence[Any]]
Words = Mapping[str, Mapping[str, str]]


def write_stream(
    out: BinaryIO, sheet: Sheet, rows: Rows, *, words: Words | None = None, beat: Callable[[int], None] | None = None
) -> int:
    """Write a workbook of one sheet whose rows come as tuples in the order of its columns; gives how many.

    `sheet.rows` is not looked at. `words` has, by column name, what is shown for a code. `beat` is called after each
    block with the number of rows so far. The file need not seek: it may be a pipe, or sealed as it is written. Raises
    DomainError beyond what a sheet holds.
    """
    frame = _frame(sheet, {})
    said = words or {}
    styled = zip(sheet.columns, frame.styles, strict=True)
    writers = [_writer(column, styles, said.get(column.name, {})) for column, styles in styled]
    summed = [at for at, column in enumerate(sheet.columns) if column.total]
    sums: dict[int, Any] = dict.fromkeys(summed, 0)
    done = 0
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        with archive.open(PART, "w", force_zip64=out.seekable()) as target, _Behind(target.write) as behind:
            behind.put(frame.before.encode())
            for block in _blocks(rows):
                if frame.first + done + len(block) > MOST_ROWS:
                    raise DomainError(TOO_MANY, code="too_many_rows")
                columns = list(zip(*block, strict=True))
                for at in summed:
                    sums[at] += sum(filter(None, columns[at]))
                slots = [write(values) for write, values in zip(writers, columns, strict=True)]
                behind.put(_lines(frame.letters, slots, frame.first + done, len(block)))
                done += len(block)
                if beat is not None:
                    beat(done)
            ended = _frame(sheet, {sheet.columns[at].name: total for at, total in sums.items()})
            behind.put(ended.after(done).encode())
        for name, content in ended.parts(done):
            archive.writestr(name, content)
    return done


def _blocks(rows: Rows) -> Iterator[list[Sequence[Any]]]:
    iterator = iter(rows)
    while block := list(islice(iterator, BLOCK)):
        yield block


class _Slot(NamedTuple):
    """What a block's cells of one column share, as a pattern, and what they don't; None if they share all."""

    pattern: str
    values: Sequence[Any] | None


def _lines(letters: Sequence[str], slots: Sequence[_Slot], first: int, count: int) -> bytes:
    cells = zip(letters, slots, strict=True)
    inside = "".join(f'<c r="{letter}{NUMBER_MARK}"{slot.pattern}</c>' for letter, slot in cells)
    line = f'<row r="{NUMBER_MARK}">{inside}</row>'
    varying = [slot.values for slot in slots if slot.values is not None]
    rows = zip(*varying, strict=True) if varying else repeat((), count)
    return "".join(
        [line.replace(NUMBER_MARK, str(number)) % values for number, values in enumerate(rows, start=first)]
    ).encode()


class _Behind:
    """Writes one piece in a thread while the next is made: deflate leaves the interpreter to others meanwhile."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self.write, self.pool = write, ThreadPoolExecutor(1)
        self.pending: Future[Any] | None = None

    def __enter__(self) -> "_Behind":
        return self

    def put(self, data: bytes) -> None:
        """Wait for the piece before, then hand this one over."""
        if self.pending is not None:
            self.pending.result()
        self.pending = self.pool.submit(self.write, data)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        pending, self.pending = self.pending, None
        try:
            if pending is not None and kind is None:
                pending.result()
        finally:
            self.pool.shutdown(wait=True)


@dataclass(frozen=True)
class _Styles:
    """The style attributes of a column's cells: as they are, and of a text that looks like a formula."""

    plain: str
    quoted: str
    moment: str


@dataclass(frozen=True)
class _Frame:
    """What openpyxl made of the sheet, cut where the rows belong."""

    content: bytes
    sheet: Sheet
    before: str
    samples: int
    tail: str
    rest: str
    first: int
    styles: list[_Styles]
    letters: list[str]

    def after(self, count: int) -> str:
        """Return what stands below so many rows, renumbered."""
        return self._moved(self.tail, count) + self._moved(self.rest, count)

    def parts(self, count: int) -> Iterator[tuple[str, bytes]]:
        """Return the other parts of the file."""
        with ZipFile(BytesIO(self.content)) as archive:
            for name in archive.namelist():
                if name == PART:
                    continue
                content = archive.read(name)
                if name == BOOK and self.sheet.filters:
                    head, last = self.first - 1, self.first + count - 1
                    ends = rf"\$A\${head}:\$([A-Z]+)\${head}(?=<)"
                    content = re.sub(ends, rf"$A${head}:$\g<1>${last}", content.decode()).encode()
                yield name, content

    def _moved(self, text: str, count: int) -> str:
        shift, last_sample, head = count - self.samples, self.first + self.samples - 1, self.first - 1

        def move(match: re.Match[str]) -> str:
            number = int(match[3])
            return f"{match[1]}{match[2]}{number + shift if number > last_sample else number}"

        moved = PLACE.sub(move, text)
        if self.sheet.filters and count:
            moved = re.sub(rf'(<autoFilter ref="A{head}:[A-Z]+){head}"', rf'\g<1>{head + count}"', moved)
        return moved


def _frame(sheet: Sheet, sums: dict[str, Any]) -> _Frame:
    """Let openpyxl write the sheet around three sample rows, and cut it there."""
    samples = [_sample(sheet, kind) for kind in range(3)]
    columns = [replace(column, value=column.name) for column in sheet.columns]
    totals = None if sheet.totals is None else {**sheet.totals, **sums}
    content = write_workbook([replace(sheet, columns=columns, rows=samples, totals=totals)])
    with ZipFile(BytesIO(content)) as archive:
        text = archive.read(PART).decode()
    rows = list(ROW.finditer(text))
    at = 2 + len(sheet.heading) + bool(sheet.bands)
    plain, quoted, moment = (CELL.findall(row[0]) for row in rows[at : at + len(samples)])
    last = rows[at + len(samples) - 1].end()
    end = text.index("</sheetData>")
    return _Frame(
        content=content,
        sheet=sheet,
        before=text[: rows[at].start()],
        samples=len(samples),
        tail=text[last:end],
        rest=text[end:],
        first=at + 1,
        styles=[_Styles(*(_style(cell) for cell in cells)) for cells in zip(plain, quoted, moment, strict=True)],
        letters=re.findall(r'<c r="([A-Z]+)', rows[at][0]),
    )


def _style(attributes: str) -> str:
    match = STYLE.search(attributes)
    return match[0] if match else ""


def _sample(sheet: Sheet, kind: int) -> dict[str, Any]:
    """A row of plain values, one of texts that look like formulas, one of moments where dates may stand."""
    row: dict[str, Any] = {}
    for column in sheet.columns:
        if column.kind == "date" and kind != 1:
            row[column.name] = datetime(2000, 1, 1, 1) if kind else EARLIEST  # noqa: DTZ001  a sheet knows no zones
        elif column.is_number:
            row[column.name] = 0
        else:
            row[column.name] = "=" if kind == 1 else "a"
    return row


def _writer(column: Column, styles: _Styles, words: Mapping[str, str]) -> Callable[[Sequence[Any]], _Slot]:
    """The way a block of a column's values becomes the rest of its cells, after their places."""
    remembered: dict[Any, str] = {}
    start, blank = f'{styles.plain} t="inlineStr"><is><t>', f"{styles.plain}>"
    text, number = f"{start}%s</t></is>", f"{blank}<v>%s</v>"

    def slowly(value: Any) -> str:
        key = value if type(value) is str else (type(value), value)  # True is 1, but not in a cell
        made = remembered.get(key)
        if made is None:
            if len(remembered) > REMEMBERED:
                remembered.clear()
            made = remembered[key] = _cell(words.get(value, value) if words else value, column, styles)
        return made

    def write(values: Sequence[Any]) -> _Slot:
        types = set(map(type, values))
        if len(types) == 1:
            distinct = set(values)
            if len(distinct) == 1:
                return _Slot(slowly(values[0]).replace("%", "%%"), None)
            if len(distinct) <= FEW:
                return _Slot("%s", list(map({value: slowly(value) for value in distinct}.__getitem__, values)))
        if column.is_number and types <= EXACT and min(values) > -LARGEST and max(values) < LARGEST:
            return _Slot(number, values)
        if not words and column.kind in ("text", "code") and types <= TEXTS and _is_plain(values):
            if all(values):
                return _Slot(text, values)
            return _Slot("%s", [f"{start}{value}</t></is>" if value else blank for value in values])
        return _Slot("%s", [slowly(value) for value in values])

    return write


def _is_plain(values: Sequence[Any]) -> bool:
    """Tell whether texts may stand in XML as they are: printable, short, none that looks like anything else."""
    joined = BETWEEN + BETWEEN.join([value or "" for value in values]) + BETWEEN
    if not joined.isprintable() or any(mark in joined for mark in SUSPECT):
        return False
    return len(joined) < LONGEST or max(len(value) for value in values if value) <= LONGEST


def _cell(value: Any, column: Column, styles: _Styles) -> str:
    """Write one value, whatever it is: a number, a day, a moment, or text that no program takes for a formula."""
    shown = cell_value(value, column)
    if isinstance(shown, datetime):
        seconds = (shown - datetime.combine(shown.date(), time())).total_seconds()
        return f"{styles.moment}><v>{(shown.date() - EPOCH).days + seconds / DAY_SECONDS}</v>"
    if isinstance(shown, date):
        return f"{styles.plain}><v>{(shown - EPOCH).days}</v>"
    if not isinstance(shown, str):
        return f"{styles.plain}><v>{shown}</v>"
    if not shown:
        return f"{styles.plain}>"
    style = styles.quoted if shown.startswith(FORMULA_LIKE) else styles.plain
    kept = escape(shown, {"\r": "&#13;"})
    is_loose = shown != shown.strip() or "\n" in shown or "  " in shown  # blanks that XML would let a program drop
    preserve = ' xml:space="preserve"' if is_loose else ""
    return f'{style} t="inlineStr"><is><t{preserve}>{kept}</t></is>'
