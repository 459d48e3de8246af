"""R3 for every list: taken back as a whole, but for what was touched or used since, which is kept and named."""

from datetime import date
from typing import Any

import pytest

from commitments.models import Instrument, Obligation
from documents.intake.models import ImportSession
from documents.intake.services.take_back_list import list_undo_plan, undo_list
from documents.intake.services.take_back_units import propose_undo
from projects.gates.models import Blocker, GateStep
from projects.gates.services import resolve_blocker
from projects.ledger.models import Building, Project, Unit
from projects.ledger.models.project import NoteKind
from projects.ledger.services.projects import add_note
from projects.progress.services.place import PlacedUnit, place_units
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve
from registry.audit.models import Act
from registry.kernel.errors import DomainError
from registry.kernel.stages import Use
from registry.lists.kinds import LISTS
from tests.documents.intake.services.sessions import carried_out, sent, told
from tests.documents.intake.services.test_stage_lists import ON, listing, place
from tests.documents.intake.services.test_work_lists import ROWS, laid, ledger
from tests.factories.accounts import Cast
from tests.factories.projects import TODAY, Estate, bring_to, lay_blocker, on_day
from tests.factories.trials import refused

WHY = "传错了文件"
LATER = date(2022, 3, 15)


@pytest.fixture(autouse=True)
def _organisations(cast: Cast) -> None:
    """The letter's row names organisations of the cast."""
    ROWS["letters"]["issuer"] = cast.township.organisation.code
    ROWS["letters"]["recipient"] = ROWS["letters"]["verifier"] = cast.department.organisation.code


def written(estate: Estate, kind: str, content: bytes, who: str = "district") -> ImportSession:
    """A list carried out."""
    return carried_out(estate, sent(estate, kind, content, who), who)


def undone(estate: Estate, session: ImportSession, who: str = "district", why: str = WHY) -> ImportSession:
    """The whole of it taken back."""
    with on_day(LATER):
        return undo_list(actor=getattr(estate.cast, who).actor, session=session, reason=why)


def counted(session: ImportSession) -> tuple[int, int, int]:
    """What undoing took out, restored, and kept."""
    report = session.undo_report
    return report["retired"], report["restored"], report["kept_count"]


def words_of(model: Any) -> list[Any]:
    """Every row without the marks of the acts that wrote it."""
    left = {field.name for field in model._meta.concrete_fields if field.name.endswith(("act_id", "version"))}
    return [
        {name: value for name, value in row.items() if name not in left}
        for row in model.objects.order_by("id").values()
    ]


def test_buildings_go_and_come_back_as_they_were(estate: Estate) -> None:
    before = words_of(Building)
    content = laid("buildings", {"number": "1", "police_no": "12"}, {"number": "7"}, {"number": "8"})
    session = written(estate, "buildings", content)
    assert words_of(Building) != before
    with on_day(TODAY):
        plan = list_undo_plan(actor=estate.cast.district.actor, session=session)
    assert (plan.retired, plan.restored, plan.kept) == (2, 1, [])

    done = undone(estate, session)

    assert counted(done) == (2, 1, 0)
    assert words_of(Building) == before
    with refused("没有可撤销的|不能办理该操作"):
        undone(estate, session)
    acts = Act.objects.filter(batch_id=f"undo-{session.pk}").order_by("seq").values_list("event", flat=True)
    assert list(acts) == ["building.removed", "building.removed", "building.restored", "import.undone"]
    again = written(estate, "buildings", content)
    assert (again.added, again.changed) == (2, 1)


def test_a_building_that_has_homes_by_now_is_kept_and_named(estate: Estate) -> None:
    session = written(estate, "buildings", laid("buildings", {"number": "7"}, {"number": "8"}))
    seven = Building.objects.get(project=estate.project, number="7")
    rows = [PlacedUnit(2, seven.number, "1", "2", 2, "201", Use.DWELLING)]
    with on_day(TODAY):
        place_units(actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=TODAY, source="清册")

    done = undone(estate, session)

    assert counted(done) == (1, 0, 1)
    [[label, why]] = done.undo_report["kept"]
    assert label == "7"
    assert "不能退出台账" in why
    assert set(Building.objects.filter(project=estate.project).values_list("number", flat=True)) == {"1", "2", "7"}


def test_blockers_are_withdrawn_but_for_the_one_that_somebody_resolved(estate: Estate) -> None:
    session = written(estate, "blockers", laid("blockers", {}, {"type": "F01"}, {"type": "F02"}))
    first = Blocker.objects.get(type__code="F01")
    with on_day(LATER):
        resolve_blocker(actor=estate.cast.district.actor, blocker=first, resolved_on=TODAY, resolution="已缴清")
    done = undone(estate, session)

    assert counted(done) == (2, 0, 1)
    [[label, why]] = done.undo_report["kept"]
    assert label.startswith("F01")
    assert "解决堵点F01-0001" in why
    assert set(Blocker.objects.filter(withdrawn_reason=WHY).values_list("type__code", flat=True)) == {"P03", "F02"}


def test_a_blocker_changed_by_a_list_gets_back_its_words_and_its_scope(estate: Estate) -> None:
    written(estate, "blockers", laid("blockers", {"buildings": "1", "cause": "加建夹层"}))
    blocker = Blocker.objects.get()
    row = {"number": blocker.number, "buildings": "1、2", "cause": "底商加建夹层"}
    session = written(estate, "blockers", laid("blockers", row))
    assert told(session)[0].text == (f"{blocker.number}成因由“加建夹层”改为“底商加建夹层”；涉及楼栋由“1”改为“1、2”")
    blocker.refresh_from_db()
    assert (blocker.cause, blocker.units_caught) == ("底商加建夹层", 15)

    assert counted(undone(estate, session)) == (0, 1, 0)

    blocker.refresh_from_db()
    assert blocker.cause == "加建夹层"
    assert blocker.units_caught == Unit.objects.filter(building__number="1").count()


def test_steps_never_stood_unless_homes_were_accepted_on_them(story: Estate) -> None:
    session = written(story, "steps", laid("steps", {"gate": "供地", "buildings": "1"}), "department")
    assert counted(undone(story, session, "department")) == (1, 0, 0)
    step = GateStep.objects.get(document__number="×规自〔2021〕7号")
    assert step.revoked_on == step.effective_on

    again = written(story, "steps", laid("steps", {"gate": "供地", "buildings": "2"}), "department")
    bring_to(story, story.homes[:1], "accepted", LATER)
    with pytest.raises(DomainError, match="无可撤销的行"):
        undone(story, again, "department")
    with on_day(LATER):
        plan = list_undo_plan(actor=story.cast.department.actor, session=again)
    assert "已有户受理" in plan.kept[0].why


def test_a_draft_is_withdrawn_and_changed_promises_are_said_again(estate: Estate) -> None:
    lay_blocker(estate, "P03")
    first = written(estate, "letters", laid("letters", {}))
    letter = Instrument.objects.get()
    more = laid("letters", {"due_on": date(2023, 9, 30)}, {"end_state": "报送月报", "due_on": date(2023, 1, 31)})
    session = written_by(estate, more)
    assert list(Obligation.objects.order_by("ordinal").values_list("due_on", flat=True)) == [
        date(2023, 9, 30),
        date(2023, 1, 31),
    ]
    assert counted(undone(estate, session, "township")) == (0, 1, 0)
    assert list(Obligation.objects.values_list("end_state", "due_on")) == [("缴清出让金", date(2023, 6, 30))]

    with on_day(LATER):
        plan = list_undo_plan(actor=estate.cast.district.actor, session=first)
    assert (plan.retired, len(plan.kept)) == (0, 1)
    letter.refresh_from_db()
    assert letter.state == "draft"


def written_by(estate: Estate, content: bytes) -> ImportSession:
    """A list of the township's own letter."""
    return written(estate, "letters", content, "township")


def test_projects_go_unless_something_hangs_on_them(estate: Estate) -> None:
    header = "项目编号,项目名称,区代码,区,街道乡镇代码,街道乡镇,房屋类型,纳入日期\n"
    rows = "".join(f"CY-02{n:02},演示{n}期,110105,朝阳区,110105027,十八里店乡,安置房,2020-03-01\n" for n in (1, 2, 3))
    session = written(estate, "projects", (header + rows).encode())
    assert Project.objects.filter(code__startswith="CY-02").count() == 3
    second = Project.objects.get(code="CY-0202")
    with on_day(TODAY):
        add_note(
            actor=estate.cast.district.actor, project=second, kind=NoteKind.PROGRESS, text="已研判", noted_on=TODAY
        )
    done = undone(estate, session)

    assert counted(done) == (2, 0, 1)
    assert list(Project.objects.filter(code__startswith="CY-02").values_list("code", flat=True)) == ["CY-0202"]
    assert done.undo_report["kept"][0][0] == "CY-0202 演示2期"


def test_homes_moved_by_a_list_go_back_by_two_persons(story: Estate) -> None:
    bring_to(story, story.homes[:3], "collected", date(2022, 2, 10))
    content = listing(story, place(0), place(1))
    words = {"track": "certificate", "to": "accepted", "on": ON.isoformat()}
    session = carried_out(story, sent(story, "stages", content, "centre", ON, **words), "centre", ON)
    assert Unit.objects.filter(certificate="accepted").count() == 2
    with refused("要两个人", code="second_person"):
        undone(story, session, "centre")
    with on_day(LATER):
        propose_undo(actor=story.cast.centre.actor, session=session, reason=WHY)
        with refused("同一事项已由", code="already_waiting"):
            propose_undo(actor=story.cast.centre.actor, session=session, reason=WHY)
        approve(actor=story.cast.district.actor, approval=Approval.objects.get(kind="list.undo"))

    session.refresh_from_db()
    assert (session.state, counted(session)) == ("undone", (0, 2, 0))
    assert Unit.objects.filter(certificate="accepted").count() == 0
    assert Unit.objects.filter(certificate="collected").count() == 3


def test_what_was_not_written_and_what_has_no_reason_is_not_undone(estate: Estate) -> None:
    session = sent(estate, "buildings", laid("buildings", {"number": "7"}))
    before = ledger()
    with refused("不能办理该操作"):
        undone(estate, session)
    done = carried_out(estate, session)
    with refused("未填写撤销原因", field="reason"):
        undone(estate, done, why=" ")
    assert LISTS["buildings"].undone_by.value == "unit.place"
    with pytest.raises(DomainError):
        undone(estate, done, "township")
    assert ledger() != before
