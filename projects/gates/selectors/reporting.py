"""What the monthly ledger sheet says of each project besides its figures."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from projects import ports
from projects.gates.models import Blocker, BlockerType
from projects.ledger.choices import ProjectStatus
from projects.ledger.models import BuildingPlacement, ProgressNote, Project
from projects.ledger.selectors.history import Homes
from registry.audit.selectors import values_then
from registry.kernel.authority import Actor
from registry.kernel.stages import HousingType


@dataclass(frozen=True)
class ProjectLine:
    """One project as of a day, as known at a moment."""

    id: int
    code: str
    absorbed: frozenset[str]
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
    occupied: int | None

    def was_closed_before(self, day: date) -> bool:
        """Whether it had left the stock before a day."""
        return self.closed_on is not None and self.closed_on < day

    def is_closed_within(self, first: date, last: date) -> bool:
        """Whether it left the stock between two days, both counted."""
        return self.closed_on is not None and first <= self.closed_on <= last


def type_labels() -> dict[str, str]:
    """Return the blocker types by code. One query."""
    return dict(BlockerType.objects.order_by("code").values_list("code", "label"))


def type_heads() -> dict[str, str]:
    """Return the class (大类) of each blocker type by its code. One query."""
    return dict(BlockerType.objects.order_by("code").values_list("code", "head"))


def project_lines(*, on: date, known_at: datetime, reader: Actor | None = None) -> list[ProjectLine]:
    """List the projects taken in by a day, in code order: ten queries whatever their number.

    A reader's own are those that they may see; without a reader they are all, as a month is frozen. One that was
    recorded after the moment is not known yet, whatever day it says that it was taken in on.
    """
    within = Project.objects.all() if reader is None else Project.objects.visible_to(reader)
    labels, codes = type_labels(), dict(Project.objects.values_list("id", "code"))
    homes = Homes(on=on, known_at=known_at)
    versions = homes.versions
    standing = [key for key, version in versions.items() if version.merged_into_id is None]
    projects = within.filter(id__in=standing, taken_in_on__lte=on)
    issues = _issues(on, known_at, homes)
    notes = _notes(on, known_at, homes)
    buildings = _buildings(known_at)
    letters = _letters(on, known_at, homes)
    lines = []
    for project in projects.order_by("code"):
        then = versions[project.id]
        lines.append(
            ProjectLine(
                id=project.id,
                code=project.code,
                absorbed=frozenset(codes[key] for key in homes.absorbed_by(project.id)),
                name=then.name,
                district_code=then.district_code,
                district=then.district_name,
                township=then.township_name,
                housing_type=HousingType(then.housing_type).label,
                developer=str(then.developer) if then.developer else "",
                status=ProjectStatus(then.status).label,
                issue_code=then.primary_issue,
                issue=f"{then.primary_issue} {labels.get(then.primary_issue, '')}".strip(),
                all_issues=tuple(sorted(issues.get(project.id, ()))),
                buildings=buildings[project.id],
                letters="、".join(letters.get(project.id, ())),
                target_on=then.target_on,
                progress=notes.get((project.id, "progress"), ""),
                next=notes.get((project.id, "next"), ""),
                officer=then.officer,
                taken_in_on=project.taken_in_on,
                closed_on=then.closed_on,
                occupied=project.occupied_from,
            )
        )
    return sorted(lines, key=lambda line: (line.district_code, line.code))


def _buildings(known_at: datetime) -> Counter[int]:
    """Count the buildings that a project was known to have: each where its last placement recorded by then puts it."""
    rows = BuildingPlacement.objects.filter(recorded_at__lte=known_at).order_by("effective_on", "id")
    return Counter(dict(rows.values_list("building_id", "project_id")).values())


def _issues(on: date, known_at: datetime, homes: Homes) -> dict[int, set[str]]:
    live = Blocker.objects.filter(found_on__lte=on, recorded_at__lte=known_at)
    then = values_then(live, "withdrawn_reason", known_at=known_at)
    issues: dict[int, set[str]] = defaultdict(set)
    for key, first, project, code, withdrawn in live.values_list(
        "id", "raised_in_id", "project_id", "type__code", "withdrawn_reason"
    ):
        if not then.get(key, {}).get("withdrawn_reason", withdrawn):
            issues[homes.stood_in(first, project)].add(code)
    return issues


def _notes(on: date, known_at: datetime, homes: Homes) -> dict[tuple[int, str], str]:
    notes = ProgressNote.objects.filter(
        noted_on__lte=on, noted_on__gte=on.replace(day=1), recorded_at__lte=known_at
    ).order_by("noted_on", "id")
    rows = notes.values_list("written_in_id", "project_id", "kind", "text")
    return {(homes.stood_in(first, project), kind): text for first, project, kind, text in rows}


def _letters(on: date, known_at: datetime, homes: Homes) -> dict[int, list[str]]:
    first = dict(Blocker.objects.values_list("id", "raised_in_id"))
    letters: dict[int, list[str]] = defaultdict(list)
    projects = set(Blocker.objects.values_list("project_id", flat=True))
    for project_id, reliefs in sorted(ports.reliefs(projects, known_at=known_at).items()):
        for relief in reliefs:
            stood_in, name = homes.stood_in(first[relief.blocker_id], project_id), relief.label.rpartition("条款")[0]
            if relief.is_in_force(on) and name not in letters[stood_in]:
                letters[stood_in].append(name)
    return letters
