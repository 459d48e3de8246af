"""The rules of single cells: what a value may be, and what it is refused for (trust.md 3.4).

Codes are folded (width, spaces, invisible characters), names and remarks are not; a number that Excel has rounded is
never repaired. Everything raises DomainError with a code of `codes` and the words that follow 第 n 行“列”.
"""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from documents.intake.reading.codes import CODES
from documents.intake.reading.tables import CellFault, FormulaWithoutValue
from registry.kernel.cell_words import is_not_stated
from registry.kernel.errors import DomainError
from registry.kernel.names import clean_code, refuse_control

NOTHING: Final = frozenset({"/", "-", "--", "—", "——", "／", "－", "无", "暂无", "N/A"})
MARKS: Final = "'’‘＇"
MARK_RULE: Final = "去掉开头的撇号"
MOST_EXACT: Final = 10**15  # Excel keeps 15 digits and makes the others 0
MOST_WRITTEN: Final = 10**6  # digits of a number that are a number of a person, and none of a few
LONGEST_NUMBER: Final = 1e40
LONGEST_NOTHING: Final = 8
MOST_AREA: Final = Decimal(100_000)
MOST_HOME: Final = Decimal(5_000)
CENT: Final = Decimal("0.01")
BINARY_NOISE: Final = Decimal("1e-9")  # what is left over of a decimal that a program kept in binary
PLAIN: Final = re.compile("[0-9]+(?:\\.[0-9]{1,2})?")
THOUSANDS: Final = re.compile("[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]*)?")
NUMBER: Final = re.compile("[+-]?(?:[0-9]{1,12}(?:\\.[0-9]{0,20})?|\\.[0-9]{1,20})")
SCIENTIFIC: Final = re.compile("[0-9](?:\\.[0-9]+)?E\\+[0-9]{1,3}", re.IGNORECASE)
WHOLE: Final = re.compile("([0-9]+)\\.0+")  # a whole number as some programs print it: 1.0
SQUARE: Final = re.compile("(?:m2|平方米|平米|平方|㎡)$", re.IGNORECASE)
SPACED: Final = re.compile("[0-9０-９.．]\\s+[0-9０-９]")  # 8 9.5 may be two numbers
SIGNS: Final = re.compile("[-－—–]+")  # in a column of numbers: a sign whose number is gone
HAN: Final = re.compile("[\u4e00-\u9fff]")
MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATE: Final = re.compile(
    "[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.0+)?)?)?"
    f"|[0-9]{{1,2}}月[0-9]{{1,2}}日|[0-9]{{4}}年[0-9]{{1,2}}月"
    "|[0-9]{2}\\.[0-9]{1,2}\\.[0-9]{1,2}"
    f"|[0-9]{{1,2}}[-/ ](?:{MONTHS})(?:[-/ ][0-9]{{2,4}})?|(?:{MONTHS})[-/ ][0-9]{{1,4}}",
    re.IGNORECASE,
)


def refusal(code: str, **parts: object) -> DomainError:
    """Make the refusal of a code, its words filled in."""
    return DomainError(CODES[code].message(**parts), code=code)


def is_number(value: object) -> bool:
    """Return whether the sender's program holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_date(value: object) -> bool:
    """Return whether the sender's program made a date of a cell."""
    return isinstance(value, date | time | timedelta)


def as_text(value: Any) -> str:
    """Return a value as text: int-valued numbers without a point. Refuses empty formulas and error values."""
    if value is None:
        return ""
    if type(value) is str:  # most cells: told without asking for every other kind
        refuse_control(value)
        return value
    if isinstance(value, FormulaWithoutValue):
        raise refusal("FORMULA_NO_VALUE")
    if isinstance(value, CellFault):
        raise refusal("CELL_ERROR", value=value.text)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < LONGEST_NUMBER else repr(value)
    text = str(value)
    refuse_control(text)
    return text


def as_typed_text(value: Any) -> str:
    """Return the text of a cell that must be typed as text; a date, or a number cut short, is refused."""
    if is_date(value):
        raise refusal("ROOM_IS_DATE")
    if (is_number(value) and abs(value) >= MOST_EXACT) or (isinstance(value, str) and is_scientific(value)):
        raise refusal("ID_PRECISION_LOST")
    return as_text(value)


def is_scientific(text: str) -> bool:
    """Tell a number that a program cut short to 1.23E+12 and a text file kept so."""
    return "+" in text and SCIENTIFIC.fullmatch(text.strip()) is not None


def as_place_text(value: Any) -> str:
    """Return the number of a place as text, 1.0 as 1; a date is refused in words too, as text files have it."""
    if isinstance(value, str) and DATE.fullmatch(value.strip()):
        raise refusal("ROOM_IS_DATE")
    if isinstance(value, str) and (whole := WHOLE.fullmatch(value.strip())):
        return whole[1]
    return as_typed_text(value)


def as_code(value: Any, lost: str) -> str:
    """Return an identifier, folded. A numeric cell is always refused, by the code that says digits are lost."""
    if lost == "ID_PRECISION_LOST" and is_number(value) and MOST_WRITTEN <= abs(value) < MOST_EXACT:
        raise refusal("ID_NUMERIC", digits=len(f"{abs(value):.0f}"))
    if is_number(value) or is_date(value):
        raise refusal(lost)
    text = as_text(value)
    return "" if is_nothing(text) else text.strip().lstrip("'’")


def without_mark(value: Any) -> Any:
    """Return a cell without the apostrophe by which a program is told to take it for text: '101 is 101."""
    if isinstance(value, str) and value[:1] in MARKS and value.lstrip(MARKS).strip():
        return value.lstrip(MARKS)
    return value


def is_nothing(text: str) -> bool:
    """Return whether a text says that there is nothing to say: blank, / or —."""
    bare = text.strip()
    if not bare or len(bare) > LONGEST_NOTHING:
        return not bare
    if bare[0] in "0123456789" or ("\u4e00" <= bare[0] <= "\u9fff" and bare[0] not in "无暂"):
        return False  # most cells: told without folding them
    return clean_code(bare) in NOTHING


def as_area(value: Any, *, is_home: bool) -> Decimal | None:
    """Return an area in square metres; nothing for nothing. More than two decimals are refused, never rounded."""
    if isinstance(value, bool):
        raise refusal("AREA_FORMAT", value=str(value).upper())
    if isinstance(value, date | time | timedelta) or (isinstance(value, float) and not math.isfinite(value)):
        raise refusal("AREA_FORMAT", value=str(value)[:20])
    text = as_text(value)
    if is_nothing(text) and not SIGNS.fullmatch(text.strip()):
        return None
    if HAN.match(text.strip()) and is_not_stated(text):
        return None
    if SPACED.search(text):
        raise refusal("AREA_FORMAT", value=text.strip()[:20])
    folded = SQUARE.sub("", clean_code(unicodedata.normalize("NFKC", text)).lstrip("'’"))
    plain = folded.replace(",", "") if THOUSANDS.fullmatch(folded) else folded
    if not is_number(value) and not NUMBER.fullmatch(plain):
        raise refusal("AREA_FORMAT", value=text.strip()[:20])
    exact = Decimal(plain)
    limit = MOST_HOME if is_home else MOST_AREA
    if abs(exact) > limit:
        raise refusal("AREA_RANGE", value=text.strip()[:20], limit=f"{limit:,}")
    area = exact.quantize(CENT, ROUND_HALF_UP)
    if exact <= 0 or abs(exact) < BINARY_NOISE:
        raise refusal("AREA_RANGE", value=text.strip()[:20], limit=f"{limit:,}")
    if abs(exact - area) > (BINARY_NOISE if isinstance(value, float) else 0):
        raise refusal("AREA_DECIMALS", value=text.strip()[:12])
    return area


def is_area_as_written(value: Any, area: Decimal) -> bool:
    """Tell whether a cell holds just this area: a plain number of at most two decimals, nothing dropped or rounded."""
    if is_number(value):
        return Decimal(str(value)) == area
    return isinstance(value, str) and PLAIN.fullmatch(value) is not None and Decimal(value) == area


def is_like_formula(text: str, *, is_code: bool) -> bool:
    """Return whether a text would come alive if a program took it for a formula; -101 is a room, not one."""
    start = text.lstrip(" \t\u3000")[:2]
    if len(start) < 2 or is_nothing(text):
        return False
    return start[0] in "=@＝＠" or (start[0] in "+-＋－" and (not is_code or not start[1].isdigit()))
