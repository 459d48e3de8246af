"""A folder of its own for the files."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"
