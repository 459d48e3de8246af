"""Reading visits: who was here when, what came in already, what the first visit said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from projects.office.choices import PaperState
from projects.office.models import Visit, VisitHome, VisitPaper
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound


@dataclass(frozen=True)
class VisitLine:
    """One visit as the card shows it."""

    visit: Visit
    clerk: str
    taken: int
    lacks: int

    @property
    def stands(self) -> bool:
        """Whether it was not taken back."""
        return self.visit.withdrawn_act_id is None


def papers_there(unit_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return, by home, the papers that earlier visits took in or saw. One query."""
    rows = VisitPaper.objects.filter(home__unit__in=unit_ids, home__visit__withdrawn_act_id__isnull=True)
    rows = rows.exclude(state=PaperState.LACKS)
    there: dict[int, set[str]] = {}
    for key, name in rows.values_list("home__unit_id", "name"):
        there.setdefault(key, set()).add(name)
    return {key: frozenset(names) for key, names in there.items()}


def visits_of(unit_ids: Sequence[int]) -> list[VisitLine]:
    """List the visits about any of these homes, newest first, those taken back too. Two queries."""
    keys = VisitHome.objects.filter(unit__in=unit_ids).values("visit_id")
    visits = list(
        Visit.objects.filter(pk__in=keys).select_related("clerk", "unit__building").order_by("-came_on", "-id")
    )
    papers = VisitPaper.objects.filter(home__visit__in=[visit.pk for visit in visits])
    counts: dict[int, list[int]] = {visit.pk: [0, 0] for visit in visits}
    for visit, state in papers.values_list("home__visit_id", "state"):
        counts[visit][state == PaperState.LACKS] += 1
    return [
        VisitLine(visit, visit.clerk.name if visit.clerk else "系统", counts[visit.pk][0], counts[visit.pk][1])
        for visit in visits
    ]


def visit_by_id(actor: Actor, project_id: int, pk: int) -> Visit:
    """Find a visit of a project. One query."""
    rows = Visit.objects.visible_to(actor).filter(unit__building__project_id=project_id, pk=pk)
    visit: Visit | None = rows.select_related("clerk", "unit__building__project").first()
    if visit is None:
        raise NotFound("未找到这次来访，或不在您的范围内。")
    return visit


def visit_homes(visit: Visit) -> list[dict[str, Any]]:
    """List the homes of a visit with the papers of each. Two queries."""
    rows = list(
        VisitHome.objects.filter(visit=visit)
        .select_related("unit__building")
        .prefetch_related("papers")
        .order_by("unit__building__number_order", "unit_id")
    )
    return [
        {
            "home": row,
            "taken": [paper for paper in row.papers.all() if paper.state != PaperState.LACKS],
            "lacks": [paper for paper in row.papers.all() if paper.state == PaperState.LACKS],
        }
        for row in rows
    ]
