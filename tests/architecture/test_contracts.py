"""The walls between the apps hold, and each of them would break if someone walked through it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import APPS, PACKAGES, ROOT, app_order, contracts

# For each contract: the file to write into, and the import that it must refuse.
PLANTED = (
    ("order", "projects/ledger/planted.py", "from documents.intake import models"),
    ("order", "registry/lists/planted.py", "from registry.audit import models"),
    ("order", "documents/papers/planted.py", "from documents.reports import figures"),
    ("order", "documents/reports/planted.py", "from documents.setup import people"),
    ("order", "documents/render/planted.py", "from documents.papers import kinds"),
    ("registry-complete", "registry/helpers.py", "import json"),
    ("registry-complete", "registry/lists/rows.py", "from registry.audit import selectors"),
    ("projects-complete", "projects/helpers.py", "import json"),
    ("documents-complete", "documents/helpers.py", "import json"),
    ("documents-complete", "documents/reports/planted.py", "from documents.papers import selectors"),
    ("documents-complete", "documents/intake/planted.py", "from documents.exports import models"),
    ("inside", "commitments/models.py", "from commitments import services"),
    ("inside", "projects/ledger/services/planted.py", "from projects.ledger import exports"),
    ("inside", "documents/papers/models.py", "from documents.papers import services"),
    ("inside", "documents/reports/monthly.py", "from documents.reports import services"),
    ("inside", "documents/intake/models.py", "from documents.intake import reading"),
    ("kernel-pure", "registry/kernel/errors.py", "from django.db import models"),
    ("paper-libraries", "documents/intake/services/planted.py", "import openpyxl"),
    ("paper-libraries", "documents/papers/views.py", "import weasyprint"),
    ("paper-libraries", "documents/intake/reading/file_guard.py", "import openpyxl"),
    ("reads-by-selectors", "projects/gates/views.py", "from projects.gates.models import GateStep"),
    ("reads-by-selectors", "projects/gates/exports.py", "from projects.gates.models import GateStep"),
    ("reads-by-selectors", "documents/reports/workbook.py", "from documents.reports.models import MonthClose"),
    ("trail-protected", "projects/gates/planted.py", "from registry.audit.models import Act"),
)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter as `make lint` does, over the tree in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=folder, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def broken(output: str) -> set[str]:
    """The names of the contracts that a run found broken."""
    return set(re.findall(r"^(.*?) BROKEN", output, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product's source, to plant violations in."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "static", "*.html", "*.css")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_every_contract_holds(tree: Path) -> None:
    result = lint_imports(tree)

    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, _, _ in PLANTED} == set(contracts())


@pytest.mark.parametrize(("contract", "name", "line"), PLANTED)
def test_a_planted_violation_breaks_its_contract(contract: str, name: str, line: str, tree: Path) -> None:
    path = _place(tree / name)
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or '"""Planted."""\n') + f"\n{line}\n", encoding="utf-8")
    made = _make_target(tree, line)

    try:
        result = lint_imports(tree)
    finally:
        for extra in made:
            extra.unlink()
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")

    assert result.returncode != 0
    assert contracts()[contract]["name"] in broken(result.stdout), result.stdout


def _place(path: Path) -> Path:
    """`models.py` may have grown into a package by now; then the violation goes into that."""
    package = path.with_suffix("")
    return package / "planted.py" if package.is_dir() else path


def _make_target(tree: Path, line: str) -> list[Path]:
    """A planted import of a module that isn't written yet needs the module."""
    found = re.match(r"from (\w+) import services", line)
    if not found:
        return []
    target = tree / found[1] / "services.py"
    if target.exists() or target.with_suffix("").is_dir():
        return []
    target.write_text('"""Planted."""\n', encoding="utf-8")
    return [target]


def test_every_app_stands_in_the_one_order() -> None:
    assert set(APPS) <= set(app_order())


def test_every_app_of_books_is_ordered_inside() -> None:
    ordered = set(contracts()["inside"]["containers"])
    tool_boxes = {"registry.store", "registry.lists", "registry.web"}
    assert set(APPS) - ordered == tool_boxes, "no books of their own"
