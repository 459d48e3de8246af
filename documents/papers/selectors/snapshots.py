"""What a paper was printed from, opened: the words of the day of its issue."""

import json
from typing import Any, Final

from documents.papers.models import Paper
from registry.store.crypto import decrypt

SNAPSHOT: Final = "paper.snapshot"


def snapshot_of(paper: Paper) -> dict[str, Any]:
    """Open the stored snapshot of a paper."""
    snapshot: dict[str, Any] = json.loads(decrypt(paper.snapshot_sealed, SNAPSHOT))
    return snapshot
