"""An estate, and a folder of its own for the files."""

from pathlib import Path

import pytest

from tests.factories.accounts import lay_cast
from tests.factories.projects import Estate, lay_estate


@pytest.fixture
def estate(db: None) -> Estate:
    return lay_estate(lay_cast())


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"
