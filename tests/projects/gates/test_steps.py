"""Gate steps: one document for many buildings; those who may not pass are left out by name."""

from datetime import date
from typing import Any

import pytest

from projects.gates.models import BasisDocument, ChainMarks, GateStep, StepLeftOut
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.spans import readiness_counts
from projects.gates.services import record_steps, revoke_document
from projects.progress.services import place_units
from registry.kernel.gates import Gate, StepStatus, compute_gates
from registry.kernel.stages import Part
from tests.factories.projects import (
    FAULT,
    HOMES,
    REGISTERED,
    SIGNED,
    TODAY,
    Estate,
    bring_to,
    home,
    lay_blocker,
    lay_strange_estate,
    move,
    on_day,
)
from tests.factories.trials import last_act, refused

JUNE = date(2021, 6, 30)


def record(estate: Estate, **more: Any) -> Any:
    with on_day(TODAY):
        return record_steps(
            **{
                "actor": estate.cast.department.actor, "project": estate.project, "gate": Gate.PLANNING_VERIFICATION,
                "status": StepStatus.PASSED, "buildings": (), "part": None, "document_no": "×规自核〔2021〕41号",
                "organ": "规自分局（演示）", "issued_on": JUNE, "effective_on": JUNE, **more,
            }
        )  # fmt: skip


def ready(estate: Estate, on: date = TODAY) -> tuple[int, int]:
    counter = readiness_counts([estate.project.id], on=on)[estate.project.id]
    return counter[("ready", "dwelling")], counter[("ready", "retail")]


def test_one_document_for_the_whole_project_is_one_step(estate: Estate) -> None:
    preview = record(estate, gate=Gate.LAND_SUPPLY)

    step = GateStep.objects.get()
    assert (step.building, step.part, step.gate, step.status) == (None, "", "land_supply", "passed")
    assert (preview.passing, preview.left_out) == (15, ())
    assert BasisDocument.objects.get().number == "×规自核〔2021〕41号"
    act = last_act()
    assert (act.event, act.facts) == (
        "steps.recorded",
        {
            "gate": "供地", "status": "已办结", "document": "×规自核〔2021〕41号", "buildings": 2, "part": "全部",
            "passing": 15, "left_out": 0,
        },
    )  # fmt: skip


def test_one_document_for_a_part_is_a_step_in_each_building(promised: Estate) -> None:
    before = GateStep.objects.count()
    preview = record(promised, part=Part.DWELLING, status=StepStatus.BY_COMMITMENT)

    steps = list(GateStep.objects.order_by("id").values_list("building__number", "part", "document__number"))[before:]
    assert steps == [("1", "dwelling", "×规自核〔2021〕41号"), ("2", "dwelling", "×规自核〔2021〕41号")]
    assert (preview.passing, preview.left_out, preview.buildings) == (12, (), ("1号楼", "2号楼"))


def test_those_not_passable_are_left_out_by_name(promised: Estate) -> None:
    preview = record(promised)

    assert preview.passing == 12
    assert [one.label for one in preview.left_out] == ["1号楼S01", "1号楼S02", "2号楼S01"]
    assert all("P03-0001" in one.reason for one in preview.left_out)
    assert StepLeftOut.objects.count() == 3
    assert last_act().facts["left_out"] == 3
    marks = ChainMarks.objects.filter(building=promised.buildings[0], from_on__lte=TODAY).order_by("from_on")
    column = Gate.building_gates().index(Gate.PLANNING_VERIFICATION)
    last = {part: text[column] for part, text in marks.values_list("part", "marks")}
    assert last == {"dwelling": "p", "non_dwelling": "f"}


def test_a_step_over_a_blocker_is_refused(estate: Estate) -> None:
    lay_blocker(estate, at_fault=FAULT)

    with refused("“规划核验”没有可办结的户.*P03-0001.*请先解除堵点，再登记本环节", code="step_over_blocker"):
        record(estate)
    with refused("没有可办结的户", code="step_over_blocker"):
        record(estate, part=Part.DWELLING)


def test_a_step_over_a_blocker_may_be_recorded_as_failed(estate: Estate) -> None:
    lay_blocker(estate)

    record(estate, status=StepStatus.FAILED)

    assert GateStep.objects.get().status == "failed"


def test_a_failed_step_over_a_made_one_is_refused_and_beside_it_changes_nothing(estate: Estate) -> None:
    record(estate, buildings=estate.buildings[:1])

    with refused("“规划核验”均已办结，登记“未通过”不产生变动.*撤销原依据文件", code="already_made", field="status"):
        record(estate, buildings=estate.buildings[:1], status=StepStatus.FAILED, effective_on=TODAY)
    record(estate, status=StepStatus.FAILED, effective_on=TODAY)

    facts = facts_of([estate.project.id])[estate.project.id]
    passed = compute_gates(facts, on=TODAY).count("passed:planning_verification")
    assert passed == compute_gates(facts, on=JUNE).count("passed:planning_verification") > 0


def test_a_step_before_the_letter_is_refused_and_on_its_day_is_not(promised: Estate) -> None:
    with refused("没有可办结的户", code="step_over_blocker"):
        record(promised, effective_on=date(2021, 6, 16), part=Part.DWELLING)

    assert record(promised, effective_on=SIGNED, part=Part.DWELLING).passing == 12


def test_a_step_ahead_without_number_or_on_a_units_gate_is_refused(estate: Estate) -> None:
    with refused("日期2022-03-09尚未到来。请填写实际发生的日期", field="effective_on"):
        record(estate, gate=Gate.LAND_SUPPLY, effective_on=date(2022, 3, 9))
    with refused("未填写文号。请按文件填写", field="document_no"):
        record(estate, gate=Gate.LAND_SUPPLY, document_no=" ")
    with refused("“受理”按户办理，不按楼栋登记环节", field="gate"):
        record(estate, gate=Gate.ACCEPTANCE)


def test_a_step_on_buildings_of_another_project_is_refused(estate: Estate) -> None:
    other = lay_strange_estate(estate.cast)

    with refused("所选楼栋不全在本项目内", field="buildings"):
        record(estate, gate=Gate.LAND_SUPPLY, buildings=[estate.buildings[0], other.buildings[0]])


def test_a_step_for_a_part_without_units_is_refused(estate: Estate) -> None:
    with on_day(TODAY):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=[home("3", "1", 2, 40)], placed_on=TODAY,
            source="补录",
        )  # fmt: skip
    homes_only = estate.buildings[2]

    with refused("所选楼栋和部分内没有户", field="buildings"):
        record(estate, gate=Gate.LAND_SUPPLY, buildings=[homes_only], part=Part.NON_DWELLING)


def test_homes_are_ready_when_the_last_step_is_made(story: Estate) -> None:
    assert (ready(story, date(2021, 7, 25)), ready(story, REGISTERED)) == ((0, 0), (12, 0))


def test_a_step_for_some_buildings_makes_theirs_ready_only(promised: Estate) -> None:
    chosen = promised.buildings[:1]
    for gate in (
        Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.SURVEY_REVIEW, Gate.CADASTRAL, Gate.FIRST_REGISTRATION,
    ):  # fmt: skip
        maker = promised.cast.centre if gate == Gate.FIRST_REGISTRATION else promised.cast.district
        record(promised, gate=gate, buildings=chosen, part=Part.DWELLING, actor=maker.actor)

    assert ready(promised) == (6, 0)


def test_a_revoked_document_shuts_the_gate_and_issued_homes_stay(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))
    document = BasisDocument.objects.get(number__contains="首次登记")
    on = date(2022, 1, 10)
    with on_day(TODAY):
        count = revoke_document(actor=story.cast.centre.actor, document=document, revoked_on=on, reason="登记有误")

    assert count == 2
    assert (ready(story, date(2022, 1, 9)), ready(story, on)) == ((12, 0), (0, 0))
    assert story.unit().certificate == "issued"
    assert last_act().facts == {"document": document.number, "count": 2, "on": "2022-01-10"}
    move(story, story.homes[1:2], "collected", TODAY)
    with refused("不能受理"):
        move(story, story.homes[1:2], "accepted", TODAY)


def test_revoking_without_reason_out_of_time_or_twice_is_refused(story: Estate) -> None:
    document, actor = BasisDocument.objects.get(number__contains="首次登记"), story.cast.centre.actor
    with on_day(TODAY):
        with refused("未填写撤销原因", field="reason"):
            revoke_document(actor=actor, document=document, revoked_on=TODAY, reason=" ")
        with refused("撤销日期早于办理日期", field="revoked_on"):
            revoke_document(actor=actor, document=document, revoked_on=date(2021, 7, 25), reason="有误")
        with refused("撤销日期2022-03-09尚未到来", field="revoked_on"):
            revoke_document(actor=actor, document=document, revoked_on=date(2022, 3, 9), reason="有误")
        revoke_document(actor=actor, document=document, revoked_on=TODAY, reason="有误")
        with refused("没有仍有效的环节，无须撤销"):
            revoke_document(actor=actor, document=document, revoked_on=TODAY, reason="有误")


@pytest.mark.parametrize("scope_of_blocker", ["all", "homes"])
def test_a_blocker_found_later_does_not_undo_a_step(story: Estate, scope_of_blocker: str) -> None:
    scope = {"scope": HOMES} if scope_of_blocker == "homes" else {}
    lay_blocker(story, "P04", on=date(2022, 2, 1), **scope)

    assert ready(story) == (12, 0)
