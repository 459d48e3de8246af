"""The estate, laid with real commits: what a killed process leaves is what the database kept."""

import pytest

from tests.factories.accounts import lay_cast
from tests.factories.projects import Estate, lay_estate


@pytest.fixture
def estate(transactional_db: None) -> Estate:
    """Units placed, nothing else."""
    return lay_estate(lay_cast())
