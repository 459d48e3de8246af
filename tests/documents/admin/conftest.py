"""The cast."""

import pytest

from tests.factories.accounts import Cast, lay_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return lay_cast()
