"""Refusals of what the ledger no longer allows by the time a list is written, copied or taken back."""

from documents.intake.models import SourceFile
from documents.intake.services.sessions import commit_session
from documents.intake.services.staging import SOURCE
from documents.intake.services.take_back_list import list_undo_plan
from documents.intake.services.take_back_units import propose_undo, undo_plan
from documents.intake.services.uploads import marked_copy
from documents.reports.services import close_month
from projects.ledger.models import Building, Unit
from registry.kernel.periods import Month
from registry.kernel.scope import scope_of
from registry.store.crypto import encrypt_bytes
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.documents.intake.services.lists import DAY, listed, staged, written, written_by_two
from tests.documents.intake.services.sessions import carried_out, sent
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.projects import TODAY, Estate, lay_blocker, on_day
from tests.factories.trials import refused

PROJECTS = (
    "项目编号,项目名称,区代码,区,街道乡镇代码,街道乡镇,房屋类型,纳入日期\n"
    "CY-0201,演示二期,110105,朝阳区,110105027,十八里店乡,安置房,2020-03-01\n"
)


def test_a_row_that_the_ledger_refuses_since_the_preview_stops_the_list(estate: Estate) -> None:
    written(estate, listed(estate))
    session = staged(estate, listed(estate, r2={"area": 88.25}))
    with fixture_writes():
        Unit.objects.filter(building__number="9", room="101").update(certificate="issued")

    with on_day(DAY), refused("预览之后台账有变动，第2行不能写入"):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)


def test_what_is_not_written_has_no_plan_of_undoing(estate: Estate) -> None:
    units, buildings = staged(estate, listed(estate)), sent(estate, "buildings", laid("buildings", {"number": "7"}))

    with refused("没有可撤销的"):
        undo_plan(units)
    with refused("没有可撤销的"):
        list_undo_plan(actor=estate.cast.district.actor, session=buildings)


def test_undoing_is_proposed_with_a_reason_and_of_something(estate: Estate) -> None:
    session = written_by_two(estate, listed(estate))
    same = written_by_two(estate, listed(estate))
    actor = estate.cast.district.actor

    with on_day(TODAY), refused("未填写撤销原因", field="reason"):
        propose_undo(actor=actor, session=session, reason=" ")
    with on_day(TODAY), refused("无可撤销的行"):
        propose_undo(actor=actor, session=same, reason="传错了")


def test_a_building_that_a_scope_names_and_a_project_of_a_closed_month_are_kept(estate: Estate) -> None:
    actor = estate.cast.district.actor
    buildings = carried_out(estate, sent(estate, "buildings", laid("buildings", {"number": "7"})))
    projects = carried_out(estate, sent(estate, "projects", PROJECTS.encode()))
    seven = Building.objects.get(project=estate.project, number="7")
    lay_blocker(estate, scope=scope_of(buildings={seven.pk, estate.buildings[0].pk}), on=TODAY)
    with on_day(TODAY):
        close_month(
            actor=estate.cast.city.actor, month=Month.parse("2022-02"), first=FirstPerson.of(estate.cast.auditor.person)
        )

    with on_day(TODAY):
        plans = [list_undo_plan(actor=actor, session=session) for session in (buildings, projects)]

    assert [(plan.has_anything, len(plan.kept)) for plan in plans] == [(False, 1), (False, 1)]
    assert "的范围写到了7号楼，不能退出台账" in plans[0].kept[0].why
    assert "CY-0201纳入之后已经结账" in plans[1].kept[0].why


def test_a_copy_that_cannot_be_made_is_told(estate: Estate) -> None:
    session = staged(estate, listed(estate, 2, r2={"use": "怪"}))
    with fixture_writes():
        SourceFile.objects.update(sealed=encrypt_bytes(b"PK\x03\x04 nothing", SOURCE))

    with on_day(DAY), refused("标注副本没有做成", code="no_copy"):
        marked_copy(actor=estate.cast.district.actor, session=session, reason="改正退回的行")
