"""A unit list laid beside the books: which rows are new, what the others change, which are refused and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from projects.ledger.models import Project, Unit
from projects.ledger.selectors.certificates import PlacedCertificate
from projects.ledger.services.holders import (
    KnownPhone,
    changed_phone,
    holder_key,
    holder_keys,
    holders_by_unit,
    phones_of,
)
from projects.ledger.services.standing_holders import Standing, StandingHolders, is_shown_in_part
from projects.progress.services.opening_certificates import OpeningBook, UnitPlace, opening_book
from registry.kernel.authority import Actor
from registry.kernel.cell_words import CLEARED
from registry.kernel.identifiers import CertificateNo, IdentifierError, IdentityKind, IdentityNo
from registry.kernel.masking import mask_name, mask_phone
from registry.kernel.masks import is_masked
from registry.kernel.names import building_number
from registry.kernel.people import mask_people
from registry.kernel.places import home_key
from registry.kernel.stages import Feature, Use

PLACE = ("id", "use", "standing", "certificate", "tax", "fund")
COMPARED = ("use", "features", "unit_code", "area", "agreement_no", "remark")
MASKED = (
    "NAME_MASKED",
    "姓名、证件号码或电话是掩码，与台账这一户的权利人对不上。请填证件上的内容，或整格留空表示不变。",
)
NOBODY_TO_CLEAR = ("CLEAR_WHOM", "证件号码写的是清空，看不出是台账这一户的哪一位权利人。请照台账写全权利人。")
GUARDED_WHEN_ISSUED = ("use", "unit_code", "area")


@dataclass(frozen=True)
class PlacedHolder:
    """A right holder as a file states it, in clear: it leaves this service sealed."""

    name: str
    identity_kind: str = "resident"
    identity: str = ""
    phone: str = ""
    share: str = ""
    note: str = ""


@dataclass(frozen=True)
class PlacedUnit:
    """One unit as a file states it. `row` is where it stands in the file; `cleared` names the fields to be cleared.

    A holder's number or telephone is cleared by the word 【清空】 in its place.
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
    holders: tuple[PlacedHolder, ...] = ()
    agreement_no: str = ""
    remark: str = ""
    certificates: tuple[PlacedCertificate, ...] = ()
    cleared: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, str, str, str]:
        """The natural key inside the project: building number, entrance, nominal floor, room."""
        return building_number(self.building), self.entrance, self.floor, self.room


@dataclass
class Placement:
    """What a unit list does to a project: rows by verdict, with the changes of each changed unit.

    `revived` has the key of the retired unit in whose place an added row comes, by row number.
    """

    added: list[PlacedUnit] = field(default_factory=list)
    revived: dict[int, int] = field(default_factory=dict)
    changed: list[tuple[PlacedUnit, int, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    unchanged: list[tuple[PlacedUnit, int]] = field(default_factory=list)
    refused: list[tuple[PlacedUnit, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Existing:
    """A unit as the ledger has it, for comparison with a file."""

    at: UnitPlace
    values: dict[str, Any]
    holders: Mapping[tuple[bytes, bytes | None], tuple[str, str]]
    holders_masked: str

    @property
    def id(self) -> int:
        """Its key."""
        return self.at.id

    @property
    def is_retired(self) -> bool:
        """Whether its import was undone: stated again, it comes back as if it were new."""
        return not self.at.certificate


def compare_units(
    *, project: Project, rows: Sequence[PlacedUnit], today: date = date.max, reader: Actor | None = None
) -> Placement:
    """Sort a file's units into added, changed, unchanged and refused. Writes nothing; 4 queries, and those
    of `opening_book` where certificates are stated.

    Absent units are never touched. A blank or masked cell of a holder changes nothing of the one who stands, and what
    is masked otherwise is refused; the standing holders are asked for only then, by one more query. A unit is the same
    in whatever spelling it was stored (`home_key`). A unit or a unit code stated again in the list is refused, and a
    code of another city. An issued unit's
    holders, use, code and area change by correction only (I18); a certificate may be added to it. No certificate is
    of a day after `today`; `reader` is told where a number stands that is taken, if he may see that home.
    """
    known: dict[tuple[str, str, str, str], Existing] = {}
    held, phones = holders_by_unit(project), phones_of(project)
    standing = StandingHolders(project)
    units = Unit.objects.filter(building__project=project).values_list(
        "building__number", "entrance", "floor", "room", "holders_masked", *PLACE, *COMPARED
    )
    for number, entrance, floor, room, masked, *values in units:
        at, rest = UnitPlace(*values[: len(PLACE)]), values[len(PLACE) :]
        known[(number, entrance, floor, room)] = Existing(
            at, dict(zip(COMPARED, rest, strict=True)), held.get(at.id, {}), masked
        )
    spelled, unplaced = _spelled_otherwise(rows, known), _without_entrance(rows, known)
    for place, homes in unplaced.items():
        if len(homes) == 1 and place not in spelled:
            spelled[place] = homes
    codes = _code_owners(rows)
    stands = {
        row.row: (existing.id, Feature(existing.values["features"]))
        for row in rows
        if row.certificates and (existing := known.get(row.place) or next(iter(spelled.get(row.place, ())), None))
    }
    openings = opening_book(project=project, rows=rows, known=stands, today=today, reader=reader)
    result = Placement()
    seen: dict[Any, int] = {}
    for row in rows:
        homes = spelled.get(row.place, [])
        existing = known.get(row.place) or next(iter(homes), None)
        owner = codes.get(row.unit_code or "")
        again = seen.setdefault(row.place, row.row)
        code_again = seen.setdefault(row.unit_code, row.row) if row.unit_code else row.row
        if again != row.row:
            result.refused.append((row, "UNIT_DUP", f"与第{again}行是同一户。请核对后只留正确的一行。"))
        elif code_again != row.row:
            result.refused.append(
                (row, "UNITCODE_DUP", f"不动产单元号与第{code_again}行的另一户相同。请核对，一户一号。")
            )
        elif existing is None and len(unplaced.get(row.place, ())) > 1:
            said = f"没有填单元号，{row.building}号楼{row.floor}层{row.room}在台账里有{len(unplaced[row.place])}户。请填单元号。"
            result.refused.append((row, "ENTRANCE_MISSING", said))
        elif len(homes) > 1:
            said = f"台账里有{len(homes)}户都是这一户的写法。请先合并重复的户再导入。"
            result.refused.append((row, "SPELLED_TWICE", said))
        elif row.unit_code and project.district_code and row.unit_code[:4] != project.district_code[:4]:
            said = f"不动产单元号前四位是{row.unit_code[:4]}，本项目在{project.district_code[:4]}。请核对是不是别的城市的单元号。"
            result.refused.append((row, "UNITCODE_ELSEWHERE", said))
        elif owner is not None and (existing is None or owner != existing.id):
            result.refused.append((row, "UNITCODE_DUP", "不动产单元号已属于台账里的另一户。请核对单元号。"))
        elif impossible := _impossible(row, today):
            result.refused.append((row, *impossible))
        elif unopened := openings.refusal(row, None if existing is None or existing.is_retired else existing.at):
            result.refused.append((row, *unopened))
        elif isinstance(completed := _as_they_stand(row, existing, standing), tuple):
            result.refused.append((row, *completed))
        elif existing is None or existing.is_retired:
            result.added.append(completed)
            if existing is not None:
                result.revived[row.row] = existing.id
        else:
            _compare(row, completed, existing, phones, openings, result)
    return result


def _impossible(row: PlacedUnit, today: date) -> tuple[str, str] | None:
    """Return why an identifier of a row cannot be as of today: an owner not born yet, a certificate of a later year."""
    try:
        for holder in row.holders:
            has_number = holder.identity not in ("", CLEARED) and not is_masked(holder.identity)
            if has_number and holder.identity_kind == IdentityKind.RESIDENT:
                IdentityNo(holder.identity).require_by(today)
        for certificate in row.certificates:
            if not certificate.is_legacy:
                CertificateNo.parse(certificate.number).require_by(today)
    except IdentifierError as refusal:
        return refusal.code, refusal.message
    return None


def _compare(
    stated_row: PlacedUnit,
    row: PlacedUnit,
    existing: Existing,
    phones: dict[tuple[bytes, bytes | None], KnownPhone],
    openings: OpeningBook,
    result: Placement,
) -> None:
    holders = holder_keys(row.holders)
    stated = {
        "use": row.use.value,
        "features": int(row.features),
        "unit_code": row.unit_code,
        "area": row.area,
        "agreement_no": row.agreement_no,
        "remark": row.remark,
    }
    changes = {
        name: (existing.values[name], value)
        for name, value in stated.items()
        if value not in (None, "") and value != existing.values[name]
    }
    for name in row.cleared & set(COMPARED):
        if existing.values[name] not in (None, ""):
            changes[name] = (existing.values[name], None if name in ("unit_code", "area") else "")
    if not row.remark:
        changes.pop("features", None)  # a list states features in its remarks: none there, none stated
    if "holders" in row.cleared:
        if existing.holders:
            changes["holders"] = (existing.holders_masked, "")
    elif row.holders and holders != existing.holders.keys():
        names = "、".join(mask_name(holder.name) for holder in row.holders)
        is_cleared = any(holder.identity == CLEARED for holder in stated_row.holders)
        differs = "（证件号码清空）" if is_cleared else "（证件号码不同）"
        told_apart = differs if is_cleared or names == existing.holders_masked else ""
        changes["holders"] = (existing.holders_masked, names + told_apart)
    elif shares := _changed_shares(row, existing):
        changes["shares"] = shares
    replaced = [
        (old.masked, "清空" if h.phone == CLEARED else mask_phone(h.phone))
        for h in row.holders
        if (old := changed_phone(h, phones)) is not None
    ]
    if replaced:
        changes["phone"] = ("、".join(old for old, _ in replaced), "、".join(new for _, new in replaced))
    changes |= openings.changes(row, existing.at)
    guarded = [name for name in (*GUARDED_WHEN_ISSUED, "holders", "shares") if name in changes]
    if existing.at.certificate == "issued" and guarded:
        result.refused.append(
            (row, "FOREIGN_CHANGE", "已发证的户，权利人、用途、面积、单元号只能走更正程序，不能由导入修改。")
        )
    elif changes:
        result.changed.append((row, existing.id, changes))
    else:
        result.unchanged.append((row, existing.id))


def _as_they_stand(
    row: PlacedUnit, existing: Existing | None, standing: StandingHolders
) -> PlacedUnit | tuple[str, str]:
    """Return a row with what it leaves blank or masks of its holders as it stands, or why it fits nobody."""
    is_in_part = is_shown_in_part(row.holders)
    if existing is None or existing.is_retired:
        return MASKED if is_in_part else replace(row, holders=tuple(_of_a_newcomer(holder) for holder in row.holders))
    clears = any(holder.identity == CLEARED for holder in row.holders)
    if not (is_in_part or clears) and holder_keys(row.holders) <= existing.holders.keys():
        return row
    meant = standing.meant(row.holders, existing.id)
    if meant is None:
        return MASKED
    if any(holder.identity == CLEARED and stands is None for holder, stands in zip(row.holders, meant, strict=True)):
        return NOBODY_TO_CLEAR
    pairs = zip(row.holders, meant, strict=True)
    holders = tuple(
        _of_a_newcomer(holder) if stands is None else _of_who_stands(holder, stands) for holder, stands in pairs
    )
    return replace(row, holders=holders)


def _of_a_newcomer(holder: PlacedHolder) -> PlacedHolder:
    """Return a holder whom the home does not have: there is nothing to clear."""
    if CLEARED not in (holder.identity, holder.phone):
        return holder
    identity, phone = ("" if text == CLEARED else text for text in (holder.identity, holder.phone))
    return replace(holder, identity=identity, phone=phone)


def _of_who_stands(holder: PlacedHolder, stands: Standing) -> PlacedHolder:
    """Return a stated holder with what is blank or masked as it stands; one whose number changes keeps the rest."""
    is_said = bool(holder.identity) and not is_masked(holder.identity)
    identity = stands.identity if not is_said else "" if holder.identity == CLEARED else holder.identity
    kind = holder.identity_kind if (is_said and identity) or not stands.identity else stands.kind
    known = replace(holder, name=stands.name, identity=identity, identity_kind=kind)
    phone = "" if is_masked(holder.phone) else holder.phone
    if holder_key(known) == stands.key:
        return replace(known, phone=phone)
    kept = "" if phone == CLEARED else phone or stands.phone
    return replace(known, phone=kept, share=holder.share or stands.share, note=holder.note or stands.note)


def _spelled_otherwise(
    rows: Iterable[PlacedUnit], known: Mapping[tuple[str, str, str, str], Existing]
) -> dict[tuple[str, str, str, str], list[Existing]]:
    """Find, for rows that no home stands under as they are spelled, the homes stored in another spelling of them."""
    wanted = {row.place for row in rows} - known.keys()
    homes: dict[tuple[str, str, str, str], list[Existing]] = defaultdict(list)
    if wanted:
        for place, existing in known.items():
            if (key := home_key(*place)) != place and key in wanted:
                homes[key].append(existing)
    return homes


def _without_entrance(
    rows: Iterable[PlacedUnit], known: Mapping[tuple[str, str, str, str], Existing]
) -> dict[tuple[str, str, str, str], list[Existing]]:
    """Find, for rows that state no entrance and no home stands under, the homes of that room in any entrance."""
    wanted = {(row.place[0], *row.place[2:]): row.place for row in rows if not row.place[1] and row.place not in known}
    homes: dict[tuple[str, str, str, str], list[Existing]] = defaultdict(list)
    if wanted:
        for (building, entrance, floor, room), existing in known.items():
            if entrance and (place := wanted.get((building, floor, room))) and not existing.is_retired:
                homes[place].append(existing)
    return dict(homes)


def _changed_shares(row: PlacedUnit, existing: Existing) -> tuple[str, str] | None:
    """Return shares and notes as they stand and as stated, if a row states others; none stated changes none."""
    stated = {holder_key(holder): holder for holder in row.holders}
    after = {key: _said_of(holder, existing.holders[key]) for key, holder in stated.items()}
    if all(said == existing.holders[key] for key, said in after.items()):
        return None
    before = "、".join(_with_share(holder, existing.holders[key]) for key, holder in stated.items())
    return before, "、".join(_with_share(holder, after[key]) for key, holder in stated.items())


def _said_of(holder: PlacedHolder, stands: tuple[str, str]) -> tuple[str, str]:
    """Return share and masked note of a holder from now on: as stated, else as they stand."""
    return holder.share or stands[0], mask_people(holder.note)[:80] or stands[1]


def _with_share(holder: PlacedHolder, said: tuple[str, str]) -> str:
    words = "、".join(filter(None, said))
    return mask_name(holder.name) + (f"（{words}）" if words else "")


def _code_owners(rows: Sequence[PlacedUnit]) -> dict[str, int]:
    codes = [row.unit_code for row in rows if row.unit_code]
    owners: dict[str, int] = {}
    for start in range(0, len(codes), 800):
        owners |= dict(Unit.objects.filter(unit_code__in=codes[start : start + 800]).values_list("unit_code", "id"))
    return owners
