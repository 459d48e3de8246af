"""What every kind of list shares: its marked copy, the sender's headers and words, all or nothing, what it lacks."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from documents.intake.selectors.sessions import unknown_words
from documents.intake.services.list_sessions import carry_out_session
from documents.intake.services.reading_again import read_again
from documents.intake.services.uploads import marked_copy, save_mapping
from projects.gates.models import Blocker, ReadinessSpan
from projects.ledger.models import Building, Project
from projects.ledger.services.buildings import keep_building
from registry.audit.invariants import INVARIANTS
from registry.audit.models import Act, RowSnapshot
from registry.kernel.errors import DomainError
from registry.lists.kinds import LISTS
from tests.documents.intake.services.sessions import carried_out, sent
from tests.documents.intake.services.test_work_lists import laid, ledger
from tests.factories.projects import TODAY, Estate, on_day


def test_the_marked_copy_of_a_list_mended_in_its_marks_is_taken_whole(estate: Estate) -> None:
    content = laid(
        "blockers", {"buildings": "1"}, {"type": "Z99", "found_on": "春天"}, {"type": "F01", "buildings": "77"}
    )
    session = sent(estate, "blockers", content)
    assert (session.added, session.refused) == (1, 2)
    with on_day(TODAY):
        copy = marked_copy(actor=estate.cast.district.actor, session=session)
    book = openpyxl.load_workbook(BytesIO(copy))
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    marked = {
        (cell.row, headers[cell.column - 1]): cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.comment
    }
    assert set(marked) == {(3, "堵点类型"), (3, "发现日期"), (4, "涉及楼栋")}
    assert "不是日期" in marked[3, "发现日期"].comment.text
    marked[3, "堵点类型"].value, marked[3, "发现日期"].value = "F02", date(2022, 1, 5)
    marked[4, "涉及楼栋"].value = "2"
    out = BytesIO()
    book.save(out)

    again = sent(estate, "blockers", out.getvalue())
    assert (again.added, again.refused) == (3, 0)


def test_a_senders_own_headers_and_words_are_kept_for_each_kind_of_list(estate: Estate) -> None:
    rows = [
        {"编号": "CY-0301", "小区": "某苑", "区代码": "110105", "区": "朝阳区", "街道乡镇代码": "110105027",
         "街道乡镇": "十八里店乡", "性质": "拆迁房", "纳入日期": "2020-03-01"},
    ]  # fmt: skip
    content = "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)]).encode()
    actor = estate.cast.district.actor
    first = sent(estate, "projects", content)
    assert (first.state, first.file_error) == ("refused", "MISSING_COLUMN")
    headers = {"编号": "code", "小区": "name", "性质": "housing_type"} | {
        header: column.name for column in LISTS["projects"].columns if (header := column.header) in rows[0]
    }
    with on_day(TODAY):
        save_mapping(actor=actor, session=first, headers=headers, words={})
        second = read_again(actor=actor, session=first)
    assert (second.refused, unknown_words(second)) == (1, {"housing_type": ["拆迁房"]})
    with on_day(TODAY):
        save_mapping(actor=actor, session=second, headers=headers, words={"housing_type": {"拆迁房": "安置房"}})
        third = read_again(actor=actor, session=second)
        carry_out_session(actor=actor, session=third)
    project = Project.objects.get(code="CY-0301")
    assert (project.name, project.housing_type) == ("某苑", "resettlement")
    assert sent(estate, "projects", content).unchanged == 1, "and for the next file of this sender"
    assert not sent(estate, "buildings", laid("buildings", {})).file_error, "other kinds are read as before"


def test_all_or_nothing_leaves_everything_and_a_row_that_the_ledger_refuses_meanwhile_stops_the_rest(
    estate: Estate,
) -> None:
    actor = estate.cast.district.actor
    session = sent(estate, "buildings", laid("buildings", {"number": "7"}, {"number": "8"}, {"occupied_on": "春天"}))
    before = ledger()
    with on_day(TODAY), pytest.raises(DomainError, match="有1行有错"):
        carry_out_session(actor=actor, session=session, all_or_nothing=True)
    with on_day(TODAY):
        keep_building(actor=actor, project=estate.project, number="9", words={"survey_no": "0008"})
    clash = sent(estate, "buildings", laid("buildings", {"number": "7"}, {"number": "8", "survey_no": "0009"}))
    with on_day(TODAY):
        keep_building(actor=actor, project=estate.project, number="9", words={"survey_no": "0009"})
        with pytest.raises(DomainError, match="预览之后台账有变动，第3行"):
            carry_out_session(actor=actor, session=clash)
    assert not Building.objects.filter(project=estate.project, number__in=("7", "8")).exists(), "row 2 went back too"
    assert ledger().keys() == before.keys()


def test_a_file_without_the_headers_of_its_kind_is_told_which_they_are(estate: Estate) -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    book.active.append(["甲", "乙", "丙"])
    book.active.append([1, 2, 3])
    book.save(out)
    session = sent(estate, "buildings", out.getvalue())
    assert (session.file_error, session.message) == (
        "NO_HEADER",
        "前15行里找不到表头。请用模板的表头（项目编号、楼号等）。",
    )


@pytest.mark.parametrize("kind", ["blockers", "steps"])
def test_figures_after_a_list_are_those_of_its_acts(estate: Estate, kind: str) -> None:
    """A list counts once, when it is closed: what stands then is what each act would have counted."""
    who = "department" if kind == "steps" else "district"
    rows = {
        "blockers": [{"buildings": "1", "found_on": date(2021, 5, 1)}, {"buildings": "2", "found_on": date(2020, 5, 1), "title": "乙"}],
        "steps": [{"buildings": "1"}, {"buildings": "2", "document_no": "×规自〔2021〕8号", "issued_on": date(2021, 4, 1)}],
    }[kind]  # fmt: skip
    before = sorted(ReadinessSpan.objects.values_list("building", "use", "figure", "from_on", "count"))
    session = sent(estate, kind, laid(kind, *rows), who)
    assert sorted(ReadinessSpan.objects.values_list("building", "use", "figure", "from_on", "count")) == before
    carried_out(estate, session, who)
    assert sorted(ReadinessSpan.objects.values_list("building", "use", "figure", "from_on", "count")) != before
    assert list(INVARIANTS["I6"].violations(estate.project.id)) == []


def test_trial_of_a_list_leaves_no_act_and_no_row_of_the_trail(estate: Estate) -> None:
    before = (Act.objects.count(), Blocker.objects.count())
    kept = RowSnapshot.objects.filter(table="gates_blocker").count()
    session = sent(estate, "blockers", laid("blockers", {"buildings": "1"}))
    assert session.added == 1
    assert (Act.objects.count() - before[0], Blocker.objects.count()) == (1, before[1])
    assert list(Act.objects.order_by("-id").values_list("event", flat=True)[:1]) == ["import.staged"]
    assert RowSnapshot.objects.filter(table="gates_blocker").count() == kept
