"""What the monthly ledger sheet says of each project besides its figures."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from projects import ports
from projects.gates.models import Blocker, BlockerType
from projects.ledger.choices import ProjectStatus
from projects.ledger.models import BuildingPlacement, ProgressNote, Project, ProjectVersion
from registry.kernel.authority import Actor
from registry.kernel.stages import HousingType


@dataclass(frozen=True)
class ProjectLine:
    """One project as of a day, as known at a moment."""

    id: int
    code: str
    name: str
    district_code: str
    district: str
    township: str
    housing_type: str
    developer: str
    status: str
    issue_code: str
    issue: str
    all_issues: tuple[str, ...]
    buildings: int
    letters: str
    target_on: date | None
    progress: str
    next: str
    officer: str
    taken_in_on: date
    closed_on: date | None

    def was_closed_before(self, day: date) -> bool:
        """Whether it had left the stock before a day."""
        return self.closed_on is not None and self.closed_on < day

    def is_closed_within(self, first: date, last: date) -> bool:
        """Whether it left the stock between two days, both counted."""
        return self.closed_on is not None and first <= self.closed_on <= last


def type_labels() -> dict[str, str]:
    """Return the blocker types by code. One query."""
    return dict(BlockerType.objects.order_by("code").values_list("code", "label"))


def project_lines(*, on: date, known_at: datetime, reader: Actor | None = None) -> list[ProjectLine]:
    """List the projects taken in by a day, in code order: six queries whatever their number.

    A reader's own are those that they may see; without a reader they are all, as a month is frozen. One that was
    recorded after the moment is not known yet, whatever day it says that it was taken in on.
    """
    within = Project.objects.all() if reader is None else Project.objects.visible_to(reader)
    entered = ProjectVersion.objects.filter(project=OuterRef("pk"), recorded_at__lte=known_at)
    projects = within.filter(Exists(entered), taken_in_on__lte=on, merged_into__isnull=True)
    labels = type_labels()
    versions = _versions(on, known_at)
    issues = _issues(on, known_at)
    notes = _notes(on, known_at)
    buildings = _buildings(known_at)
    letters = _letters(on)
    lines = []
    for project in projects.select_related("developer").order_by("district_code", "code"):
        status, issue = versions.get(project.id, (project.status, project.primary_issue))
        lines.append(
            ProjectLine(
                id=project.id,
                code=project.code,
                name=project.name,
                district_code=project.district_code,
                district=project.district_name,
                township=project.township_name,
                housing_type=HousingType(project.housing_type).label,
                developer=str(project.developer) if project.developer else "",
                status=ProjectStatus(status).label,
                issue_code=issue,
                issue=f"{issue} {labels.get(issue, '')}".strip(),
                all_issues=tuple(sorted(issues.get(project.id, ()))),
                buildings=buildings[project.id],
                letters="、".join(letters.get(project.id, ())),
                target_on=project.target_on,
                progress=notes.get((project.id, "progress"), ""),
                next=notes.get((project.id, "next"), ""),
                officer=project.officer,
                taken_in_on=project.taken_in_on,
                closed_on=project.closed_on,
            )
        )
    return lines


def _buildings(known_at: datetime) -> Counter[int]:
    """Count the buildings that a project was known to have: each where its last placement recorded by then puts it."""
    rows = BuildingPlacement.objects.filter(recorded_at__lte=known_at).order_by("effective_on", "id")
    return Counter(dict(rows.values_list("building_id", "project_id")).values())


def _versions(on: date, known_at: datetime) -> dict[int, tuple[str, str]]:
    rows = ProjectVersion.objects.filter(effective_on__lte=on, recorded_at__lte=known_at).order_by("effective_on", "id")
    return {key: (status, issue) for key, status, issue in rows.values_list("project_id", "status", "primary_issue")}


def _issues(on: date, known_at: datetime) -> dict[int, set[str]]:
    live = Blocker.objects.filter(found_on__lte=on, recorded_at__lte=known_at, withdrawn_reason="")
    found: dict[int, set[str]] = defaultdict(set)
    for project_id, code in live.values_list("project_id", "type__code").distinct():
        found[project_id].add(code)
    return found


def _notes(on: date, known_at: datetime) -> dict[tuple[int, str], str]:
    notes = ProgressNote.objects.filter(
        noted_on__lte=on, noted_on__gte=on.replace(day=1), recorded_at__lte=known_at
    ).order_by("noted_on", "id")
    return {(key, kind): text for key, kind, text in notes.values_list("project_id", "kind", "text")}


def _letters(on: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    ids = Blocker.objects.values_list("project_id", flat=True).distinct()
    for project_id, reliefs in ports.reliefs(ids).items():
        for relief in reliefs:
            name = relief.label.rpartition("条款")[0]
            if relief.is_in_force(on) and name not in found[project_id]:
                found[project_id].append(name)
    return found
