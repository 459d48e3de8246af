"""What a row of a list says and does to the ledger, in the words that preview, result, marked copy and undo share.

The process that reads files imports this module: it knows no Django.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from registry.kernel.authority import Actor
from registry.kernel.cell_words import CLEARED
from registry.kernel.columns import Value

if TYPE_CHECKING:
    from registry.store.scoping import TenantModel

ADDED, CHANGED, UNCHANGED, REFUSED = "added", "changed", "unchanged", "refused"
GOOD: Final = (ADDED, CHANGED, UNCHANGED)
CLEAR: Final = "清空"  # as the preview shows a field that is cleared
KNOWN: Final = "台账已有，不重复登记"
SEPARATORS: Final = re.compile("[、,，;；\n]")
TOGETHER: Final = "第 {first} 行有错，同一份函的行都没有写入。请一并更正后重新上传。"
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
        said = self.message.removeprefix(f"“{self.header}”").removeprefix(self.header) if self.header else self.message
        place = f"第 {row} 行“{self.header}”" if self.header else f"第 {row} 行："
        return {"column": self.header, "code": self.code, "message": place + said}


@dataclass(frozen=True)
class Claim:
    """What a row says of one thing. Two rows that say different things of it contradict: neither is taken.

    `says` has what is said of it, by header. `is_alone` where a row is all that may be said of the thing: a second one
    is one too many even if it says the same. A blank says nothing, so it contradicts nothing unless the row is alone.
    """

    about: tuple[Any, ...]
    says: Mapping[str, str]
    header: str
    what: str
    is_alone: bool = True

    def differing(self, other: "Claim", *, is_partial: bool) -> list[str]:
        """Return the headers under which two claims about the same thing can't both be right.

        `is_partial` where one of the rows could not be read whole: its blanks may be what was refused.
        """
        is_strict = self.is_alone and not is_partial
        pairs = [(header, text, other.says[header]) for header, text in self.says.items()]
        return [header for header, mine, theirs in pairs if mine != theirs and (is_strict or (mine and theirs))]


ClaimsOf = Callable[[Any], Callable[["ListRow"], list[Claim]]]  # given the project


@dataclass(frozen=True)
class ChangedRow:
    """One thing that a row made, or changed: then with what it was before, by field."""

    key: int
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Apart:
    """A row that was refused beside the ledger, as a kind of list may keep it: the codes of its faults, the thing it
    names, every fault in words."""

    codes: frozenset[str]
    named: str
    said: str


@dataclass(frozen=True)
class RowOutcome:
    """What carrying out a plan did, in words, and what it made."""

    said: str
    made: tuple[ChangedRow, ...] = ()


@dataclass(frozen=True)
class RowPlan:
    """Rows that are one act; nothing to do if they are known, and why not, in which column, if they are refused.

    `said` is what to say of rows with nothing to do.
    """

    rows: tuple[int, ...]
    label: str
    do: Callable[[Actor], RowOutcome] | None = None
    refusal: str = ""
    changes: tuple[Change, ...] = ()
    said: str = KNOWN
    header: str = ""


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
    return "；".join(
        f"{what}“{old}”清空" if new == CLEAR else f"{what}由“{old or '空'}”改为“{new}”" for what, old, new in changes
    )


def without_clearing(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a row about something new: there is nothing to clear yet."""
    return {name: "" if text == CLEARED else text for name, text in texts.items()}


def wanted_words(texts: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return what a row changes of what stands: a blank keeps, 【清空】 empties, the rest replaces."""
    stated = {name: "" if texts[name] == CLEARED else texts[name] for name in now if texts[name]}
    return {name: text for name, text in stated.items() if text != now[name]}


def contradictions(
    rows: Iterable[ListRow], claims: Callable[[ListRow], list[Claim]], partial: Collection[int] = ()
) -> dict[int, list[Fault]]:
    """Find the rows that contradict each other, each with the others' numbers, and those that say a thing again.

    `partial` are the rows that could not be read whole.
    """
    by_thing: dict[tuple[Any, ...], list[tuple[int, Claim]]] = {}
    for row in rows:
        for claim in claims(row):
            by_thing.setdefault(claim.about, []).append((row.row, claim))
    faults: dict[int, list[Fault]] = {}
    for stated in by_thing.values():
        for number, claim in stated if len(stated) > 1 else ():
            others = {
                row: claim.differing(other, is_partial=bool({row, number} & set(partial)))
                for row, other in stated
                if row != number
            }
            if against := [row for row, headers in others.items() if headers]:
                headers = "”“".join(dict.fromkeys(header for row in against for header in others[row]))
                numbers = "、".join(map(str, against[:5])) + (f"等{len(against)}" if len(against) > 5 else "")
                said = f"与第 {numbers} 行{claim.what}，“{headers}”却不一样，都不写入。请核对后改正。"
                faults.setdefault(number, []).append(Fault("ROWS_CONTRADICT", said, claim.header))
            elif claim.is_alone and number != stated[0][0]:
                said = f"与第 {stated[0][0]} 行{claim.what}。请只留一行。"
                faults.setdefault(number, []).append(Fault("ROW_TWICE", said, claim.header))
    return faults


def said_again(number: int, days: Mapping[int, str], label: str = "") -> str:
    """Say why a row is not taken that names the same home as others, each with its day; "" for one that is."""
    of = f"（{label}）" if label else ""
    others = "、".join(str(row) for row in days if row != number)
    if len(set(days.values())) > 1:
        return f"与第 {others} 行是同一户{of}，日期却不一样，都不写入。请核对后只留正确的一行。"
    return "" if number == min(days) else f"与第 {min(days)} 行是同一户{of}。请只留一行。"


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

    `bad` has the rows that the reader refused, by what stands in the column by which rows are one paper, and
    `refused` those rows with the cells that could be read. `report` is what the kind keeps of its work.
    """

    actor: Actor
    project: "TenantModel | None"
    rows: Sequence[ListRow]
    params: Mapping[str, Any] = field(default_factory=dict)
    bad: Mapping[str, int] = field(default_factory=dict)
    refused: Sequence[ListRow] = ()
    report: dict[str, Any] = field(default_factory=dict)
