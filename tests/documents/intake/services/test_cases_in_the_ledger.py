"""The small inputs of tests/documents/intake/cases laid beside a ledger: what each must come to."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_in_place
from documents.intake.services.list_sessions import from_reading
from documents.intake.services.staging import placed_units
from projects.ledger.models import Project
from projects.ledger.services.projects import take_in_project
from projects.progress.lists import STAGES
from projects.progress.services.compare import Placement, compare_units
from projects.progress.services.place import place_units
from registry.accounts.models import Area
from registry.lists.kinds import LISTS
from registry.lists.rows import REFUSED, ListInput
from registry.store.guard import fixture_writes
from tests.documents.intake.cases import CASES
from tests.documents.intake.reading.files import Row, home
from tests.documents.intake.services.known import read
from tests.factories.accounts import DISTRICT, STRANGE_DISTRICT
from tests.factories.projects import Estate, on_day

NOW = date(2026, 11, 30)
READ_DAYS = {
    2: "2021-08-23", 3: "2021-08-23", **dict.fromkeys(range(4, 14), "2022-03-07"), 14: "2021-08-23",
    **dict.fromkeys((17, 20, 21, 22), "2022-03-07"),
}  # fmt: skip
REFUSED_DAYS = {15: "DATE_NO_DAY", 16: "DATE_FORMAT", 18: "DATE_ORDER", 19: "DATE_ORDER", 23: "DATE_YEAR", 24: "DATE_YEAR",
                25: "DATE_YEAR"}  # fmt: skip


def project_called(estate: Estate, code: str, district: str = DISTRICT) -> Project:
    """A project of the case's own number."""
    player = estate.cast.district if district == DISTRICT else estate.cast.strange_district
    with on_day(date(2020, 1, 2)):
        project: Project = take_in_project(
            actor=player.actor, code=code, name=f"测试{code}",
            township_code=f"{district}027", housing_type="resettlement", taken_in_on=date(2020, 1, 1),
        )  # fmt: skip
    return project


def beside(project: Project, path: Path) -> Placement:
    result = read_in_place(path, project.code)
    assert result.errors == []
    return compare_units(project=project, rows=list(placed_units(result.rows).values()), today=NOW)


def place(estate: Estate, project: Project, path: Path, *, strange: bool = False) -> None:
    actor = estate.cast.strange_district.actor if strange else estate.cast.district.actor
    rows = list(placed_units(read_in_place(path, project.code).rows).values())
    with on_day(date(2022, 2, 1)):
        done = place_units(actor=actor, project=project, rows=rows, placed_on=date(2022, 2, 1), source="清册")
    assert not done.refused


def test_number_that_a_second_list_leaves_blank_stays(estate: Estate) -> None:
    project = project_called(estate, "LSYL-110105-0003")
    place(estate, project, CASES / "with_id.xlsx")

    again = beside(project, CASES / "blank_id.xlsx")

    assert (len(again.unchanged), again.changed, again.added, again.refused) == (1, [], [], [])


def test_our_own_masked_list_changes_nobody(estate: Estate, tmp_path: Path) -> None:
    """The homes are laid as the masked list shows them, with names in clear that its masks fit."""
    project = project_called(estate, "HD-0012", STRANGE_DISTRICT)
    result = read_in_place(CASES / "masked_roundtrip.xlsx", "HD-0012")
    rows: list[Row] = []
    for n, row in enumerate(result.rows):
        holder = row.holders[0].name.replace("*", "测") if row.holders else ""
        rows.append({
            **home(1), "project": "HD-0012", "building": row.building, "entrance": row.entrance, "floor": row.floor,
            "room": row.room, "unit_code": "", "use": {"dwelling": "住宅", "retail": "商业"}.get(row.use.value, "配套"),
            "area": row.area, "holder": holder, "identity": "", "phone": f"199000{n:05d}" if holder else "",
            "agreement": row.agreement_no, "remark": row.remark,
        })  # fmt: skip
    whole = read(tmp_path, LISTS["units"], rows, LISTS["units"].columns.names, "HD-0012")
    with on_day(date(2022, 2, 1)):
        place_units(
            actor=estate.cast.strange_district.actor, project=project, rows=list(placed_units(whole.rows).values()),
            placed_on=date(2022, 2, 1), source="清册",
        )  # fmt: skip

    again = beside(project, CASES / "masked_roundtrip.xlsx")

    assert (len(again.unchanged), again.changed, again.added, again.refused) == (52, [], [], [])


def test_masked_list_of_other_people_is_refused(estate: Estate, tmp_path: Path) -> None:
    project = project_called(estate, "HD-0012", STRANGE_DISTRICT)
    again = beside(project, CASES / "masked_roundtrip.xlsx")
    assert {code for _, code, _ in again.refused} == {"NAME_MASKED"}
    assert all(not row.holders for row in again.added)


def test_days_of_a_list_of_stages(estate: Estate) -> None:
    project = project_called(estate, "YS-01")
    kind = LISTS[STAGES]
    result = read_in_place(CASES / "stage_dates.xlsx", project.code, shape=ListShape.of(kind))

    assert {row.row: row.texts["on"] for row in result.rows} == READ_DAYS
    assert {error.row: error.code for error in result.errors} == REFUSED_DAYS
    assert all(error.column == "办理日期" for error in result.errors)
    assert {change.row for change in result.normalised} >= {2, 14}


def test_step_of_a_year_of_two_digits_is_refused(estate: Estate) -> None:
    result = read_in_place(CASES / "year22_step.xlsx", "HD-0012", shape=ListShape.of(LISTS["steps"]))
    assert [(error.row, error.column, error.code) for error in result.errors] == [(2, "发文日期", "DATE_YEAR")]


def test_project_sold_after_the_cut_off_is_stopped_and_years_of_two_digits_are_refused(estate: Estate) -> None:
    kind = LISTS["projects"]
    with fixture_writes():
        Area.objects.create(code="110108901", name="演示街道", source="测试用表", as_of=date(2022, 1, 1))
    result = read_in_place(CASES / "sold_cutoff_two_digit_year.xlsx", "", shape=ListShape.of(kind))
    with on_day(NOW):
        taken = ListInput(estate.cast.city.actor, None, result.rows)
        outcomes = [*from_reading(result, kind.check(None)), *kind.carry_out(taken, is_trial=True)]
    told = {each.rows[0]: [(fault.header, fault.code) for fault in each.faults] for each in outcomes}
    assert {each.verdict for each in outcomes} == {REFUSED}
    assert told[3] == [("销售日期", "DATE_YEAR")]
    assert told[4] == [("纳入日期", "DATE_YEAR")]
    [said] = [each.said for each in outcomes if each.rows == (2,)]
    assert "2025-06-30" in said


def test_odd_style_sheet_does_no_harm() -> None:
    result = read_in_place(CASES / "bad_fill.xlsx", "YS-01")
    assert (result.file_error, result.errors, len(result.rows)) == ("", [], result.rows_present)
    assert result.rows


BOUNDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("blockers", {"type": "P03", "found_on": "2022-03-09"}, "发现日期", "2022-03-09尚未到来（最晚2022-03-08）"),
    ("buildings", {"number": "7", "occupied_on": "2022-03-09"}, "入住日期", "2022-03-09尚未到来（最晚2022-03-08）"),
    ("buildings", {"number": "7", "occupied_on": "1949-09-30"}, "入住日期", "1949-09-30早于1949-10-01"),
    ("steps", {"gate": "供地", "status": "已过", "document_no": "甲1", "organ": "乙", "issued_on": "2022-03-09"}, "发文日期", "尚未到来"),
    ("steps", {"gate": "供地", "status": "已过", "document_no": "甲1", "organ": "乙", "issued_on": "2022-03-01",
               "effective_on": "2023-03-01"}, "办理日期", "2023-03-01尚未到来（最晚2022-03-08）"),
    ("letters", {"letter": "函", "due_on": "2099-01-01"}, "期限", "2099-01-01晚于2042-12-31，过远"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cells", "header", "said"), BOUNDS)
def test_fact_that_cannot_be_is_refused_with_its_bound(
    name: str, cells: dict[str, Any], header: str, said: str, estate: Estate, tmp_path: Path
) -> None:
    kind = LISTS[name]
    full = {column.name: kind.example.get(column.name, "") for column in kind.columns if column.required}
    result = read(tmp_path, kind, [{**full, "project": "CY-9001", **cells}], kind.columns.names)
    if result.errors:  # a day before 1949 is refused by the reader of days, in words of its own
        assert [(error.column, "1949" in error.message) for error in result.errors] == [(header, True)]
        return
    with on_day(date(2022, 3, 8)):
        taken = ListInput(estate.cast.district.actor, estate.project, result.rows)
        [outcome] = kind.carry_out(taken, is_trial=True)
    assert said in next(fault.message for fault in outcome.faults if fault.header == header)


def test_planned_day_may_lie_ahead(estate: Estate) -> None:
    ahead = {column.header for kind in LISTS.values() for column in kind.columns if column.is_ahead}
    assert ahead == {"有效至", "期限"}


def test_cases_are_those_that_are_shared() -> None:
    named = {path.stem for path in CASES.glob("*.xlsx")}
    assert named == {
        "with_id", "blank_id", "masked_roundtrip", "names", "ditto_and_true", "entrance_in_room", "one_home_six_spellings",
        "two_line_head", "areas", "cert_date_43s", "stage_dates", "year22_step", "sold_cutoff_two_digit_year", "bad_fill",
    }  # fmt: skip
