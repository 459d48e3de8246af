"""A building that the project lacks is named and waits for a tick; undoing the list takes it out again."""

import pytest

from documents.intake.services.new_buildings import agree_buildings, held_buildings
from documents.intake.services.sessions import commit_session
from documents.intake.services.take_back_units import undo_session
from projects.ledger.models import Unit, UnitHolder
from registry.kernel.errors import DomainError
from registry.store.crypto import decrypt
from registry.store.guard import fixture_writes
from tests.documents.intake.reading.files import home
from tests.documents.intake.services.lists import DAY, LATER, ledger_of, listed, staged, written
from tests.factories.books import faults_in_the_books
from tests.factories.projects import Estate, on_day


def numbers(estate: Estate) -> list[str]:
    return [building.number for building in estate.buildings]


def test_new_building_is_named_and_refused_until_it_is_ticked(estate: Estate) -> None:
    known = numbers(estate)
    session = staged(
        estate, [*listed(estate, 2), home(5, project=estate.project.code, building="37号楼")], ticked=False
    )

    assert (session.added, session.refused) == (0, 3)
    assert {error["code"] for row in session.staged_rows.all() for error in row.errors} == {"NEW_BUILDING"}
    assert [number for number, _ in held_buildings(session)] == ["37", "9"]
    assert held_buildings(session)[0][1].startswith("将新建楼栋：37号楼（项目现有")
    with pytest.raises(DomainError, match="没有可导入的行"), on_day(DAY):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)

    with on_day(DAY):
        session = agree_buildings(actor=estate.cast.district.actor, session=session, numbers=["9"])
        assert (session.added, session.refused) == (2, 1)
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
    assert numbers(estate) == [*known, "9"]


@pytest.mark.parametrize("chosen", [[], ["38"]])
def test_only_a_building_that_waits_is_agreed_to(estate: Estate, chosen: list[str]) -> None:
    session = staged(estate, listed(estate, 1), ticked=False)

    with pytest.raises(DomainError, match="未选择定要新建的楼栋"), on_day(DAY):
        agree_buildings(actor=estate.cast.district.actor, session=session, numbers=chosen)
    assert session.staged_rows.get().verdict == "refused"


def test_undo_takes_the_buildings_out_that_the_list_laid(estate: Estate) -> None:
    known, before = numbers(estate), ledger_of(estate)
    session = written(estate, listed(estate))
    assert "9" in numbers(estate)

    with on_day(LATER):
        undo_session(actor=estate.cast.district.actor, session=session, reason="楼号写错")

    assert (numbers(estate), ledger_of(estate)) == (known, before)
    assert faults_in_the_books() == []
    again = written(estate, listed(estate))
    assert (again.added, numbers(estate)) == (3, [*known, "9"])
    assert Unit.objects.filter(building__number="9", certificate__gt="").count() == 3


def test_undo_keeps_a_building_on_which_something_stands(estate: Estate) -> None:
    session = written(estate, listed(estate))
    unit = Unit.objects.filter(building__number="9").order_by("id")[0]
    other = written(estate, [home(7, project=estate.project.code)])
    assert other.added == 1

    with on_day(LATER):
        undo_session(actor=estate.cast.district.actor, session=session, reason="楼号写错")

    assert "9" in numbers(estate)
    assert Unit.objects.get(pk=unit.pk).certificate == ""


def test_home_stored_in_another_spelling_is_that_home(estate: Estate) -> None:
    written(estate, listed(estate, 1))
    unit = Unit.objects.get(building__number="9", room="101")
    with fixture_writes():
        Unit.objects.filter(pk=unit.pk).update(entrance="", room="1单元101")

    session = staged(estate, listed(estate, 1))

    assert (session.added, session.changed, session.unchanged) == (0, 0, 1)
    assert session.staged_rows.get().unit_key == unit.pk


def test_code_of_another_city_is_refused(estate: Estate) -> None:
    written(estate, listed(estate, 2))
    session = staged(estate, listed(estate, 2, r2={"unit_code": "310105012038GB00005F00090001"}))

    assert session.refused == 1
    [error] = session.staged_rows.get(row=2).errors
    assert error["code"] == "UNITCODE_ELSEWHERE"


def test_shares_and_notes_are_stored_shown_as_a_change_and_kept(estate: Estate) -> None:
    people = {"identity": "", "phone": "", "holder": "张三(1/2)、李四（曾用名：李五）(1/2)"}
    written(estate, listed(estate, 1, r2=people))
    held = list(UnitHolder.objects.filter(unit__room="101", ended_act_id__isnull=True).order_by("position"))[-2:]
    assert [(holding.share, holding.note_masked) for holding in held] == [("1/2", ""), ("1/2", "曾用名：李*")]
    assert decrypt(held[1].note, "unitholder.note") == "曾用名：李五"

    unstated = staged(estate, listed(estate, 1, r2=people | {"holder": "张三、李四"}))
    assert (unstated.changed, unstated.unchanged) == (0, 1), "what is not stated is kept"

    session = written(estate, listed(estate, 1, r2=people | {"holder": "张三(1/3)、李四(2/3)"}))
    assert session.changed == 1
    assert session.staged_rows.get().changes == [
        ["份额、说明", "张*（1/2）、李*（1/2、曾用名：李*）", "张*（1/3）、李*（2/3、曾用名：李*）"]
    ]
    held = list(UnitHolder.objects.filter(unit__room="101", ended_act_id__isnull=True).order_by("position"))[-2:]
    assert [(holding.share, holding.note_masked) for holding in held] == [("1/3", ""), ("2/3", "曾用名：李*")]


def test_what_was_normalised_is_kept_with_its_row(estate: Estate) -> None:
    session = staged(estate, listed(estate, 1, r2={"room": "1单元101", "entrance": "", "area": "76.50㎡"}))

    assert session.staged_rows.get().normalised == [
        ["单元号", "", "1单元", "按楼—单元—层—室分开"],
        ["户号(房号)", "1单元101", "101", "规整编号"],
        ["建筑面积", "76.50㎡", "76.50", "去掉单位、空格、千分号"],
    ]
