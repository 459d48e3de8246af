"""剩余 of an area by class, summed over its projects: from tallies and the last spans, no home is read."""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import OuterRef, Subquery, Sum

from projects.gates.models import ReadinessSpan
from projects.gates.selectors.assessed import assessed_projects
from projects.gates.selectors.overview import rest_of_project
from projects.ledger.models import Building, Tally
from projects.ledger.selectors.counts import Counts
from registry.kernel.authority import Actor
from registry.kernel.gates.rest import REST_FIGURES, Rest
from registry.kernel.stages import Track, Use

FIGURES = ("ready", *REST_FIGURES)


def area_rest(actor: Actor, *, on: date) -> dict[Rest, int]:
    """Return the homes of each class of 剩余 in the actor's reach; the classes add up to 剩余. Three queries.

    Each project is judged by itself: one that nobody has assessed is 未研判 as a whole.
    """
    counts = _counts(actor)
    readiness = _last_spans(actor, on)
    assessed = assessed_projects(counts, on=on)
    summed: Counter[str] = Counter()
    for project, own in counts.items():
        by_stage = rest_of_project(own, readiness.get(project, Counter()), project in assessed)
        summed.update({rest.value: by_stage[rest.value] for rest in Rest})
        summed[Rest.DOABLE.value] += by_stage["unaccepted"] + by_stage["accepted"] + by_stage["recorded"]
        for apart in (Rest.CARRIED, Rest.HELD):
            summed[apart.value] += own.standing_not_issued(apart.value)
    return {rest: summed[rest.value] for rest in Rest}


def _counts(actor: Actor) -> dict[int, Counts]:
    rows = (
        Tally.objects.visible_to(actor)
        .filter(track=Track.CERTIFICATE.value, use=Use.DWELLING.value, count__gt=0)
        .values_list("building__project_id", "standing", "stage")
        .annotate(units=Sum("count"))
        .order_by()
    )
    places: dict[int, Counter[tuple[str, str, str, str]]] = defaultdict(Counter)
    for project, standing, stage, units in rows:
        places[project][(Use.DWELLING.value, standing, Track.CERTIFICATE.value, stage)] += units
    return {project: Counts(counter) for project, counter in places.items()}


def _last_spans(actor: Actor, on: date) -> dict[int, Counter[tuple[str, str]]]:
    """The homes of each figure by project: of each building the last span, found by its key, no earlier one read."""
    here = ReadinessSpan.objects.filter(
        building=OuterRef("pk"), known_to__isnull=True, from_on__lte=on, use=Use.DWELLING.value
    )
    sums = {
        f"of_{figure}": Sum(Subquery(here.filter(figure=figure).order_by("-from_on").values("count")[:1]))
        for figure in FIGURES
    }
    rows = Building.objects.visible_to(actor).order_by().values("project_id").annotate(**sums)
    return {
        row["project_id"]: Counter({(figure, Use.DWELLING.value): row[f"of_{figure}"] or 0 for figure in FIGURES})
        for row in rows
    }
