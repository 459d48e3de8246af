"""Reading successions: who works in whose place, and whom one may name."""

from django.db.models import Q, QuerySet

from commitments.models import Succession
from projects.ledger.models import Project
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Assignment, Organisation


def successions_of(project: Project) -> list[Succession]:
    """List the successions of a project, the last first. One query."""
    return list(
        Succession.objects.filter(project=project)
        .select_related("former", "successor")
        .order_by("-effective_on", "-id")
    )


def formers_of(project: Project) -> "QuerySet[Organisation]":
    """Return the organisations that have staff on a project or are its developer. No query yet."""
    staff = Assignment.objects.filter(project_key=project.pk).values("organisation_id")
    firm = project.developer.organisation_id if project.developer else None
    gone = Succession.objects.filter(project=project).values("former_id")
    rows: QuerySet[Organisation] = Organisation.objects.filter(Q(pk__in=staff) | Q(pk=firm or 0))
    return rows.exclude(pk__in=gone).order_by("name")


def successors_for(project: Project) -> "QuerySet[Organisation]":
    """Return the organisations that may take over: developers, townships, governments of the district. No query yet."""
    kinds = (OrganisationKind.DEVELOPER, OrganisationKind.TOWNSHIP, OrganisationKind.GOVERNMENT)
    rows: QuerySet[Organisation] = Organisation.objects.filter(
        Q(area_code__startswith=project.district_code) | Q(area_code=""), kind__in=kinds, is_active=True
    )
    return rows.order_by("kind", "name")
