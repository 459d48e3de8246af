"""Homes that come with a certificate: who may be taken in as issued, on which day, and how one in the books is.

An old certificate is an opening at the last stage, never an advance: it stands in the total of what is issued and in
no month's movement. A home already in the books goes there by reversing its opening and opening it anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from projects.gates.selectors.facts import facts_of
from projects.ledger.choices import MoveKind
from projects.ledger.models import Building, Move, Project, Unit
from projects.ledger.selectors.certificates import (
    PlacedCertificate,
    certificate_owners,
    certificates_by_unit,
    joined_numbers,
)
from projects.ledger.services.books import NewMove, post, repeat_opening_days
from projects.ledger.services.certificates import merged
from projects.progress.services.advance import account_of
from projects.progress.services.standing import tracks_of
from registry.kernel.authority import Actor
from registry.kernel.gates.table import gates_stopping
from registry.kernel.names import building_number
from registry.kernel.scope import BuildingColumns
from registry.kernel.stages import STAGES, Feature, Standing, Track, Use, opening_stage, stage_of
from registry.kernel.tally import Account
from registry.store.acts import within_act
from registry.store.bulk import update_rows

CHUNK: Final = 800
REASON: Final = "清册写明产权证号"
Refused = tuple[str, str]
Known = tuple[int, Feature]  # the key of a unit of the books, and the features that it has there


class StatedUnit(Protocol):
    """What a file states of a unit, as far as its certificates go."""

    @property
    def row(self) -> int: ...
    @property
    def building(self) -> str: ...
    @property
    def entrance(self) -> str: ...
    @property
    def floor(self) -> str: ...
    @property
    def use(self) -> Use: ...
    @property
    def features(self) -> Feature: ...
    @property
    def certificates(self) -> tuple[PlacedCertificate, ...]: ...


@dataclass(frozen=True)
class UnitPlace:
    """Where a unit of the books stands: what decides whether it may be taken in as issued."""

    id: int
    use: str
    standing: str
    certificate: str
    tax: str
    fund: str


def last_stage(track: Track, use: Use, fund_uses: Collection[Use]) -> str:
    """Return the stage on which a unit that has its certificate opens; "" if the track does not concern it."""
    return STAGES[track][-1].code if opening_stage(track, use, fund_uses) else ""


def opening_day(certificates: Iterable[PlacedCertificate], placed_on: date) -> date:
    """Return the day from which a home counts as issued: its earliest certificate's, else the day of placing.

    A day after that of placing is none on which the ledger could have taken it in.
    """
    days = [certificate.issued_on for certificate in certificates if certificate.issued_on is not None]
    return min([*days, placed_on])


@dataclass
class OpeningBook:
    """What is needed to judge the certificates that a file states: who has which number, and who is at fault."""

    today: date
    held: Mapping[int, tuple[PlacedCertificate, ...]] = field(default_factory=dict)
    owners: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    faults: Mapping[int, str] = field(default_factory=dict)
    stops: Mapping[int, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def refusal(self, row: StatedUnit, place: UnitPlace | None) -> Refused | None:
        """Return why the certificates of a row can't be taken, if so; `place` is None for a new unit."""
        if not row.certificates:
            return None
        for certificate in row.certificates:
            again = self.seen.setdefault(certificate.number, row.row)
            if again != row.row:
                return "CERTIFICATE_DUP", f"产权证号{certificate.number}与第{again}行的另一户相同。请核对，一证一户。"
            owner, label = self.owners.get(certificate.number, (None, ""))
            if owner is not None and (place is None or owner != place.id):
                where = f"另一户（{label}）" if label else "其他项目的一户"
                return "CERTIFICATE_DUP", f"产权证号{certificate.number}已登记在{where}名下。请核对证书。"
            if certificate.issued_on is not None and certificate.issued_on > self.today:
                return "CERTIFICATE_DATE_AHEAD", f"发证日期{certificate.issued_on}尚未到来。请对照证书改正。"
        if place is not None and place.certificate == "issued":
            return None
        if row.row in self.faults:
            return (
                "CERTIFICATE_AT_FAULT",
                f"在堵点{self.faults[row.row]}的过错范围内，不能由清册记为已发证。请先核实证书，整改核验后再导入。",
            )
        if row.row in self.stops:
            on = opening_day(row.certificates, self.today)
            said = f"在{on}，堵点{self.stops[row.row]}限制该户登簿，不能由清册登记为已发证。"
            return "CERTIFICATE_STOPPED", f"{said}请先核实证书；堵点已经解决的，先记解决，再导入。"
        return None if place is None else _part_way(row, place)

    def changes(self, row: StatedUnit, place: UnitPlace) -> dict[str, tuple[Any, Any]]:
        """Return what the stated certificates change of a unit: its numbers, their days, its stage."""
        before = self.held.get(place.id, ())
        after = merged(before, row.certificates)
        changes: dict[str, tuple[Any, Any]] = {}
        if len(after) > len(before):
            changes["certificate_no"] = (joined_numbers(before), joined_numbers(after))
        known = {certificate.number: certificate.issued_on for certificate in before}
        if any(
            certificate.issued_on is not None and certificate.issued_on != known.get(certificate.number)
            for certificate in after
        ):
            changes["issued_on"] = (_days(before), _days(after))
        if changes and place.certificate != "issued":
            labels = (stage_of(Track.CERTIFICATE, code).label for code in (place.certificate, "issued"))
            changes["certificate"] = (next(labels), next(labels))
        return changes


def _days(certificates: Sequence[PlacedCertificate]) -> str:
    return "、".join(
        certificate.issued_on.isoformat() if certificate.issued_on else "无" for certificate in certificates
    )


def _part_way(row: StatedUnit, place: UnitPlace) -> Refused | None:
    """A home in the books is taken in as issued only where nothing was begun: else it goes on by the stages."""
    code = "CERTIFICATE_PART_WAY"
    if place.certificate != STAGES[Track.CERTIFICATE][0].code:
        here = stage_of(Track.CERTIFICATE, place.certificate).label
        return code, f"现在是“{here}”，不能由清册记为已发证。请按步骤办理至已发证，再导入产权证号。"
    if place.standing != Standing.ACTIVE.value:
        return code, f"现在是“{Standing(place.standing).label}”，不能由清册记为已发证。请先恢复正常再导入产权证号。"
    for track, stage in ((Track.TAX, place.tax), (Track.FUND, place.fund)):
        if stage and stage not in (STAGES[track][0].code, STAGES[track][-1].code):
            here, there = stage_of(track, stage).label, STAGES[track][-1].label
            return code, f"{track.label}现在是“{here}”。请先记“{there}”，再导入产权证号。"
    if row.use.value != place.use:
        return code, "规划用途和产权证号不能一次改。请先导入用途，再导入产权证号。"
    return None


def opening_book(
    *, project: Project, rows: Sequence[StatedUnit], known: Mapping[int, Known], today: date, reader: Actor | None
) -> OpeningBook:
    """Gather what judging a file's certificates needs; `known` has the units of the books by row.

    No query if no row states one; else ten, and one for each 800 numbers.
    """
    stating = [row for row in rows if row.certificates]
    if not stating:
        return OpeningBook(today)
    numbers = list(dict.fromkeys(certificate.number for row in stating for certificate in row.certificates))
    faults, stops = _faults_and_stops(project, stating, known, today)
    return OpeningBook(
        today,
        held=certificates_by_unit(project),
        owners=certificate_owners(numbers, reader=reader),
        faults=faults,
        stops=stops,
    )


def _faults_and_stops(
    project: Project, rows: Sequence[StatedUnit], known: Mapping[int, Known], today: date
) -> tuple[dict[int, str], dict[int, str]]:
    """By row, the live blocker in whose fault the stated unit is, and the one that stops 登簿 on its opening day.

    What is at fault does not ride along, nor what a seizure held on the day of the certificate. A file can't talk a
    unit's features away: those of the books count with the stated ones.
    """
    facts = facts_of([project.id])[project.id]
    blockers = [blocker for blocker in facts.blockers if blocker.is_live(today)]
    stopping = [blocker for blocker in facts.blockers if blocker.is_stopping(gates_stopping("recorded"))]
    days = {row.row: opening_day(row.certificates, today) for row in rows}
    stops: dict[int, str] = {}
    if not blockers and not stopping:
        return {}, {}
    buildings = dict(Building.objects.filter(project=project).values_list("number", "id"))
    by_building: dict[str, list[StatedUnit]] = defaultdict(list)
    for row in rows:
        by_building[building_number(row.building)].append(row)
    faults: dict[int, str] = {}
    for n, (number, those) in enumerate(by_building.items(), start=1):
        stands = [known.get(row.row, (-row.row, Feature.NONE)) for row in those]  # a new unit has no key yet
        named = {key: row.row for (key, _), row in zip(stands, those, strict=True)}
        columns = BuildingColumns(
            id=buildings.get(number, -n),
            unit_ids=tuple(named),
            entrances=tuple(row.entrance for row in those),
            floors=tuple(row.floor for row in those),
            uses=tuple(row.use for row in those),
            features=tuple(row.features | had for (_, had), row in zip(stands, those, strict=True)),
        )
        for blocker in blockers:
            for unit in columns.units_of(blocker.at_fault.mask(columns)):
                faults.setdefault(named[unit], blocker.number)
        for blocker in stopping:
            for unit in columns.units_of(blocker.scope.mask(columns)):
                if facts.is_held(blocker, columns.unit(unit), on=days[named[unit]]):
                    stops.setdefault(named[unit], blocker.number)
    return faults, stops


@dataclass
class _Track:
    """The moves of a unit on one track, as far as opening it anew needs them."""

    opening: int = 0
    first: date = date.max
    last: date = date.min
    count: int = 0


@within_act
def reopen_units(units: Sequence[tuple[Unit, Sequence[PlacedCertificate]]], placed_on: date) -> None:
    """Open units of the books anew, issued: each opening reversed by a move, the new one beside it.

    The new opening is of the certificate's day where nothing but the opening was ever recorded and that day is no
    later; else of the last day on which the unit stood as it did, so that each day adds up. Two queries for each 800.
    """
    moves: list[NewMove] = []
    columns: list[tuple[Any, ...]] = []
    for start in range(0, len(units), CHUNK):
        part = units[start : start + CHUNK]
        known = _tracks_of_units([unit.id for unit, _ in part])
        for unit, certificates in part:
            mine = {track: known[(unit.id, track)] for track in tracks_of(unit)}
            anew = {t: moved for t, moved in mine.items() if getattr(unit, t.value) != STAGES[t][-1].code}
            left_on, opened_on = _reopening_days(anew, len(anew) == len(mine), certificates, placed_on)
            for track, moved in anew.items():
                frm = account_of(unit, track)
                to = frm._replace(stage=STAGES[track][-1].code)
                moves.append(
                    NewMove(unit.id, track, MoveKind.CORRECTION, frm, None, left_on, moved.opening, reason=REASON)
                )
                moves.append(NewMove(unit.id, track, MoveKind.OPENING, None, to, opened_on, reason=REASON))
            stages = (STAGES[track][-1].code if track in mine else "" for track in Track)
            columns.append((*stages, opened_on, unit.id))
    post(moves)
    update_rows(Unit, (*(track.value for track in Track), "certificate_on"), columns)
    repeat_opening_days({unit.id for unit, _ in units})


def _reopening_days(
    anew: Mapping[Track, _Track], is_all: bool, certificates: Iterable[PlacedCertificate], placed_on: date
) -> tuple[date, date]:
    """The day on which the unit leaves its opening, and the day of the new one."""
    first = min(moved.first for moved in anew.values())
    last = max(moved.last for moved in anew.values())
    days = [certificate.issued_on for certificate in certificates if certificate.issued_on is not None]
    stated = min([*days, placed_on]) if days else first
    is_untouched = is_all and all(moved.count == 1 for moved in anew.values())
    if is_untouched and stated <= first:
        return last, stated
    left_on = max(last, stated)
    return left_on, left_on


def _tracks_of_units(keys: Sequence[int]) -> Mapping[tuple[int, Track], _Track]:
    tracks: dict[tuple[int, Track], _Track] = defaultdict(_Track)
    moves = Move.objects.filter(unit_id__in=keys).order_by("id")
    for key, unit, track, kind, on, reversal in moves.values_list(
        "id", "unit_id", "track", "kind", "occurred_on", "reversed_by__id"
    ):
        moved = tracks[(unit, Track(track))]
        moved.count += 1
        moved.first, moved.last = min(moved.first, on), max(moved.last, on)
        if kind == MoveKind.OPENING and reversal is None:
            moved.opening = key
    return tracks


def opening_account(
    building: int, use: Use, track: Track, *, fund_uses: Collection[Use], is_issued: bool
) -> Account | None:
    """Return the account on which a new unit opens on a track; None if the track does not concern it."""
    stage = (last_stage if is_issued else opening_stage)(track, use, fund_uses)
    return Account(building, use, Standing.ACTIVE, track, stage) if stage else None
