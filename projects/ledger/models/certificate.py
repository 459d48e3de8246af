"""Title certificates of units, among them those that a household had before the project was taken in (旧证)."""

from django.db import models

from projects.ledger.models.building import Unit
from registry.store.scoping import TenantModel


class UnitCertificate(TenantModel):
    """A certificate of a unit, by its number; co-owners may have one each. Ends when what brought it is taken back.

    The number of an old one is kept as written. A home with a standing certificate is issued; it counts once.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField("产权证号", max_length=60)
    is_legacy = models.BooleanField("旧证", default=False)
    issued_on = models.DateField("发证日期", null=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_act_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(ended_act_id__isnull=True),
                name="certificate_number_belongs_to_one_unit",
            )
        ]

    def __str__(self) -> str:
        return self.number
