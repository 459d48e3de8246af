"""The faults that rows of a unit list have beside the ledger, each at its column; what a row's home is called."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from documents.intake.reading.unit_columns import HEADER
from documents.intake.services.new_buildings import NewBuildings
from projects.progress.services.place import PlacedUnit, Placement
from registry.lists.rows import Fault

COLUMN_OF: Final = {
    "ENTRANCE_MISSING": HEADER["entrance"], "CLEAR_WHOM": HEADER["identity"],
    "UNIT_DUP": HEADER["room"], "SPELLED_TWICE": HEADER["room"], "NEW_BUILDING": HEADER["building"],
    "ROOM_ZEROS": HEADER["room"], "FLOOR_OTHER": HEADER["floor"],
    "UNITCODE_DUP": HEADER["unit_code"], "UNITCODE_ELSEWHERE": HEADER["unit_code"], "NAME_MASKED": HEADER["holder"],
    "ID_MASKED": HEADER["identity"], "PHONE_MASKED": HEADER["phone"],
    "CERTIFICATE_DUP": HEADER["certificate_no"], "CERTIFICATE_PART_WAY": HEADER["certificate_no"],
    "CERTIFICATE_AT_FAULT": HEADER["certificate_no"], "CERTIFICATE_DATE_AHEAD": HEADER["issued_on"],
    "DATE_BOUND": HEADER["issued_on"],
}  # fmt: skip
GUARDED_HEADERS: Final = {
    "use": HEADER["use"], "unit_code": HEADER["unit_code"], "area": HEADER["area"], "holders": HEADER["holder"],
    "shares": HEADER["holder"],
}  # fmt: skip


def add_doubts(errors: dict[int, list[dict[str, str]]], placement: Placement, fresh: NewBuildings) -> None:
    """Add to the faults of cells those beside the ledger, but for columns that were refused already: all at once."""
    for row, code, said in placement.doubted:
        fault = fault_of(placement, row, code, said).at(row.row)
        if fault["column"] not in {error["column"] for error in errors[row.row]}:
            errors[row.row].append(fault)
    for row in placement.doubted_new:
        number = row.place[0]
        if fresh.known and number not in fresh.known | fresh.new:  # else a good row asks for the tick
            errors[row.row].append(fresh.fault(row.row, number))


def fault_of(placement: Placement, row: PlacedUnit, code: str, said: str) -> Fault:
    """Make the fault of a row beside the ledger, at its column."""
    guarded = GUARDED_HEADERS.get(placement.guarded.get(row.row, ""), "") if code == "FOREIGN_CHANGE" else ""
    return Fault(code, said, guarded or COLUMN_OF.get(code, ""))


def place_shown(shown: Mapping[str, str], changed: Iterable[Sequence[str]]) -> str:
    """Say which home a row is of, as it will be written: `changed` are its cells staged otherwise than written."""
    stands = {**shown, **{column: after for column, _, after, _ in changed}}
    building, entrance, room = (stands.get(HEADER[name], "").strip() for name in ("building", "entrance", "room"))
    words = (
        f"{building}号楼" if building.isdigit() else building,
        f"{entrance}单元" if entrance.isdigit() else entrance,
        room,
    )
    return " ".join(word for word in words if word)[:120]
