"""The cast and the estate."""

import pytest

from tests.factories.accounts import Cast, lay_cast
from tests.factories.projects import Estate, lay_estate, lay_letter, lay_story


@pytest.fixture
def cast(db: None) -> Cast:
    return lay_cast()


@pytest.fixture
def estate(cast: Cast) -> Estate:
    """Units placed, nothing else."""
    return lay_estate(cast)


@pytest.fixture
def promised(estate: Estate) -> Estate:
    """The letter is in force: homes are cleared, none is ready."""
    return lay_letter(estate)


@pytest.fixture
def story(cast: Cast) -> Estate:
    """First registration is made for the homes: all twelve are ready."""
    return lay_story(cast)
