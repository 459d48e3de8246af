"""One row in the making: its cells as text, all its errors and warnings so far, and how it is shown in a preview."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Final

from documents.intake.reading.cells import (
    MARK_RULE,
    as_place_text,
    as_text,
    as_typed_text,
    is_like_formula,
    is_nothing,
    refusal,
    without_mark,
)
from documents.intake.reading.codes import CODES
from documents.intake.reading.results import Normalised, RowError
from documents.intake.reading.tables import CellFault, FormulaWithoutValue, is_blank
from documents.intake.reading.unit_columns import HEADER, LIMITS
from registry.kernel.cell_words import (
    CLEARED,
    is_clear_word,
    is_ditto,
    is_nearly_clear_word,
    is_not_stated,
    is_truth_word,
)
from registry.kernel.errors import DomainError
from registry.kernel.masking import mask_identity, mask_name, mask_phone, scrub
from registry.kernel.people import mask_people
from registry.lists.rows import split_list

PLACES: Final = frozenset({"building", "entrance", "floor", "room"})
TYPED: Final = frozenset({"project", "agreement", "holder"})
CODED: Final = frozenset({"project", "building", "entrance", "room"})
FREE: Final = frozenset({"holder", "agreement", "remark"})
WATCHED: Final = FREE | CODED  # cells that are looked at for what a program would take for a formula
CHOSEN: Final = frozenset({"use", "identity_kind"})  # whose words are those of their lists, 无 among them
REFUSING: Final = frozenset({"project", "floor", "agreement"})  # of the others their own grammar tells
CLEARABLE: Final = {  # columns that 【清空】 may stand in, with the field of the home that it clears
    "unit_code": "unit_code", "area": "area", "holder": "holders", "agreement": "agreement_no", "remark": "remark",
}  # fmt: skip
OF_A_HOLDER: Final = frozenset({"identity", "phone"})  # cleared of the holders whom the row names
FILLED_RULE: Final = "合并单元格向下填"
CHOICE_RULE: Final = "按可选词记"
DAY_RULE: Final = "规整日期写法"
BLANKS_RULE: Final = "去掉首尾空格"
LISTED_ALONE: Final = frozenset({CHOICE_RULE, DAY_RULE})
SHOWN: Final = 60
COMMENTS: Final = "批注"  # beside the headers, in what is shown of a row
MOST_COMMENT: Final = 300
LONG_DIGITS: Final = re.compile(r"(?<!\d)\d{12,}[XxＸｘ]?(?!\d)")
LONGER_DIGITS: Final = re.compile(r"(?<!\d)\d{13,}[XxＸｘ]?(?!\d)")  # a unit code has twelve before its letters


REPEATED: Final = PLACES | CHOSEN | {"project"}  # columns whose few texts stand in thousands of rows
MOST_KEPT: Final = 8192
_UNREMARKABLE: Final[
    dict[tuple[str, str], str]
] = {}  # texts of them of which nothing was to be said, as they were read


@lru_cache(maxsize=8192)
def _is_not_stated(text: str, is_place: bool) -> bool:
    """Tell what says that nothing is known; in a place 00 and A are numbers, and only words and a lone 0 say so."""
    return is_not_stated(text) and not (is_place and text.isascii() and text != "0")


@dataclass
class RowDraft:
    """A row, its number, and what was found."""

    number: int
    cells: dict[str, Any]
    first: str = ""
    errors: list[RowError] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)
    normalised: list[Normalised] = field(default_factory=list)
    cleared: dict[str, str] = field(default_factory=dict)  # the word as written, by column
    comments: Sequence[str] = ()
    filled: Collection[str] = ()  # columns whose value stands in a merged cell that begins above

    def take_marks(self) -> None:
        """Take the apostrophe off that stands before a text, and say what was laid down for merged cells."""
        for name, cell in self.cells.items():
            bare = without_mark(cell)
            if bare is not cell and not is_like_formula(bare, is_code=False):
                self.cells[name] = bare
                self.note_change(name, cell.strip(), bare.strip(), MARK_RULE)
        for name in self.filled:
            self.note_change(name, "", printed(self.cells.get(name)), FILLED_RULE)

    def take_clear_words(self) -> None:
        """Take 【清空】 out of the cells that may say it, and refuse it anywhere else."""
        for name, cell in self.cells.items():
            if not isinstance(cell, str) or "清" not in cell:
                continue
            if is_nearly_clear_word(cell):
                self.refuse(name, "CLEAR_WORD", value=cell.strip()[:20])
            elif not is_clear_word(cell) or name in OF_A_HOLDER:
                continue
            elif name not in CLEARABLE:
                self.refuse(name, "CLEAR_NOT")
            self.cleared[name] = cell.strip()
        for name in self.cleared:
            self.cells[name] = None
        if "holder" in self.cleared:
            for name in ("identity_kind", "identity", "phone"):
                if self.cells.get(name) not in (None, ""):
                    self.refuse(name, "RULE", "权利人写了清空，这一格不能再填。请留空。")

    @property
    def cleared_fields(self) -> frozenset[str]:
        """The fields of the home that the row clears."""
        return frozenset(CLEARABLE[name] for name in self.cleared if name in CLEARABLE)

    def refuse(self, name: str, code: str, what: str = "", **parts: object) -> None:
        """Add an error: row, column, what is wrong and how to mend it. Numbers of people stand masked."""
        header = HEADER.get(name, "")
        said = (what or CODES[code].message(**parts)).removeprefix(f"“{header}”").removeprefix(header)
        place = f"第 {self.number} 行" + (f"“{header}”" if header else "")
        self.errors.append(RowError(self.number, header, code, place + _without_numbers(said)))

    def has_error(self, name: str) -> bool:
        """Return whether the cell was refused already."""
        return any(error.column == HEADER[name] for error in self.errors)

    def through(self, name: str, rule: Callable[[Any], Any], value: Any) -> Any:
        """Pass a value through a rule; its refusal becomes the row's, and None is returned."""
        try:
            return rule(value)
        except DomainError as error:
            self.refuse(name, str(error.code), error.message)
            return None

    def text(self, name: str) -> str:
        """Return a cell as text. What is refused is given as nothing."""
        value = self.cells.get(name)
        if value is None:
            return ""
        if type(value) is not str or name not in REPEATED:
            return self._text(name, value)
        if (name, value) in _UNREMARKABLE:
            return _UNREMARKABLE[name, value]
        before = len(self.errors), len(self.normalised)
        text = self._text(name, value)
        is_told = self.warnings or before != (len(self.errors), len(self.normalised))
        if not is_told and len(_UNREMARKABLE) < MOST_KEPT:
            _UNREMARKABLE[name, value] = text
        return text

    def _text(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            if name == "remark":
                return str(value).upper()
            self.refuse(name, "KIND", value=str(value).upper())
            return ""
        rule = as_place_text if name in PLACES else as_typed_text if name in TYPED else as_text
        text: str = self.through(name, rule, value) or ""
        if len(text) > LIMITS[name]:
            self.refuse(name, "TOO_LONG", limit=LIMITS[name])
            return ""
        if name in WATCHED and is_like_formula(text, is_code=name in CODED):
            self.warnings.add("FORMULA_LIKE_TEXT")
        if name == "remark":
            return "" if is_blank(text) or (is_nothing(text) and self.says_nothing(name, text)) else text
        if is_nothing(text) or (name in REFUSING and self.refuse_words(name, text)):
            return ""
        if name not in (*CHOSEN, "holder") and self.says_nothing(name, text):
            return ""
        if name == "agreement" and isinstance(value, str):
            self.note_change(name, value, text.strip(), BLANKS_RULE)
        return text.strip()

    def says_nothing(self, name: str, text: str) -> bool:
        """Tell whether a text says that nothing is known (未售, 待补): as good as blank, and warned of."""
        if not _is_not_stated(text.strip(), name in PLACES) or (name == "floor" and text.strip() == "0"):
            return False
        self.warnings.add("NOT_STATED")
        return True

    def refuse_words(self, name: str, text: str) -> bool:
        """Refuse 同上 and 是 where only a value of the row's own can stand."""
        for is_such, code in ((is_ditto, "DITTO"), (is_truth_word, "KIND")):
            if is_such(text):
                self.refuse(name, code, value=text.strip())
                return True
        return False

    def required(self, name: str, text: str) -> None:
        """Refuse a cell that must be filled and is not, unless it was refused for something else."""
        if not text and not self.has_error(name):
            self.refuse(name, "REQUIRED")

    def note_change(self, name: str, before: str, after: str, rule: str = "规整写法") -> None:
        """Note that what is stored is not what was written: from what, to what, by which rule.

        One word of a list for another, or a day in other signs, is listed with the rest and warned of nowhere.
        """
        if before != after:
            if rule not in LISTED_ALONE:
                self.warnings.add("NORMALIZED")
            mask = mask_people if name == "holder" else partial(masked, name)
            was, now = (mask(text)[:SHOWN] for text in (before, after))
            self.normalised.append(Normalised(self.number, HEADER[name], was, now, rule))

    def too_long(self, name: str, text: str) -> str:
        """Refuse a text beyond its column's limit, for rules that read their cell themselves."""
        if len(text) > LIMITS[name]:
            raise refusal("TOO_LONG", limit=LIMITS[name])
        return text

    def shown(self) -> dict[str, str]:
        """Return the cells as a preview may show them: names, numbers and phones masked."""
        if any(error.code == "COL_COUNT" for error in self.errors):
            return {}  # whose cell is whose is not known: nothing can be masked rightly
        cells = {**self.cells, **self.cleared}
        shown = {header: masked(name, printed(cells.get(name))) for name, header in HEADER.items()}
        return {**shown, **comments_shown(self.comments)}


def comments_shown(comments: Sequence[str]) -> dict[str, str]:
    """Return the comments of a row's cells as a preview shows them, numbers of people masked."""
    said = _without_numbers("；".join(" ".join(text.split()) for text in comments))[:MOST_COMMENT]
    return {COMMENTS: said} if said else {}


def printed(value: Any) -> str:
    """Return a cell as a preview prints it, whatever it holds; to be masked."""
    if value is None:
        return ""
    if isinstance(value, FormulaWithoutValue):
        return "（公式）"
    if isinstance(value, CellFault):
        return value.text
    try:
        return as_text(value)[:SHOWN]
    except DomainError:
        return "".join(c if c.isprintable() else "�" for c in str(value))[:SHOWN]


def masked(name: str, text: str) -> str:
    """Mask the text of a cell by its column: names, numbers, phones, and long numbers where none belong."""
    if not text or text == "（公式）":
        return text
    if is_clear_word(text):
        return CLEARED
    if name == "identity":
        return "、".join(mask_identity(part) for part in split_list(text))
    if name == "phone":
        return "、".join(mask_phone(part) for part in split_list(text.replace("/", "、")))
    if name == "holder":
        return "、".join(mask_name(part) for part in split_list(text.replace("/", "、")))
    return _without_numbers(text, LONGER_DIGITS if name == "unit_code" else LONG_DIGITS)


def _without_numbers(text: str, digits: re.Pattern[str] = LONG_DIGITS) -> str:
    """Mask what may be a number of a person, in whatever column it was put."""
    return digits.sub(lambda match: mask_identity(match[0]), scrub(text))
