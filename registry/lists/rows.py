"""What a row of a list says and does to the ledger, in the words that preview, result, marked copy and undo share.

The process that reads files imports this module: it knows no Django.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from registry.kernel.authority import Actor
from registry.kernel.columns import Value

if TYPE_CHECKING:
    from registry.store.scoping import TenantModel

ADDED, CHANGED, UNCHANGED, REFUSED = "added", "changed", "unchanged", "refused"
GOOD: Final = (ADDED, CHANGED, UNCHANGED)
KNOWN: Final = "台账已有，不再记"
SEPARATORS: Final = re.compile("[、,，;；\n]")
TOGETHER: Final = "第 {first} 行有错，同一份函的行都没有写入。请一起改好再传。"
Known = dict[str, Value | None]  # a row of what the ledger has already, by column
Change = tuple[str, str, str]  # what, before, after: as the preview shows it
Check = Callable[["ListRow"], list["Fault"]]


@dataclass(frozen=True)
class ListRow:
    """One good row of a list that is not the unit list: texts by column, days in ISO form, choices as their codes."""

    row: int
    texts: Mapping[str, str]
    shown: Mapping[str, str] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Return the row as JSON-ready data."""
        return {"row": self.row, "texts": dict(self.texts), "shown": dict(self.shown)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ListRow":
        """Read a row back from its data."""
        return cls(data["row"], data["texts"], data["shown"])


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row beside the ledger: its code, what to tell the sender, the header of the column."""

    code: str
    message: str
    header: str = ""

    def at(self, row: int) -> dict[str, str]:
        """The fault as a staged row keeps it."""
        said = self.message.removeprefix(f"「{self.header}」") if self.header else self.message
        place = f"第 {row} 行「{self.header}」" if self.header else f"第 {row} 行："
        return {"column": self.header, "code": self.code, "message": place + said}


@dataclass(frozen=True)
class ChangedRow:
    """One thing that a row made, or changed: then with what it was before, by field."""

    key: int
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RowOutcome:
    """What carrying out a plan did, in words, and what it made."""

    said: str
    made: tuple[ChangedRow, ...] = ()


@dataclass(frozen=True)
class RowPlan:
    """Rows that are one act; nothing to do if they are known, and why not if they are refused."""

    rows: tuple[int, ...]
    label: str
    do: Callable[[Actor], RowOutcome] | None = None
    refusal: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class RowResult:
    """Rows of a list beside the ledger: the verdict, what they do or did, or every fault of them."""

    rows: tuple[int, ...]
    label: str
    verdict: str
    said: str = ""
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    made: tuple[ChangedRow, ...] = field(default=())


def split_list(text: str) -> list[str]:
    """Return the parts of a cell that holds one value for each co-owner."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def changes_in_words(changes: Iterable[Change]) -> str:
    """Say changes in one line: what, from which word, to which."""
    return "；".join(f"{what}由“{old or '空'}”改为“{new}”" for what, old, new in changes)


def refused(rows: tuple[int, ...], faults: Iterable[Fault], label: str = "") -> RowResult:
    """Refuse rows for their faults."""
    kept = tuple(faults)
    return RowResult(rows, label, REFUSED, " ".join(fault.message for fault in kept), kept)


def rule(message: str) -> Fault:
    """Make a fault of the refusal of a service."""
    return Fault("RULE", message)


@dataclass(frozen=True)
class ListInput:
    """What a kind of list is given to work on: who, where, the good rows, what the sender said beside the file.

    `bad` has the rows that the reader refused, by what stands in the column by which rows are one paper. `report` is
    what the kind keeps of its work.
    """

    actor: Actor
    project: "TenantModel | None"
    rows: Sequence[ListRow]
    params: Mapping[str, Any] = field(default_factory=dict)
    bad: Mapping[str, int] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
