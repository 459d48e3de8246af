"""Placement against a bare bulk_create; pages by queries and time. On a database of its own, as the tests have."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from statistics import median

from django.db import connection, transaction
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)

from documents.setup.people import PASSWORD, load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.ledger.models import Building, Holder, Project, Unit, UnitHolder
from projects.ledger.pinyin import person_initials
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedHolder, PlacedUnit, advance_units, place_units
from registry.kernel.authority import system_actor
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.kernel.stages import Track, Use
from registry.store.crypto import blind_index, encrypt
from registry.store.guard import fixture_writes
from tests.benchmarks.measure import Result, spending, timed

HOMES, LARGE = 20_000, 7_899
ACTOR = system_actor("测速")


@contextmanager
def database() -> Iterator[None]:
    """A test database with the areas of the demo, gone afterwards."""
    setup_test_environment()
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        load_demo_areas()
        yield
    finally:
        teardown_databases(kept, verbosity=0)
        teardown_test_environment()


def new_project(code: str) -> Project:
    """An empty project."""
    return take_in_project(
        actor=ACTOR, code=code, name=code, township_code="110105027", housing_type="resettlement", taken_in_on=date(2020, 1, 1),
    )  # fmt: skip


def homes(count: int, per_building: int) -> list[PlacedUnit]:
    """Homes as a file states them."""
    return [
        PlacedUnit(
            row=n,
            building=str(n // per_building + 1),
            entrance=str(n % per_building // 120 + 1),
            floor=str(n % 120 // 4 + 1),
            floor_order=(n % 120 // 4 + 1) * 10,
            room=f"{n % 120 // 4 + 1}{n % 4 + 1:02d}",
            use=Use.DWELLING,
            area=Decimal(8000 + n % 900) / 100,
            holders=(PlacedHolder(f"演示{n}", "resident", synthetic_identity(n), synthetic_phone(n)),),
            agreement_no=f"XY-{n}",
        )
        for n in range(count)
    ]


def bare_holders(project: Project, rows: list[PlacedUnit]) -> None:
    """The same holders, sealed and indexed, and their links, by bulk_create."""
    sealed = [
        Holder(
            project=project,
            name=encrypt(one.name, "holder.name"),
            name_masked=mask_name(one.name),
            name_index=blind_index("name", one.name),
            initials_index=blind_index("initials", person_initials(one.name)),
            identity_kind=one.identity_kind,
            identity=encrypt(one.identity, "holder.identity"),
            identity_masked=mask_identity(one.identity),
            identity_index=blind_index("identity", one.identity),
            phone=encrypt(one.phone, "holder.phone"),
            phone_masked=mask_phone(one.phone),
            phone_index=blind_index("phone", one.phone),
            phone_tail_index=blind_index("phone_tail", one.phone[-4:]),
            act_id=0,
        )
        for row in rows
        for one in row.holders
    ]
    holders = Holder.objects.bulk_create(sealed, batch_size=2000)
    units = Unit.objects.filter(building__project=project).order_by("id").values_list("id", flat=True)
    links = [UnitHolder(unit_id=unit, holder=holder, act_id=0) for unit, holder in zip(units, holders, strict=True)]
    UnitHolder.objects.bulk_create(links, batch_size=2000)


def placement() -> list[Result]:
    """Whole placement (moves, tallies, act rows, readiness too) against bulk_create of the same units and holders."""
    rows = homes(HOMES, 480)

    def ours() -> None:
        with transaction.atomic():
            place_units(actor=ACTOR, project=new_project("B-1"), rows=rows, placed_on=date(2020, 1, 2), source="测速")
            if Unit.objects.count() != HOMES:
                raise RuntimeError("not all units were placed")
            transaction.set_rollback(True)

    def bare() -> None:
        with transaction.atomic():
            with fixture_writes():
                building = Building.objects.create(project=new_project("B-2"), number="1", name="1号楼", act_id=0)
                Unit.objects.bulk_create(
                    [
                        Unit(
                            building=building, entrance=row.entrance, floor=f"{row.floor}-{row.building}",
                            room=row.room, floor_order=row.floor_order, use="dwelling", area=row.area,
                            agreement_no=row.agreement_no, act_id=0,
                        )
                        for row in rows
                    ],
                    batch_size=2000,
                )  # fmt: skip
                bare_holders(building.project, rows)
            transaction.set_rollback(True)

    base, whole = timed(bare), timed(ours)
    note = f"{whole:.2f} s / {base:.2f} s for {HOMES} homes with sealed holders"
    return [Result("placement / bare bulk_create of the same rows", whole / base, "×", 6, note)]


def pages() -> list[Result]:
    """The project page at 500 and at 5,000 homes, and the 楼盘表 of 480 homes."""
    load_people()
    load_reference()
    found = []
    client = Client()
    client.post("/sign-in/", {"username": "qu01", "password": PASSWORD}, REMOTE_ADDR="127.0.0.1")
    for code, count in (("B-3", 480), ("B-4", 4800)):
        project = new_project(code)
        place_units(actor=ACTOR, project=project, rows=homes(count, 480), placed_on=date(2020, 1, 2), source="测速")
        client.get(f"/projects/{code}/")
        with CaptureQueriesContext(connection) as queries:
            if client.get(f"/projects/{code}/").status_code != 200:
                raise RuntimeError("the project page did not answer")
        found.append(Result(f"queries of the project page, {count} homes", len(queries), "", 24))
    seconds = timed(lambda: client.get("/progress/B-3/buildings/1/"), rounds=9)
    if "1单元" not in client.get("/progress/B-3/buildings/1/").content.decode():
        raise RuntimeError("the building table is empty")
    return [*found, Result("楼盘表 of 480 homes, whole request", seconds * 1000, "ms", 100)]


def moves() -> list[Result]:
    """A home of a large project moved alone, 5,000 and all of them: CPU, with record and tallies."""
    project = new_project("B-5")
    place_units(actor=ACTOR, project=project, rows=homes(LARGE, 220), placed_on=date(2020, 1, 2), source="测速")
    keys = list(Unit.objects.filter(building__project=project).order_by("id").values_list("id", flat=True))

    def spent_on(wanted: list[int]) -> float:
        with spending() as spent, transaction.atomic():
            done = advance_units(
                actor=ACTOR, project=project, unit_ids=wanted, track=Track.CERTIFICATE, to="collected",
                occurred_on=date(2021, 2, 1),
            )  # fmt: skip
            if len(done.moved) != len(wanted):
                raise RuntimeError("the benchmark is wrong")
            transaction.set_rollback(True)
        return spent.cpu

    alone = median(spent_on(keys[n : n + 1]) for n in range(9))
    return [
        Result(f"one home of {LARGE} moved, CPU", alone * 1000, "ms", 30),
        Result(f"5,000 homes of {LARGE} moved, CPU", median(spent_on(keys[:5000]) for _ in range(3)), "s", 5),
        Result(f"{LARGE} homes moved, CPU", median(spent_on(keys) for _ in range(3)), "s", 8),
    ]


def run() -> list[Result]:
    """All of it, on one test database."""
    with database():
        return [*placement(), *moves(), *pages()]
