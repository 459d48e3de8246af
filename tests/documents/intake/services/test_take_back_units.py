"""Undoing an import: what it takes back, what it keeps and why, who may, and that it leaves the books true."""

import pytest

from documents.intake.models import SourceFile, StagedRow
from documents.intake.services.take_back_units import propose_undo, undo_plan, undo_session
from projects.ledger.models import Move, Unit, UnitHolder
from projects.ledger.selectors.table import table_units
from projects.progress.selectors import units_of
from registry.accounts.services.approvals import approve
from registry.kernel.errors import DomainError
from registry.store.crypto import blind_index, decrypt
from tests.documents.intake.services.lists import (
    LATER,
    ledger_of,
    listed,
    moves_of,
    staged,
    written,
    written_by_two,
)
from tests.factories.books import faults_in_the_books
from tests.factories.projects import Estate, move, on_day
from tests.factories.trials import last_act, refused


def undone(estate: Estate, session: object, reason: str = "传错了文件") -> object:
    with on_day(LATER):
        return undo_session(actor=estate.cast.district.actor, session=session, reason=reason)


def test_undo_of_new_units_gives_the_books_as_they_were(estate: Estate) -> None:
    before = ledger_of(estate)
    session = written(estate, listed(estate))
    assert len(ledger_of(estate)["units"]) == len(before["units"]) + 3

    done = undone(estate, session)

    assert ledger_of(estate) == before
    assert (done.state, done.undo_report["retired"], done.undo_report["kept_count"]) == ("undone", 3, 0)
    assert last_act().event == "import.undone"
    assert faults_in_the_books() == []


def test_undo_reverses_moves_by_moves_and_deletes_none(estate: Estate) -> None:
    session = written(estate, listed(estate))
    opened = moves_of(estate)

    undone(estate, session)

    reversals = Move.objects.filter(kind="retirement")
    assert moves_of(estate) == opened + 9
    assert reversals.count() == 9
    assert {m.reverses.kind for m in reversals.select_related("reverses")} == {"opening"}
    assert {m.occurred_on == m.reverses.occurred_on for m in reversals.select_related("reverses")} == {True}


def test_undone_units_stand_in_no_list(estate: Estate) -> None:
    session = written(estate, listed(estate))
    building = Unit.objects.get(building__number="9", room="101").building

    undone(estate, session)

    assert units_of(estate.cast.district.actor, estate.project.id, filters={}, on=LATER).count() == 15
    assert table_units(building) == []


def test_undo_puts_changed_values_and_holders_back(estate: Estate) -> None:
    written(estate, listed(estate))
    before = ledger_of(estate)
    changed = listed(estate, r2={"area": 88.25, "use": "商业", "holder": "王小明", "identity": "", "remark": "有夹层"})
    session = written(estate, changed)
    assert session.changed == 1
    unit = Unit.objects.get(building__number="9", room="101")
    assert (str(unit.area), unit.use, unit.holders_masked) == ("88.25", "retail", "王*明")

    undone(estate, session)

    after = ledger_of(estate)
    assert after["units"] == before["units"]
    assert after["tallies"] == before["tallies"]
    assert [row[1:] for row in after["holders"]] == [row[1:] for row in before["holders"]]
    assert UnitHolder.objects.filter(unit=unit).count() == 3
    assert faults_in_the_books() == []


def test_undo_keeps_what_someone_touched_since_and_says_why(story: Estate) -> None:
    session = written(story, listed(story))
    touched = Unit.objects.get(building__number="9", room="201")
    move(story, [touched.id], "notified", LATER)

    done = undone(story, session)

    touched.refresh_from_db()
    assert touched.certificate == "notified"
    assert (done.undo_report["retired"], done.undo_report["kept_count"]) == (2, 1)
    (label, why) = done.undo_report["kept"][0]
    assert label == "9号楼1单元201"
    assert "2022-02-08" in why
    assert "十八里店乡" in why
    assert faults_in_the_books() == []


def test_plan_says_beforehand_what_undo_does(story: Estate) -> None:
    session = written(story, listed(story))
    touched = Unit.objects.get(building__number="9", room="201")
    move(story, [touched.id], "notified", LATER)

    plan = undo_plan(session)
    done = undone(story, session)

    assert len(plan.retired) == done.undo_report["retired"]
    assert [[one.label, one.why] for one in plan.kept] == done.undo_report["kept"]


def test_undone_list_can_be_taken_in_again(estate: Estate) -> None:
    rows = listed(estate)
    session = written(estate, rows)
    keys = set(Unit.objects.filter(building__number="9").values_list("id", flat=True))
    expected = ledger_of(estate)
    undone(estate, session)

    again = written(estate, rows)

    assert (again.added, again.unchanged) == (3, 0)
    assert set(Unit.objects.filter(building__number="9").values_list("id", flat=True)) == keys
    assert ledger_of(estate)["units"] == expected["units"]
    assert ledger_of(estate)["tallies"] == expected["tallies"]
    assert faults_in_the_books() == []
    undone(estate, again)
    assert set(Unit.objects.filter(building__number="9", certificate="").values_list("id", flat=True)) == keys
    assert faults_in_the_books() == []


def test_undo_is_refused_twice_without_reason_and_before_commit(estate: Estate) -> None:
    waiting = staged(estate, listed(estate))
    with refused("没有可撤销的"):
        undone(estate, waiting)
    session = written(estate, listed(estate))
    with refused("未填写撤销原因", field="reason"):
        undone(estate, session, reason="  ")
    undone(estate, session)
    with refused("没有可撤销的"):
        undone(estate, session)


def test_undo_of_an_import_that_changed_nothing_is_refused(estate: Estate) -> None:
    written(estate, listed(estate))
    same = written(estate, listed(estate))

    assert same.unchanged == 3
    with refused("无可撤销的行"):
        undone(estate, same)


def test_undo_takes_two_where_the_import_took_two(estate: Estate) -> None:
    before = ledger_of(estate)
    session = written_by_two(estate, listed(estate))
    with refused("须由两人办理", code="second_person"):
        undone(estate, session)
    with on_day(LATER):
        approval = propose_undo(actor=estate.cast.district.actor, session=session, reason="开发建设单位报错")
    with on_day(LATER), pytest.raises(DomainError, match="不能是同一人"):
        approve(actor=estate.cast.district.actor, approval=approval)

    with on_day(LATER):
        approve(actor=estate.cast.district_second.actor, approval=approval)

    session.refresh_from_db()
    assert session.state == "undone"
    assert ledger_of(estate) == before


def test_commit_destroys_what_was_staged_of_people(estate: Estate) -> None:
    session = written(estate, listed(estate))

    assert not StagedRow.objects.filter(session=session, sealed__isnull=False).exists()
    assert not SourceFile.objects.filter(session=session).exists()


def test_undo_puts_a_telephone_back(estate: Estate) -> None:
    written(estate, listed(estate))
    before = Unit.objects.get(building__number="9", room="101").holders.get().holder.phone_masked
    session = written(estate, listed(estate, r2={"phone": "19900009999"}))
    assert session.changed == 1

    undone(estate, session)

    holder = Unit.objects.get(building__number="9", room="101").holders.get().holder
    assert holder.phone_masked == before
    assert holder.phone_index == blind_index("phone", decrypt(holder.phone, "holder.phone"))
    assert faults_in_the_books() == []
