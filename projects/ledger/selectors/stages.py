"""How far units were on which day, from their moves: what a class of 剩余 asks of the past."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Q

from projects.ledger.models import Move
from registry.kernel.gates.rest import PAST, StageDays
from registry.kernel.stages import Track


def stages_past_acceptance(project_ids: Collection[int]) -> dict[int, StageDays]:
    """Return, by project and unit, the days on which it came to a stage from acceptance on, or went back. One query.

    The last recorded of a day counts: a correction, stated for the day of what it reverses, comes after it.
    """
    rows = (
        Move.objects.filter(unit__building__project_id__in=list(project_ids), track=Track.CERTIFICATE.value)
        .filter(Q(to_stage__in=PAST) | Q(from_stage__in=PAST))
        .order_by("occurred_on", "id")
        .values_list("unit__building__project_id", "unit_id", "occurred_on", "to_stage")
    )
    projects: dict[int, dict[int, list[tuple[date, str]]]] = defaultdict(lambda: defaultdict(list))
    for project, unit, on, stage in rows.iterator(chunk_size=20000):
        projects[project][unit].append((on, stage or ""))
    return {key: projects.get(key, {}) for key in project_ids}
