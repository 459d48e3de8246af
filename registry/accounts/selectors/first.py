"""How far an installation has come with its organisations and people. One query each."""

from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Approval, Area, Assignment, Organisation, Person, Setting
from registry.kernel.authority import Role

ADMINS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
GRANTS = ("assignment.grant", "assignment.list")


def has_admins() -> bool:
    """Whether anybody was ever made an administrator: before that nobody can sign in."""
    return Assignment.objects.filter(role__in=ADMINS).exists()


def has_organisations() -> bool:
    """Whether an organisation beside that of the administrators is registered."""
    return Organisation.objects.exclude(kind=OrganisationKind.OPERATIONS).exists()


def has_areas() -> bool:
    """Whether the city has loaded its districts and townships."""
    return Area.objects.exists()


def has_accounts() -> bool:
    """Whether somebody has an account beside the administrators."""
    return Person.objects.exclude(organisation__kind=OrganisationKind.OPERATIONS).exists()


def has_proposed_roles() -> bool:
    """Whether a role was proposed for somebody, or stands."""
    return Approval.objects.filter(kind__in=GRANTS).exists() or has_granted_roles()


def has_granted_roles() -> bool:
    """Whether somebody beside the administrators has a role."""
    return Assignment.objects.exclude(role__in=ADMINS).exists()


def has_settings() -> bool:
    """Whether the city has set anything for itself: its name, its prefix, a day."""
    return Setting.objects.exists()


def has_organisations_of_districts() -> bool:
    """Whether an organisation of a district or township is registered."""
    return Organisation.objects.exclude(area_code="").exclude(kind=OrganisationKind.DEVELOPER).exists()


def has_people_of_districts() -> bool:
    """Whether somebody of a district or township has a role."""
    return Assignment.objects.exclude(organisation__area_code="").exclude(role=Role.DEVELOPER).exists()
