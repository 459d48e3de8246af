"""What the reader knows of a kind of list, as data: the process that reads files knows no app and no registry."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from documents.intake.reading.unit_columns import LIMITS, UNIT_COLUMNS
from registry.kernel.columns import Choice, Column, ColumnSet

if TYPE_CHECKING:
    from registry.lists.kinds import ListKind

UNITS: Final = "units"


@dataclass(frozen=True)
class ListShape:
    """The columns of a kind of list, its longest cells by column, the columns that may hold several choices."""

    name: str
    columns: ColumnSet
    limits: Mapping[str, int] = field(default_factory=dict)
    several: frozenset[str] = frozenset()
    clearable: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: "ListKind") -> "ListShape":
        """Return what the reader has to know of a kind of list."""
        return cls(kind.name, kind.columns, kind.limits, kind.several, kind.clearable)

    def to_data(self) -> dict[str, Any]:
        """Return the shape as JSON-ready data, for the process that reads."""
        return {
            "name": self.name,
            "columns": [asdict(column) for column in self.columns],
            "limits": dict(self.limits),
            "several": sorted(self.several),
            "clearable": sorted(self.clearable),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ListShape":
        """Read a shape back from its data."""
        columns = tuple(_column(each) for each in data["columns"])
        several, clearable = frozenset(data["several"]), frozenset(data["clearable"])
        return cls(data["name"], ColumnSet(columns), data["limits"], several, clearable)


def _column(data: Mapping[str, Any]) -> Column:
    choices = tuple(Choice(choice["value"], choice["label"], tuple(choice["synonyms"])) for choice in data["choices"])
    return Column(**{**data, "synonyms": tuple(data["synonyms"]), "choices": choices})


UNIT_SHAPE: Final = ListShape(UNITS, UNIT_COLUMNS, LIMITS)
