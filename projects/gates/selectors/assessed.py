"""未研判: which projects nobody has looked at yet, the one place that says so; and what may be their main issue."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, Subquery

from projects.gates.models import BlockerType, BlockerVersion, GateStep
from projects.ledger.choices import ProjectStatus
from projects.ledger.models import Project, ProjectVersion
from projects.ledger.selectors.history import Homes

PAST: Final = frozenset(status.value for status in ProjectStatus if status != ProjectStatus.TAKEN_IN)


def issue_types(*, retired: bool = False) -> list[tuple[str, str]]:
    """Answer the port: the types of blocker in use, by code; those no longer in use too if wanted. One query."""
    types = BlockerType.objects.all() if retired else BlockerType.objects.filter(is_active=True)
    return list(types.order_by("code").values_list("code", "label"))


def assessed_projects(project_ids: Iterable[int], *, on: date, known_at: datetime | None = None) -> frozenset[int]:
    """Return the projects that somebody has assessed by a day, as known at a moment (None: as known now).

    A project is assessed if, and only if, by that day a blocker was raised in it, or a step of a gate was recorded for
    it or one of its buildings, or its status had gone past 纳入. What was later withdrawn, resolved or revoked counts:
    somebody had looked. Without one of them no blocker says only that nobody asked: its homes are 未研判, neither
    已打通 nor 未打通. One query; five with `known_at`: what merges and splits moved since counts where it stood then.
    """
    if known_at is not None:
        return frozenset(project_ids) & _assessed_then(on, known_at)
    raised = BlockerVersion.objects.filter(blocker__project=OuterRef("pk"), effective_on__lte=on)
    made = GateStep.objects.filter(project=OuterRef("pk"), effective_on__lte=on)
    said = ProjectVersion.objects.filter(project=OuterRef("pk"), effective_on__lte=on).order_by("-effective_on", "-id")
    rows = Project.objects.filter(id__in=list(project_ids)).annotate(status_then=Subquery(said.values("status")[:1]))
    looked_at = rows.filter(Exists(raised) | Exists(made)) | rows.filter(status_then__in=PAST)
    return frozenset(looked_at.values_list("id", flat=True))


def _assessed_then(on: date, known_at: datetime) -> frozenset[int]:
    homes = Homes(on=on, known_at=known_at)
    raised = BlockerVersion.objects.filter(effective_on__lte=on, recorded_at__lte=known_at)
    made = GateStep.objects.filter(effective_on__lte=on, recorded_at__lte=known_at)
    blockers = raised.values_list("blocker__raised_in_id", "blocker__project_id").distinct()
    steps = made.values_list("building_id", "project_id").distinct()
    past = {key for key, version in homes.versions.items() if version.status in PAST}
    return frozenset({homes.stood_in(*row) for row in blockers} | {homes.of_building(*row) for row in steps} | past)
