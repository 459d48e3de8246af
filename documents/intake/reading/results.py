"""What reading a list gives: typed rows, refused rows with reasons, skipped rows, warnings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from registry.kernel.cell_words import CLEARED
from registry.kernel.stages import Feature, Use


class Normalised(NamedTuple):
    """A cell that is staged otherwise than it was written: where, from what to what, by which rule. People masked."""

    row: int
    column: str
    before: str
    after: str
    rule: str


@dataclass(frozen=True)
class StatedHolder:
    """A right holder as a row states it, in clear; `share` as it is stored (1/2), `note` as 已故 or 曾用名：…."""

    name: str
    identity_kind: str = "resident"
    identity: str = ""
    phone: str = ""
    share: str = ""
    note: str = ""


@dataclass(frozen=True)
class StatedCertificate:
    """A certificate as a row states it; an old one (旧证) is kept as it is written."""

    number: str
    is_legacy: bool = False
    issued_on: date | None = None


@dataclass(frozen=True)
class UnitRow:
    """One good row of a unit list. `shown` is what a preview may show: personal cells masked, by header.

    `cleared` names the fields that the row says to clear (【清空】); of a holder, the word stands in the field itself.
    """

    row: int
    building: str
    entrance: str
    floor: str
    floor_order: int
    room: str
    use: Use
    features: Feature = Feature.NONE
    unit_code: str | None = None
    area: Decimal | None = None
    holders: tuple[StatedHolder, ...] = ()
    agreement_no: str = ""
    remark: str = ""
    certificates: tuple[StatedCertificate, ...] = ()
    shown: Mapping[str, str] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()

    @property
    def clears_people(self) -> bool:
        """Whether it takes away data of people, which a second person looks at."""
        return "holders" in self.cleared or any(CLEARED in (holder.identity, holder.phone) for holder in self.holders)

    def to_data(self) -> dict[str, Any]:
        """Return the row as JSON-ready data (in clear: seal it)."""
        return {
            "row": self.row,
            "building": self.building,
            "entrance": self.entrance,
            "floor": self.floor,
            "floor_order": self.floor_order,
            "room": self.room,
            "use": self.use.value,
            "features": int(self.features),
            "unit_code": self.unit_code,
            "area": None if self.area is None else str(self.area),
            "holders": [[h.name, h.identity_kind, h.identity, h.phone, h.share, h.note] for h in self.holders],
            "agreement_no": self.agreement_no,
            "remark": self.remark,
            "certificates": [
                [c.number, c.is_legacy, None if c.issued_on is None else c.issued_on.isoformat()]
                for c in self.certificates
            ],
            "shown": dict(self.shown),
            **({"cleared": sorted(self.cleared)} if self.cleared else {}),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "UnitRow":
        """Read a row back from its data."""
        area = data["area"]
        return cls(
            row=data["row"],
            building=data["building"],
            entrance=data["entrance"],
            floor=data["floor"],
            floor_order=data["floor_order"],
            room=data["room"],
            use=Use(data["use"]),
            features=Feature(data["features"]),
            unit_code=data["unit_code"],
            area=None if area is None else Decimal(area),
            holders=tuple(StatedHolder(*holder) for holder in data["holders"]),
            agreement_no=data["agreement_no"],
            remark=data["remark"],
            certificates=tuple(
                StatedCertificate(number, is_legacy, None if on is None else date.fromisoformat(on))
                for number, is_legacy, on in data.get("certificates", ())
            ),
            shown=data["shown"],
            cleared=frozenset(data.get("cleared", ())),
        )


@dataclass(frozen=True)
class RowError:
    """One error of one row: where, which rule, what to do. Identity numbers stand masked."""

    row: int
    column: str
    code: str
    message: str


@dataclass(frozen=True)
class Reading:
    """How a person told the reader to take a file: which sheet, whose header is which column, what a word means."""

    sheet: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadResult:
    """A file as read. rows_present = rows + rows with errors + skipped. `shown` has the cells of refused rows, `texts`
    of a list those that could be read; `normalised` every cell that is staged otherwise than it was written,
    `export_no` the number of our own export if it is one;
    `doubtful` are refused rows of a unit list whose place is known, with what could be read of them.

    `rows` are UnitRows of a unit list, ListRows of any other.
    """

    rows_present: int = 0
    rows: Sequence[Any] = ()
    errors: Sequence[RowError] = ()
    skipped: Sequence[tuple[int, str]] = ()
    warnings: Sequence[str] = ()
    shown: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    file_error: str = ""
    message: str = ""
    sheet: str = ""
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    titles: Sequence[str] = field(default_factory=list)
    sheets: Sequence[str] = field(default_factory=list)
    row_warnings: Mapping[int, Sequence[str]] = field(default_factory=dict)
    texts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    normalised: Sequence[Normalised] = ()
    export_no: str = ""
    untitled: Sequence[str] = ()  # letters of the columns in which something stands and over which no title does
    doubtful: Sequence[Any] = ()  # of UnitRow: refused already, so the door need not hold their days
