"""Who sees a project because it has work there: every act that gives work gives sight of it."""

from typing import Final

from projects.ledger.models import Participation, Project
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.errors import Refused
from registry.store.acts import current_act, within_act

DISTRICT_DIGITS: Final = 6
PARTICIPANTS: Final = (  # those who see by taking part; others see by their area or their own projects
    OrganisationKind.DEPARTMENT,
    OrganisationKind.REGISTRATION_CENTRE,
    OrganisationKind.TAX,
    OrganisationKind.COURT,
    OrganisationKind.GOVERNMENT,
)


@within_act
def take_part(project: Project, organisation: Organisation) -> bool:
    """Let an organisation that is given work take part in the project, so that it sees it; True if new.

    Refused: an organ of another district, which would not see the project even so.
    """
    if organisation.kind not in PARTICIPANTS:
        return False
    area = organisation.area_code[:DISTRICT_DIGITS]
    if len(area) == DISTRICT_DIGITS and area != project.district_code:
        raise Refused(
            f"{organisation}不属于{project.district_name}，看不到{project.name}，不能交给它办。请选本区或市级的单位。",
            code="other_district",
        )
    _, is_new = Participation.objects.get_or_create(
        project=project, organisation=organisation, defaults={"act_id": current_act().id}
    )
    return bool(is_new)


@within_act
def give_sight(organisation: Organisation, project_key: int) -> None:
    """Let whoever has something of a project laid on its desk see the project. One query, two more for a new one."""
    if organisation.kind not in PARTICIPANTS:
        return
    if not Participation.objects.filter(project_id=project_key, organisation=organisation).exists():
        take_part(Project.objects.get(pk=project_key), organisation)
