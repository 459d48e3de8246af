"""The proof that a workbook is plain: that it holds nothing which the fast reader cannot see.

The fast reader sees values alone. So the XML of the one sheet is searched first, without being parsed, for whatever
makes a value other than what people see or what would be read: merged, hidden, computed, struck out, dressed by a
format, out of order. What is found is told with its place; the file is then refused, or goes through `import_units`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.sheet_xml import LAST_ROW, OpenWorkbook, Sheet, open_book, open_part
from documents.intake.reading.sheets import BROKEN

CODE: Final = "NOT_PLAIN"
SAID: Final = "快速导入无法识别该类内容，整份未导入：{what}。请在Excel/WPS 中处理后另存，或按项目导入房屋清册。"
CHUNK: Final = 1 << 20
HEAD: Final = 4096
SHARED: Final = "xl/sharedStrings.xml"
PLAIN_START: Final = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?<(?:worksheet|sst)[\s>]")
ODD_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8|us-ascii)", re.IGNORECASE)
TRUE: Final = rb"=[\"'](?!0[\"']|false[\"'])"
TRAPS: Final[tuple[tuple[bytes, re.Pattern[bytes], str], ...]] = (
    (b"<f", re.compile(rb"<f[\s/>]"), "有公式"),
    (b"hidden", re.compile(rb"<row\s[^>]*?hidden" + TRUE), "有隐藏行"),
    (b"hidden", re.compile(rb"<col\s[^>]*?hidden" + TRUE), "有隐藏列"),
    (b"zeroHeight", re.compile(rb"<sheetFormatPr\s[^>]*?zeroHeight" + TRUE), "有隐藏行"),
    (b"ht=", re.compile(rb"<row(?=\s)[^>]*?\sht=[\"']0(?:\.0*)?[\"']"), "有隐藏行"),
    (b"width=", re.compile(rb"<col(?=\s)[^>]*?\swidth=[\"']0(?:\.0*)?[\"']"), "有隐藏列"),
    (b"t=", re.compile(rb"<c\s[^>]*?\bt=[\"']e[\"']"), "有错误值（#N/A、#REF! 等）"),
    (b"<strike", re.compile(rb"<strike(?!\s[^>]*val=[\"'](?:0|false)[\"'])[\s/>]"), "有删除线"),
    (b"<rPh", re.compile(rb"<rPh[\s/>]"), "有拼音注音"),
    (b"_x", re.compile(rb"_x[0-9A-Fa-f]{4}_"), "有转义字符（_x0001_ 之类）"),
    (b"<!", re.compile(rb"<!"), "结构特殊"),
    # a value far out makes the fast reader lay out all the cells before it
    (
        b"<c",
        re.compile(
            rb"<c\s[^>]*?\br=[\"'](?:(?:[A-Z]{3,}|[D-Z][A-Z]|C[W-Z])[0-9]+|[A-Z]+[0-9]{8,})[\"'][^>]*(?<!/)>\s*<(?:v|is)[\s>]"
        ),
        "表外很远处还有内容",
    ),
)
MERGE: Final = re.compile(rb"<mergeCell\s[^>]*?ref=[\"'][A-Z]{1,3}\d{1,7}:[A-Z]{1,3}(\d{1,7})[\"']")
PLACES: Final = re.compile(rb"<(?:row|c)\s[^>]*?\br=[\"']([A-Z]*\d+)[\"']")
ROWS: Final = re.compile(rb"<row\s(?:[^>]*?\s)?r=[\"'](\d+)[\"']")
VALUE: Final = re.compile(rb"<(?:v|is)[\s>]")
COLOUR: Final = re.compile(r"\[(?:Red|Black|Blue|Green|White|Yellow|Magenta|Cyan|Color ?\d+|\$[^\]]*)\]", re.IGNORECASE)
NUMBER: Final = re.compile(r"General|@|\\?-?\\?\(?(?:#,##|#)?0?(?:\.[0#?]+)?\\?\)?|\"?-\"?\?*")
PADDING: Final = re.compile(r"_.|\*.|\\ ")


def why_not_plain(what: str, place: str = "") -> FileRefused:
    """Make the refusal that names a trap and where it lies."""
    return FileRefused(CODE, SAID.format(what=f"{what}（{place}）" if place else what))


def require_plain(path: Path) -> int:
    """Search a guarded workbook for what the fast reader cannot see. Raises FileRefused with what and where.

    Gives the last row of the lowest merged range, 0 if nothing is merged: titles above the header may be, rows below
    may not, which is for the caller to say once it knows the header. Flat memory.
    """
    try:
        with path.open("rb") as file, ZipFile(file) as archive:
            book = open_book(file, archive, with_texts=False)
            sheet = _only_sheet(book)
            if SHARED in archive.namelist():
                _search(open_part(archive, SHARED), "共享文本", [])
            return _search(book.source(sheet), "", _dressed(book))
    except BROKEN as error:
        raise FileRefused("CORRUPT") from error


def _only_sheet(book: OpenWorkbook) -> Sheet:
    """Find the one sheet that holds anything; a second one, seen or hidden, is a trap."""
    filled = [sheet for sheet in book.sheets if any(VALUE.search(window) for window in _windows(book.source(sheet)))]
    if len(filled) > 1:
        raise why_not_plain("不止一张工作表有内容", "、".join(sheet.title for sheet in filled[:5]))
    if not filled:
        raise FileRefused("NO_ROWS")
    if not filled[0].is_visible:
        raise FileRefused("NO_SHEET")
    if filled[0] is not book.sheets[0]:
        raise why_not_plain("清册不在第一张工作表", filled[0].title)
    return filled[0]


def _windows(source: Any) -> Iterator[bytes]:
    """Give the XML in pieces that each end where a tag ends; what is no plain UTF-8 is refused."""
    tail, is_start = b"", True
    with source:
        while chunk := source.read(CHUNK):
            window = tail + chunk
            if is_start:
                head = window[:HEAD]
                if b"\x00" in head or not PLAIN_START.match(head) or ODD_ENCODING.search(head[:200]):
                    raise why_not_plain("结构特殊")
                is_start = False
            end = window.rfind(b">") + 1
            tail = window[end:]
            yield window[:end]
    if tail.strip():
        raise FileRefused("CORRUPT")


def _search(source: Any, where: str, dressed: list[tuple[re.Pattern[bytes], str]]) -> int:
    before, last, lowest = b"", 0, 0
    for window in _windows(source):
        for needle, trap, what in TRAPS:
            if needle in window and (match := trap.search(window)):
                raise why_not_plain(what, where or _place(before, window, match.end()))
        for pattern, what in dressed:
            if match := pattern.search(window):
                raise why_not_plain(what, where or _place(before, window, match.end()))
        for row in ROWS.findall(window):
            if not last < int(row) <= LAST_ROW:
                raise why_not_plain("行的顺序不对", f"第{int(row)}行")
            last = int(row)
        lowest = max(lowest, *map(int, MERGE.findall(window))) if b"<mergeCell" in window else lowest
        before = window[-HEAD:]
    return lowest


def _place(before: bytes, window: bytes, end: int) -> str:
    """The cell or row that was opened last, as people name it."""
    seen = PLACES.findall(before + window[max(0, end - HEAD) : end])
    if not seen:
        return ""
    name = seen[-1].decode()
    return f"第{name}行" if name.isdigit() else f"{name}单元格"


def _dressed(book: OpenWorkbook) -> list[tuple[re.Pattern[bytes], str]]:
    """The cells whose style makes them look other than their value: struck out, or shown by a format of their own."""
    traps = [(_cells_of(sorted(book.struck)), "有删除线")] if book.struck else []
    seen = book.dates - book.local_dates  # the dates that the fast reader knows, and gives as such
    odd_numbers = [at for at, code in enumerate(book.formats) if at not in seen and not _keeps_number(code)]
    odd_texts = [at for at, code in enumerate(book.formats) if not _keeps_text(code)]
    if odd_numbers:
        traps.append((_cells_of(odd_numbers, numbers=True), "有数字格式使显示与实际不同的单元格"))
    if odd_texts:
        traps.append((_cells_of(odd_texts), "有格式使文字显示与实际不同的单元格"))
    return traps


def _keeps_number(code: str) -> bool:
    """Tell whether a format shows numbers as the digits they have: separators and colours do no harm, 000 and 0% do."""
    parts = PADDING.sub("", COLOUR.sub("", code)).split(";")[:3]
    return all(part.strip() and NUMBER.fullmatch(part.strip()) for part in parts)


def _keeps_text(code: str) -> bool:
    """Tell whether a format shows texts as they are: its part for texts, if it has one, is @ alone."""
    parts = PADDING.sub("", COLOUR.sub("", code)).split(";")
    if len(parts) >= 4:
        return parts[3].strip() in ("@", "General")
    return all("@" not in part or part.strip() == "@" for part in parts)


def _cells_of(styles: list[int], *, numbers: bool = False) -> re.Pattern[bytes]:
    """Match cells of some styles that hold anything."""
    said = b"|".join(str(style).encode() for style in styles)
    kind = rb"(?![^>]*\bt=[\"'](?:s|str|inlineStr|b|d)[\"'])" if numbers else b""
    return re.compile(rb"<c\s(?=[^>]*?\bs=[\"'](?:" + said + rb")[\"'])" + kind + rb"[^>]*?(?<!/)>\s*<(?:v|is)[\s>]")
