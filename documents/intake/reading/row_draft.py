"""One row in the making: its cells as text, all its errors and warnings so far, and how it is shown in a preview."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from documents.intake.reading.cells import (
    as_place_text,
    as_text,
    as_typed_text,
    is_like_formula,
    is_nothing,
    refusal,
)
from documents.intake.reading.codes import CODES
from documents.intake.reading.results import RowError
from documents.intake.reading.tables import CellFault, FormulaWithoutValue
from documents.intake.reading.unit_columns import HEADER, LIMITS
from registry.kernel.errors import DomainError
from registry.kernel.masking import mask_identity, mask_name, mask_phone, scrub
from registry.lists.rows import split_list

PLACES: Final = frozenset({"building", "entrance", "floor", "room"})
TYPED: Final = frozenset({"project", "agreement", "holder"})
CODED: Final = frozenset({"project", "building", "entrance", "room"})
FREE: Final = frozenset({"holder", "agreement", "remark"})
WATCHED: Final = FREE | CODED  # cells that are looked at for what a program would take for a formula
SHOWN: Final = 60
LONG_DIGITS: Final = re.compile(r"(?<!\d)\d{12,}[XxＸｘ]?(?!\d)")
LONGER_DIGITS: Final = re.compile(r"(?<!\d)\d{13,}[XxＸｘ]?(?!\d)")  # a unit code has twelve before its letters


@dataclass
class RowDraft:
    """A row, its number, and what was found."""

    number: int
    cells: Mapping[str, Any]
    first: str = ""
    errors: list[RowError] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)

    def refuse(self, name: str, code: str, what: str = "", **parts: object) -> None:
        """Add an error: row, column, what is wrong and how to mend it. Numbers of people stand masked."""
        header = HEADER.get(name, "")
        said = (what or CODES[code].message(**parts)).removeprefix(f"「{header}」").removeprefix(header)
        place = f"第 {self.number} 行" + (f"「{header}」" if header else "")
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
        rule = as_place_text if name in PLACES else as_typed_text if name in TYPED else as_text
        text: str = self.through(name, rule, value) or ""
        if len(text) > LIMITS[name]:
            self.refuse(name, "TOO_LONG", limit=LIMITS[name])
            return ""
        if name in WATCHED and is_like_formula(text, is_code=name in CODED):
            self.warnings.add("FORMULA_LIKE_TEXT")
        if name != "remark" and is_nothing(text):
            return ""
        return text if name == "remark" else text.strip()

    def required(self, name: str, text: str) -> None:
        """Refuse a cell that must be filled and is not, unless it was refused for something else."""
        if not text and not self.has_error(name):
            self.refuse(name, "REQUIRED")

    def note_change(self, before: str, after: str) -> None:
        """Note that what is stored is not what was written."""
        if before != after:
            self.warnings.add("NORMALIZED")

    def too_long(self, name: str, text: str) -> str:
        """Refuse a text beyond its column's limit, for rules that read their cell themselves."""
        if len(text) > LIMITS[name]:
            raise refusal("TOO_LONG", limit=LIMITS[name])
        return text

    def shown(self) -> dict[str, str]:
        """Return the cells as a preview may show them: names, numbers and phones masked."""
        if any(error.code == "COL_COUNT" for error in self.errors):
            return {}  # whose cell is whose is not known: nothing can be masked rightly
        return {header: masked(name, printed(self.cells.get(name))) for name, header in HEADER.items()}


def printed(value: Any) -> str:
    """Return a cell as a preview prints it, whatever it holds; to be masked."""
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
