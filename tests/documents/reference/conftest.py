"""A keeper of tables, and where uploads wait."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.accounts import Cast, sign_in


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path / "uploads"


@pytest.fixture
def keeper(cast: Cast) -> Any:
    return sign_in(cast.system_admin)
