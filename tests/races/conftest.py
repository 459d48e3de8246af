"""The estate, laid with real commits: each party has a connection of its own and sees what was committed."""

import pytest

from tests.factories.accounts import lay_cast
from tests.factories.projects import Estate, lay_story


@pytest.fixture
def ground(transactional_db: None) -> Estate:
    """First registration is made for the homes: all twelve are ready. Each race lays what it fights over."""
    return lay_story(lay_cast())
