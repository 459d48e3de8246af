"""What homes of one file may not share: a cell merged over several of them, a number of a person with two names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from documents.intake.reading.duplicates import place_of
from documents.intake.reading.results import StatedHolder, UnitRow
from documents.intake.reading.row_draft import RowDraft
from registry.kernel.cell_words import CLEARED, is_not_stated
from registry.kernel.identifiers import upgraded
from registry.kernel.masks import is_masked
from registry.kernel.names import is_same_name

OF_ONE_HOME: Final = frozenset({"unit_code", "area", "holder", "identity", "phone", "agreement", "certificate_no"})


def refuse_merged(
    merged: Mapping[int, Mapping[str, int]], rows: Sequence[UnitRow], works: Mapping[int, RowDraft]
) -> None:
    """Refuse the rows of several homes over which one cell is merged that says who holds a home, or how large it is.

    179 over two homes may be the area of each or of both, a name that of both owners or of a cell badly drawn.
    """
    places = {row.row: place_of(row) for row in rows}
    over: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, names in merged.items():
        for name, top in names.items():
            if name in OF_ONE_HOME and number in works:
                over[name, top].append(number)
    for (name, top), below in over.items():
        same = [number for number in (top, *below) if number in works]
        cell = works[same[0]].cells.get(name)
        is_alike = len({places.get(number, number) for number in same}) == 1
        if is_alike or (isinstance(cell, str) and is_not_stated(cell)):
            continue
        for number in same:
            others = [other for other in same if other != number]
            more = f"等{len(others)}" if len(others) > 5 else ""
            works[number].refuse(name, "MERGED_OVER", rows="、".join(map(str, others[:5])) + more)


def look_at_two_names(rows: Sequence[UnitRow], works: Mapping[int, RowDraft]) -> None:
    """Refuse a home of which two owners have one number; warn of a number that goes with two names in two homes.

    The second may be one person of a former name; of the first, one of the two has somebody else's number for certain.
    """
    stated: dict[tuple[str, str], list[tuple[int, StatedHolder]]] = defaultdict(list)
    for row in rows:
        for holder in row.holders:
            if holder.identity not in ("", CLEARED) and not is_masked(holder.identity) and not is_masked(holder.name):
                stated[holder.identity_kind, upgraded(holder.identity_kind, holder.identity)].append((row.row, holder))
    for said in stated.values():
        for number, holder in said if len(said) > 1 else ():
            against = {row for row, other in said if not _may_be_one(holder, other)}
            if number in against and not works[number].has_error("identity"):
                works[number].refuse("identity", "ID_TWICE")
            elif against:
                works[number].warnings.add("ID_TWO_NAMES")


def _may_be_one(holder: StatedHolder, other: StatedHolder) -> bool:
    """Tell whether two entries may be one person: of one name, or one has the other's for a former one."""
    if is_same_name(holder.name, other.name):
        return True
    former = [note for note in (*holder.note.split("；"), *other.note.split("；")) if "：" in note]
    return any(is_same_name(note.partition("：")[2], each.name) for note in former for each in (holder, other))
