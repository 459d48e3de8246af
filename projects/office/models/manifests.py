"""Manifests (移交清单): what goes from one organisation to another, bag by bag, signed by both, settled to the last."""

from django.db import models
from django.db.models import F, Q

from projects.ledger.models import Project
from projects.progress.models import ReturnKind
from registry.accounts.models import Organisation, Person
from registry.kernel.custody import Count
from registry.kernel.identifiers import ScanCode, ScanKind
from registry.store.scoping import TenantModel


class ManifestPurpose(models.TextChoices):
    """What is handed over for what; the first and the third also note the papers at the registration centre."""

    SUBMIT = "submit", "送登记中心"
    TAX = "tax", "送税务核税"
    RETURN = "return", "退回补正"
    GIVE_BACK = "give_back", "退还材料"
    CERTIFICATES = "certificates", "移交证书"
    SUCCESSION = "succession", "承接移交"


class StruckReason(models.TextChoices):
    """Why the sender takes a line off."""

    NOT_SENT = "not_sent", "未随批移交"
    WRONG = "wrong", "列错"
    DAMAGED = "damaged", "材料袋破损，另行移交"


class KeptReason(models.TextChoices):
    """Why what was lent does not come back with this manifest."""

    ARCHIVED = "archived", "由接收方留存归档"
    IN_HAND = "in_hand", "仍在办理，另批退还"
    SUPPLEMENT = "supplement", "由权利人直接补正"
    SEIZED = "seized", "依法调取"
    LOST = "lost", "查找中"


class Manifest(TenantModel):
    """A list that one organisation makes for another: drafted, sent, taken bag by bag, signed; closed when settled.

    The counts repeat its lines, so that the database itself refuses to sign one that lacks a bag and to close one of
    which a bag is out; `check_ledger` holds them against the lines. `is_lent`: what is sent comes back.
    """

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="manifests")
    number = models.CharField("编号", max_length=60, unique=True)
    purpose = models.CharField("事由", max_length=12, choices=ManifestPurpose)
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="manifests_sent")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="manifests_received")
    is_lent = models.BooleanField("须退还", default=False)
    due_on = models.DateField("退还期限", null=True)
    way = models.CharField("移交方式", max_length=40, default="专人")
    return_kind = models.CharField("退回方式", max_length=12, blank=True, choices=ReturnKind)
    paper_no = models.CharField("告知书编号", max_length=80, blank=True)
    listed = models.PositiveIntegerField("列入", default=0)
    struck = models.PositiveIntegerField("划去", default=0)
    taken = models.PositiveIntegerField("接收", default=0)
    back = models.PositiveIntegerField("退还", default=0)
    kept = models.PositiveIntegerField("未退（有原因）", default=0)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    sent_on = models.DateField("移交日期", null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    sent_act_id = models.BigIntegerField(null=True)
    signed_on = models.DateField("接收日期", null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_act_id = models.BigIntegerField(null=True)
    closed_act_id = models.BigIntegerField(null=True)
    withdrawn_act_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="manifest_goes_to_another_organisation"),
            models.CheckConstraint(
                condition=Q(sent_act_id__isnull=True, sent_on__isnull=True, taken=0)
                | Q(sent_act_id__isnull=False, sent_on__isnull=False, sent_by__isnull=False, listed__gte=1),
                name="manifest_is_taken_once_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(signed_act_id__isnull=True)
                | (
                    Q(sent_act_id__isnull=False, signed_by__isnull=False, signed_on__isnull=False, taken__gte=1)
                    & Q(listed=F("struck") + F("taken"))
                    & ~Q(signed_by=F("sent_by"))
                ),
                name="manifest_is_signed_when_every_bag_is_taken",
            ),
            models.CheckConstraint(
                condition=Q(closed_act_id__isnull=True)
                | (Q(signed_act_id__isnull=False) & (Q(is_lent=False) | Q(taken=F("back") + F("kept")))),
                name="manifest_is_closed_when_no_bag_is_out",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_act_id__isnull=True) | Q(signed_act_id__isnull=True, taken=0),
                name="manifest_is_withdrawn_before_a_bag_is_taken",
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True) | Q(signed_on__gte=F("sent_on")),
                name="manifest_is_signed_not_before_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(is_lent=True) | Q(back=0, kept=0, due_on__isnull=True), name="only_what_is_lent_comes_back"
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "signed_act_id"], name="manifest_by_receiver"),
            models.Index(fields=["sender", "closed_act_id"], name="manifest_by_sender"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def code(self) -> ScanCode:
        """The code on its head."""
        return ScanCode(ScanKind.MANIFEST, self.pk)

    @property
    def count(self) -> Count:
        """How its lines stand."""
        return Count(self.listed, self.struck, self.taken, self.back, self.kept)

    @property
    def state(self) -> str:
        """Where it stands, in one word."""
        if self.withdrawn_act_id is not None:
            return "已撤回"
        if self.closed_act_id is not None:
            return "已办结"
        if self.signed_act_id is not None:
            return "待退还"
        return "待接收" if self.sent_act_id is not None else "拟制中"


class ManifestLine(TenantModel):
    """A bag or certificate on a manifest: listed by the sender, then taken by the receiver or struck by the sender.

    `answers` is the line of the manifest by which it was lent, if this one brings it back. A bag stands on one manifest
    at a time: until it is taken or struck, no other lists it.
    """

    scope_path = "manifest__project"

    manifest = models.ForeignKey(Manifest, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey("office.CustodyItem", on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField("序号")
    note = models.CharField("备注", max_length=200, blank=True)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answered_by")
    listed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    listed_act_id = models.BigIntegerField()
    taken_act_id = models.BigIntegerField(null=True)
    struck_reason = models.CharField("划去原因", max_length=12, blank=True, choices=StruckReason)
    struck_act_id = models.BigIntegerField(null=True)
    back_act_id = models.BigIntegerField(null=True)
    kept_reason = models.CharField("未退原因", max_length=12, blank=True, choices=KeptReason)
    kept_note = models.CharField("说明", max_length=200, blank=True)
    kept_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manifest", "position"], name="manifest_lines_are_numbered"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(taken_act_id__isnull=True, struck_act_id__isnull=True),
                name="an_item_stands_on_one_manifest_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_act_id__isnull=True) | Q(struck_act_id__isnull=True),
                name="a_line_is_taken_or_struck",
            ),
            models.CheckConstraint(
                condition=Q(struck_act_id__isnull=True, struck_reason="")
                | (Q(struck_act_id__isnull=False) & ~Q(struck_reason="")),
                name="a_struck_line_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kept_act_id__isnull=True, kept_reason="")
                | (Q(kept_act_id__isnull=False, taken_act_id__isnull=False) & ~Q(kept_reason="")),
                name="a_kept_line_says_why",
            ),
            models.CheckConstraint(
                condition=Q(back_act_id__isnull=True) | Q(taken_act_id__isnull=False, kept_act_id__isnull=True),
                name="what_came_back_was_taken_and_not_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manifest_id}#{self.position}"

    @property
    def state(self) -> str:
        """How the line stands, in words."""
        if self.struck_act_id is not None:
            return f"已划去：{self.get_struck_reason_display()}"
        if self.back_act_id is not None:
            return "已退还"
        if self.kept_act_id is not None:
            return f"未退：{self.get_kept_reason_display()}"
        return "已接收" if self.taken_act_id is not None else "未接收"
