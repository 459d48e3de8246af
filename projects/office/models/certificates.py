"""Certificates that the registration centre has made and the office hands over, and the numbered blanks they are on."""

from django.db import models
from django.db.models import F, Q

from projects.ledger.models import Holder, Unit
from projects.office.models.custody import CustodyItem
from projects.progress.models import HandOver
from registry.accounts.models import Organisation, Person
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class CertificateForm(models.TextChoices):
    PAPER = "paper", "纸质证书"
    ELECTRONIC = "electronic", "电子证照"


class SpoilReason(models.TextChoices):
    """Why a blank is not to be used."""

    MISPRINT = "misprint", "打印错误"
    DAMAGED = "damaged", "破损、污损"
    RECALLED = "recalled", "证书收回换发"
    LOST = "lost", "遗失"


class MadeCertificate(TenantModel):
    """A certificate as the registration centre made it: number, 附记, on paper or electronic; co-owners may have one.

    On paper it is printed on a numbered blank and has a place in custody until its owner signs; the ledger knows it
    (`UnitCertificate`) from that day on. One made anew ends the one before.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="made_certificates")
    holder = models.ForeignKey(Holder, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField("产权证号", max_length=60)
    form = models.CharField("形式", max_length=12, choices=CertificateForm)
    blank_no = models.CharField("印制编号", max_length=12, blank=True)
    remark = models.CharField("附记", max_length=300, blank=True)
    printed_on = models.DateField("缮证日期")
    item = models.OneToOneField(CustodyItem, on_delete=models.PROTECT, null=True, related_name="certificate")
    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, null=True, related_name="certificates")
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(ended_act_id__isnull=True), name="made_certificate_number_once"
            ),
            models.CheckConstraint(
                condition=Q(form="paper", item__isnull=False) & ~Q(blank_no="")
                | Q(form="electronic", item__isnull=True, blank_no=""),
                name="a_certificate_on_paper_has_a_blank_and_a_holder",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Blank(GuardedModel):
    """A numbered certificate blank of a registration centre: in stock, printed on, spoiled, destroyed.

    The second person destroys what the first has noted as spoiled. It belongs to the centre, to no project.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="blanks")
    number = models.CharField("印制编号", max_length=12, unique=True)
    received_on = models.DateField("领入日期")
    printed_on = models.DateField("缮证日期", null=True)
    certificate_no = models.CharField("产权证号", max_length=60, blank=True)
    spoiled_on = models.DateField("作废日期", null=True)
    spoil_reason = models.CharField("作废原因", max_length=12, blank=True, choices=SpoilReason)
    spoiled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    destroyed_on = models.DateField("销毁日期", null=True)
    destroyed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    record_no = models.CharField("销毁记录编号", max_length=60, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(printed_on__isnull=True, certificate_no="")
                | (Q(printed_on__isnull=False) & ~Q(certificate_no="")),
                name="a_printed_blank_names_its_certificate",
            ),
            models.CheckConstraint(
                condition=Q(spoiled_on__isnull=True, spoil_reason="", spoiled_by__isnull=True)
                | (Q(spoiled_on__isnull=False, spoiled_by__isnull=False) & ~Q(spoil_reason="")),
                name="a_spoiled_blank_says_why_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_on__isnull=True, destroyed_by__isnull=True, record_no="")
                | (
                    Q(destroyed_on__isnull=False, destroyed_by__isnull=False, spoiled_on__isnull=False)
                    & ~Q(record_no="")
                    & ~Q(destroyed_by=F("spoiled_by"))
                    & ~Q(spoil_reason="lost")
                ),
                name="a_blank_is_destroyed_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """Where it is, in one word."""
        if self.destroyed_on is not None:
            return "已销毁"
        if self.spoiled_on is not None:
            return "已作废，待销毁" if self.spoil_reason != SpoilReason.LOST else "已作废（遗失）"
        return "已使用" if self.printed_on is not None else "空白"
