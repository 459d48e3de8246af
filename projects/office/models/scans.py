"""Codes scanned at the counter: each is kept with what became of it, so that none is lost."""

from django.db import models

from projects.ledger.models import Project
from projects.office.choices import ScanOutcome
from projects.office.models.visits import Visit
from registry.accounts.models import Person
from registry.store.scoping import TenantModel


class Scan(TenantModel):
    """One code scanned at the counter of a project. `visit` is what it stands for, if it is one of this project's."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="scans")
    code = models.CharField("码", max_length=64)
    outcome = models.CharField("结果", max_length=8, choices=ScanOutcome)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="scans")
    scanned_at = models.DateTimeField("扫码时间")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["found", "again"], visit__isnull=False)
                | (~models.Q(outcome__in=["found", "again"]) & models.Q(visit__isnull=True)),
                name="a_scan_that_is_ours_has_its_visit",
            ),
        ]
        indexes = [models.Index(fields=["person", "scanned_at"], name="scan_by_person")]

    def __str__(self) -> str:
        return f"{self.code} {self.outcome}"
