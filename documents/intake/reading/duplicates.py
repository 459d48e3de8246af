"""Rows against each other: one unit twice, one unit code twice, co-owners on rows of their own, owners of several."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from documents.intake.reading.results import StatedHolder, UnitRow
from documents.intake.reading.row_draft import RowDraft
from documents.intake.reading.unit_columns import HEADER
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import upgraded
from registry.kernel.masks import is_masked
from registry.kernel.names import is_same_name
from registry.kernel.people import check_whole
from registry.kernel.shares import read_share

FACTS: Final = {
    "use": "规划用途",
    "unit_code": "不动产单元号",
    "area": "建筑面积",
    "agreement_no": "购房合同号/安置协议号",
}
PEOPLE: Final = frozenset({HEADER["holder"], HEADER["identity_kind"], HEADER["identity"]})
Place = tuple[str, str, str, str]


def refuse_duplicates(works: Sequence[RowDraft], rows: Iterable[UnitRow]) -> list[UnitRow]:
    """Refuse a unit or a unit code stated again; co-owners' rows stay, each with all facts of their unit.

    Rows refused for something else count as stated too: once mended they would be the same unit still.
    """
    by_number = {work.number: work for work in works}
    units: dict[Place, list[UnitRow]] = defaultdict(list)
    codes: dict[str, list[UnitRow]] = defaultdict(list)
    for row in rows:
        work, same = by_number[row.row], units[place_of(row)]
        doubtful = {error.column for other in (row, *same) for error in by_number[other.row].errors} if same else set()
        if row.unit_code:
            codes[row.unit_code].append(row)
        if same and not _may_stand_beside(row, same, by_number, doubtful):
            continue
        same.append(row)
        if len(same) > 1:
            work.warnings.add("CO_OWNERS")
    _refuse_codes(codes, by_number)
    for same in units.values():
        _refuse_shares(same, by_number)
    unit_rows: list[UnitRow] = []
    for same in units.values():
        sound = [row for row in same if not by_number[row.row].errors]
        if len(sound) < len(same):
            for row in sound:
                by_number[row.row].warnings.add("CO_OWNER_LEFT")
        unit_rows += _agreed(sound)
    return sorted(unit_rows, key=lambda row: row.row)


def _refuse_codes(codes: Mapping[str, Sequence[UnitRow]], by_number: Mapping[int, RowDraft]) -> None:
    """Refuse every row of a unit code that two homes state: which of them has it is not known."""
    for stated in codes.values():
        places = {place_of(row) for row in stated}
        for row in stated if len(places) > 1 else ():
            others = [other.row for other in stated if place_of(other) != place_of(row)]
            by_number[row.row].refuse("unit_code", "UNITCODE_DUP", first="、".join(map(str, others[:5])))


def _refuse_shares(same: Sequence[UnitRow], by_number: Mapping[int, RowDraft]) -> None:
    """Refuse the rows of a home whose owners' shares do not make up the whole, on one row or on several."""
    shares = [_share_of(h.share) for row in same for h in row.holders]
    if not any(shares) or any(by_number[row.row].has_error("holder") for row in same):
        return
    try:
        check_whole(shares)
    except DomainError as error:
        for row in same:
            by_number[row.row].refuse("holder", str(error.code), error.message)


def _share_of(text: str) -> Fraction | None:
    """Return a share as a row keeps it; the whole is written 1."""
    return None if not text else Fraction(text) if "%" not in text else read_share(text)


def place_of(row: UnitRow) -> Place:
    """Return what makes a unit one in its project: building, entrance, nominal floor, room."""
    return row.building, row.entrance, row.floor, row.room


def _may_stand_beside(
    row: UnitRow, same: Sequence[UnitRow], by_number: Mapping[int, RowDraft], doubtful: Set[str]
) -> bool:
    """Tell whether a row states another co-owner of the same unit; if not, it is refused with the reason.

    What stands in a `doubtful` column of theirs was refused, so it is not compared. Rows that contradict each other are
    refused both: the first is no more right than the second.
    """
    why, mend, is_contradiction = "", "请核对后只留正确的一行。", False
    facts = [(name, header) for name, header in FACTS.items() if header not in doubtful]
    differing = [
        header
        for name, header in facts
        if _differs(getattr(row, name), _stated(same, name)) or _is_cleared_beside(row, same, name)
    ]
    if differing:
        why, is_contradiction = f"“{'”“'.join(differing)}”却不一样，都不写入", True
    elif not row.holders or not any(other.holders for other in same):
        differing = [] if doubtful & PEOPLE else _told_otherwise(row, same)
        is_contradiction = bool(differing)
        otherwise = f"“{'”“'.join(differing)}”却不一样，都不写入"
        why = "" if doubtful & PEOPLE else otherwise if differing else "没有写明是不同的共有人"
    elif any(_is_same_person(a, b) for other in same for a in other.holders for b in row.holders):
        differing = [*([HEADER["phone"]] if _has_two_phones(row, same) else []), *_told_otherwise(row, same)]
        is_contradiction = bool(differing)
        why = f"“{'”“'.join(differing)}”却不一样，都不写入" if differing else "权利人也相同"
        mend = mend if is_contradiction else "请删去重复的一行。"
    if not why:
        return True
    entrance = f"{row.entrance}单元" if row.entrance else ""
    where = f"{row.building}号楼{entrance}{row.floor}层{row.room}"
    by_number[row.row].refuse("room", "UNIT_DUP", first=same[0].row, place=where, why=why, mend=mend)
    if is_contradiction:
        for other in same:
            if not any(error.code == "UNIT_DUP" for error in by_number[other.row].errors):
                by_number[other.row].refuse("room", "UNIT_DUP", first=row.row, place=where, why=why, mend=mend)
    return False


def _has_two_phones(row: UnitRow, same: Sequence[UnitRow]) -> bool:
    """Tell whether the rows of a home state two telephones of one person."""
    return any(
        _is_same_person(a, b) and _differs(b.phone, a.phone or None)
        for other in same
        for a in other.holders
        for b in row.holders
    )


def _told_otherwise(row: UnitRow, same: Sequence[UnitRow]) -> list[str]:
    """Name the columns in which rows of one home, of no other co-owner, say different things of it."""
    numbers = {certificate.number for certificate in row.certificates}
    others = {certificate.number for other in same for certificate in other.certificates}
    return [
        *([HEADER["remark"]] if _differs(row.remark, _stated(same, "remark")) else []),
        *([HEADER["certificate_no"]] if numbers and others and numbers != others else []),
    ]


def _stated(same: Sequence[UnitRow], name: str) -> Any:
    return next((value for one in same if (value := getattr(one, name)) not in (None, "")), None)


def _differs(value: Any, other: Any) -> bool:
    return value not in (None, "") and other is not None and value != other


def _is_cleared_beside(row: UnitRow, same: Sequence[UnitRow], name: str) -> bool:
    """Tell whether one of the rows of a home clears what another states."""
    stated = getattr(row, name) not in (None, "") or _stated(same, name) not in (None, "")
    return stated and any(name in other.cleared for other in (row, *same))


def _is_same_person(one: Any, other: Any) -> bool:
    if one.identity and other.identity:
        return _person(one) == _person(other)
    return is_same_name(one.name, other.name)


def _agreed(same: Sequence[UnitRow]) -> list[UnitRow]:
    """Give every row of a unit what any of them states of it: the first often says all, the others only a name."""
    if len(same) < 2:
        return list(same)
    features = same[0].features
    for row in same:
        features |= row.features
    facts = {name: _stated(same, name) for name in FACTS}
    facts["agreement_no"] = facts["agreement_no"] or ""
    remark = _stated(same, "remark") or ""
    return [replace(row, features=features, remark=row.remark or remark, **facts) for row in same]


def one_owner_many_units(rows: Iterable[UnitRow]) -> bool:
    """Return whether one person holds several units; old and new numbers of a person count as one."""
    owned: dict[tuple[str, str], Place] = {}
    for row in rows:
        for holder in row.holders:
            place = place_of(row)
            if holder.identity and not is_masked(holder.identity) and owned.setdefault(_person(holder), place) != place:
                return True
    return False


def _person(holder: StatedHolder) -> tuple[str, str]:
    return holder.identity_kind, upgraded(holder.identity_kind, holder.identity)
