"""import_blockers: raised once, refused by number with what to mend, the template taken back in."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from documents.intake.blocker_rows import BLOCKER_COLUMNS
from documents.render.template_xlsx import write_template
from projects.gates.models import Blocker
from tests.factories.projects import Estate
from tests.factories.trials import digest

FOUND = date(2022, 1, 20)


def run(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    """Run the command; its exit code and facts."""
    capsys.readouterr()
    try:
        call_command("import_blockers", str(path), "--project", "CY-9001", "--as", "district", "--json", *more)
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, json.loads(capsys.readouterr().out)


def laid(path: Path, *rows: dict[str, Any]) -> Path:
    good = {"project": "CY-9001", "type": "P03", "found_on": FOUND}
    path.write_bytes(write_template(BLOCKER_COLUMNS, title="堵点", rows=[good | row for row in rows]))
    return path


def test_blockers_are_raised_once_and_bad_rows_refused_by_number(
    estate: Estate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ({"uses": "住宅、商业", "fault": "有夹层"}, {"type": "Z99"}, {"buildings": "9号楼"}, {"found_on": None})
    path = laid(tmp_path / "堵点.xlsx", *rows)

    code, facts = run(path, capsys)

    assert (code, facts["rows_present"], facts["added"], facts["refused"]) == (1, 4, 1, 3)
    assert [one["row"] for one in facts["row_errors"]] == [3, 4, 5]
    blocker = Blocker.objects.get()
    assert (blocker.number, blocker.units_caught, blocker.units_at_fault) == (facts["numbers"][0], 15, 1)
    code, facts = run(path, capsys)
    assert (facts["added"], facts["unchanged"], Blocker.objects.count()) == (0, 1, 1)


def test_dry_run_writes_nothing(estate: Estate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = digest()

    code, facts = run(laid(tmp_path / "堵点.xlsx", {"buildings": "1、2"}), capsys, "--dry-run")

    assert (code, facts["added"], facts["numbers"]) == (0, 1, [])
    assert digest() == before


def test_template_has_the_headers_of_the_import(
    estate: Estate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = run(tmp_path / "模板.xlsx", capsys, "--template")

    sheet = openpyxl.load_workbook(tmp_path / "模板.xlsx").worksheets[0]
    assert (code, tuple(cell.value for cell in sheet[1])) == (0, BLOCKER_COLUMNS.headers)


def test_row_of_another_project_is_refused(estate: Estate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, facts = run(laid(tmp_path / "堵点.xlsx", {"project": "HD-9001"}), capsys)

    assert (code, Blocker.objects.count()) == (1, 0)
    assert "不是本项目" in facts["row_errors"][0]["message"]
