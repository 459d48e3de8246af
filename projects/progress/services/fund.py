"""The track of the maintenance fund, opened for units whose use begins to pay after they were taken in."""

from datetime import date

from django.db.models import QuerySet

from projects.ledger.choices import FUND_OF_USE, MoveKind
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Project, Unit
from projects.ledger.selectors.fund import fund_rule
from projects.ledger.services.books import NewMove, post
from projects.progress.services.advance import account_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.days import StartDay
from registry.kernel.errors import DomainError
from registry.kernel.stages import STAGES, Standing, Track, Use, at_or_beyond
from registry.store.acts import Row, after_act, current_act, within_act, write

FUND_ACTOR = "维修资金设置"
PAST_PAYING = at_or_beyond(Track.CERTIFICATE, "recorded")  # what is registered pays nothing before 登簿 any more


def without_fund(on: date) -> list[int]:
    """List the projects with units that pay into the fund on a day and have no track for it. A query per district."""
    projects: set[int] = set()
    for district in Project.objects.order_by().values_list("district_code", flat=True).distinct():
        uses = fund_rule(district).uses(on)
        units = _trackless(uses).filter(building__project__district_code=district)
        projects.update(units.values_list("building__project_id", flat=True).distinct())
    return sorted(projects)


def _trackless(uses: frozenset[Use]) -> "QuerySet[Unit]":
    units: QuerySet[Unit] = Unit.objects.filter(fund="", use__in=[use.value for use in uses])
    return units.exclude(certificate__in=("", *PAST_PAYING)).exclude(standing=Standing.EXCLUDED.value)


@write(Permission.UNIT_PLACE, on="project")
def open_fund_tracks(*, actor: Actor, project: Project) -> int:
    """Open the fund's track, unpaid, for units whose use pays from today on and that have none.

    Done by rule: on the day from which a setting holds, and every night. Refused: there are none.
    """
    current = lock_project(project.pk)
    act = current_act()
    uses = fund_rule(current.district_code).uses(act.today)
    keys = list(_trackless(uses).filter(building__project=current).values_list("id", flat=True))
    if not keys:
        raise DomainError("没有需要开设维修资金台账的户。", code="nothing_to_open")
    first = STAGES[Track.FUND][0].code
    units = [unit for unit in lock_units(current, keys) if not unit.fund]
    moves = []
    for unit in units:
        unit.fund = first
        moves.append(NewMove(unit.id, Track.FUND, MoveKind.OPENING, None, account_of(unit, Track.FUND), act.today))
    post(moves)
    Unit.objects.bulk_update(units, ["fund"], batch_size=200)

    record(
        event="units.fund_opened",
        subject=current,
        chain=current.id,
        facts={"count": len(units), "on": act.today},
        rows=[Row.of("ledger_unit", unit.id, before={"fund": ""}, after={"fund": first}) for unit in units],
    )
    return len(units)


@within_act
def follow_fund_setting(*, name: str, area_code: str, since: StartDay) -> None:
    """Open the tracks of a district at once if its setting holds from today on; else the night of that day does."""
    today = current_act().today
    if since > today:
        return
    uses = frozenset(use for use, setting in FUND_OF_USE.items() if setting == name)

    def answer() -> None:
        units = _trackless(uses & fund_rule(area_code).uses(today)).filter(building__project__district_code=area_code)
        keys = set(units.values_list("building__project_id", flat=True))
        for project in Project.objects.filter(pk__in=keys).order_by("id"):
            open_fund_tracks(actor=system_actor(FUND_ACTOR), project=project)

    after_act(answer)
