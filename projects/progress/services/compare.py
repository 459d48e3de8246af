"""A unit list laid beside the books: which rows are new, what the others change, which are refused and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from projects.gates.selectors.beginnings import Beginning, beginning_of, may_be_early
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
from projects.ledger.services.standing_holders import StandingHolders
from projects.progress.services.opening_certificates import OpeningBook, UnitPlace, opening_book
from projects.progress.services.stated_people import PeopleFault, PlacedHolder, as_they_stand
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
FOREIGN_CHANGE = (
    "FOREIGN_CHANGE",
    "已发证的户，其权利人、用途、面积、不动产单元号只能通过更正程序修改，不能导入修改。请在户的页面提请更正。",
)
GUARDED_WHEN_ISSUED = ("use", "unit_code", "area")


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

    `revived` has the key of the retired unit in whose place an added row comes, by row number. `refused` has every
    fault of a row; `doubted` those beside the ledger of rows that were refused already, `doubted_new` the ones whose
    home is not there. `guarded` names by row the field that only a correction may change.
    """

    added: list[PlacedUnit] = field(default_factory=list)
    revived: dict[int, int] = field(default_factory=dict)
    changed: list[tuple[PlacedUnit, int, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    unchanged: list[tuple[PlacedUnit, int]] = field(default_factory=list)
    refused: list[tuple[PlacedUnit, str, str]] = field(default_factory=list)
    doubted: list[tuple[PlacedUnit, str, str]] = field(default_factory=list)
    doubted_new: list[PlacedUnit] = field(default_factory=list)
    guarded: dict[int, str] = field(default_factory=dict)


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
    *,
    project: Project,
    rows: Sequence[PlacedUnit],
    today: date = date.max,
    reader: Actor | None = None,
    doubtful: Sequence[PlacedUnit] = (),
) -> Placement:
    """Sort a file's units into added, changed, unchanged and refused. Writes nothing; 4 queries, and those
    of `opening_book` where certificates are stated.

    Absent units are never touched. A blank or masked cell of a holder changes nothing of the one who stands, and what
    is masked otherwise is refused; the standing holders are asked for only then, by one more query. A unit is the same
    in whatever spelling it was stored (`home_key`). A unit or a unit code stated again in the list is refused, and a
    code of another city. An issued unit's
    holders, use, code and area change by correction only (I18); a certificate may be added to it. No certificate is
    of a day after `today`; `reader` is told where a number stands that is taken, if he may see that home. Every fault
    of a row is told at once; `doubtful` are rows refused already, whose faults beside the ledger are told too.
    """
    beside = _Beside(project, [*rows, *doubtful], today, reader)
    result = Placement()
    seen: dict[Any, int] = {}
    for row in rows:
        faults = beside.repeated(row, seen)
        existing, completed, changes, others = beside.judge(row)
        faults += others
        if faults:
            result.refused += [(row, code, said) for code, said in faults]
            result.guarded[row.row] = beside.guarded.get(row.row, "")
        elif existing is None or existing.is_retired:
            result.added.append(completed)
            if existing is not None:
                result.revived[row.row] = existing.id
        elif changes:
            result.changed.append((completed, existing.id, changes))
        else:
            result.unchanged.append((completed, existing.id))
    for row in doubtful:
        existing, _, _, others = beside.judge(row)
        result.doubted += [(row, code, said) for code, said in others]
        result.guarded[row.row] = beside.guarded.get(row.row, "")
        if existing is None:
            result.doubted_new.append(row)
    return result


Judged = tuple[Existing | None, PlacedUnit, dict[str, tuple[Any, Any]], list[tuple[str, str]]]


class _Beside:
    """What the books have of the homes that a list names, read once; each row is judged beside it."""

    def __init__(self, project: Project, rows: Sequence[PlacedUnit], today: date, reader: Actor | None) -> None:
        self.project, self.today = project, today
        self.guarded: dict[int, str] = {}
        self.beginning: Beginning | None = None
        held, self.phones = holders_by_unit(project), phones_of(project)
        self.standing = StandingHolders(project)
        self.known: dict[tuple[str, str, str, str], Existing] = {}
        units = Unit.objects.filter(building__project=project).values_list(
            "building__number", "entrance", "floor", "room", "holders_masked", *PLACE, *COMPARED
        )
        for number, entrance, floor, room, masked, *values in units:
            at, rest = UnitPlace(*values[: len(PLACE)]), values[len(PLACE) :]
            self.known[(number, entrance, floor, room)] = Existing(
                at, dict(zip(COMPARED, rest, strict=True)), held.get(at.id, {}), masked
            )
        self.unplaced = _without_entrance(rows, self.known)
        alone = {place: homes for place, homes in self.unplaced.items() if len(homes) == 1}
        self.spelled = {**alone, **_spelled_otherwise(rows, self.known)}
        self.nearby = _nearby(rows, self.known)
        self.codes = _code_owners(rows)
        stands = {
            row.row: (existing.id, Feature(existing.values["features"]))
            for row in rows
            if row.certificates and (existing := self.existing(row))
        }
        self.openings = opening_book(project=project, rows=rows, known=stands, today=today, reader=reader)

    def existing(self, row: PlacedUnit) -> Existing | None:
        """Return the home that a row means, in whatever spelling it is stored."""
        return self.known.get(row.place) or next(iter(self.spelled.get(row.place, ())), None)

    def repeated(self, row: PlacedUnit, seen: dict[Any, int]) -> list[tuple[str, str]]:
        """Return what is wrong with a row beside those before it in the list."""
        again = seen.setdefault(row.place, row.row)
        code_again = seen.setdefault(row.unit_code, row.row) if row.unit_code else row.row
        if again != row.row:
            return [("UNIT_DUP", f"与第{again}行是同一户。请核对后只留正确的一行。")]
        if code_again != row.row:
            return [("UNITCODE_DUP", f"不动产单元号与第{code_again}行的另一户相同。请核对，一户一号。")]
        return []

    def judge(self, row: PlacedUnit) -> Judged:
        """Return the home that a row means, the row as it stands beside it, what it changes, and every fault of it."""
        existing = self.existing(row)
        faults = [*self._place(row, existing), *self._code(row, existing)]
        if impossible := _impossible(row, self.today) or self._too_early(row):
            faults.append(impossible)
        if unopened := self.openings.refusal(row, None if existing is None or existing.is_retired else existing.at):
            faults.append(unopened)
        is_held = existing is not None and not existing.is_retired
        people = as_they_stand(row.holders, existing.holders.keys() if is_held and existing else None,
                               existing.id if existing else 0, self.standing)  # fmt: skip
        if isinstance(people, PeopleFault):
            return existing, row, {}, [*faults, (people.code, people.said)]
        completed = row if people == row.holders else replace(row, holders=people)
        if existing is None or existing.is_retired:
            return existing, completed, {}, faults
        changes = _changes(row, completed, existing, self.phones, self.openings)
        guarded = [name for name in (*GUARDED_WHEN_ISSUED, "holders", "shares") if name in changes]
        if existing.at.certificate == "issued" and guarded:
            self.guarded[row.row] = guarded[0]
            faults.append(FOREIGN_CHANGE)
        return existing, completed, changes, faults

    def _too_early(self, row: PlacedUnit) -> tuple[str, str] | None:
        """Return why a certificate can't be of its day: the project was not there yet."""
        days = [certificate.issued_on for certificate in row.certificates if certificate.issued_on is not None]
        if not days or not may_be_early(self.project, min(days)):
            return None
        self.beginning = self.beginning or beginning_of(self.project)
        said = self.beginning.refusal(min(days))
        return ("DATE_BOUND", said) if said else None

    def _place(self, row: PlacedUnit, existing: Existing | None) -> list[tuple[str, str]]:
        unplaced, homes = self.unplaced.get(row.place, ()), self.spelled.get(row.place, ())
        if existing is None and len(unplaced) > 1:
            where = f"{row.building}号楼{row.floor}层{row.room}"
            return [("ENTRANCE_MISSING", f"未填写单元号，{where}在台账里有{len(unplaced)}户。请填单元号。")]
        if len(homes) > 1:
            said = f"台账里有{len(homes)}户都是这一户的写法。请先合并重复的户再导入。"
            return [("SPELLED_TWICE", said)]
        return self._near(row) if existing is None else []

    def _near(self, row: PlacedUnit) -> list[tuple[str, str]]:
        """Refuse a new home that is most likely one that stands: the same room but for zeros, or on another floor."""
        for floor, room in self.nearby.get(_without_zeros(row.place), ()):
            if floor == row.floor and room != row.room:
                said = f"台账里这一层有{room}，与“{row.room}”只差前面的0。请照台账的户号填写。"
                return [("ROOM_ZEROS", said)]
            is_named = room.startswith(floor) and not room.startswith(row.floor)  # 201 is a room of floor 2
            if floor != row.floor and room == row.room and row.use is Use.DWELLING and is_named:
                said = f"台账里{room}在{floor}层，本行楼层是{row.floor}。请核对楼层；确是另一户的请改户号。"
                return [("FLOOR_OTHER", said)]
        return []

    def _code(self, row: PlacedUnit, existing: Existing | None) -> list[tuple[str, str]]:
        owner, district = self.codes.get(row.unit_code or ""), self.project.district_code
        if row.unit_code and district and row.unit_code[:4] != district[:4]:
            said = f"不动产单元号前四位是{row.unit_code[:4]}，本项目在{district[:4]}。请核对是不是别的城市的单元号。"
            return [("UNITCODE_ELSEWHERE", said)]
        if owner is not None and (existing is None or owner != existing.id):
            return [("UNITCODE_DUP", "不动产单元号已属于台账里的另一户。请核对单元号。")]
        return []


def _without_zeros(place: tuple[str, str, str, str]) -> tuple[str, str, str]:
    building, entrance, _, room = place
    return building, entrance, room.lstrip("0")


def _nearby(
    rows: Iterable[PlacedUnit], known: Mapping[tuple[str, str, str, str], Existing]
) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """Find floor and room of the homes that rows may mean that no home stands under."""
    wanted = {_without_zeros(row.place) for row in rows if row.place not in known}
    homes: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for place, existing in known.items() if wanted else ():
        if (key := _without_zeros(place)) in wanted and not existing.is_retired:
            homes[key].append((place[2], place[3]))
    return homes


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


def _changes(
    stated_row: PlacedUnit,
    row: PlacedUnit,
    existing: Existing,
    phones: dict[tuple[bytes, bytes | None], KnownPhone],
    openings: OpeningBook,
) -> dict[str, tuple[Any, Any]]:
    """Return what a row changes of the home that stands: by field, from what to what."""
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
    return changes | openings.changes(row, existing.at)


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
