"""The same parsed rows → committed: placement against a django-import-export Resource that writes the same fields.

The Resource is given every help that its own documentation names and that keeps its promises: buildings looked up
once, whole rows not compared, no diff made for a page. It writes no tallies, spans or records of an act, nor does it
lock; placement does all of it. Both run in transactions that are taken back.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DecimalWidget, ForeignKeyWidget, IntegerWidget
from tablib import Dataset

from projects.ledger.models import Agreement, AgreementUnit, Building, Holder, Move, Project, Unit, UnitHolder
from projects.ledger.pinyin import person_initials
from projects.progress.services import PlacedUnit, place_units
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.kernel.stages import FUND_USES, Standing, Track, opening_stage
from registry.store.clock import true_now
from registry.store.crypto import blind_index, encrypt
from registry.store.guard import fixture_writes
from tests.benchmarks.ledger import ACTOR, database, homes, new_project
from tests.benchmarks.measure import Result, timed

HOMES = 7_899
PER_BUILDING = 220
DAY = date(2020, 2, 1)
COLUMNS = (
    "building", "entrance", "floor", "floor_order", "room", "use", "area", "holder", "identity_kind", "identity",
    "phone", "agreement_no",
)  # fmt: skip


class BuildingWidget(ForeignKeyWidget):  # type: ignore[misc]
    """Buildings by number, each looked up once."""

    def __init__(self, project: Project) -> None:
        super().__init__(Building, "number")
        self.known = {building.number: building for building in Building.objects.filter(project=project)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Building:
        """The building of a number."""
        return self.known[str(value)]


class UnitResource(ModelResource):  # type: ignore[misc]
    """Homes with their holder, agreement and opening moves, as a programmer at home in the library would write it."""

    floor_order = Field(attribute="floor_order", column_name="floor_order", widget=IntegerWidget())
    area = Field(attribute="area", column_name="area", widget=DecimalWidget())

    class Meta:
        model = Unit
        import_id_fields = ("building", "entrance", "floor", "room")
        fields = ("building", "entrance", "floor", "floor_order", "room", "use", "area", "agreement_no")
        skip_diff = True
        skip_html_diff = True
        use_transactions = True

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.project = project
        self.fields["building"] = Field(attribute="building", column_name="building", widget=BuildingWidget(project))

    def before_save_instance(self, instance: Unit, row: Any, **kwargs: Any) -> None:
        """What placement writes beside the stated columns."""
        instance.act_id = 0
        for track in Track:
            setattr(instance, track.value, opening_stage(track, instance.use, FUND_USES))
        instance.holders_masked = mask_name(row["holder"])

    def after_save_instance(self, instance: Unit, row: Any, **kwargs: Any) -> None:
        """Holder, agreement and moves of the unit that was saved."""
        holder = Holder.objects.create(
            project=self.project,
            name=encrypt(row["holder"], "holder.name"),
            name_masked=mask_name(row["holder"]),
            name_index=blind_index("name", row["holder"]),
            initials_index=blind_index("initials", person_initials(row["holder"])),
            identity_kind=row["identity_kind"],
            identity=encrypt(row["identity"], "holder.identity"),
            identity_masked=mask_identity(row["identity"]),
            identity_index=blind_index("identity", row["identity"]),
            phone=encrypt(row["phone"], "holder.phone"),
            phone_masked=mask_phone(row["phone"]),
            phone_index=blind_index("phone", row["phone"]),
            phone_tail_index=blind_index("phone_tail", row["phone"][-4:]),
            act_id=0,
        )
        UnitHolder.objects.create(unit=instance, holder=holder, act_id=0)
        agreement, _ = Agreement.objects.get_or_create(
            project=self.project, number=row["agreement_no"], defaults={"act_id": 0}
        )
        AgreementUnit.objects.create(agreement=agreement, unit=instance)
        Move.objects.bulk_create(_moves(instance))


def _moves(unit: Unit) -> list[Move]:
    return [
        Move(
            unit=unit, track=track.value, kind="opening", to_building_id=unit.building_id, to_use=unit.use,
            to_standing=Standing.ACTIVE.value, to_stage=stage, occurred_on=DAY, recorded_at=true_now(), act_id=0,
        )
        for track in Track
        if (stage := opening_stage(track, unit.use, FUND_USES))
    ]  # fmt: skip


def dataset(rows: list[PlacedUnit]) -> Dataset:
    """The parsed rows as the library takes them."""
    return Dataset(
        *(
            (
                row.building, row.entrance, row.floor, row.floor_order, row.room, row.use.value, row.area,
                row.holders[0].name, row.holders[0].identity_kind, row.holders[0].identity, row.holders[0].phone,
                row.agreement_no,
            )
            for row in rows
        ),
        headers=COLUMNS,
    )  # fmt: skip


def taken_back(work: Callable[[], Any], expected: Callable[[], tuple[int, ...]]) -> Callable[[], None]:
    """The work in a transaction that is taken back once its rows are counted."""

    def run() -> None:
        with transaction.atomic():
            work()
            if expected() != (HOMES, HOMES, HOMES, HOMES, 3 * HOMES):
                raise RuntimeError(f"the benchmark is wrong: {expected()}")
            transaction.set_rollback(True)

    return run


def counts() -> tuple[int, ...]:
    """How many units, holders, links, agreements and moves there are."""
    return tuple(model._default_manager.count() for model in (Unit, UnitHolder, Holder, AgreementUnit, Move))


def run() -> list[Result]:
    """Both in one run: three rounds of placement, one of the library (dry run, then import)."""
    with database():
        project, rows = new_project("KB-7899"), homes(HOMES, PER_BUILDING)
        with fixture_writes():
            for number in sorted({row.building for row in rows}, key=int):
                Building.objects.create(project=project, number=number, name=f"{number}号楼", act_id=0)

        def placed() -> None:
            place_units(actor=ACTOR, project=project, rows=rows, placed_on=DAY, source="测速")

        def library() -> None:
            with fixture_writes():
                for is_dry in (True, False):
                    result = UnitResource(project).import_data(dataset(rows), dry_run=is_dry, raise_errors=True)
                    if result.totals["new"] != HOMES:
                        raise RuntimeError(f"the benchmark is wrong: {result.totals}")

        ours = timed(taken_back(placed, counts))
        theirs = timed(taken_back(library, counts), rounds=1)
    return [
        Result(
            "7,899 parsed rows → committed, Resource / ours", theirs / ours, "×", 10,
            f"{theirs:.1f} s / {ours:.2f} s", is_floor=True,
        )
    ]  # fmt: skip
