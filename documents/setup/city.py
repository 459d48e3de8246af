"""A deterministic synthetic city, through the same bulk services as real data: one project, one transaction.

Project n of seed s is always the same, whatever ran before: a killed run goes on at the first project that is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, Final

from django.db import transaction

from commitments.choices import InstrumentKind
from commitments.models import Instrument
from commitments.services import revoke_instrument
from documents.setup.lists import person
from documents.setup.reference import demo_areas, load_demo_areas
from documents.setup.story import Story, clause, letter_of, on_day
from projects.gates.models import Blocker, BlockerType, LiftKind
from projects.gates.services import resolve_blocker
from projects.ledger.models import Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedHolder, PlacedUnit, change_standing, correct_unit, place_units
from registry.accounts.models import Area, Organisation
from registry.kernel.authority import Actor, system_actor
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.gates.table import NEEDED_BY
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.kernel.periods import Month, add_months
from registry.kernel.scope import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.stages import EXCLUSION_REASONS, Feature, Part, Standing, Track, Use
from registry.store.acts import batch
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson

END: Final = Month.parse("2022-03")
ROOMS: Final = 4
GOVERNMENT_DECIDES: Final = (InstrumentKind.APPLICANT, InstrumentKind.GOVERNMENT_REPLY)
HOUSING: Final = ("resettlement", "commercial", "affordable", "reform", "pooled")
ALTERED: Final = scope_of(features=Feature.MEZZANINE)
STAGES: Final = ("notified", "collected", "accepted", "recorded", "printed", "issued")


@dataclass(frozen=True)
class CityPlan:
    """What city is wanted."""

    projects: int
    units: int
    months: int
    seed: int

    @property
    def starts(self) -> date:
        """The day on which the first project is taken in."""
        return END.plus(1 - self.months).first

    def sizes(self) -> list[int]:
        """Units per project: many small ones, few large, adding up exactly."""
        rng = Random(f"{self.seed}-sizes")
        weights = [rng.paretovariate(1.3) for _ in range(self.projects)]
        total = sum(min(weight, 12) for weight in weights)
        sizes = [max(8, int(self.units * min(weight, 12) / total)) for weight in weights]
        sizes[0] += self.units - sum(sizes)
        return [max(8, size) for size in sizes]


@dataclass(frozen=True)
class District:
    """A district of the demo's city with two of its townships."""

    code: str
    name: str
    towns: tuple[Area, Area]


@cache
def districts() -> tuple[District, ...]:
    """Return the districts of the demo's city, by code."""
    every = demo_areas()
    return tuple(
        District(area.code, area.name, tuple(town for town in every if town.code[:-3] == area.code)[:2])  # type: ignore[arg-type]
        for area in every
        if len(area.code) == 6
    )


def generate(plan: CityPlan) -> Iterator[Project]:
    """Make the projects that are missing, one transaction each, and return them one by one."""
    actor = system_actor("城市生成")
    load_demo_areas()
    organisations = city_organisations()
    types = list(BlockerType.objects.exclude(code="L06").order_by("code"))
    serial = 100_000
    for n, size in enumerate(plan.sizes()):
        code = f"CS-{n + 1:04d}"
        if not Project.objects.filter(code=code).exists():
            with transaction.atomic(), batch(f"city-{plan.seed}"):
                yield _Maker(actor, organisations, plan, n, size, serial).make(code, types)
        serial += size


def city_organisations() -> dict[str, Organisation]:
    """Make a task force, the government, two townships and three departments for each district. Idempotent."""
    organisations: dict[str, Organisation] = {}
    with fixture_writes():
        for district in districts():
            code, name = district.code, district.name
            for key, short, kind, area in (
                (f"ZB-{code}", f"{name}专班", "district_task_force", code),
                *((f"ZF-{town.code}", town.name, "township", town.code) for town in district.towns),
                (f"QZF-{code}", f"{name}人民政府", "government", code),
                (f"BM-{code}-GZ", f"规自{name}分局", "department", code),
                (f"DJ-{code}", f"{name}登记中心", "registration_centre", code),
                (f"SW-{code}", f"{name}税务局", "tax", code),
            ):
                organisations[key], _ = Organisation.objects.get_or_create(
                    code=key,
                    defaults={"name": f"{short}（演示）", "short_name": short, "kind": kind, "area_code": area},
                )
    return organisations


class _Maker:
    """One project of the city."""

    def __init__(
        self, actor: Actor, organisations: dict[str, Organisation], plan: CityPlan, n: int, size: int, serial: int
    ) -> None:
        self.actor, self.organisations, self.plan, self.n, self.size = actor, organisations, plan, n, size
        self.serial = serial
        self.rng = Random(f"{plan.seed}-{n}")
        every = districts()
        self.district = every[n % len(every)]
        self.township = self.district.towns[n % 2].code

    def make(self, code: str, types: list[BlockerType]) -> Project:
        """Take the project in, place its units, and tell its story."""
        taken_in = self.plan.starts + timedelta(days=self.rng.randrange(25))
        kind = types[self.n % len(types)]
        with on_day(taken_in, 9):
            project: Project = take_in_project(
                actor=self.actor,
                code=code,
                name=f"{self.district.name[:2]}演示{self.n + 1}号院",
                township_code=self.township,
                housing_type=HOUSING[self.n % len(HOUSING)],
                taken_in_on=taken_in,
                participants=tuple(
                    self.organisations[f"{what}-{self.district.code}{tail}"]
                    for what, tail in (("BM", "-GZ"), ("DJ", ""), ("SW", ""))
                ),
                primary_issue=kind.code,
                status="resolving",
                occupied_from=1996 + self.n % 20,
            )
        with on_day(taken_in, 10):
            place_units(actor=self.actor, project=project, rows=self.rows(), placed_on=taken_in, source="城市生成")
        self._tell(Story(self.actor, project, self.organisations), kind, taken_in + timedelta(days=3))
        return project

    def rows(self) -> list[PlacedUnit]:
        """Return the units: homes, a few shops and parking places, families with more than one."""
        rows = []
        per_building = self.rng.choice((40, 56, 72))
        for n in range(self.size):
            building, rest = n // per_building + 1, n % per_building
            is_shop, is_parking = rest % 36 == 35, rest % 36 == 34
            use = Use.RETAIL if is_shop else Use.PARKING if is_parking else Use.DWELLING
            floor = -1 if is_parking else 1 if is_shop else 2 + rest // (2 * ROOMS)
            mark = "S" if is_shop else "C" if is_parking else ""
            number = self.serial + (n - 1 if n % 23 == 0 and n else n)
            owner = PlacedHolder(person(number), "resident", synthetic_identity(number), synthetic_phone(number))
            partner = PlacedHolder(person(number + 5), "resident", synthetic_identity(900_000 + number % 190_000))
            rows.append(
                PlacedUnit(
                    row=n + 1,
                    building=str(building),
                    entrance="" if mark else str(1 + rest % (2 * ROOMS) // ROOMS),
                    floor=str(floor),
                    floor_order=floor * 10,
                    room=f"{mark}{rest:03d}" if mark else f"{floor}{1 + rest % ROOMS:02d}",
                    use=use,
                    features=Feature.MEZZANINE if is_shop and n % 2 else Feature.NONE,
                    area=Decimal(4500 + self.rng.randrange(9000)) / 100,
                    holders=(owner, partner) if n % 11 == 0 else (owner,),
                    agreement_no=f"XY{self.n + 1:04d}-{n // 3 if n % 9 == 0 else n:05d}",
                )
            )
        return rows

    def _tell(self, story: Story, kind: BlockerType, day: date) -> None:
        blocker = self._raise(story, kind, day)
        waiting = LATE | {Gate(kind.gate)} | NEEDED_BY[Gate(kind.gate)]
        for gate in Gate.building_gates():
            if gate not in waiting:
                story.step(gate, day, f"演示{gate.label}{self.n}", "主管机关（演示）")
        opened = self._open(story, blocker, add_months(day, 2))
        if opened is None:
            return
        for n, gate in enumerate(gate for gate in Gate.building_gates() if gate in waiting):
            promised = gate == kind.gate and kind.lift in (LiftKind.LETTER, LiftKind.CONDITIONAL)
            status = StepStatus.BY_COMMITMENT if promised else StepStatus.PASSED
            on = opened + timedelta(days=5 + n)
            story.step(gate, on, f"演示{gate.label}{self.n}", "主管机关（演示）", part=Part.DWELLING, status=status)
        self._progress(story, opened + timedelta(days=20))
        self._end(story, opened)

    def _raise(self, story: Story, kind: BlockerType, day: date) -> Blocker:
        scope: Scope = EVERYTHING
        if Gate(kind.gate).is_unit_level:
            some = Unit.objects.filter(building__project=story.project, use="dwelling").order_by("id")
            scope = scope_of(units=some.values_list("id", flat=True)[: max(1, self.size // 10)])
        fault = ALTERED if kind.code in ("P03", "P05") and self.size > 36 else NOTHING
        return story.blocker(kind.code, day, scope=scope, fault=fault, holder=f"ZF-{self.township}")

    def _open(self, story: Story, blocker: Blocker, on: date) -> date | None:
        """Lift or resolve the blocker on a day; None if it still stands."""
        kind = blocker.type
        if kind.lift in (LiftKind.LETTER, LiftKind.CONDITIONAL):
            due = add_months(on, 6 + self.n % 12)
            story.lift(
                on,
                InstrumentKind.LETTER,
                f"×政函〔{on.year}〕{self.n + 1}号",
                f"ZF-{self.township}",
                [clause(blocker, condition=f"{kind.condition}（演示）" if kind.condition else "")],
                letter=letter_of(
                    story,
                    f"ZB-{self.district.code}",
                    "历史遗留问题，居民无过错（演示）。",
                    (("恢复规划用途、补办手续（演示）", due, "现场照片", f"BM-{self.district.code}-GZ"),),
                ),
            )
            return on
        if kind.lift in (LiftKind.DECISION, LiftKind.APPLICANT):
            what = InstrumentKind(kind.decision)
            district = self.district.code
            issuer = f"QZF-{district}" if what in GOVERNMENT_DECIDES else f"BM-{district}-GZ"
            story.lift(on, what, f"×决〔{on.year}〕{self.n + 1}号", issuer, [clause(blocker)])
            return on
        if Gate(kind.gate).is_unit_level:
            return on
        if self.n % 3:
            return None
        with on_day(on):
            resolve_blocker(actor=self.actor, blocker=blocker, resolved_on=on, resolution="已实际办结（演示）")
        return on

    def _progress(self, story: Story, first: date) -> None:
        homes = self._free(story)
        held, carried, excluded = homes[-3:-2], homes[-2:-1], homes[-1:]
        for units, standing, reason in (
            (held, Standing.HELD, "unreachable"),
            (carried, Standing.CARRIED, "illegal"),
            (excluded, Standing.EXCLUDED, min(EXCLUSION_REASONS)),
        ):
            if len(homes) > 12:
                with on_day(first):
                    change_standing(
                        actor=self.actor, project=story.project, unit_ids=units, standing=standing, reason=reason,
                        evidence="演示", on=first, review_on=add_months(first, 6),
                    )  # fmt: skip
        units = homes[:-3] if len(homes) > 12 else homes
        months = [day for n in range(self.plan.months) if (day := add_months(first, n)) <= END.last]
        schedule = []
        for n, day in enumerate(months[::3] or [], start=1):
            share = min(1.0, n * self.rng.uniform(0.08, 0.2))
            counts = {stage: int(len(units) * share * (1 - 0.08 * k)) for k, stage in enumerate(STAGES)}
            schedule.append((day, counts))
        story.road_to_issued(_growing(schedule), units)
        if self.n % 7 == 0 and schedule and schedule[-1][1]["issued"]:
            self._correct(story, units[0], schedule[-1][0])

    def _free(self, story: Story) -> list[int]:
        homes = story.homes()
        if not Gate(Blocker.objects.get(project=story.project).gate).is_unit_level:
            return homes
        caught = self._caught(story)
        return [key for key in homes if key not in caught]

    def _caught(self, story: Story) -> set[int]:
        some = Unit.objects.filter(building__project=story.project, use="dwelling").order_by("id")
        return set(some.values_list("id", flat=True)[: max(1, self.size // 10)])

    def _correct(self, story: Story, unit: int, on: date) -> None:
        with on_day(on, 17):
            correct_unit(
                actor=self.actor,
                unit=Unit.objects.select_related("building__project").get(pk=unit),
                track=Track.CERTIFICATE,
                on=on,
                reason="录入有误（演示）",
                first=FirstPerson(None, "系统"),
            )

    def _end(self, story: Story, opened: date) -> None:
        """Let some promises break: one letter in five is revoked after it opened the road."""
        if self.n % 5 == 4:
            on = add_months(opened, 5)
            letter = Instrument.objects.filter(project=story.project, kind="letter").first()
            if letter is not None and on <= END.last:
                with on_day(on):
                    revoke_instrument(
                        actor=self.actor, instrument=letter, on=on, reason="承诺未兑现（演示）", first=None
                    )


LATE: Final = frozenset(
    {
        Gate.PLANNING_VERIFICATION,
        Gate.COMPLETION_FILING,
        Gate.SURVEY_REVIEW,
        Gate.CADASTRAL,
        Gate.FIRST_REGISTRATION,
    }
)


def _growing(schedule: list[tuple[date, dict[str, int]]]) -> list[tuple[date, dict[str, int]]]:
    last: dict[str, Any] = dict.fromkeys(STAGES, 0)
    grown = []
    for day, counts in schedule:
        last = {stage: max(last[stage], count) for stage, count in counts.items()}
        grown.append((day, dict(last)))
    return grown
