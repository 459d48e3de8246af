"""The column, declared once: it serves the HTML table, the Excel sheet, the template, the import and the tests.

A column reads its value from a row, prints it by its kind, recognises its header in a file made by hand, and turns the
words people write (住宅, 普通住宅, 成套住宅) into the one value that is stored.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal

from registry.kernel.errors import DomainError
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.kernel.rates import format_rate

Kind = Literal["text", "int", "area", "money", "date", "rate", "code", "person", "identity", "phone"]
ReadValue = Callable[[Any], object]
Value = int | float | Decimal | date | datetime | str  # what a cell of a workbook holds


@dataclass(frozen=True, slots=True)
class KindFormat:
    """How a kind looks: Excel's number format, default width in characters, and the side it is flushed to."""

    number_format: str
    width: int
    align: Literal["left", "right"] = "left"


KIND_FORMATS: Final[Mapping[Kind, KindFormat]] = {
    "text": KindFormat("@", 16),
    "code": KindFormat("@", 20),
    "person": KindFormat("@", 10),
    "identity": KindFormat("@", 22),
    "phone": KindFormat("@", 14),
    "int": KindFormat("#,##0", 9, "right"),
    "area": KindFormat("#,##0.00", 13, "right"),
    "money": KindFormat("#,##0.00", 15, "right"),
    "rate": KindFormat("0.00%", 9, "right"),
    "date": KindFormat("yyyy-mm-dd", 12),
}
_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "person": mask_name,
    "identity": mask_identity,
    "phone": mask_phone,
}
_NUMBERS: Final = frozenset({"int", "area", "money", "rate"})
_CLOSING: Final = {"(": ")", "[": "]", "〔": "〕", "【": "】", "{": "}"}
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed list, the label people see, and other words for it."""

    value: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what it is called, where its value comes from, how it is printed and recognised.

    `value` is an attribute path ("building.number"; keys work on mappings) or a one-line function; empty means `name`.
    `unknown_code` is the code of the refusal when a word is not among the `choices` (trust.md 3.6). A column of days
    that declares `months` takes 2014年5月 for its first day; every other one asks for the day. Into a column that
    `is_open` other words than its choices may be written, several of them joined, so its list only proposes.
    A day that `is_ahead` is planned or falls due; every other one is of a fact and never ahead.
    """

    name: str
    header: str
    value: str | ReadValue = ""
    kind: Kind = "text"
    width: int = 0
    total: bool = False
    personal: bool = False
    required: bool = False
    note: str = ""
    synonyms: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    unknown_code: str = "USAGE_UNKNOWN"
    months: bool = False
    is_open: bool = False
    is_ahead: bool = False

    def __post_init__(self) -> None:
        if self.total and self.kind not in _NUMBERS - {"rate"}:
            raise ValueError(f"column {self.name}: {self.kind} cannot be summed")

    @property
    def number_format(self) -> str:
        """Return Excel's number format; identifiers are always text."""
        return KIND_FORMATS[self.kind].number_format

    @property
    def characters(self) -> int:
        """Return the width in characters: declared, else the kind's, but never narrower than the header."""
        return self.width or max(KIND_FORMATS[self.kind].width, 2 * len(self.header) + 2)

    @property
    def is_number(self) -> bool:
        """Tell whether the cell is a number, flushed right."""
        return self.kind in _NUMBERS

    def read(self, row: object) -> Any:
        """Return the value of this column in a row, unformatted."""
        if callable(self.value):
            return self.value(row)
        value = row
        for part in (self.value or self.name).split("."):
            value = value[part] if isinstance(value, Mapping) else getattr(value, part)
            if value is None:
                return None
        return value

    def show(self, row: object) -> str:
        """Return the text of this column's cell in a row, personal values masked."""
        return format_cell(self.read(row), self.kind)

    def in_clear(self) -> "Column":
        """Return the column that prints plain strings as they are: for forms, templates and recorded exports."""
        return replace(self, kind="code") if self.kind in _MASKS else self

    def coerce(self, text: str) -> str:
        """Return the stored value for a word written by hand; refuses a word that is in no list."""
        wanted = header_key(text)
        for choice in self.choices:
            if wanted in {header_key(word) for word in (choice.value, choice.label, *choice.synonyms)}:
                return choice.value
        labels = "、".join(choice.label for choice in self.choices)
        raise DomainError(
            f"“{self.header}”填写的“{text}”不在可选范围内。请改为：{labels}。",
            code=self.unknown_code,
            field=self.name,
        )


def format_cell(value: object, kind: Kind) -> str:
    """Return the printed text of a value: 7,899 · 86.50 · 2022-03-08 · 5.06% · 徐*忠; nothing for nothing.

    A plain string in a personal column is masked; a `Masked` value prints masked by itself. Clear text reaches a file
    only through `Column.in_clear()`, which the export of personal data asks for after its reveal is recorded.
    """
    if kind == "rate":
        return format_rate(None if value is None else Decimal(str(value)))
    if value is None or value == "":
        return ""
    if isinstance(value, str) and kind in _MASKS:
        return _MASKS[kind](value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal) and kind in _NUMBERS:
        return (f"{value:,}" if kind == "int" else f"{value:,.2f}").replace("-", "−")
    return str(getattr(value, "label", value))


_OBLIGING: Final = "*★☆※△"  # marks of a column that must be filled, wherever they stand in the title


def header_key(text: str) -> str:
    """Return what two spellings of a header share: NFKC, case, spaces, invisible characters, marks of obligation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    visible = "".join(c for c in folded if unicodedata.category(c) not in _INVISIBLE and c not in _OBLIGING)
    return visible.replace("〔", "(").replace("〕", ")").replace("【", "(").replace("】", ")").strip("*:_#、,;.。")


def bare_key(text: str) -> str:
    """Return the header's key without what stands in brackets: 楼栋(幢号) and 楼栋（施工号） share 楼栋."""
    kept: list[str] = []
    awaited: list[str] = []
    for character in header_key(text):
        if character in _CLOSING:
            awaited.append(_CLOSING[character])
        elif awaited:
            if character == awaited[-1]:
                awaited.pop()
        else:
            kept.append(character)
    return "".join(kept) or header_key(text)


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Which cell of a header row is which column; positions count from 0."""

    positions: Mapping[str, int]
    missing: tuple[Column, ...]
    duplicates: tuple[str, ...]
    extra: tuple[tuple[int, str], ...]

    @property
    def score(self) -> int:
        """Return the number of columns recognised: the header row is the row with the highest score."""
        return len(self.positions)


@dataclass(frozen=True)
class ColumnSet:
    """The columns of one table, in order; names, headers and synonyms are unambiguous, or it is not built."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        if len({column.name for column in self.columns}) != len(self.columns):
            raise ValueError("two columns share a name")
        owner: dict[str, str] = {}
        for column in self.columns:
            for key in {header_key(word) for word in (column.header, *column.synonyms)}:
                if owner.setdefault(key, column.name) != column.name:
                    raise ValueError(f"columns {owner[key]} and {column.name} share the header {key}")

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the headers in order, as the template prints them."""
        return tuple(column.header for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in order."""
        return tuple(column.name for column in self.columns)

    def by_name(self, name: str) -> Column:
        """Return the column of that name."""
        return self._by_name[name]

    def without_personal(self) -> "ColumnSet":
        """Return the columns that anyone who sees the row may see."""
        return ColumnSet(tuple(column for column in self.columns if not column.personal))

    def totals(self, rows: Iterable[object]) -> dict[str, int | Decimal]:
        """Return the sums of the columns that are summed."""
        summed = [column for column in self.columns if column.total]
        sums: dict[str, int | Decimal] = {column.name: 0 for column in summed}
        for row in rows:
            for column in summed:
                sums[column.name] += column.read(row) or 0
        return sums

    def match_headers(self, cells: Sequence[object]) -> HeaderMatch:
        """Recognise the cells of a header row, by full spelling first, then without what stands in brackets.

        A column claimed by two cells of the same closeness is a duplicate: it is reported and given no position.
        """
        titles = {at: str(cell) for at, cell in enumerate(cells) if cell is not None and str(cell).strip()}
        positions: dict[str, int] = {}
        duplicates: dict[str, None] = {}
        taken: set[int] = set()
        for key, index in ((header_key, self._by_header), (bare_key, self._by_bare_header)):
            claims: dict[str, list[int]] = {}
            for at, title in titles.items():
                name = index.get(key(title))
                if at not in taken and name is not None and name not in positions and name not in duplicates:
                    claims.setdefault(name, []).append(at)
            for name, places in claims.items():
                taken.update(places)
                if len(places) == 1:
                    positions[name] = places[0]
                else:
                    duplicates[name] = None
        return HeaderMatch(
            positions=positions,
            missing=tuple(
                c for c in self.columns if c.required and c.name not in positions and c.name not in duplicates
            ),
            duplicates=tuple(self.by_name(name).header for name in duplicates),
            extra=tuple((at, title) for at, title in titles.items() if at not in taken),
        )

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def _by_header(self) -> dict[str, str]:
        return {header_key(word): c.name for c in self.columns for word in (c.header, *c.synonyms)}

    @cached_property
    def _by_bare_header(self) -> dict[str, str]:
        """Index by bare spelling; a bare spelling that two columns share recognises neither."""
        owners: dict[str, set[str]] = {}
        for column in self.columns:
            for word in (column.header, *column.synonyms):
                owners.setdefault(bare_key(word), set()).add(column.name)
        return {key: names.pop() for key, names in owners.items() if len(names) == 1}
