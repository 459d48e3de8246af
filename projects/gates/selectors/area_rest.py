"""剩余 of an area by class, summed over its projects: from tallies and the last spans, no home is read."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from projects.gates.selectors.assessed import assessed_projects
from projects.gates.selectors.overview import DOABLE_STAGES, rest_of_project
from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import ProjectTally
from projects.ledger.selectors.counts import Counts
from registry.kernel.authority import Actor
from registry.kernel.gates.rest import REST_FIGURES, Rest
from registry.kernel.stages import Track, Use

FIGURES = ("ready", *REST_FIGURES)


@dataclass(frozen=True)
class AreaRest:
    """The homes of each class of 剩余, which add up to it; those of 可办未办 by how far they came.

    `is_empty`: no home of the area is in the books at all, which is not the same as none left.
    """

    classes: Mapping[Rest, int]
    doable: Mapping[str, int]
    is_empty: bool = False


def area_rest(actor: Actor, *, on: date) -> AreaRest:
    """Return 剩余 in the actor's reach by class. Three queries.

    Each project is judged by itself: one that nobody has assessed is 未研判 as a whole.
    """
    counts = _counts(actor)
    readiness = readiness_counts(counts, on=on, figures=FIGURES, uses=(Use.DWELLING,))
    assessed = assessed_projects(counts, on=on)
    summed: Counter[str] = Counter()
    for project, own in counts.items():
        by_stage = rest_of_project(own, readiness.get(project, Counter()), project in assessed)
        summed.update(by_stage)
        for apart in (Rest.CARRIED, Rest.HELD):
            summed[apart.value] += own.standing_not_issued(apart.value)
    doable = {label: summed[stage] for stage, label in DOABLE_STAGES.items()}
    summed[Rest.DOABLE.value] = sum(doable.values())
    return AreaRest({rest: summed[rest.value] for rest in Rest}, doable, is_empty=not counts)


def _counts(actor: Actor) -> dict[int, Counts]:
    rows = (
        ProjectTally.objects.visible_to(actor)
        .filter(track=Track.CERTIFICATE.value, use=Use.DWELLING.value, count__gt=0)
        .values_list("project_id", "standing", "stage", "count")
        .order_by()
    )
    places: dict[int, Counter[tuple[str, str, str, str]]] = defaultdict(Counter)
    for project, standing, stage, units in rows:
        places[project][(Use.DWELLING.value, standing, Track.CERTIFICATE.value, stage)] += units
    return {project: Counts(counter) for project, counter in places.items()}
