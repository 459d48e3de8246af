"""One estate for all races of a worker, laid with real commits: the story up to first registration, all homes ready."""

import pytest

from tests.factories.accounts import lay_cast
from tests.factories.projects import Estate, lay_story


@pytest.fixture
def story(transactional_db: None) -> Estate:
    """First registration is made for the homes: all twelve are ready."""
    return lay_story(lay_cast())
