"""A legacy project: where it lies, who built it, who takes part in settling it, by what names it is known."""

from django.db import models

from projects.ledger.choices import HOUSING_TYPES, AliasKind, ApplicantKind, DeveloperCondition, ProjectStatus
from registry.accounts.models import Organisation
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class Developer(GuardedModel):
    """A development firm, living or vanished. Not a tenant row: its name is public knowledge."""

    name = models.CharField("名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    licence_no = models.CharField("原注册号", max_length=20, blank=True)
    condition = models.CharField("存续状况", max_length=20, choices=DeveloperCondition, default="operating")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="developers")
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    succeeded_on = models.DateField("承继日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~models.Q(credit_code=""), name="credit_code_once_when_known"
            ),
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True, succeeded_on__isnull=True)
                | models.Q(successor__isnull=False, succeeded_on__isnull=False),
                name="successor_and_date_go_together",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Project(TenantModel):
    """One line of the city's ledger."""

    scope_path = ""

    code = models.CharField("项目编号", max_length=20, unique=True)
    name = models.CharField("项目名称", max_length=80)
    initials = models.CharField("拼音首字母", max_length=80, blank=True, db_index=True)
    district_code = models.CharField("区", max_length=6)
    district_name = models.CharField("区名", max_length=20)
    township_code = models.CharField("街道、乡镇", max_length=9)
    township_name = models.CharField("街乡名", max_length=40)
    location = models.CharField("坐落", max_length=120, blank=True)
    housing_type = models.CharField("房屋类型", max_length=20, choices=HOUSING_TYPES)
    programme = models.CharField("专项", max_length=40, blank=True)
    batch = models.CharField("批次", max_length=40, blank=True)
    status = models.CharField("状态", max_length=20, choices=ProjectStatus, default=ProjectStatus.TAKEN_IN)
    developer = models.ForeignKey(Developer, on_delete=models.PROTECT, null=True, related_name="projects")
    occupied_from = models.PositiveSmallIntegerField("入住年份自", null=True)
    occupied_to = models.PositiveSmallIntegerField("入住年份至", null=True)
    leader = models.CharField("责任领导", max_length=40, blank=True)
    officer = models.CharField("责任人", max_length=40, blank=True)
    target_on = models.DateField("计划清零日期", null=True)
    plan = models.TextField("一项目一策", blank=True)
    primary_issue = models.CharField("主要问题", max_length=4, blank=True, help_text="blocker type code, for totals")
    sold_on = models.DateField("建成售出日期", null=True, help_text="the last day by which it was built and sold")
    taken_in_on = models.DateField("纳入日期")
    closed_on = models.DateField("销号日期", null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="absorbed")
    act_id = models.BigIntegerField(help_text="the act that took it in")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(occupied_from__isnull=True)
                | models.Q(occupied_to__isnull=True)
                | models.Q(occupied_to__gte=models.F("occupied_from")),
                name="project_occupied_to_not_before_from",
            ),
        ]
        indexes = [
            models.Index(fields=["district_code", "code"], name="project_by_district"),
            models.Index(fields=["township_code", "code"], name="project_by_township"),
            models.Index(fields=["status", "code"], name="project_by_status"),
        ]

    def __str__(self) -> str:
        return self.name


DATED = (
    "status", "primary_issue", "name", "district_code", "district_name", "township_code", "township_name",
    "housing_type", "developer_id", "officer", "target_on", "closed_on", "merged_into_id",
)  # fmt: skip


class ProjectVersion(TenantModel):
    """What a project was from a day on, as far as rules, figures and reports read it. Never overwritten.

    The last of a day holds; the last of all repeats the project itself (check_ledger proves it).
    """

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="versions")
    status = models.CharField(max_length=20, choices=ProjectStatus)
    primary_issue = models.CharField(max_length=4, blank=True)
    name = models.CharField(max_length=80, blank=True)
    district_code = models.CharField(max_length=6, blank=True)
    district_name = models.CharField(max_length=20, blank=True)
    township_code = models.CharField(max_length=9, blank=True)
    township_name = models.CharField(max_length=40, blank=True)
    housing_type = models.CharField(max_length=20, blank=True, choices=HOUSING_TYPES)
    developer = models.ForeignKey(Developer, on_delete=models.PROTECT, null=True, related_name="+")
    officer = models.CharField(max_length=40, blank=True)
    target_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    merged_into = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["project", "effective_on", "recorded_at"], name="project_version_by_date")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.effective_on}"


class Alias(TenantModel):
    """Another name of a project; every old number still resolves."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="aliases")
    kind = models.CharField("类别", max_length=20, choices=AliasKind)
    text = models.CharField("名称", max_length=120)
    initials = models.CharField(max_length=120, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "text"], name="alias_once_per_project_and_kind")
        ]
        indexes = [models.Index(fields=["text"], name="alias_by_text")]

    def __str__(self) -> str:
        return self.text


class Applicant(TenantModel):
    """Who applies for a project in its developer's place from a day on, on what basis. The last one stands."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="applicants")
    kind = models.CharField("类别", max_length=12, choices=ApplicantKind)
    name = models.CharField("名称", max_length=120)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    basis = models.CharField("依据", max_length=200)
    effective_on = models.DateField("自")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "effective_on"], name="one_applicant_per_project_and_day")
        ]

    def __str__(self) -> str:
        return self.name


class NoteKind(models.TextChoices):
    PROGRESS = "progress", "本月进展"
    NEXT = "next", "下步措施"


class ProgressNote(TenantModel):
    """A dated note of a month: progress made, measures next; the monthly report prints the last of each."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="notes")
    written_in = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, related_name="+", help_text="if a merge moved it since"
    )
    kind = models.CharField(max_length=10, choices=NoteKind)
    text = models.TextField("内容")
    noted_on = models.DateField()
    organisation_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["project", "kind", "-noted_on"], name="note_by_project_and_day")]

    def __str__(self) -> str:
        return self.text[:40]
