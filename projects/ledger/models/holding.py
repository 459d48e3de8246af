"""Families: agreements, holders with their sealed personal data, and how holders change."""

from django.db import models

from projects.ledger.choices import AgreementKind, HolderRole, IdentityKind
from projects.ledger.models.building import Unit
from projects.ledger.models.project import Project
from registry.store.fields import EncryptedField, IndexField
from registry.store.scoping import TenantModel


class Agreement(TenantModel):
    """A contract or resettlement agreement; one may bring several homes and a parking place."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField("编号", max_length=60)
    kind = models.CharField(max_length=20, choices=AgreementKind, default=AgreementKind.OTHER)
    signed_on = models.DateField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="agreement_number_once_per_project")]
        indexes = [models.Index(fields=["number"], name="agreement_by_number")]

    def __str__(self) -> str:
        return self.number


class AgreementUnit(TenantModel):
    """A unit that an agreement brings."""

    scope_path = "agreement__project"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="brought")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="brought_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "unit"], name="agreement_brings_a_unit_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.unit_id}"


class Holder(TenantModel):
    """A person or organisation as a right holder of one project. Clear text never stands here."""

    scope_path = "project"
    personal_fields = (
        "name", "name_masked", "name_index", "initials_index", "identity", "identity_masked", "identity_index",
        "phone", "phone_masked", "phone_index", "phone_tail_index",
    )  # fmt: skip

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="holders")
    name = EncryptedField("姓名")
    name_masked = models.CharField(max_length=80)
    name_index = IndexField()
    initials_index = IndexField(null=True)
    identity_kind = models.CharField(max_length=20, choices=IdentityKind, default=IdentityKind.RESIDENT)
    identity = EncryptedField("证件号码", null=True)
    identity_masked = models.CharField(max_length=40, blank=True)
    identity_index = IndexField(null=True)
    phone = EncryptedField("电话", null=True)
    phone_masked = models.CharField(max_length=20, blank=True)
    phone_index = IndexField(null=True)
    phone_tail_index = IndexField(null=True)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name_masked


class UnitHolder(TenantModel):
    """A holder of a unit in a role, with a share; ends when a change replaces it.

    `note` is what a list says beside the name (已故, 曾用名：…), sealed because it may name somebody.
    """

    scope_path = "unit__building__project"
    personal_fields = ("note", "note_masked")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holders")
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, related_name="holdings")
    role = models.CharField(max_length=12, choices=HolderRole, default=HolderRole.SIGNED)
    share = models.CharField("份额", max_length=40, blank=True)
    note = EncryptedField("说明", null=True)
    note_masked = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_act_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "holder", "role"],
                condition=models.Q(ended_act_id__isnull=True),
                name="holder_once_per_unit_and_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.holder_id}"


class ChangeBasis(models.TextChoices):
    RESALE = "resale", "转让"
    INHERITANCE = "inheritance", "继承"
    DIVORCE = "divorce", "离婚析产"
    AUCTION = "auction", "司法拍卖"
    RENAMING = "renaming", "更名或换证"
    CORRECTION = "correction", "更正"


class HolderChange(TenantModel):
    """Why the holders of a unit changed, on what basis."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holder_changes")
    basis = models.CharField(max_length=20, choices=ChangeBasis)
    document_no = models.CharField(max_length=80, blank=True)
    changed_on = models.DateField()
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.get_basis_display()
