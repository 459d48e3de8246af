"""A template obeys its own rules: its example passes its own import, its lists forbid nothing that is allowed."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from documents.intake.reading.list_shape import UNITS, ListShape
from documents.intake.reading.reader import read_in_place
from documents.intake.services.list_sessions import from_reading
from documents.intake.services.staging import placed_units
from documents.render.template_xlsx import write_template
from projects.progress.lists import RETURNS, STAGES
from projects.progress.services.compare import compare_units
from registry.lists.kinds import LISTS
from registry.lists.rows import ADDED, CHANGED, UNCHANGED, ListInput
from tests.documents.intake.services.known import player
from tests.factories.projects import TODAY, Estate, bring_to, lay_blocker, on_day


@pytest.fixture
def estate_with_blockers(estate: Estate) -> Estate:
    lay_blocker(estate, "P03")
    return estate


@pytest.mark.parametrize("name", LISTS)
def test_example_passes_its_own_import(name: str, estate_with_blockers: Estate, tmp_path: Path) -> None:
    estate, kind = estate_with_blockers, LISTS[name]
    project, actor = estate.project if kind.of_project else None, player(estate, name).actor
    if name == RETURNS:
        bring_to(estate, estate.homes[2:3], "collected", TODAY)
    with on_day(TODAY):
        example = kind.example_for(actor, project)
        path = tmp_path / "示例.xlsx"
        path.write_bytes(write_template(kind.columns, title=kind.label, rows=[example]))
        result = read_in_place(path, estate.project.code if kind.of_project else "", shape=ListShape.of(kind))
        assert result.errors == []
        if name == UNITS:
            placement = compare_units(
                project=estate.project, rows=list(placed_units(result.rows).values()), today=TODAY
            )
            assert (len(placement.added), placement.refused) == (1, [])
            return
        params: dict[str, Any] = {"file": "示例.xlsx"}
        if name == STAGES:
            params = {"track": "certificate", "to": "notified", "on": TODAY.isoformat(), "file": "示例.xlsx"}
        taken = ListInput(actor, project, result.rows, params)
        outcomes = [*from_reading(result, kind.check(project)), *kind.carry_out(taken, is_trial=True)]
    assert [(each.verdict, each.said) for each in outcomes if each.verdict not in (ADDED, CHANGED, UNCHANGED)] == []
    assert len(outcomes) == 1


def validations(content: bytes) -> dict[str, Any]:
    """By header: the list of a column's cells and whether it stops other words."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet, lists = book.worksheets[0], book["选项"]
    heads = {cell.column_letter: cell.value for cell in sheet[1]}
    rules = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            letter = rule.formula1.split("!$")[1].split("$")[0]
            last = int(rule.formula1.rsplit("$", 1)[1])
            words = [lists[f"{letter}{n}"].value for n in range(1, last + 1)]
            rules[heads[str(rule.sqref).split(":")[0].rstrip("0123456789")]] = (words, bool(rule.showErrorMessage))
    return rules


LISTED: dict[str, set[str]] = {
    "blockers": {"堵点类型", "涉及用途", "过错特征"}, "letters": {"承诺单位", "主送单位", "核验单位", "堵点编号"}, "stages": {"楼栋(幢号)"},
    "units": {"楼栋(幢号)", "规划用途", "证件类型"}, "steps": {"环节", "结论", "部分"}, "projects": {"房屋类型", "土地性质"},
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_lists_propose_what_there_is_and_stop_only_what_is_refused(name: str, estate_with_blockers: Estate) -> None:
    estate, kind = estate_with_blockers, LISTS[name]
    project = estate.project if kind.of_project else None
    rules = validations(write_template(kind.columns, title="清单", listed=kind.listed_for(project)))
    assert set(rules) == LISTED[name]
    for header, (words, stops) in rules.items():
        column = next(each for each in kind.columns if each.header == header)
        assert stops == (bool(column.choices) and not column.is_open), header
        assert all(words), header
    assert {column.name for column in kind.columns if column.is_open} >= kind.several


def test_every_word_of_the_list_of_types_names_its_type(estate_with_blockers: Estate, tmp_path: Path) -> None:
    kind, project = LISTS["blockers"], estate_with_blockers.project
    words = kind.listed_for(project)["type"]
    assert any(word.startswith("P03 ") for word in words)
    rows = [{"project": project.code, "type": word, "found_on": date(2022, 1, 1)} for word in (*words, "P03", "p03")]
    path = tmp_path / "堵点.xlsx"
    path.write_bytes(write_template(kind.columns, title="堵点", rows=rows))
    result = read_in_place(path, project.code, shape=ListShape.of(kind))
    check: Callable[[Any], Any] = kind.check(project)
    assert [fault for row in result.rows for fault in check(row)] == []
    assert len(result.rows) == len(words) + 2
