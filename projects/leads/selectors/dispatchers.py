"""Who dispatches a ticket: whoever was told first answers for it until it lies with an executor (首接负责)."""

from django.db.models import QuerySet

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Role
from registry.kernel.tickets import TicketRefused


def dispatcher_of(actor: Actor, district_code: str) -> Organisation:
    """Return the organisation that has a ticket first: the receiver's own; for the city the district's task force.

    Two queries at most. Refused: nobody is there to dispatch it.
    """
    forces: QuerySet[Organisation] = Organisation.objects.filter(is_active=True)
    if actor.organisation_id is not None and actor.role in (Role.DISTRICT, Role.TOWNSHIP):
        return forces.get(pk=actor.organisation_id)
    of_district = forces.filter(kind=OrganisationKind.DISTRICT_TASK_FORCE, area_code=district_code)
    force = of_district.order_by("code").first() if district_code else None
    if force is None and actor.organisation_id is not None:
        return forces.get(pk=actor.organisation_id)
    force = force or forces.filter(kind=OrganisationKind.CITY_TASK_FORCE).order_by("code").first()
    if force is None:
        raise TicketRefused("没有可以派单的工作专班。请先在“单位”中登记市级专班或区专班。", code="no_dispatcher")
    return force
