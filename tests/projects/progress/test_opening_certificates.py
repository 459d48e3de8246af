"""Homes that come with a certificate: opened as issued, on which day, who is refused, and that every day adds up."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from projects.gates.selectors.overview import overviews
from projects.ledger.models import Move, Unit, UnitCertificate
from projects.ledger.selectors.counts import counts_as_of, present_counts
from projects.ledger.services.projects import change_project
from projects.progress.services import (
    PlacedCertificate,
    PlacedUnit,
    Placement,
    change_standing,
    correct_unit,
    place_units,
)
from registry.kernel.scope import scope_of
from registry.kernel.stages import Feature, Standing, Track
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.books import faults_in_the_books
from tests.factories.histories import many_histories
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    bring_to,
    home,
    lay_blocker,
    lay_strange_estate,
    moment,
    move,
    on_day,
    shop,
    unit_list,
)

OLD_DAY = date(2005, 6, 30)
OLD = PlacedCertificate("京房权证朝字第12345号", is_legacy=True, issued_on=OLD_DAY)
NEW = PlacedCertificate("京（2022）朝不动产权第0012345号")
FEBRUARY = date(2022, 2, 1)


@pytest.fixture
def story(story: Estate) -> Estate:
    """Lived in since 1998: a certificate of any later day can be one of its homes."""
    years = {"occupied_from": 1998, "occupied_to": 1999}
    change_project(actor=story.cast.district.actor, project=story.project, changes=years, effective_on=TODAY)
    story.project.refresh_from_db()
    return story


def place(estate: Estate, *rows: PlacedUnit, on: date = FEBRUARY, day: date = TODAY) -> Placement:
    with on_day(day):
        return place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=on, source="清册"
        )


def stated(row: int, *certificates: PlacedCertificate, **more: Any) -> PlacedUnit:
    """A home of the estate as its list states it, by its row from 2 to 13, with certificates."""
    return replace(unit_list()[row - 2], certificates=certificates, **more)


def fresh(row: int, *certificates: PlacedCertificate, **more: Any) -> PlacedUnit:
    """A home that the estate does not have."""
    return home("3", "1", row, row, certificates=certificates, **more)


def numbers(unit: Unit) -> list[str]:
    rows = UnitCertificate.objects.filter(unit=unit, ended_act_id__isnull=True).order_by("position", "id")
    return list(rows.values_list("number", flat=True))


def unit_of(estate: Estate, row: PlacedUnit) -> Unit:
    found: Unit = Unit.objects.select_related("building").get(
        building__project=estate.project, building__number=row.building, entrance=row.entrance, floor=row.floor,
        room=row.room,
    )  # fmt: skip
    return found


def reasons(placement: Placement) -> list[tuple[int, str]]:
    return [(row.row, code) for row, code, _ in placement.refused]


def sums_on(estate: Estate, day: date) -> set[int]:
    """The units of the certificate and tax tracks on a day: one number if the books add up."""
    counts = counts_as_of(on=day, known_at=moment(TODAY, 23))[estate.project.id].by_place
    assert all(count > 0 for count in counts.values())
    return {sum(n for (_, _, track, _), n in counts.items() if track == one) for one in ("certificate", "tax")}


def test_new_home_with_an_old_certificate_opens_issued_on_its_day(estate: Estate) -> None:
    placement = place(estate, fresh(21, OLD), fresh(22))

    assert (len(placement.added), placement.refused) == (2, [])
    unit, other = unit_of(estate, fresh(21)), unit_of(estate, fresh(22))
    assert (unit.certificate, unit.tax, unit.fund, unit.certificate_on) == ("issued", "settled", "settled", OLD_DAY)
    assert (unit.certificate_no, numbers(unit)) == (OLD.number, [OLD.number])
    assert (other.certificate, other.certificate_on, other.certificate_no) == ("waiting", None, "")
    moves = Move.objects.filter(unit=unit).values_list("track", "kind", "from_stage", "to_stage", "occurred_on")
    assert set(moves) == {
        ("certificate", "opening", None, "issued", OLD_DAY),
        ("tax", "opening", None, "settled", OLD_DAY),
        ("fund", "opening", None, "settled", OLD_DAY),
    }
    assert faults_in_the_books() == []


def test_new_shop_with_a_certificate_has_no_fund(estate: Estate) -> None:
    row = replace(shop("3", "S01", 30), certificates=(NEW,))

    place(estate, row)

    unit = unit_of(estate, row)
    assert (unit.certificate, unit.tax, unit.fund, unit.certificate_on) == ("issued", "settled", "", FEBRUARY)
    assert faults_in_the_books() == []


@pytest.mark.parametrize(
    ("days", "opened"),
    [
        ((None,), FEBRUARY),
        ((date(2022, 2, 2),), FEBRUARY),
        ((FEBRUARY,), FEBRUARY),
        ((date(2010, 1, 1), OLD_DAY, None), OLD_DAY),
    ],
    ids=["no day", "after the day of placing", "on it", "the earliest of several"],
)
def test_day_of_opening(estate: Estate, days: tuple[date | None, ...], opened: date) -> None:
    certificates = [PlacedCertificate(f"朝全字第{n}号", True, day) for n, day in enumerate(days)]

    place(estate, fresh(21, *certificates))

    unit = unit_of(estate, fresh(21))
    assert unit.certificate_on == opened
    assert unit.certificate_no == "、".join(one.number for one in certificates)
    assert Move.objects.filter(unit=unit, track="certificate").count() == 1, "the stage counts the home once"


def test_old_certificate_stands_in_the_stock_and_in_readiness(story: Estate) -> None:
    place(story, fresh(21, OLD))

    row = overviews([story.project.id], on=TODAY)[story.project.id]
    assert (row.due, row.issued, row.remaining) == (13, 1, 12)
    assert row.ready_not_issued + row.blocked == row.remaining


def test_home_in_the_books_is_opened_anew(estate: Estate) -> None:
    placement = place(estate, stated(2, OLD))

    [(_, key, changes)] = placement.changed
    assert changes == {
        "certificate_no": ("", OLD.number), "issued_on": ("", "2005-06-30"), "certificate": ("待办", "已发证"),
    }  # fmt: skip
    unit = Unit.objects.get(pk=key)
    assert (unit.certificate, unit.tax, unit.fund, unit.certificate_on) == ("issued", "settled", "settled", OLD_DAY)
    moves = Move.objects.filter(unit=unit, track="certificate").order_by("id")
    assert list(moves.values_list("kind", "from_stage", "to_stage", "occurred_on")) == [
        ("opening", None, "waiting", PLACED),
        ("correction", "waiting", None, PLACED),
        ("opening", None, "issued", OLD_DAY),
    ]
    assert moves[1].reverses == moves[0]
    assert [sums_on(estate, day) for day in (OLD_DAY, PLACED - timedelta(1), PLACED, TODAY)] == [{1}, {1}, {15}, {15}]
    assert faults_in_the_books() == []


def test_certificate_of_after_the_opening_counts_from_its_day(estate: Estate) -> None:
    day = date(2021, 3, 1)

    place(estate, stated(2, replace(OLD, issued_on=day)), stated(3, NEW))

    def issued_on(day: date) -> int:
        return counts_as_of(on=day, known_at=moment(TODAY, 23))[estate.project.id].at("certificate", "issued")

    assert [issued_on(PLACED - timedelta(1)), issued_on(day - timedelta(1)), issued_on(day)] == [0, 1, 2]
    assert {frozenset(sums_on(estate, on)) for on in (PLACED, day - timedelta(1), day, TODAY)} == {frozenset({15})}
    assert Unit.objects.get(pk=estate.homes[1]).certificate_on == PLACED, "without a day: taken in as it was"
    assert faults_in_the_books() == []


def test_home_with_a_past_is_opened_anew_after_it(estate: Estate) -> None:
    unit = estate.unit(0)
    move(estate, [unit.id], "notified", date(2021, 9, 1))
    with on_day(date(2021, 10, 1)):
        correct_unit(
            actor=estate.cast.district.actor, unit=unit, track=Track.CERTIFICATE, on=date(2021, 10, 1), reason="误点",
            first=FirstPerson(0, "甲"),
        )  # fmt: skip
    move(estate, [unit.id], "settled", date(2021, 9, 5), Track.TAX)

    place(estate, stated(2, OLD))

    unit.refresh_from_db()
    assert (unit.certificate, unit.tax, unit.fund, unit.certificate_on) == (
        "issued", "settled", "settled", date(2021, 9, 1),
    )  # fmt: skip
    assert {frozenset(sums_on(estate, PLACED + timedelta(n))) for n in range(0, 800, 7)} == {frozenset({15})}
    assert present_counts([estate.project.id])[estate.project.id].at("certificate", "issued") == 1
    assert faults_in_the_books() == []


def test_same_list_again_changes_nothing(estate: Estate) -> None:
    rows = [stated(2, OLD), fresh(21, NEW)]
    place(estate, *rows)
    moves = Move.objects.count()

    again = place(estate, *rows)

    assert (len(again.unchanged), again.changed, again.added, again.refused) == (2, [], [], [])
    assert (Move.objects.count(), UnitCertificate.objects.count()) == (moves, 2)


def test_certificate_is_added_to_an_issued_home_without_a_move(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))
    moves = Move.objects.count()

    first = place(story, stated(2, NEW))
    place(story, stated(2, OLD))

    assert [set(changes) for _, _, changes in first.changed] == [{"certificate_no"}]
    unit = story.unit(0)
    assert (unit.certificate_no, numbers(unit)) == (f"{NEW.number}、{OLD.number}", [NEW.number, OLD.number])
    assert (unit.certificate_on, Move.objects.count()) == (date(2021, 9, 1), moves)
    assert faults_in_the_books() == []


def test_area_of_an_issued_home_stays_guarded(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))

    refused = place(story, stated(2, NEW, holders=(), area=88), fresh(21))

    assert reasons(refused) == [(2, "FOREIGN_CHANGE")]
    assert numbers(story.unit(0)) == []


def test_another_day_of_a_certificate_is_restated(story: Estate) -> None:
    place(story, stated(2, OLD))

    placement = place(story, stated(2, replace(OLD, issued_on=date(2006, 1, 1))), stated(3))

    assert [changes for _, _, changes in placement.changed] == [{"issued_on": ("2005-06-30", "2006-01-01")}]
    rows = UnitCertificate.objects.filter(unit=story.homes[0]).order_by("id")
    assert [(row.issued_on, row.ended_act_id is None) for row in rows] == [
        (OLD_DAY, False), (date(2006, 1, 1), True),
    ]  # fmt: skip
    assert story.unit(0).certificate_on == OLD_DAY, "a move is never overwritten"
    assert faults_in_the_books() == []


@pytest.mark.parametrize("stage", ["notified", "collected", "accepted"])
def test_home_part_way_goes_on_by_the_stages(story: Estate, stage: str) -> None:
    if stage == "notified":
        move(story, story.homes[:1], stage, date(2021, 9, 1))
    else:
        bring_to(story, story.homes[:1], stage, date(2021, 9, 1))

    refused = place(story, stated(2, OLD), fresh(21))

    assert reasons(refused) == [(2, "CERTIFICATE_PART_WAY")]
    assert "请按步骤办理至已发证" in refused.refused[0][2]
    assert (story.unit(0).certificate, numbers(story.unit(0))) == (stage, [])


def test_tax_under_way_and_use_in_the_same_row_are_refused(estate: Estate) -> None:
    move(estate, estate.homes[:1], "assessed", date(2021, 9, 1), Track.TAX)
    other = stated(3, NEW, use=shop("1", "S09", 1).use)

    refused = place(estate, stated(2, OLD), other, fresh(21))

    assert reasons(refused) == [(2, "CERTIFICATE_PART_WAY"), (3, "CERTIFICATE_PART_WAY")]
    assert ["契税现在是“已核”" in why for _, _, why in refused.refused] == [True, False]


def test_held_home_is_restored_first(estate: Estate) -> None:
    def stand(standing: Standing, on: date) -> None:
        with on_day(on):
            change_standing(
                actor=estate.cast.district.actor, project=estate.project, unit_ids=estate.homes[:1], standing=standing,
                reason="unwilling", evidence="电话记录", on=on, review_on=on + timedelta(90),
            )  # fmt: skip

    stand(Standing.HELD, date(2021, 9, 1))
    refused = place(estate, stated(2, OLD), fresh(21))
    with on_day(TODAY):
        change_standing(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=estate.homes[:1],
            standing=Standing.ACTIVE, reason="", evidence="已领旧证", on=TODAY,
        )  # fmt: skip
    placed = place(estate, stated(2, OLD))

    assert reasons(refused) == [(2, "CERTIFICATE_PART_WAY")]
    assert "先恢复正常" in refused.refused[0][2]
    assert len(placed.changed) == 1
    assert (estate.unit(0).certificate, estate.unit(0).certificate_on) == ("issued", TODAY)
    assert faults_in_the_books() == []


def test_one_number_belongs_to_one_home(estate: Estate) -> None:
    strange = lay_strange_estate(estate.cast)
    with on_day(TODAY):
        place_units(
            actor=strange.cast.strange_district.actor, project=strange.project, rows=[stated(2, OLD)],
            placed_on=FEBRUARY, source="清册",
        )  # fmt: skip

    refused = place(estate, stated(2, OLD), stated(3, NEW), fresh(21, NEW), fresh(22))
    again = place(estate, stated(4, NEW), fresh(23))

    assert reasons(refused) == [(2, "CERTIFICATE_DUP"), (21, "CERTIFICATE_DUP")]
    assert "已登记在其他项目的一户名下" in refused.refused[0][2], "out of reach: taken, not where"
    assert "与第3行的另一户相同" in refused.refused[1][2]
    assert "（CY-9001 1号楼1单元301）" in again.refused[0][2]


def test_the_database_keeps_a_number_to_one_home(estate: Estate) -> None:
    place(estate, stated(2, OLD))

    with fixture_writes(), pytest.raises(IntegrityError):
        UnitCertificate.objects.create(unit_id=estate.homes[1], number=OLD.number, act_id=1)


def test_day_ahead_is_refused(estate: Estate) -> None:
    ahead = replace(NEW, issued_on=TODAY + timedelta(1))

    refused = place(estate, fresh(21, ahead), fresh(22, replace(OLD, issued_on=TODAY)))

    assert reasons(refused) == [(21, "CERTIFICATE_DATE_AHEAD")]
    assert unit_of(estate, fresh(22)).certificate_on == FEBRUARY


def test_what_is_at_fault_does_not_ride_along(story: Estate) -> None:
    faulty = replace(unit_list()[13], certificates=(OLD,), features=Feature.NONE, remark="已核对")
    new_one = replace(shop("9", "S07", 40, Feature.MEZZANINE), certificates=(NEW,))
    innocent = replace(unit_list()[12], certificates=(PlacedCertificate("朝全字第7号", True),))

    refused = place(story, faulty, new_one, innocent)

    assert reasons(refused) == [(15, "CERTIFICATE_AT_FAULT"), (40, "CERTIFICATE_AT_FAULT")]
    assert story.blocker is not None
    assert story.blocker.number in refused.refused[0][2]
    assert unit_of(story, innocent).certificate == "issued"


def test_a_certificate_of_a_day_on_which_a_seizure_held_is_refused(story: Estate) -> None:
    blocker = lay_blocker(story, "E03", scope=scope_of(units=story.homes[:3]), on=FEBRUARY)
    days = enumerate((FEBRUARY, None, date(2022, 1, 31)), start=2)
    refused = place(story, *(stated(row, PlacedCertificate(f"朝全字第{row}号", True, on)) for row, on in days))
    assert reasons(refused) == [(2, "CERTIFICATE_STOPPED"), (3, "CERTIFICATE_STOPPED")]
    assert f"在{FEBRUARY}，堵点{blocker.number}限制该户登簿" in refused.refused[0][2]


def test_correcting_an_issue_ends_its_numbers(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))
    place(story, stated(2, NEW))

    with on_day(TODAY):
        correct_unit(
            actor=story.cast.district.actor, unit=story.unit(0), track=Track.CERTIFICATE, on=TODAY, reason="误发",
            first=FirstPerson(0, "甲"),
        )  # fmt: skip

    assert (story.unit(0).certificate, story.unit(0).certificate_no, numbers(story.unit(0))) == ("recorded", "", [])
    assert faults_in_the_books() == []


@many_histories(seed=1)
@given(data=st.data())
def test_every_day_adds_up_whatever_is_stated(story: Estate, data: st.DataObject) -> None:
    """Lists with certificates of any day, over homes at any stage, new and known; then what the last one did undone."""
    days = st.none() | st.dates(min_value=date(1998, 1, 1), max_value=TODAY)
    n = Unit.objects.count()
    for _ in range(2):
        rows = [
            stated(row, PlacedCertificate(f"朝全字第{row}号", True, data.draw(days)))
            for row in data.draw(st.sets(st.integers(2, 13), max_size=4))
        ]
        rows += [
            fresh(n + row, PlacedCertificate(f"朝全字第{n + row}号", True, data.draw(days)))
            for row in data.draw(st.sets(st.integers(1, 9), max_size=2))
        ]
        place(story, *rows, fresh(n + 10), on=data.draw(st.dates(min_value=PLACED, max_value=TODAY)))
        n += 20
    assert faults_in_the_books() == []
    every = [*Move.objects.values_list("occurred_on", flat=True).distinct()]
    for day in [day for day in every if day >= PLACED] + [TODAY]:
        assert len(sums_on(story, day)) == 1
