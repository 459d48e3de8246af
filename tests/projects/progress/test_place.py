"""Placement: what a list says of units is written whole, in few statements, or not at all."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import (
    Agreement,
    AgreementUnit,
    Building,
    Holder,
    Move,
    Project,
    Tally,
    Unit,
    UnitCodeHistory,
    UnitHolder,
)
from projects.ledger.selectors.certificates import PlacedCertificate
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedUnit, Placement, place_units
from projects.progress.services.compare import PlacedHolder
from projects.progress.services.place import compare_units
from registry.kernel.identifiers import synthetic_identity
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.kernel.stages import Use
from registry.store.crypto import blind_index, decrypt
from tests.factories.accounts import Cast
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    bring_to,
    holder_name,
    home,
    lay_estate,
    move,
    on_day,
    project_words,
    strange_words,
    unit_list,
)
from tests.factories.trials import digest, last_act, refused

CODE = "110105027001GB00011F00010001"


def place(estate: Estate, rows: list[PlacedUnit], placed_on: date = TODAY, **more: Any) -> Placement:
    with on_day(TODAY):
        return place_units(
            **{
                "actor": estate.cast.district.actor, "project": estate.project, "rows": rows, "placed_on": placed_on,
                "source": "清册", **more,
            }
        )  # fmt: skip


def ledger_of(project: Project) -> dict[str, list[Any]]:
    """What stands in the ledger, by natural keys."""
    place = ("building__number", "entrance", "floor", "room")
    units = Unit.objects.filter(building__project=project)
    moves = Move.objects.filter(unit__building__project=project)
    tallies = Tally.objects.filter(building__project=project)
    return {
        "buildings": list(Building.objects.filter(project=project).order_by("number").values_list("number", "name")),
        "units": sorted(
            units.values_list(*place, "use", "features", "standing", "certificate", "tax", "fund", "holders_masked"),
            key=str,
        ),
        "moves": sorted(
            moves.values_list(*(f"unit__{name}" for name in place), "track", "kind", "to_stage", "occurred_on"),
            key=str,
        ),
        "tallies": sorted(
            tallies.values_list("building__number", "use", "standing", "track", "stage", "count"), key=str
        ),
        "agreements": sorted(
            AgreementUnit.objects.filter(agreement__project=project).values_list("agreement__number", "unit__room")
        ),
    }


def test_new_units_open_on_each_of_their_tracks(estate: Estate) -> None:
    assert (Unit.objects.count(), Building.objects.count()) == (15, 2)
    first, shop = estate.unit(), Unit.objects.get(pk=estate.shops[1])
    assert (str(first.building), first.room, first.certificate, first.tax, first.fund, first.holders_masked) == (
        "1号楼", "201", "waiting", "unassessed", "unpaid", "演*丙",
    )  # fmt: skip
    assert (shop.room, shop.use, shop.features, shop.fund) == ("S02", "retail", 1, "")
    opened = Move.objects.values_list("track", "kind", "occurred_on").order_by("id")
    assert set(opened) == {(track, "opening", PLACED) for track in ("certificate", "tax", "fund")}
    assert [opened.filter(track=track).count() for track in ("certificate", "tax", "fund")] == [15, 15, 12]
    assert min(Agreement.objects.values_list("number", "kind")) == ("AZ-0002", "resettlement")
    act = last_act()
    assert (act.event, act.rows_count, act.facts) == (
        "units.placed",
        15,
        {"source": "清册", "added": 15, "changed": 0, "unchanged": 0, "refused": 0, "on": "2019-10-12"},
    )


def test_tallies_count_the_opened(estate: Estate) -> None:
    rows = Tally.objects.filter(building=estate.buildings[0]).values_list("use", "track", "stage", "count")

    assert sorted(rows) == [
        ("dwelling", "certificate", "waiting", 6),
        ("dwelling", "fund", "unpaid", 6),
        ("dwelling", "tax", "unassessed", 6),
        ("retail", "certificate", "waiting", 2),
        ("retail", "tax", "unassessed", 2),
    ]


def test_the_same_list_twice_leaves_the_ledger_as_it_was(estate: Estate) -> None:
    ledger = [label for label in digest() if not label.startswith("audit.")]
    before = digest()

    placement = place(estate, unit_list())

    after = digest()
    assert [len(placement.unchanged), placement.added, placement.changed, placement.refused] == [15, [], [], []]
    assert [label for label in ledger if after[label] != before[label]] == []


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_rows_give_the_same_ledger(cast: Cast, seed: int) -> None:
    first = lay_estate(cast)
    rows = unit_list()
    random.Random(seed).shuffle(rows)
    with on_day(PLACED):
        other = take_in_project(actor=cast.district.actor, **project_words(cast, code="CY-9002"))
    place(Estate(cast, other), rows, PLACED)

    assert ledger_of(other) == ledger_of(first.project)


def test_a_list_in_two_halves_gives_the_same_ledger(cast: Cast) -> None:
    first = lay_estate(cast)
    with on_day(PLACED):
        other = take_in_project(actor=cast.district.actor, **project_words(cast, code="CY-9002"))
    for half in (unit_list()[9:], unit_list()[:9]):
        place(Estate(cast, other), half, PLACED)

    assert ledger_of(other) == ledger_of(first.project)


def test_absent_units_are_never_touched(estate: Estate) -> None:
    place(estate, [home("1", "1", 2, 2)])

    assert Unit.objects.count() == 15


def test_building_numbers_as_people_write_them_are_one_building(estate: Estate) -> None:
    placement = place(estate, [home("1#", "1", 2, 2), home("二号楼", "1", 2, 8)])

    assert (len(placement.unchanged), Building.objects.count()) == (2, 2)


def test_changed_facts_are_written_with_what_was_before(estate: Estate) -> None:
    place(estate, [home("1", "1", 2, 2, area=Decimal("88.80"), unit_code=CODE, remark="底层")])
    new_code = f"{CODE[:-1]}2"

    placement = place(estate, [home("1", "1", 2, 2, area=Decimal("88.85"), unit_code=new_code)])

    unit = estate.unit()
    assert (unit.area, unit.unit_code, unit.remark, unit.version) == (Decimal("88.85"), new_code, "底层", 3)
    assert [changes for _, _, changes in placement.changed] == [
        {"area": (Decimal("88.80"), Decimal("88.85")), "unit_code": (CODE, new_code)}
    ]
    row = last_act().changed_rows.get()
    assert (row.before, row.after) == (
        {"area": "88.80", "unit_code": CODE}, {"area": "88.85", "unit_code": new_code},
    )  # fmt: skip
    assert list(UnitCodeHistory.objects.values_list("unit_code", "until")) == [(CODE, TODAY)]


def test_a_changed_use_is_posted_on_each_track(estate: Estate) -> None:
    place(estate, [replace(home("1", "1", 2, 2), use=Use.RETAIL)])

    unit = Unit.objects.get(building__number="1", entrance="1", floor="2")
    moves = Move.objects.filter(unit=unit, kind="use").values_list("track", "from_use", "to_use", "from_stage")
    assert sorted(moves) == [
        ("certificate", "dwelling", "retail", "waiting"),
        ("fund", "dwelling", "retail", "unpaid"),
        ("tax", "dwelling", "retail", "unassessed"),
    ]
    counts = Tally.objects.filter(building=unit.building, track="certificate").values_list("use", "count")
    assert dict(counts) == {"dwelling": 5, "retail": 3}


def test_a_changed_use_before_the_units_last_move_is_refused(estate: Estate) -> None:
    move(estate, estate.homes[:1], "notified", date(2022, 3, 1))

    with refused("户号1单元201上一次变动在2022-03-01，用途变更的日期不能更早", field="placed_on"):
        place(estate, [replace(home("1", "1", 2, 2), use=Use.RETAIL)], date(2022, 2, 28))


def test_a_unit_code_of_another_unit_refuses_the_row(estate: Estate) -> None:
    place(estate, [home("1", "1", 2, 2, unit_code=CODE)])

    placement = place(estate, [home("1", "1", 3, 3, unit_code=CODE), home("3", "1", 2, 40)])

    assert [(row.row, code) for row, code, _ in placement.refused] == [(3, "UNITCODE_DUP")]
    assert "已属于台账里的另一户" in placement.refused[0][2]
    assert (len(placement.added), Unit.objects.count()) == (1, 16)


def test_a_unit_code_of_another_project_refuses_the_row(estate: Estate) -> None:
    cast = estate.cast
    place(estate, [home("1", "1", 2, 2, unit_code=CODE)])
    with on_day(PLACED):
        other = take_in_project(actor=cast.strange_district.actor, **strange_words(cast))

    placement = place(Estate(cast, other), [home("1", "1", 2, 2, unit_code=CODE)], actor=cast.strange_district.actor)

    assert [code for _, code, _ in placement.refused] == ["UNITCODE_DUP"]
    assert not Unit.objects.filter(building__project=other).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"area": Decimal("99.00")},
        {"unit_code": CODE},
        {"use": Use.RETAIL},
        {"holders": home("1", "1", 2, 5).holders},
    ],
    ids=["area", "unit code", "use", "holders"],
)
def test_an_issued_unit_changes_by_correction_only(story: Estate, change: dict[str, Any]) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))
    before = story.unit()

    placement = place(story, [home("1", "1", 2, 2, **change)])

    assert [(row.row, code) for row, code, _ in placement.refused] == [(2, "FOREIGN_CHANGE")]
    assert "只能通过更正程序修改" in placement.refused[0][2]
    after = story.unit()
    assert (after.area, after.unit_code, after.use, after.version, after.holders_masked) == (
        before.area, before.unit_code, before.use, before.version, f"演*{holder_name(2)[-1]}",
    )  # fmt: skip


def test_a_list_ahead_is_refused(estate: Estate) -> None:
    with refused("入账日期2022-03-09尚未到来", field="placed_on"):
        place(estate, [home("3", "1", 2, 40)], date(2022, 3, 9))


def test_a_list_before_its_project_was_taken_in_is_refused(estate: Estate) -> None:
    taken_in_on = estate.project.taken_in_on
    with refused(f"入账日期{taken_in_on - timedelta(days=1)}早于项目纳入日期{taken_in_on}", field="placed_on"):
        place(estate, [home("3", "1", 2, 40)], taken_in_on - timedelta(days=1))


def test_an_owner_not_born_yet_and_a_certificate_of_a_later_year_are_refused_by_row(estate: Estate) -> None:
    unborn = PlacedHolder("演示", identity="110105203001010018")
    ahead = PlacedCertificate("京（2099）朝不动产权第0012345号")
    placement = place(estate, [home("3", "1", 2, 40, holders=(unborn,)), home("3", "1", 3, 41, certificates=(ahead,))])

    assert [(row.row, code) for row, code, _ in placement.refused] == [
        (40, "ID_FORMAT"), (41, "CERTIFICATE_FORMAT"),
    ]  # fmt: skip
    assert [message for _, _, message in placement.refused] == [
        "身份证号110***********0018中的出生日期2030-01-01尚未到来。请对照证件改正。",
        "证书号京（2099）朝不动产权第0012345号的年份2099尚未到来。请对照证书改正。",
    ]


def test_readiness_follows_new_units(story: Estate) -> None:
    place(story, [home("1", "3", 2, 40)])

    counter = readiness_counts([story.project.id], on=TODAY)[story.project.id]
    assert counter[("cleared", "dwelling")] == 13
    assert counter[("ready", "dwelling")] == 13, "a step of a building covers units that are found later"


def test_a_unit_or_a_unit_code_stated_again_refuses_the_later_row(estate: Estate) -> None:
    rows = [
        home("3", "1", 2, 40, unit_code=CODE),
        home("3#", "1", 2, 41),
        home("3", "1", 3, 42, unit_code=CODE),
        home("3", "1", 4, 43),
    ]

    placement = place(estate, rows)

    assert [(row.row, code) for row, code, _ in placement.refused] == [(41, "UNIT_DUP"), (42, "UNITCODE_DUP")]
    assert "与第40行是同一户" in placement.refused[0][2]
    assert [row.row for row in placement.added] == [40, 43]


def test_a_changed_telephone_is_a_change_seen_masked_and_written_sealed(estate: Estate) -> None:
    row = unit_list()[0]
    holder = row.holders[0]
    fresh = replace(row, holders=[replace(holder, phone="19900009876")])

    seen = compare_units(project=estate.project, rows=[fresh])
    (_, _, changes) = seen.changed[0]
    assert changes == {"phone": (mask_phone(holder.phone), "199****9876")}
    placed = place(estate, [fresh])

    kept = Holder.objects.get(holdings__unit_id=estate.homes[0], holdings__ended_act_id__isnull=True)
    assert (len(placed.changed), decrypt(kept.phone, "holder.phone"), kept.phone_masked) == (
        1, "19900009876", "199****9876",
    )  # fmt: skip
    assert bytes(kept.phone_tail_index) == blind_index("phone_tail", "9876")
    assert [row.table for row in last_act().changed_rows.order_by("id")] == ["ledger_unit", "ledger_holder"]
    assert "19900009876" not in str([row.after for row in last_act().changed_rows.all()])
    assert compare_units(project=estate.project, rows=[fresh]).unchanged, "the same again changes nothing"


def test_a_telephone_left_empty_keeps_what_stands(estate: Estate) -> None:
    row = unit_list()[0]

    assert compare_units(
        project=estate.project, rows=[replace(row, holders=[replace(row.holders[0], phone="")])]
    ).unchanged


def test_a_number_left_empty_keeps_what_stands_and_the_rest_of_the_holder_changes(estate: Estate) -> None:
    row = unit_list()[0]
    holder = row.holders[0]
    bare = replace(holder, identity="", phone="")
    newcomer = replace(holder, name="演示换", identity="", phone="")

    assert compare_units(project=estate.project, rows=[replace(row, holders=[bare])]).unchanged
    by_phone = compare_units(project=estate.project, rows=[replace(row, holders=[replace(bare, phone="19900009876")])])
    assert list(by_phone.changed[0][2]) == ["phone"]
    place(estate, [replace(row, holders=[bare, newcomer])])
    held = UnitHolder.objects.filter(unit_id=estate.homes[0], ended_act_id__isnull=True).order_by("position")
    numbers = list(held.values_list("holder__identity_masked", flat=True))
    assert numbers == [mask_identity(holder.identity), ""], "a co-owner joins, and the number of the first stays"


MASKED_CODES = (*["NAME_MASKED"] * 3, "ID_MASKED", "PHONE_MASKED", "NAME_MASKED")  # of the ways below


def masks_of(holder: Any) -> list[dict[str, str]]:
    """Ways in which programs show a part of a holder, as the reader keeps them."""
    return [
        {"name": mask_name(holder.name)},
        {"name": f"{holder.name[0]}**"},
        {"name": f"*{holder.name[-1]}"},
        {"identity": mask_identity(holder.identity)},
        {"phone": mask_phone(holder.phone)},
        {"name": f"{holder.name[0]}*", "identity": f"{holder.identity[:6]}*", "phone": f"*{holder.phone[-4:]}"},
    ]


@pytest.mark.parametrize("n", range(6))
def test_a_masked_cell_that_fits_who_stands_changes_nothing(estate: Estate, n: int) -> None:
    row = unit_list()[0]
    masked = replace(row, holders=[replace(row.holders[0], **masks_of(row.holders[0])[n])])

    assert compare_units(project=estate.project, rows=[masked]).unchanged


@pytest.mark.parametrize("n", range(6))
def test_a_masked_cell_that_fits_nobody_is_refused_and_never_a_new_home(estate: Estate, n: int) -> None:
    row, other = unit_list()[0], PlacedHolder("换另外", "resident", synthetic_identity(78), "19900009999")
    masked = replace(row, holders=[replace(row.holders[0], **masks_of(other)[n])])
    elsewhere = replace(
        row, room="999", unit_code=None, holders=[replace(row.holders[0], **masks_of(row.holders[0])[n])]
    )

    for line in (masked, elsewhere):
        placement = compare_units(project=estate.project, rows=[line])
        assert [code for _, code, _ in placement.refused] == [MASKED_CODES[n]]
        assert (placement.added, placement.changed) == ([], [])


def test_an_issued_home_may_change_its_telephone_and_not_its_holder(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))
    row = unit_list()[0]
    by_phone = replace(row, holders=[replace(row.holders[0], phone="19900009876")])
    by_name = replace(row, holders=[replace(row.holders[0], name="演示换")])

    assert len(compare_units(project=story.project, rows=[by_phone]).changed) == 1
    assert compare_units(project=story.project, rows=[by_name]).refused[0][1] == "FOREIGN_CHANGE"


def test_another_holder_is_shown_by_name_masked(estate: Estate) -> None:
    row = unit_list()[0]
    other = replace(row, holders=[replace(row.holders[0], name="演示换", identity=synthetic_identity(77))])
    same_name = replace(row, holders=[replace(row.holders[0], identity=synthetic_identity(77))])

    (old, new) = compare_units(project=estate.project, rows=[other]).changed[0][2]["holders"]
    assert (old, new) == (mask_name(row.holders[0].name), "演*换")
    assert (
        compare_units(project=estate.project, rows=[same_name]).changed[0][2]["holders"][1].endswith("（证件号码不同）")
    )
