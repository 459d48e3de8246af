"""Gate steps, blockers with scope, pauses, and the readiness that follows from them."""

from django.db import models

from projects.ledger.choices import HOUSING_TYPES, USES, labelled
from projects.ledger.models import Building, Project, Unit
from registry.accounts.models import Organisation
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.gates.table import shut_words
from registry.kernel.stages import Part
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class LiftKind(models.TextChoices):
    LETTER = "Y", "可凭政府承诺解除"
    CONDITIONAL = "C", "可凭附条件的政府承诺解除"
    DECISION = "D", "可凭主管机关决定解除"
    APPLICANT = "A", "可凭指定申请人解除"
    NOTHING = "N", "只能实际办结"


OWN_LIMIT = "内部时限"  # no law says within how many days a hindrance is resolved: what staff set is theirs


class BlockerType(GuardedModel):
    """Reference data: a kind of blocking issue, the gate it shuts, who leads, and what may lift it."""

    code = models.CharField("编码", max_length=4, unique=True)
    head = models.CharField("大类", max_length=20)
    label = models.CharField("小类", max_length=60)
    gate = models.CharField("受阻环节", max_length=30, choices=labelled(Gate))
    level = models.CharField("默认范围", max_length=2, help_text="P project, B building, U unit")
    lead = models.CharField("牵头", max_length=60, blank=True)
    support = models.CharField("配合", max_length=80, blank=True)
    paths = models.CharField("化解路径", max_length=200, blank=True)
    lift = models.CharField("解除方式", max_length=1, choices=LiftKind)
    condition = models.CharField("条件", max_length=120, blank=True)
    decision = models.CharField(
        "可据以解除的决定", max_length=40, blank=True, help_text="instrument kind that lifts a D type"
    )
    limit_days = models.PositiveSmallIntegerField("办理时限（工作日）", default=30)
    limit_basis = models.CharField("时限依据", max_length=60, default=OWN_LIMIT)
    is_active = models.BooleanField("在用", default=True)

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def gate_words(self) -> str:
        """The gates that it shuts, by their labels: a seizure and a dispute shut two."""
        return shut_words(self.code, Gate(self.gate))


class GatePlan(GuardedModel):
    """Reference data: the building gates that a housing type needs, from a day on."""

    housing_type = models.CharField(max_length=20, choices=HOUSING_TYPES)
    gates = models.JSONField(default=list)
    effective_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["housing_type", "effective_on"], name="gate_plan_once_per_day")]

    def __str__(self) -> str:
        return f"{self.housing_type} {self.effective_on}"


class GatePlanChange(GuardedModel):
    """A plan of gates stated, or stated otherwise; `was` null: it was not stated before. What was known when."""

    plan = models.ForeignKey(GatePlan, on_delete=models.PROTECT, related_name="changes")
    was = models.JSONField(null=True)
    gates = models.JSONField()
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.plan_id} {self.recorded_at}"


class BasisDocument(TenantModel):
    """A paper of an organ on which steps rest: one document makes many steps."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="basis_documents")
    number = models.CharField("文号", max_length=80)
    title = models.CharField("名称", max_length=120, blank=True)
    organ = models.CharField("机关", max_length=80)
    issued_on = models.DateField("日期")
    attachment_key = models.BigIntegerField(null=True, help_text="soft reference: web.Attachment")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.number


class GateStep(TenantModel):
    """A gate made for a scope: the project, a building, or a part of a building. Stands until revoked."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="steps")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="steps")
    part = models.CharField(max_length=14, blank=True, choices=labelled(Part))
    gate = models.CharField(max_length=30, choices=labelled(Gate))
    status = models.CharField(max_length=16, choices=labelled(StepStatus))
    document = models.ForeignKey(BasisDocument, on_delete=models.PROTECT, null=True, related_name="steps")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    revoked_on = models.DateField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    revoked_act_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part="") | models.Q(building__isnull=False), name="part_needs_a_building"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_on__isnull=True, revoked_act_id__isnull=True)
                | models.Q(revoked_on__isnull=False, revoked_act_id__isnull=False),
                name="step_revoked_on_and_by_go_together",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_on__isnull=True) | models.Q(revoked_on__gte=models.F("effective_on")),
                name="step_revoked_after_it_was_made",
            ),
        ]
        indexes = [models.Index(fields=["project", "gate"], name="step_by_project_and_gate")]

    def __str__(self) -> str:
        return f"{Gate(self.gate).label} {self.get_status_display()}"


class StepLeftOut(TenantModel):
    """A unit that a step left out by name, because it was not passable when the step was recorded."""

    scope_path = "step__project"

    step = models.ForeignKey(GateStep, on_delete=models.PROTECT, related_name="left_out")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="left_out_of")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "unit"], name="unit_left_out_once")]

    def __str__(self) -> str:
        return f"{self.step_id} {self.unit_id}"


class Blocker(TenantModel):
    """A reason that shuts one gate for some units. Scope and at-fault part are dated versions."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="blockers")
    raised_in = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, related_name="+", help_text="if a merge or a split moved it since"
    )
    number = models.CharField("编号", max_length=20, unique=True)
    type = models.ForeignKey(BlockerType, on_delete=models.PROTECT, related_name="blockers")
    gate = models.CharField("受阻环节", max_length=30, choices=labelled(Gate))
    title = models.CharField("事由", max_length=120)
    cause = models.TextField("成因", blank=True)
    public_text = models.CharField("对外说明", max_length=300, blank=True)
    responsible = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="blockers")
    found_on = models.DateField("发现日期")
    resolved_on = models.DateField("解决日期", null=True)
    resolution = models.CharField("解决依据", max_length=300, blank=True)
    withdrawn_reason = models.CharField("撤销原因", max_length=300, blank=True)
    condition_met = models.CharField("条件已满足的依据", max_length=300, blank=True)
    units_caught = models.PositiveIntegerField("涉及户数", default=0)
    units_at_fault = models.PositiveIntegerField("过错户数", default=0)
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="copies", help_text="split off: its reliefs hold here"
    )
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()
    resolved_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_on__isnull=True) | models.Q(resolved_on__gte=models.F("found_on")),
                name="blocker_resolved_not_before_found",
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_on__isnull=True, resolved_act_id__isnull=True)
                | models.Q(resolved_on__isnull=False, resolved_act_id__isnull=False),
                name="blocker_resolved_on_and_by_go_together",
            ),
        ]
        indexes = [models.Index(fields=["project", "resolved_on"], name="blocker_by_project")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def gate_words(self) -> str:
        """The gates that it shuts, by their labels: a seizure and a dispute shut two. Its type is at hand, or read."""
        return shut_words(self.type.code, Gate(self.gate))


class VersionKind(models.TextChoices):
    RAISED = "raised", "登记"
    WIDENED = "widened", "扩大"
    NARROWED = "narrowed", "缩小"
    CHANGED = "changed", "调整"
    RESOLVED = "resolved", "解决"
    REOPENED = "reopened", "重新打开"


class BlockerVersion(TenantModel):
    """The scope of a blocker from a day on: the units it catches, and those of them that are at fault.

    A resolved blocker that is reopened has an empty version in between: it caught nobody then.
    """

    scope_path = "blocker__project"

    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="versions")
    scope = models.JSONField("范围")
    at_fault = models.JSONField("过错范围")
    kind = models.CharField("变动", max_length=10, choices=VersionKind, default=VersionKind.RAISED)
    reason = models.CharField("原因", max_length=300, blank=True)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["blocker", "effective_on"], name="blocker_version_by_day")]

    def __str__(self) -> str:
        return f"{self.blocker_id} {self.effective_on}"


class ConditionCheck(TenantModel):
    """A recorded check that the condition of a C type is met: its text then, the paper, the day, who checked."""

    scope_path = "blocker__project"

    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="checks")
    condition = models.CharField("条件", max_length=120)
    document = models.CharField("依据", max_length=120)
    finding = models.CharField("核查情况", max_length=300, blank=True)
    checked_on = models.DateField("核查日期")
    checked_by = models.CharField("核查人", max_length=120)
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.condition} {self.checked_on}"


class WatchedUnit(TenantModel):
    """A home that was accepted or issued before a fault was found: it runs on, and is watched."""

    scope_path = "blocker__project"

    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="watched")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="watched_for")
    stage = models.CharField("列入时阶段", max_length=12)
    stage_on = models.DateField("到达日期", null=True)
    is_at_fault = models.BooleanField("在过错范围内", default=False)
    listed_on = models.DateField("列入日期")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blocker", "unit"], name="unit_watched_once_for_a_blocker")]

    def __str__(self) -> str:
        return f"{self.blocker_id} {self.unit_id}"


class Pause(TenantModel):
    """An organ stops new acceptances for a scope, on a basis, approved by a second person."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="pauses")
    scope = models.JSONField("范围")
    organ = models.CharField("机关", max_length=80)
    basis = models.CharField("依据", max_length=200)
    reason = models.CharField("原因", max_length=200)
    starts = models.DateField("自")
    ends = models.DateField("至", null=True)
    recorded_at = models.DateTimeField()
    ended_act_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="pause_ends_not_before_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class ReadinessSpan(TenantModel):
    """How many units of a building and use bear a figure from a day on, as known in a span of time.

    Figures: cleared, ready, registered (first registration passed). `known_to` null = known now.
    """

    scope_path = "building__project"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="readiness")
    use = models.CharField(max_length=12, choices=USES)
    figure = models.CharField(max_length=24)
    from_on = models.DateField()
    count = models.PositiveIntegerField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["building", "use", "figure", "from_on"],
                condition=models.Q(known_to__isnull=True),
                name="span_known_once",
            )
        ]
        indexes = [models.Index(fields=["building", "figure", "from_on"], name="span_by_building")]

    def __str__(self) -> str:
        return f"{self.building_id} {self.figure} {self.from_on} {self.count}"


class ChainMarks(TenantModel):
    """The gate marks of one part of a building from a day on: one character a gate, in the order of the gate table."""

    scope_path = "building__project"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="chain_marks")
    part = models.CharField(max_length=14, choices=labelled(Part))
    marks = models.CharField(max_length=20)
    from_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "part", "from_on"], name="marks_once_per_day")]

    def __str__(self) -> str:
        return f"{self.building_id} {self.part} {self.marks}"
