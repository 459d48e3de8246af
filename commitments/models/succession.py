"""Who takes over the work of a developer that is gone: liquidator, street, state company; from a day on."""

from django.db import models

from projects.ledger.models import Developer, Project
from registry.accounts.models import Organisation
from registry.store.scoping import TenantModel


class SuccessorKind(models.TextChoices):
    LIQUIDATOR = "liquidator", "清算组、管理人"
    STREET = "street", "属地乡镇、街道"
    STATE_COMPANY = "state_company", "国有企业"
    AGENCY = "agency", "政府指定单位"


class Succession(TenantModel):
    """From a day on an organisation works on a project in the place of another, on a stated basis.

    The names are kept as they were on that day. `cut` counts the people whose assignments ended, `promises` the
    obligations that another performs now; what was done before stays under the former name.
    """

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="successions")
    kind = models.CharField("承接方类型", max_length=16, choices=SuccessorKind)
    former = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    former_name = models.CharField("原单位", max_length=120)
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    successor_name = models.CharField("承接单位", max_length=120)
    developer = models.ForeignKey(Developer, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField("依据", max_length=120)
    effective_on = models.DateField("承接日期")
    cut = models.PositiveSmallIntegerField("结束授权（人）", default=0)
    promises = models.PositiveSmallIntegerField("改由其整改的承诺事项（项）", default=0)
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(former=models.F("successor")), name="succession_goes_to_another_organisation"
            ),
            models.UniqueConstraint(
                fields=["project", "former"], name="an_organisation_is_succeeded_once_in_a_project"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former_name}→{self.successor_name}"
