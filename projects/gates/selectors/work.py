"""What organisations have to do about gates: the blockers for which they are responsible."""

from collections.abc import Sequence

from projects.gates.models import Blocker
from projects.ledger.selectors.work import Pairs, Work


def open_blockers(projects: Sequence[int] | None) -> Pairs:
    """Return who is responsible for a blocker that is not ended. One query."""
    running = Blocker.objects.filter(resolved_on__isnull=True, withdrawn_reason="", responsible__isnull=False)
    if projects is not None:
        running = running.filter(project_id__in=projects)
    return running.values_list("project_id", "responsible_id").distinct()


WORK = (Work("blockers", "负责的堵点未解决", open_blockers),)
