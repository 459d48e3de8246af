"""One file of several projects: a session of each with all its rules, one sum, and nothing told of what is not seen."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.intake.models import ImportSession, SessionState, SourceFile
from documents.intake.reading.across import Across, read_across_in_place
from documents.intake.reading.list_shape import UNIT_SHAPE, UNITS
from documents.intake.reading.results import Reading
from documents.intake.selectors.sessions import marks_of
from documents.intake.services import receiving
from documents.intake.services.across import is_clean, take_across, write_clean_parts
from documents.intake.services.read_jobs import read_received
from documents.intake.services.uploads import as_file
from documents.render.template_xlsx import write_template
from projects.ledger.models import Project, Unit
from projects.ledger.selectors.projects import codes_by_word
from projects.ledger.services.projects import take_in_project
from projects.progress.lists import STAGE_COLUMNS
from projects.progress.services import place_units
from registry.audit.models import Act
from registry.jobs.lease import claim
from registry.lists.kinds import LISTS
from registry.store.once import once
from tests.documents.intake.reading.files import home, text_file, workbook
from tests.documents.intake.services.sessions import told
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    lay_strange_estate,
    on_day,
    project_words,
    unit_list,
)

SECOND = "CY-9002"
TAX = {"track": "tax", "to": "assessed", "on": TODAY.isoformat()}


@pytest.fixture
def two(estate: Estate) -> Estate:
    """The estate beside a second project of its district and one of another district."""
    with on_day(PLACED):
        words = project_words(estate.cast, code=SECOND, name="演示二期")
        second: Project = take_in_project(actor=estate.cast.district.actor, **words)
        place_units(actor=estate.cast.district.actor, project=second, rows=unit_list(), placed_on=PLACED, source="清册")
    lay_strange_estate(estate.cast)
    return estate


def place(project: str, building: str = "1", room: str = "201", **more: Any) -> dict[str, Any]:
    return {"project": project, "building": building, "entrance": "1", "room": room, **more}


def tax_list(*rows: Mapping[str, Any]) -> bytes:
    return write_template(STAGE_COLUMNS, title="清单", sheet_name="清单", rows=rows)


def taken(estate: Estate, content: bytes, kind: str = "stages", by: str = "tax", **params: Any) -> ImportSession:
    with on_day(TODAY):
        return take_across(
            actor=getattr(estate.cast, by).actor, kind=LISTS[kind], content=content, file_name="清单.xlsx",
            params=params or (TAX if kind == "stages" else {}),
        )  # fmt: skip


def parts(session: ImportSession) -> dict[str, ImportSession]:
    return {part.project.code: part for part in session.parts.select_related("project").order_by("id")}


def test_one_upload_is_a_session_of_each_project_and_its_rows_add_up(two: Estate) -> None:
    code = two.project.code
    whole = taken(
        two,
        tax_list(
            place(code), place(SECOND), place(code, room="301"), place("CY-7777"), place("HD-9001"),
            place("", room="401"), place(SECOND, building="77"), {"project": "合计", "room": "7"},
        ),
    )  # fmt: skip

    assert (whole.state, whole.project, whole.params["rows"]) == (SessionState.DIVIDED, None, 8)
    each = parts(whole)
    assert {code: (part.changed, part.refused) for code, part in each.items()} == {code: (2, 0), SECOND: (1, 1)}
    assert (whole.refused, whole.skipped) == (3, 1)
    assert whole.params["rows"] == whole.rows_present + sum(part.rows_present for part in each.values())
    assert [row for row, _, _ in told(each[code])] == [2, 4], "rows are called as in the file"
    assert not Unit.objects.exclude(tax="").exclude(tax="pending").filter(tax="assessed").exists()


def test_a_project_out_of_sight_is_told_like_one_that_is_not_there(two: Estate) -> None:
    whole = taken(two, tax_list(place(two.project.code), place("CY-7777"), place("HD-9001"), place("演示外区小区")))

    said = [text.partition("”")[2] for _, verdict, text in told(whole) if verdict == "refused"]
    assert said == [
        f"没有项目“{word}”，或不在您的范围内。请核对项目编号。" for word in ("CY-7777", "HD-9001", "演示外区小区")
    ]


def test_each_clean_part_is_written_by_itself_and_undone_alone(two: Estate) -> None:
    code = two.project.code
    whole = taken(two, tax_list(place(code), place(SECOND), place(SECOND, room="999")))
    each = list(parts(whole).values())
    assert [is_clean(part) for part in each] == [True, False]

    with on_day(TODAY):
        refused = write_clean_parts(actor=two.cast.tax.actor, parts=each, placed_on=TODAY)

    assert refused == []
    assert SourceFile.objects.filter(session=whole).exists(), "kept for the marked copy of the other part"
    assert {name: part.state for name, part in parts(whole).items()} == {code: "committed", SECOND: "staged"}
    assert list(Unit.objects.filter(tax="assessed").values_list("building__project__code", flat=True)) == [code]


def test_the_file_is_destroyed_once_every_part_is_written(two: Estate) -> None:
    whole = taken(two, tax_list(place(two.project.code), place(SECOND)))
    for left in (1, 0):
        part = next(part for part in parts(whole).values() if is_clean(part))
        with on_day(TODAY):
            write_clean_parts(actor=two.cast.tax.actor, parts=[part], placed_on=TODAY)
        assert SourceFile.objects.filter(session=whole).count() == left


def test_a_part_that_a_rule_refuses_since_does_not_hold_up_the_others(two: Estate) -> None:
    code = two.project.code
    whole = taken(two, tax_list(place(code), place(SECOND)))
    each = list(parts(whole).values())
    with on_day(TODAY):
        write_clean_parts(actor=two.cast.tax.actor, parts=each[:1], placed_on=TODAY)
        refused = write_clean_parts(actor=two.cast.tax.actor, parts=each, placed_on=TODAY)

    assert [part.project.code for part, _ in refused] == [code], "written already: told, and no hindrance"
    assert {part.state for part in parts(whole).values()} == {"committed"}


def test_a_form_sent_twice_is_one_file(two: Estate) -> None:
    content = tax_list(place(two.project.code), place(SECOND))
    with once("k" * 20):
        first = taken(two, content)
    with once("k" * 20):
        second = taken(two, content)

    assert first.pk == second.pk
    assert ImportSession.objects.filter(part_of=first).count() == 2


def test_a_file_that_names_its_projects_is_read_by_their_names(two: Estate) -> None:
    named = workbook(
        [{"project": "演示小区", "building": "1号楼", "entrance": "1", "room": "201"},
         {"project": "演示二期", "building": "1号楼", "entrance": "1", "room": "201"},
         {"project": "同上", "building": "〃", "entrance": "同上", "room": "301"}],
        headers=("项目名称", "楼栋", "单元号", "户号"), names=("project", "building", "entrance", "room"),
    )  # fmt: skip

    each = parts(taken(two, named))

    assert {code: part.changed for code, part in each.items()} == {two.project.code: 1, SECOND: 2}
    changed = {tuple(change) for part in each.values() for row in part.staged_rows.all() for change in row.normalised}
    assert ("项目编号", "演示小区", two.project.code, "按项目名称填编号") in changed
    assert ("楼栋(幢号)", "〃", "1号楼", "同上一行") in changed


def test_owners_of_several_projects_go_to_their_projects_with_the_rules_of_a_unit_list(two: Estate) -> None:
    rows = [
        home(1, project=two.project.code, building="1号楼"),
        home(5, project=SECOND, building="1号楼"),
        home(6, project=SECOND, building="37号楼"),
    ]
    whole = taken(two, workbook(rows), UNITS, "district")

    each = parts(whole)
    assert {code: (part.added, part.refused) for code, part in each.items()} == {
        two.project.code: (1, 0), SECOND: (1, 1),
    }, "a new building waits for its tick"  # fmt: skip
    assert each[SECOND].params["new_buildings"] == ["37"]
    assert SourceFile.objects.filter(session__in=list(each.values())).count() == 0, "kept once, with the whole"
    assert [row for row, _, _ in marks_of(whole)] == [4], "the marked copy is of the whole file"


def test_one_unit_code_in_two_projects_refuses_both(two: Estate) -> None:
    code = home(1)["unit_code"]
    rows = [
        home(1, project=two.project.code, building="1号楼", unit_code=code),
        home(2, project=SECOND, building="1号楼", unit_code=code),
    ]
    each = parts(taken(two, workbook(rows), UNITS, "district"))

    assert {name: part.refused for name, part in each.items()} == {two.project.code: 1, SECOND: 1}
    assert all("（另一项目）相同，都不写入" in text for part in each.values() for _, _, text in told(part))


def test_who_needs_a_second_person_submits_the_parts(two: Estate) -> None:
    rows = [
        home(1, project=two.project.code, building="1号楼"),
        home(2, project=SECOND, building="1号楼"),
    ]
    whole = taken(two, workbook(rows), UNITS, "township")
    with on_day(TODAY):
        write_clean_parts(actor=two.cast.township.actor, parts=list(parts(whole).values()), placed_on=TODAY)

    assert {part.state for part in parts(whole).values()} == {"submitted"}


def test_a_large_file_is_divided_by_a_job_that_goes_on_where_it_was_left(
    two: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.intake.services.across.AT_ONCE", 10)
    content = tax_list(place(two.project.code), place(SECOND), place("CY-7777"))
    whole = taken(two, content)
    assert (whole.state, whole.parts.count()) == ("reading", 0)
    lease = claim("w")
    assert lease is not None
    with on_day(TODAY):
        read_received(lease)
        whole.refresh_from_db()
        assert (whole.state, whole.params["rows"], whole.refused) == ("divided", 3, 1)
        staged = Act.objects.filter(event="import.staged").count()
        read_received(lease)
    assert (whole.parts.count(), staged) == (2, 2)
    assert Act.objects.filter(event="import.staged").count() == staged
    assert receiving.JOB == "imports.read"


def test_words_of_a_project_mean_it_alone(two: Estate) -> None:
    actor = two.cast.district.actor
    words = codes_by_word(actor)
    assert (words["CY-9001"], words["演示小区"], words["演示二期"]) == ("CY-9001", "CY-9001", SECOND)
    assert "HD-9001" not in words

    with on_day(PLACED):
        take_in_project(actor=actor, **project_words(two.cast, code="CY-9003", name="演示二期"))
    assert "演示二期" not in codes_by_word(actor), "two projects of one name: neither"


KNOWN = {"A-1": "A-1", "B-2": "B-2"}
LINES = st.lists(
    st.tuples(st.sampled_from(["A-1", "B-2", "a-1", "C-3", "", "合计", "同上"]), st.integers(1, 30)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25)
@given(LINES)
def test_every_row_is_of_one_project_or_of_none(lines: list[tuple[str, int]]) -> None:
    rows = [home(n, project=project, unit_code="", building="1号楼") for project, n in lines]
    with as_file(text_file(rows).encode(), "清册.csv") as path:
        across: Across = read_across_in_place(path, KNOWN, Reading(), UNIT_SHAPE)
    seen = [
        row
        for part in (across.rest, *across.parts.values())
        for row in {*(row.row for row in part.rows), *(e.row for e in part.errors), *(n for n, _ in part.skipped)}
    ]
    assert sorted(seen) == list(range(2, len(lines) + 2))
    assert across.rows_present == len(lines)
    assert not across.rest.rows
    assert set(across.parts) <= set(KNOWN.values())


def test_dates_of_the_list_are_those_of_each_row(two: Estate) -> None:
    whole = taken(two, tax_list(place(SECOND, on=date(2022, 3, 2)), place(two.project.code)))
    days = sorted(text for part in parts(whole).values() for _, _, text in told(part))
    assert days == ["2022-03-02办理至“已核”", "2022-03-08办理至“已核”"]
