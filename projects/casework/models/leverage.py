"""What resolving blockers would free, as counted over all projects on a day: a snapshot that pages read."""

from django.db import models

from projects.gates.models import Blocker
from projects.ledger.models import Project
from registry.kernel.gates import Gate
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class LeverageRun(GuardedModel):
    """One count over every project with an open blocker; pages read the last one and say its day."""

    as_of = models.DateField("截至")
    recorded_at = models.DateTimeField("计算时间")
    projects = models.PositiveIntegerField("项目数")
    blockers = models.PositiveIntegerField("堵点数")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.as_of}"


class LeverageRow(TenantModel):
    """A set of blockers and what resolving it frees; `place` is its rank in the whole city, from 1."""

    scope_path = "project"

    run = models.ForeignKey(LeverageRun, on_delete=models.PROTECT, related_name="rows")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="leverage")
    place = models.PositiveIntegerField("名次")
    size = models.PositiveSmallIntegerField("堵点数")
    homes = models.PositiveIntegerField("打通住宅（套）")
    others = models.PositiveIntegerField("打通商业、配套等（间）")
    days = models.PositiveIntegerField("已历时（工作日）")
    needs = models.JSONField("尚须化解", default=list)
    together = models.JSONField("一并化解", default=list)
    homes_together = models.PositiveIntegerField("一并化解打通住宅（套）", default=0)
    others_together = models.PositiveIntegerField("一并化解打通商业、配套等（间）", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="leverage_place_once_per_run")]
        indexes = [models.Index(fields=["project", "run", "place"], name="leverage_by_project")]

    def __str__(self) -> str:
        return f"{self.project} {self.place}"

    @property
    def holders(self) -> str:
        """Who has to act, each once; of the members as they were fetched."""
        return "、".join(dict.fromkeys(str(one.blocker.responsible or "未确定") for one in self.members.all()))

    @property
    def is_unit_level(self) -> bool:
        """Whether its blockers stop single units only, and so stand in no building gate; of the members as fetched."""
        return all(Gate(one.blocker.gate).is_unit_level for one in self.members.all())


class LeverageMember(TenantModel):
    """A blocker of a set."""

    scope_path = "row__project"

    row = models.ForeignKey(LeverageRow, on_delete=models.PROTECT, related_name="members")
    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="leverage")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "blocker"], name="leverage_member_once_per_row")]

    def __str__(self) -> str:
        return f"{self.row_id} {self.blocker_id}"
