"""未研判: which projects nobody has looked at yet. The one place that says so."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from projects.gates.models import BlockerVersion, GateStep
from projects.ledger.choices import ProjectStatus
from projects.ledger.models import Project, ProjectVersion


def assessed_projects(project_ids: Iterable[int], *, on: date, known_at: datetime | None = None) -> frozenset[int]:
    """Return the projects that somebody has assessed by a day, as known at a moment (None: as known now).

    A project is assessed if, and only if, by that day a blocker was raised in it, or a step of a gate was recorded for
    it or one of its buildings, or its status had gone past 纳入. What was later withdrawn, resolved or revoked counts:
    somebody had looked. Without one of them no blocker says only that nobody asked: its homes are 未研判, neither
    已打通 nor 未打通. One query.
    """

    def by_then(rows: Any) -> Any:
        dated = rows.filter(effective_on__lte=on)
        return dated if known_at is None else dated.filter(recorded_at__lte=known_at)

    raised = by_then(BlockerVersion.objects.filter(blocker__project=OuterRef("pk")))
    made = by_then(GateStep.objects.filter(project=OuterRef("pk")))
    said = by_then(ProjectVersion.objects.filter(project=OuterRef("pk"))).order_by("-effective_on", "-id")
    last_status = Subquery(said.values("status")[:1])
    past = [status.value for status in ProjectStatus if status != ProjectStatus.TAKEN_IN]
    rows = Project.objects.filter(id__in=list(project_ids)).annotate(status_then=last_status)
    looked_at = rows.filter(Exists(raised) | Exists(made)) | rows.filter(status_then__in=past)
    return frozenset(looked_at.values_list("id", flat=True))
