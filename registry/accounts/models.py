"""Who works with the registry: organisations as a tree, people, and what each is assigned to do, and when."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password
from django.db import models

from registry.accounts.choices import ApprovalStatus, OrganisationKind
from registry.accounts.querysets import (
    ApprovalQuerySet,
    AssignmentQuerySet,
    InboxQuerySet,
    OrganisationQuerySet,
    PersonQuerySet,
)
from registry.kernel.authority import Role
from registry.store.guard import GuardedModel


class Organisation(GuardedModel):
    """An organisation, placed by administrative code: "" or two digits city, 6 district, 9 township."""

    code = models.CharField("单位编码", max_length=30, unique=True)
    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=30, choices=OrganisationKind)
    area_code = models.CharField("行政区划代码", max_length=12, blank=True, db_index=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    document_prefix = models.CharField("机关代字", max_length=40, blank=True)
    is_active = models.BooleanField("在用", default=True)

    objects: ClassVar[Any] = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "area_code"], name="organisation_by_kind_and_area")]

    def __str__(self) -> str:
        return self.short_name or self.name


class Person(AbstractBaseUser, GuardedModel):  # type: ignore[django-manager-missing]
    """A person with one account. Rights come from assignments alone."""

    personal_fields = ("name", "phone_masked")

    username = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone_masked = models.CharField("电话", max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="people", verbose_name="所在单位"
    )
    is_active = models.BooleanField("在用", default=True)
    must_change_password = models.BooleanField("须改密码", default=True)
    password_changed_at = models.DateTimeField(null=True)
    session_epoch = models.PositiveIntegerField("会话批次", default=0)
    last_login = None  # type: ignore[assignment]

    objects: ClassVar[Any] = PersonQuerySet.as_manager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Compare and nothing else: the framework's own method would re-hash and save outside the one write path."""
        return check_password(raw_password, self.password)


class Assignment(GuardedModel):
    """A role of a person at an organisation, from one day until another; granted by a second person.

    Half-open: the day of `ends` is no longer in it; one that ends on the day it starts was never in force.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField("角色", max_length=30, choices=[(role.value, role.label) for role in Role])
    project_key = models.BigIntegerField("项目", null=True, blank=True, help_text="soft reference: the ledger is above")
    starts = models.DateField("自")
    ends = models.DateField("至", null=True, blank=True)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="assignment_ends_not_before_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(granted_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(granted_by=models.F("proposed_by")),
                name="assignment_granted_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {Role(self.role).label} {self.organisation}"


class Area(GuardedModel):
    """A district (6 digits) or a township (9) of the city: national code, name, where it was taken from and when."""

    code = models.CharField("行政区划代码", max_length=9, unique=True)
    name = models.CharField("名称", max_length=40)
    source = models.CharField("来源", max_length=120)
    as_of = models.DateField("截至")
    is_active = models.BooleanField("在用", default=True)

    def __str__(self) -> str:
        return self.name


class ApiToken(GuardedModel):
    """By which another platform acts as an organisation, from one day through another. Its text is kept nowhere."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField("对接系统", max_length=60)
    shown = models.CharField("令牌开头", max_length=12)
    digest = models.CharField(max_length=64, unique=True, help_text="keyed: nobody makes it of a guess")
    starts = models.DateField("自")
    ends = models.DateField("至")
    revoked_at = models.DateTimeField("停用时间", null=True)
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="token_ends_not_before_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Setting(GuardedModel):
    """A dated value of a declared setting (`kernel.settings`): proposed by one person, agreed to by another.

    `area_code` is a district's, or empty for the city. Never overwritten; before the first one the default holds.
    """

    name = models.CharField(max_length=60)
    area_code = models.CharField("区代码", max_length=6, blank=True)
    value = models.JSONField("值")
    effective_on = models.DateField("自")
    reason = models.CharField("原因", max_length=200)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="setting_approved_by_a_second_person",
            )
        ]
        indexes = [models.Index(fields=["name", "area_code", "-effective_on"], name="setting_by_name_and_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.area_code} {self.effective_on}"


class Approval(GuardedModel):
    """An act that needs a second person: proposed with all its data, carried out when another agrees."""

    kind = models.CharField(max_length=40, db_index=True)
    title = models.CharField("事项", max_length=200)
    payload = models.JSONField(default=dict)
    reason = models.TextField("理由", blank=True)
    project_key = models.BigIntegerField(null=True, db_index=True)
    area_code = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=12, choices=ApprovalStatus, default=ApprovalStatus.WAITING, db_index=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField("意见", blank=True)
    about = models.CharField(max_length=120, blank=True, help_text="what it is about; empty: from before this was kept")
    seen = models.JSONField(default=list, help_text="what the proposal rests on, as it stood: label and value")

    objects: ClassVar[Any] = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about"],
                condition=models.Q(status="waiting") & ~models.Q(about=""),
                name="approval_waits_once_per_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(status="withdrawn"),
                name="approval_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status="waiting", decided_at__isnull=True)
                | (~models.Q(status="waiting") & models.Q(decided_at__isnull=False)),
                name="approval_decided_at_goes_with_its_status",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InboxItem(GuardedModel):
    """One thing that waits for an organisation (or a person); upper apps write it and close it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="inbox", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inbox", null=True)
    not_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, help_text="the proposer is no second person"
    )
    role = models.CharField(max_length=30, blank=True)
    area_code = models.CharField(max_length=12, blank=True, db_index=True)
    verb = models.CharField("办理事项", max_length=20)
    title = models.CharField("事项", max_length=200)
    link = models.CharField(max_length=200)
    project_key = models.BigIntegerField(null=True)
    project_name = models.CharField(max_length=120, blank=True)
    from_label = models.CharField("来源单位", max_length=80, blank=True)
    due_on = models.DateField("期限", null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, db_index=True)
    source = models.CharField(max_length=60, db_index=True, help_text="table:key that closes it")

    objects: ClassVar[Any] = InboxQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.verb} {self.title}"


class SavedFilter(GuardedModel):
    """A named filter of a list page; shared with the organisation if it says so."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="saved_filters")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    page = models.CharField(max_length=60)
    name = models.CharField("名称", max_length=40)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField("本单位可见", default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "page", "name"], name="filter_name_once_per_page")]

    def __str__(self) -> str:
        return self.name
