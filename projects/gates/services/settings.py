"""What follows from a district's settings for gates: the figures of the projects that have such places."""

from projects.gates.choices import PLACE_USES
from projects.gates.services.readiness import refresh_readiness
from projects.ledger.locks import lock_projects
from projects.ledger.models import Unit
from registry.kernel.days import StartDay
from registry.store.acts import within_act


@within_act
def follow_register_setting(*, name: str, area_code: str, since: StartDay) -> None:
    """Count anew, from the day on which a setting holds, the projects of a district with parking or storage places."""
    concerned = Unit.objects.filter(building__project__district_code=area_code, use__in=PLACE_USES)
    keys = sorted(set(concerned.values_list("building__project_id", flat=True)))
    if keys:
        lock_projects(*keys)
        refresh_readiness(keys, since=since)
