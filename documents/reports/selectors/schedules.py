"""Reading schedules: those of one's organisation, what was laid before one, which run is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from documents.reports.layouts import LEDGER
from documents.reports.models import ReportSchedule, ScheduleDelivery, ScheduleRun
from projects.ledger.models import Project
from registry.accounts.models import Assignment, Person
from registry.accounts.selectors import actor_of
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import NotFound
from registry.kernel.periods import DAY
from registry.kernel.recurrence import Recurrence
from registry.store.clock import SHANGHAI
from registry.store.root import visible_projects

READERS: Final = [role.value for role in Role if Permission.REPORT_READ in role.permissions]
SHOWN_RUNS: Final = 24
KEPT_FILES: Final = 12  # of the newest runs of a schedule
MOST_FAILURES: Final = 3  # in a row, after which a schedule is switched off
OUT_OF_REACH: Final = "不能看到其中全部项目"
NO_ROLE: Final = "账号已停用，或没有可查看报表的职责"


def schedules_of(actor: Actor) -> "QuerySet[ReportSchedule]":
    """Return the schedules of the actor's organisation, the newest first."""
    own: QuerySet[ReportSchedule] = ReportSchedule.objects.filter(organisation_id=actor.organisation_id or 0)
    return own.select_related("owner", "organisation").order_by("-id")


def schedule_by_id(actor: Actor, pk: int) -> ReportSchedule:
    """Find a schedule of the actor's organisation. One query."""
    schedule = schedules_of(actor).filter(pk=pk).first()
    if schedule is None:
        raise NotFound("未找到这份定期报表，或不是本单位的。请在列表中核对。")
    return schedule


def is_owner(actor: Actor, schedule: ReportSchedule) -> bool:
    """Whether a schedule runs in the actor's own right, as they act now. No query."""
    return (schedule.owner_id, schedule.owner_role) == (actor.person_id, actor.role.value)


def runs_of(schedule: ReportSchedule) -> list[ScheduleRun]:
    """Return the newest runs of a schedule with before whom they were laid. Two queries."""
    runs = schedule.runs.order_by("-due_at").prefetch_related("deliveries__person")
    return list(runs[:SHOWN_RUNS])


def run_by_id(actor: Actor, pk: int) -> ScheduleRun:
    """Find a run of the actor's organisation, or one that was laid before the actor. One query."""
    laid = ScheduleDelivery.objects.filter(run=OuterRef("pk"), person=actor.person_id or 0, kept_back="")
    seen = Q(schedule__organisation=actor.organisation_id or 0) | Q(Exists(laid))
    run: ScheduleRun | None = (
        ScheduleRun.objects.filter(seen, pk=pk).select_related("schedule__owner", "schedule__organisation").first()
    )
    if run is None:
        raise NotFound("未找到这次生成的报表，或没有送给您。请在待办或定期报表中核对。")
    return run


def laid_before(actor: Actor) -> list[ScheduleDelivery]:
    """Return what schedules laid before the actor, the newest first. One query."""
    rows = ScheduleDelivery.objects.filter(person=actor.person_id or 0, kept_back="").select_related("run__schedule")
    return list(rows.order_by("-run__due_at")[:SHOWN_RUNS])


def names_of(keys: Iterable[int]) -> list[str]:
    """Return the names of people by key. One query."""
    return list(Person.objects.filter(pk__in=list(keys)).order_by("pk").values_list("name", flat=True))


def recipients_for(actor: Actor, on: date) -> list[tuple[int, str]]:
    """Return who of the actor's reach may read reports: key and name with organisation. One query."""
    held = Assignment.objects.in_force(on).visible_to(actor).filter(role__in=READERS, person__is_active=True)
    rows = held.exclude(person=actor.person_id or 0).select_related("person", "organisation").order_by("person_id")
    return list({row.person_id: f"{row.person}（{row.organisation}）" for row in rows}.items())


def column_choices() -> list[tuple[str, str]]:
    """Return the columns of the sheet of projects that may be chosen or left out. No query."""
    return [(column.name, column.header) for column in LEDGER.columns if column.name not in ("code", "name")]


def columns_in_words(names: Sequence[str]) -> str:
    """Say which columns of the projects a recipient is given."""
    said = [label for name, label in column_choices() if name in names]
    return "、".join(["编号", "项目名称", *said]) if said else "按标准版式，另附全部栏目"


@dataclass(frozen=True)
class Reach:
    """Why a person is not given what tells of some projects; nothing where they may have it."""

    person: Person
    kept_back: str


def reaches(people: Iterable[int], projects: Sequence[int], *, on: date) -> list[Reach]:
    """Return for each person whether they see every one of some projects, in any of their roles. A few queries each."""
    held: dict[int, list[Assignment]] = {}
    rows = Assignment.objects.in_force(on).filter(person__in=list(people), person__is_active=True, role__in=READERS)
    for row in rows.select_related("person", "organisation"):
        held.setdefault(row.person_id, []).append(row)
    return [
        Reach(person, _kept_back(held.get(person.pk, ()), projects, on))
        for person in Person.objects.filter(pk__in=list(people)).order_by("pk")
    ]


def _kept_back(held: Sequence[Assignment], projects: Sequence[int], on: date) -> str:
    if not held:
        return NO_ROLE
    whole = set(projects)
    sees = any(visible_projects(actor_of(row, on=on), whole) == whole for row in held)
    return "" if sees else OUT_OF_REACH


def project_keys(codes: Iterable[str]) -> list[int]:
    """Return the keys of projects by number, in order. One query."""
    return sorted(Project.objects.filter(code__in=list(codes)).values_list("id", flat=True))


def due_moment(schedule: ReportSchedule, now: datetime) -> datetime | None:
    """Return the moment at which a schedule fell due last, if that is since it stands as it does. No query."""
    if not schedule.rule:
        return None
    day = Recurrence.parse(schedule.rule).latest(_day_begun(schedule, now), since=schedule.starts_on)
    moment = _moment_on(schedule, day)
    return moment if moment is not None and moment >= schedule.since_at else None


def next_moment(schedule: ReportSchedule, now: datetime) -> datetime | None:
    """Return the moment at which a schedule falls due next. No query."""
    if not schedule.rule or schedule.state != "on":
        return None
    day = Recurrence.parse(schedule.rule).next_after(_day_begun(schedule, now), since=schedule.starts_on)
    return _moment_on(schedule, day)


def _day_begun(schedule: ReportSchedule, now: datetime) -> date:
    """Return the last day on which the hour of a schedule has come."""
    local = now.astimezone(SHANGHAI)
    return local.date() if local.hour >= schedule.hour else local.date() - DAY


def _moment_on(schedule: ReportSchedule, day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(schedule.hour), SHANGHAI)


def path_of(run: ScheduleRun) -> Path:
    """Return the place of a run's sealed file."""
    return Path(settings.FILES_DIR) / "schedules" / place_of(run.schedule_id, run.due_at)


def place_of(schedule: int, due_at: datetime) -> str:
    """Return the name under which the file of a run lies, by which it is sealed too."""
    return f"{schedule}-{due_at.astimezone(SHANGHAI):%Y%m%d%H%M%S}"
