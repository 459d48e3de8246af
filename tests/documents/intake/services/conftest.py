"""An estate of which each list has something to say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry.lists.kinds import LISTS
from registry.lists.rows import ADDED, CHANGED
from tests.documents.intake.services.known import SAID, known_of, outcomes, read
from tests.factories.projects import Estate, lay_blocker


@pytest.fixture
def full(estate: Estate, tmp_path: Path) -> Callable[[str], Estate]:
    """An estate of which a list has something to say in every column that it can clear."""

    def lay(name: str) -> Estate:
        kind = LISTS[name]
        words: dict[str, Any] = {"project": estate.project.code, **SAID[name]}
        if name == "projects":
            [known] = known_of(estate, kind)
            words = {**known, **SAID[name]}
        if name == "letters":
            words |= {
                "issuer": estate.cast.township.organisation.code, "blockers": lay_blocker(estate, "P03").number,
                **dict.fromkeys(("recipient", "verifier"), estate.cast.department.organisation.code),
            }  # fmt: skip
        result = read(tmp_path, kind, [words], kind.columns.names)
        [laid] = outcomes(estate, kind, result, is_trial=False)
        assert laid.verdict in (ADDED, CHANGED), laid
        return estate

    return lay
