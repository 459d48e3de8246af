"""The cast, the story, a keeper of tables, and where uploads wait."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories.accounts import Cast, lay_cast, sign_in
from tests.factories.projects import Estate, lay_story


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path
    return tmp_path / "uploads"


@pytest.fixture
def cast(db: None) -> Cast:
    return lay_cast()


@pytest.fixture
def keeper(cast: Cast) -> Any:
    return sign_in(cast.system_admin)


@pytest.fixture
def story(cast: Cast) -> Estate:
    return lay_story(cast)
