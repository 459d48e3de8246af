"""The cast, for the tests of the web."""

import pytest

from tests.factories.accounts import Cast, lay_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return lay_cast()
