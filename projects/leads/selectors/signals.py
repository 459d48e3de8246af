"""Acting first (未诉先办): what in a project calls for a step before people ring, as a work list with its reasons."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from projects import ports
from projects.gates.models import Blocker, BlockerVersion
from projects.gates.selectors.reckoning import columns_of
from projects.leads.choices import Matter
from projects.leads.models import Ticket
from projects.leads.selectors.rate_rules import SignalRules, signal_rules_on
from projects.ledger.choices import ProjectStatus
from projects.ledger.models import Project
from registry.kernel.authority import Actor
from registry.kernel.periods import midnight_before
from registry.kernel.rates import rate_text
from registry.kernel.scope import Scope
from registry.kernel.tickets import OPEN, TicketState
from registry.store.clock import shanghai_day

LEFT: Final = (TicketState.OUT, TicketState.EXCLUDED)


@dataclass(frozen=True)
class Signal:
    """One reason to act: its kind and the words."""

    kind: str
    words: str


@dataclass(frozen=True)
class WorkLine:
    """One project of the work list, with all of its reasons."""

    project: Project
    signals: tuple[Signal, ...]
    tickets: int


def work_list(actor: Actor, *, on: date) -> list[WorkLine]:
    """Return the projects in reach that call for a step, those with most reasons first. Eight queries.

    Ranked by the number of reasons, then by the tickets of the days compared, then by code. Thresholds are settings.
    """
    rules = signal_rules_on(on)
    projects = {project.pk: project for project in _projects(actor)}
    recent, before, repeats, late = _counts(actor, on, rules.window)
    shutting = _shutting(projects, on, rules.ahead)
    due = ports.promises_due(projects, on=on, until=on + rules.ahead)
    lines = []
    for key, project in projects.items():
        signals = [
            *_trend(recent[key], before[key], rules),
            *_repeated(repeats[key], recent[key], rules),
            *_late(late[key]),
            *(Signal("gate", words) for words in shutting.get(key, ())),
            *(Signal("promise", words) for words in due.get(key, ())),
            *_target(project, on, rules.ahead),
        ]
        if signals:
            lines.append(WorkLine(project, tuple(signals), recent[key]))
    return sorted(lines, key=lambda line: (-len(line.signals), -line.tickets, line.project.code))


def _projects(actor: Actor) -> Collection[Project]:
    rows = Project.objects.visible_to(actor).filter(merged_into__isnull=True)
    return list(rows.exclude(status__in=(ProjectStatus.ZEROED, ProjectStatus.CLOSED)))


def _counts(actor: Actor, on: date, window: timedelta) -> tuple[Counter[int], Counter[int], Counter[int], Counter[int]]:
    """By project: tickets of the last days, of as many before, those that repeat, those past their day."""
    ends = midnight_before(on + timedelta(days=1))
    rows = Ticket.objects.visible_to(actor).filter(project__isnull=False, received_at__lt=ends).exclude(state__in=LEFT)
    recent: Counter[int] = Counter()
    before: Counter[int] = Counter()
    repeats: Counter[int] = Counter()
    for project, at, root in rows.filter(received_at__gte=ends - 2 * window).values_list(
        "project_id", "received_at", "repeats_id"
    ):
        is_recent = at >= ends - window
        (recent if is_recent else before)[project] += 1
        repeats[project] += is_recent and root is not None
    late = Counter(rows.filter(state__in=OPEN[:3], due_at__lt=ends).values_list("project_id", flat=True))
    return recent, before, repeats, late


def _trend(recent: int, before: int, rules: SignalRules) -> list[Signal]:
    if recent < rules.least or recent < rules.rise * max(before, 1):
        return []
    return [Signal("trend", f"近{rules.window.days}日工单{recent}件，前{rules.window.days}日{before}件，明显上升")]


def _repeated(repeats: int, recent: int, rules: SignalRules) -> list[Signal]:
    if recent < rules.least or repeats * 100 < rules.repeated * recent:
        return []
    return [Signal("repeat", f"近{rules.window.days}日{recent}件中{repeats}件为重复来电")]


def _late(late: int) -> list[Signal]:
    return [Signal("late", f"{late}件工单逾期未反馈")] if late else []


def _target(project: Project, on: date, ahead: timedelta) -> list[Signal]:
    target = project.target_on
    if target is None or target > on + 3 * ahead:
        return []
    said = "已过" if target < on else "临近"
    return [Signal("target", f"计划清零日期{target}{said}，尚未清零")]


def _shutting(projects: Collection[int], on: date, ahead: timedelta) -> dict[int, list[str]]:
    """The gates that shut again when a relief ends within the days ahead, by project."""
    numbers = {
        blocker.pk: blocker
        for blocker in Blocker.objects.filter(
            project_id__in=list(projects), resolved_on__isnull=True, withdrawn_reason=""
        )
    }
    shutting: dict[int, list[str]] = defaultdict(list)
    for project, reliefs in ports.reliefs(projects).items():
        for relief in reliefs:
            blocker = numbers.get(relief.blocker_id)
            if blocker is not None and relief.ends is not None and relief.is_in_force(on) and relief.ends <= on + ahead:
                shutting[project].append(f"{relief.label}{relief.ends}到期，到期后堵点{blocker.number}恢复限制")
    return shutting


@dataclass(frozen=True)
class Foresight:
    """How often the ledger knew a home's blocker before its first call, and for how long."""

    homes: int
    known_before: int
    lead_days: int | None
    without_home: int

    @property
    def share(self) -> str:
        """The share of homes as printed; — without any."""
        return rate_text(self.known_before, self.homes)


def foresight(actor: Actor, *, on: date) -> Foresight:
    """Return the share of homes whose blocker stood in the ledger before their first ticket, and the median lead.

    Of tickets matched to a home; those matched no further than a building or project are counted apart. Two queries,
    five more for each project with such homes.
    """
    ours = Ticket.objects.visible_to(actor).filter(project__isnull=False, matter=Matter.OURS).exclude(state__in=LEFT)
    ours = ours.filter(received_at__lt=midnight_before(on + timedelta(days=1)))
    first: dict[int, tuple[int, datetime]] = {}
    for unit, project, at in (
        ours.filter(unit__isnull=False)
        .order_by("received_at", "id")
        .values_list("unit_id", "project_id", "received_at")
    ):
        first.setdefault(unit, (project, at))
    leads: list[int] = []
    for project in {project for project, _ in first.values()}:
        homes = {unit: at for unit, (own, at) in first.items() if own == project}
        leads += _leads(project, homes)
    return Foresight(
        homes=len(first),
        known_before=len(leads),
        lead_days=int(median(leads)) if leads else None,
        without_home=ours.filter(unit__isnull=True).count(),
    )


def _leads(project: int, homes: dict[int, datetime]) -> list[int]:
    """For each home whose blocker was known before its first call: for how many days at the longest."""
    columns = columns_of(project)
    known: dict[int, datetime] = {}
    versions = BlockerVersion.objects.filter(blocker__project=project, blocker__withdrawn_reason="")
    for version in versions.select_related("blocker").order_by("blocker__recorded_at", "id"):
        scope = Scope.from_data(version.scope)
        for building in columns:
            for unit in building.units_of(scope.mask(building)):
                known.setdefault(unit, version.blocker.recorded_at)
    return [
        (shanghai_day(at) - shanghai_day(known[unit])).days
        for unit, at in homes.items()
        if unit in known and known[unit] < at
    ]
