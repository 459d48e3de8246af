"""A small estate in the fixed cast's township, laid through the real services: two buildings, 12 homes, 3 shops.

Shop S02 of building 1 has a mezzanine and is at fault. Facts of the story: a P03 blocker on the whole estate, the
township's letter for the homes, the authorities' steps for the dwelling part. All of it is invented.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from commitments.models import Instrument, InstrumentKind
from commitments.services import (
    ClauseDraft,
    LetterDraft,
    ObligationDraft,
    approve_instrument,
    draft_instrument,
    sign_instrument,
)
from documents.setup.reference import load_reference
from projects.gates.models import Blocker, BlockerType
from projects.gates.services import raise_blocker, record_steps
from projects.ledger.models import Building, Holder, Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedHolder, PlacedUnit, advance_units, place_units
from registry.audit.models import Act
from registry.kernel.authority import Role
from registry.kernel.gates import Gate, Organ, StepStatus
from registry.kernel.identifiers.identity import synthetic_identity, synthetic_phone
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import Feature, Part, Track, Use
from registry.store.acts import first_key_at
from registry.store.clock import SHANGHAI, stated
from registry.store.guard import fixture_writes
from registry.web.attachments.services import Upload
from tests.factories.accounts import (
    STRANGE_TOWNSHIP,
    TOWNSHIP,
    Cast,
    Player,
    lay_assignment,
)

TAKEN_IN = date(2019, 10, 10)
PLACED = date(2019, 10, 12)
FOUND = date(2019, 10, 20)
SIGNED = date(2021, 6, 17)
REGISTERED = date(2021, 7, 26)
DUE = date(2022, 3, 31)
TODAY = date(2022, 3, 8)

HOMES = scope_of(uses={Use.DWELLING})
FAULT = scope_of(features=Feature.MEZZANINE)
PERMITS = (
    Gate.LAND_SUPPLY, Gate.LAND_PLAN_PERMIT, Gate.WORKS_PLAN_PERMIT, Gate.CONSTRUCTION_PERMIT, Gate.FIRE,
    Gate.CIVIL_DEFENCE,
)  # fmt: skip
DWELLING_STEPS = (
    (Gate.PLANNING_VERIFICATION, date(2021, 6, 30), StepStatus.BY_COMMITMENT),
    (Gate.COMPLETION_FILING, date(2021, 7, 2), StepStatus.PASSED),
    (Gate.SURVEY_REVIEW, date(2021, 7, 9), StepStatus.PASSED),
    (Gate.CADASTRAL, date(2021, 7, 14), StepStatus.PASSED),
    (Gate.FIRST_REGISTRATION, REGISTERED, StepStatus.PASSED),
)
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
ROAD = ("collected", "accepted", "recorded", "issued")


def moment(day: date, hour: int = 12) -> datetime:
    """An hour of a day in Shanghai."""
    return datetime.combine(day, time(hour), SHANGHAI)


@contextmanager
def on_day(day: date, hour: int = 10) -> Iterator[None]:
    """Let the acts inside be recorded on a day."""
    with stated(moment(day, hour)):
        yield


@dataclass(frozen=True)
class Estate:
    """The cast and a project with its units; `blocker` and `letter` once the story has come so far."""

    cast: Cast
    project: Project
    blocker: Blocker | None = None
    letter: Instrument | None = None

    @property
    def buildings(self) -> list[Building]:
        """The buildings by number."""
        return list(Building.objects.filter(project=self.project).order_by("number_order", "id"))

    @property
    def homes(self) -> list[int]:
        """The keys of the homes, in file order."""
        return self._keys(use="dwelling")

    @property
    def shops(self) -> list[int]:
        """The keys of the shops, in file order; the second is at fault."""
        return self._keys(use="retail")

    def unit(self, number: int = 0) -> Unit:
        """A home by its place in the list, read anew."""
        found: Unit = Unit.objects.select_related("building__project").get(pk=self.homes[number])
        return found

    def _keys(self, **what: str) -> list[int]:
        rows = Unit.objects.filter(building__project=self.project, **what)
        return list(rows.order_by("building__number_order", "id").values_list("id", flat=True))


def holder_name(row: int) -> str:
    """The name of nobody that stands on a row of the list."""
    return f"演示{NAMES[row % len(NAMES)]}"


def home(building: str, entrance: str, floor: int, row: int, **more: Any) -> PlacedUnit:
    """One home as a unit list states it, with a holder of nobody's name and numbers."""
    holder = PlacedHolder(holder_name(row), "resident", synthetic_identity(row), synthetic_phone(row))
    return PlacedUnit(
        **{
            "row": row, "building": building, "entrance": entrance, "floor": str(floor), "floor_order": floor,
            "room": f"{floor}01", "use": Use.DWELLING, "holders": (holder,), "agreement_no": f"AZ-{row:04d}", **more,
        }
    )  # fmt: skip


def shop(building: str, room: str, row: int, features: Feature = Feature.NONE) -> PlacedUnit:
    """One shop on the ground floor."""
    return PlacedUnit(row, building, "", "1", 1, room, Use.RETAIL, features)


def unit_list() -> list[PlacedUnit]:
    """The estate's list: two buildings of six homes, three shops, rows 2 to 16."""
    places = [(building, entrance, floor) for building in "12" for entrance in "12" for floor in (2, 3, 4)]
    homes = [home(*place, row) for row, place in enumerate(places, start=2)]
    shops = [shop("1", "S01", 14), shop("1", "S02", 15, Feature.MEZZANINE), shop("2", "S01", 16)]
    return [*homes, *shops]


def project_words(cast: Cast, **more: Any) -> dict[str, Any]:
    """What `take_in_project` is told; departments, centre and tax office of the district take part."""
    partners = (cast.department, cast.centre, cast.tax)
    return {
        "code": "CY-9001", "name": "演示小区", "township_code": TOWNSHIP, "housing_type": "resettlement",
        "taken_in_on": TAKEN_IN, "participants": tuple(one.organisation for one in partners),
        "primary_issue": "P03", **more,
    }  # fmt: skip


def strange_words(cast: Cast, **more: Any) -> dict[str, Any]:
    """The same for a project of the other district."""
    return project_words(
        cast, code="HD-9001", name="演示外区小区", township_code=STRANGE_TOWNSHIP,
        participants=(cast.strange_department.organisation,), **more,
    )  # fmt: skip


def lay_estate(cast: Cast) -> Estate:
    """Lay the estate with its units on the day it was placed; the developer's staff is assigned to it."""
    return _lay(cast, cast.district, cast.developer, project_words(cast))


def lay_strange_estate(cast: Cast) -> Estate:
    """The same list in the other district, by its own people."""
    return _lay(cast, cast.strange_district, cast.strange_developer, strange_words(cast))


def _lay(cast: Cast, district: Player, developer: Player, words: dict[str, Any]) -> Estate:
    load_reference()
    with on_day(PLACED):
        project: Project = take_in_project(actor=district.actor, **words)
        place_units(actor=district.actor, project=project, rows=unit_list(), placed_on=PLACED, source="清册")
    lay_assignment(developer.person, developer.organisation, Role.DEVELOPER, project_key=project.id)
    return Estate(cast, project)


def lay_blocker(
    estate: Estate, code: str = "P03", scope: Scope = EVERYTHING, at_fault: Scope = NOTHING, on: date = FOUND,
    **more: Any,
) -> Blocker:  # fmt: skip
    """Raise a blocker on the day on which it was found; of a second like it the title says that it is another."""
    kind = BlockerType.objects.get(code=code)
    same = Blocker.objects.filter(project=estate.project, type=kind, found_on=on).count()
    with on_day(on):
        blocker: Blocker = raise_blocker(
            actor=estate.cast.district.actor, project=estate.project, type=kind,
            title=f"{kind.label}（另{same}处）" if same else "", scope=scope, at_fault=at_fault, found_on=on, **more,
        )  # fmt: skip
    return blocker


def lay_step(
    estate: Estate, gate: Gate, on: date, *, part: Part | None = None, status: StepStatus = StepStatus.PASSED,
    buildings: Sequence[Building] = (), recorded: date | None = None,
) -> None:  # fmt: skip
    """Record a document that passes a gate: by the registry or the planning office, the task force for the rest."""
    makers = {Organ.REGISTRY: estate.cast.centre, Organ.PLANNING: estate.cast.department}
    maker = makers.get(gate.spec.organ, estate.cast.district)
    with on_day(recorded or max(on, PLACED)):
        record_steps(
            actor=maker.actor, project=estate.project, gate=gate, status=status,
            buildings=buildings, part=part, document_no=f"演示{gate.label}〔{on.year}〕1号", organ="规自分局（演示）",
            issued_on=on, effective_on=on,
        )  # fmt: skip


def photo(on: date, mark: str = "") -> dict[str, Any]:
    """What proves a finding on site: a photo of nothing, its day and its place."""
    upload = Upload(f"现场{mark}.png", b"\x89PNG\r\n\x1a\n" + f"{on}{mark}".encode())
    return {"uploads": [upload], "taken_on": on, "place": "9号楼S02"}


def promise(cast: Cast, **more: Any) -> ObligationDraft:
    """A complete promise, verified by the department."""
    words = {
        "end_state": "拆除1间商铺夹层",
        "due_on": DUE,
        "proof": "现场照片",
        "verifier": cast.department.organisation,
    }
    return ObligationDraft(**{**words, **more})


def letter_draft(cast: Cast, *promises: ObligationDraft) -> LetterDraft:
    """A letter to the district with one promise, or those given."""
    return LetterDraft(cast.district.organisation, "底商夹层，住户无过错。", promises or (promise(cast),))


def draft_letter(estate: Estate, blocker: Blocker, **more: Any) -> Instrument:
    """Draft the township's letter for the homes."""
    instrument: Instrument = draft_instrument(
        **{
            "actor": estate.cast.township.actor, "project": estate.project, "kind": InstrumentKind.LETTER,
            "title": "", "issuer": estate.cast.township.organisation, "clauses": [ClauseDraft(blocker, HOMES)],
            "letter": letter_draft(estate.cast), **more,
        }
    )  # fmt: skip
    return instrument


def bring_into_force(
    estate: Estate, instrument: Instrument, on: date = SIGNED, number: str = "×政函〔2021〕18号"
) -> None:
    """Sign by the township and approve by the district, in one day."""
    with on_day(on, 11):
        sign_instrument(actor=estate.cast.township.actor, instrument=instrument, number=number, signed_on=on)
    with on_day(on, 16):
        approve_instrument(actor=estate.cast.district.actor, instrument=instrument, effective_on=on)


def lay_letter(estate: Estate) -> Estate:
    """The story up to the letter in force: permits, the blocker with the shop at fault, the township's promise."""
    for gate in PERMITS:
        lay_step(estate, gate, date(2014, 10, 21))
    blocker = lay_blocker(estate, at_fault=FAULT)
    with on_day(SIGNED):
        letter = draft_letter(estate, blocker)
    bring_into_force(estate, letter)
    return replace(estate, blocker=blocker, letter=Instrument.objects.get(pk=letter.pk))


def lay_story(cast: Cast) -> Estate:
    """The story up to first registration of the dwelling part: every home is ready, no shop is."""
    return lay_registration(lay_estate(cast))


def lay_registration(estate: Estate) -> Estate:
    """Bring an estate to the first registration of its dwelling part, by its letter."""
    estate = lay_letter(estate)
    for gate, on, status in DWELLING_STEPS:
        lay_step(estate, gate, on, part=Part.DWELLING, status=status)
    return estate


def move(estate: Estate, units: Sequence[int], to: str, on: date, track: Track = Track.CERTIFICATE) -> Any:
    """Move units to a stage by whoever of the cast may do it."""
    players = (estate.cast.township, estate.cast.centre, estate.cast.tax, estate.cast.district)
    by = next(player for player in players if player.actor.may_advance(track, to))
    with on_day(on):
        return advance_units(actor=by.actor, project=estate.project, unit_ids=units, track=track, to=to, occurred_on=on)


def bring_to(estate: Estate, units: Sequence[int], stage: str, on: date) -> None:
    """Bring units along the whole road to a stage, tax and fund settled before recording."""
    for step in ROAD[: ROAD.index(stage) + 1]:
        if step == "recorded":
            move(estate, units, "settled", on, Track.TAX)
            move(estate, units, "settled", on, Track.FUND)
        move(estate, units, step, on)


def first_holder(estate: Estate) -> Holder:
    """The holder of the first home."""
    found: Holder = Holder.objects.filter(holdings__unit_id=estate.homes[0]).get()
    return found


def lay_reveals(player: Player, count: int, on: date = TODAY) -> None:
    """Put reveals of a person's day into the trail, as if they had been made before."""
    at = moment(on, 9)
    with fixture_writes():
        Act.objects.bulk_create(
            Act(
                id=first_key_at(at) + n + Act.objects.count(), chain=999, seq=n + 1 + Act.objects.count(),
                event="person.revealed", actor_person=player.person.pk, actor_name=player.person.name,
                actor_role="district", reason="窗口核对身份证", recorded_at=at, hash="0" * 64,
            )
            for n in range(count)
        )  # fmt: skip
