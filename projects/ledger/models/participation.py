"""Who takes part in settling a project, from which day, and as known since when."""

from django.db import models

from projects.ledger.models.project import Project
from registry.accounts.models import Organisation
from registry.store.scoping import TenantModel


class Participation(TenantModel):
    """An organisation is named into a project, or out of it, from a day on. The last word stands, none is overwritten.

    Who is named in neither way takes part by the rule of its kind and area (`accounts.SightRule`). A row from before
    the days were kept has none: it stands from the beginning.
    """

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    takes_part = models.BooleanField("参与", default=True)
    effective_on = models.DateField("自", null=True)
    recorded_at = models.DateTimeField(null=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation", "act_id"], name="participation_named_once_in_an_act"
            )
        ]
        indexes = [models.Index(fields=["organisation", "project", "effective_on", "id"], name="participation_by_day")]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.project_id}"
