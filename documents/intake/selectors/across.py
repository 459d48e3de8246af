"""Reading files of several projects: their parts, and the sum of what these say."""

from collections.abc import Sequence
from typing import Final

from documents.intake.models import ROWS, ImportSession
from registry.kernel.authority import Actor

COUNTED: Final = ("rows_present", "added", "changed", "unchanged", "refused", "skipped")


def parts_of(actor: Actor, session: ImportSession) -> list[ImportSession]:
    """List the parts of a file that the actor may see, by project. One query."""
    parts = ImportSession.objects.visible_to(actor).filter(part_of=session)
    return list(parts.select_related("project", "part_of").order_by("project__code", "id"))


def rows_of(session: ImportSession) -> int:
    """Return how many rows a file of several projects has. No query."""
    return int(session.params[ROWS])


def sum_of(parts: Sequence[ImportSession]) -> dict[str, int]:
    """Add up the rows of parts by verdict. No query."""
    return {name: sum(int(getattr(part, name)) for part in parts) for name in COUNTED}
