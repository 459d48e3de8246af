"""What the progress of a unit needs beside its moves: holds with their reason, taxes and funds with their payer."""

from django.db import models

from projects.ledger.models import Project, Unit
from registry.accounts.models import Organisation
from registry.kernel.stages import Track, stage_of
from registry.store.fields import MoneyField
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class Hold(TenantModel):
    """Why a unit does not stand active, with evidence and the day on which it is looked at again."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holds")
    standing = models.CharField(max_length=12)
    reason = models.CharField("原因", max_length=20)
    evidence = models.CharField("依据", max_length=200)
    starts = models.DateField()
    review_on = models.DateField("复查日期", null=True)
    ends = models.DateField(null=True)
    ended_act_id = models.BigIntegerField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(ends__isnull=True), name="one_open_hold_per_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="hold_ends_not_before_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Residual(TenantModel):
    """A unit left over for a reason of the closed list, with evidence, a second signature, and a day of review.

    Proposed first (`starts` null), then signed by another person. It explains its unit only while it stands: signed,
    not ended, its day of review not past, the unit held.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="residuals")
    reason = models.CharField("原因", max_length=20)
    evidence = models.CharField("依据", max_length=200)
    review_on = models.DateField("复查日期")
    proposed_on = models.DateField("提请日期")
    proposed_by_key = models.BigIntegerField(null=True)
    proposed_by = models.CharField("提请人", max_length=60)
    starts = models.DateField("列入日期", null=True)
    signed_by = models.CharField("复核人", max_length=60, blank=True)
    is_month_end = models.BooleanField("月末最后5日列入", default=False)
    ends = models.DateField("退出日期", null=True)
    ended_why = models.CharField("退出原因", max_length=60, blank=True)
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(ends__isnull=True), name="one_open_residual_per_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True, signed_by="")
                | (models.Q(starts__isnull=False) & ~models.Q(signed_by="")),
                name="residual_starts_when_it_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("proposed_on")), name="residual_review_is_later"
            ),
            models.CheckConstraint(condition=~models.Q(evidence=""), name="residual_has_evidence"),
        ]
        indexes = [models.Index(fields=["review_on"], name="residual_by_review")]

    def __str__(self) -> str:
        return self.reason


class ReturnKind(models.TextChoices):
    """How the registration centre gave papers back before 受理; each but the first has a paper of the centre's own."""

    INCOMPLETE = "incomplete", "退回办证中心"
    SUPPLEMENT = "supplement", "补正"
    REFUSED = "refused", "不予受理"


class Submission(TenantModel):
    """The papers of a home handed in at the registration centre, and given back if they were; one stands at a time.

    It is open while the home waits for 受理, and settled by the stage: an accepted home was handed in, whatever is
    noted here. `handed_on` is blank where the centre's list tells of a return and nobody had noted the handing in.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="submissions")
    handed_on = models.DateField("送件日期", null=True)
    list_no = models.CharField("送件清单号", max_length=80, blank=True)
    returned_on = models.DateField("退回日期", null=True)
    kind = models.CharField("退回方式", max_length=12, blank=True, choices=ReturnKind)
    lacks = models.CharField("退回原因", max_length=300, blank=True)
    paper_no = models.CharField("告知书编号", max_length=80, blank=True)
    act_id = models.BigIntegerField()
    returned_act_id = models.BigIntegerField(null=True)
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(ended_act_id__isnull=True), name="one_submission_stands_per_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(returned_on__isnull=True, kind="", lacks="", returned_act_id__isnull=True)
                | (
                    models.Q(returned_on__isnull=False, returned_act_id__isnull=False)
                    & ~models.Q(kind="")
                    & ~models.Q(lacks="")
                ),
                name="a_return_says_how_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(handed_on__isnull=False) | models.Q(returned_on__isnull=False),
                name="a_submission_was_handed_in_or_returned",
            ),
            models.CheckConstraint(
                condition=models.Q(handed_on__isnull=True)
                | models.Q(returned_on__isnull=True)
                | models.Q(returned_on__gte=models.F("handed_on")),
                name="returned_not_before_handed_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.get_kind_display()}"

    @property
    def how(self) -> str:
        """How the papers came back, where the centre has a paper of its own for it: 补正, 不予受理."""
        return "" if self.kind == ReturnKind.INCOMPLETE else self.get_kind_display()


class PaymentKind(models.TextChoices):
    DEED_TAX = "deed_tax", "契税"
    FUND = "fund", "维修资金"
    FEE = "fee", "登记费"


class Payment(TenantModel):
    """Money of a unit: what was due, who collected it, what was remitted, who advanced it.

    `collector` is who remits it, whatever its name becomes; rows kept before it have `collected_by` alone.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=10, choices=PaymentKind)
    amount = MoneyField("金额")
    document_no = models.CharField("票据、免税证明号", max_length=80, blank=True)
    is_exempt = models.BooleanField("免征", default=False)
    collected_by = models.CharField("收取单位", max_length=80, blank=True)
    collector = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="收取单位")
    remitted = MoneyField("已上缴", null=True)
    advanced_by = models.CharField("垫付单位", max_length=80, blank=True)
    paid_on = models.DateField(null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="payment_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(is_exempt=False) | ~models.Q(document_no=""), name="exemption_has_a_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class Receiver(models.TextChoices):
    """Who takes a certificate."""

    HOLDER = "holder", "本人"
    CO_OWNER = "co_owner", "共有人"
    PROXY = "proxy", "受托人"
    FAMILY = "family", "变更后的家庭成员"


class HandOverWay(models.TextChoices):
    """How a certificate comes to its holder; all but the electronic one on signature."""

    COUNTER = "counter", "现场签收"
    CEREMONY = "ceremony", "集中发放签收"
    COURIER = "courier", "邮寄签收"
    ELECTRONIC = "electronic", "电子证照核发"


class MismatchKind(models.TextChoices):
    """Why a row of another office's list has no place in the ledger as it stands."""

    UNKNOWN = "unknown", "台账未找到"
    CONTRADICTORY = "contradictory", "与台账不一致"


class MismatchEnd(models.TextChoices):
    """What became of such a row."""

    MATCHED = "matched", "已对应到户"
    RETURNED = "returned", "清单有误，退回出具单位"


class Mismatch(TenantModel):
    """A row of another office's list that fits no home, or contradicts the ledger; open until somebody settles it.

    `named` is the home as the list names it. Settled, it names the home that it meant, which stands where the list says
    or beyond, or what was told to the office that made the list.
    """

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="mismatches")
    kind = models.CharField("情形", max_length=14, choices=MismatchKind)
    named = models.CharField("清单所列的户", max_length=120)
    track = models.CharField(max_length=12)
    stage = models.CharField(max_length=12)
    said = models.CharField("核对情况", max_length=300)
    file_name = models.CharField("清单", max_length=200)
    noted_on = models.DateField("核对日期")
    act_id = models.BigIntegerField()
    settled_as = models.CharField("处理结果", max_length=10, choices=MismatchEnd, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="mismatches")
    answer = models.CharField("说明", max_length=300, blank=True)
    settled_on = models.DateField("处理日期", null=True)
    settled_by = models.CharField("处理人", max_length=60, blank=True)
    settled_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    settled_as="", unit__isnull=True, settled_on__isnull=True, settled_act_id__isnull=True
                )
                | models.Q(
                    settled_as="matched", unit__isnull=False, settled_on__isnull=False, settled_act_id__isnull=False
                )
                | (
                    models.Q(
                        settled_as="returned", unit__isnull=True, settled_on__isnull=False, settled_act_id__isnull=False
                    )
                    & ~models.Q(answer="")
                ),
                name="a_mismatch_is_settled_by_a_home_or_an_answer",
            ),
        ]
        indexes = [models.Index(fields=["project", "settled_as"], name="mismatch_by_project")]

    def __str__(self) -> str:
        return self.named

    @property
    def stage_label(self) -> str:
        """The stage that the list states, in words."""
        return stage_of(Track(self.track), self.stage).label


class HandOver(TenantModel):
    """A certificate handed over on signature, or issued as an electronic one without.

    `paper_no` is that of the 授权委托书 of who came for the holder, `basis` that of the change by which another member
    of the family holds the right now. The identity of who came is kept by its last four digits alone.
    """

    scope_path = "unit__building__project"
    personal_fields = ("receiver_masked", "identity_tail")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hand_overs")
    receiver_masked = models.CharField("领证人", max_length=80)
    relation = models.CharField("与权利人关系", max_length=20, choices=Receiver, default=Receiver.HOLDER)
    identity_tail = models.CharField("证件号码后四位", max_length=4, blank=True)
    way = models.CharField("方式", max_length=20, choices=HandOverWay, default=HandOverWay.COUNTER)
    sheet_no = models.CharField("签收表编号", max_length=80, blank=True)
    paper_no = models.CharField("授权委托书编号", max_length=80, blank=True)
    basis = models.CharField("变更依据", max_length=120, blank=True)
    courier_no = models.CharField("邮寄单号", max_length=40, blank=True)
    handed_on = models.DateField("领证日期")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(way="electronic") | ~models.Q(sheet_no=""), name="a_hand_over_is_signed_for"
            ),
            models.CheckConstraint(
                condition=~models.Q(relation="proxy") | ~models.Q(paper_no=""), name="a_proxy_brings_his_papers"
            ),
            models.CheckConstraint(
                condition=~models.Q(relation="family") | ~models.Q(basis=""), name="a_changed_holder_has_a_basis"
            ),
            models.CheckConstraint(
                condition=~models.Q(way="courier") | ~models.Q(courier_no=""), name="what_is_sent_has_its_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.handed_on}"


class Apart(TenantModel):
    """Two projects that look alike and were judged not to be one; found no more until the judgement is taken back."""

    scope_path = "one"

    one = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    judged_on = models.DateField("判定日期")
    judged_by = models.CharField("判定人", max_length=60)
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"],
                condition=models.Q(ended_act_id__isnull=True),
                name="a_pair_is_judged_apart_once",
            ),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="apart_in_one_order"),
        ]

    def __str__(self) -> str:
        return self.reason


class Sample(GuardedModel):
    """Homes claimed issued in a month, drawn by a seed to be looked at: whoever has the seed draws the same ones."""

    code = models.CharField("编号", max_length=16, unique=True)
    month = models.CharField("月份", max_length=7)
    seed = models.PositiveIntegerField("种子")
    size = models.PositiveSmallIntegerField("抽取户数")
    population = models.PositiveIntegerField("总体户数")
    drawn_on = models.DateField("抽取日期")
    drawn_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "seed"], name="sample_once_a_month_and_seed"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="sample_has_homes"),
        ]

    def __str__(self) -> str:
        return self.code


class SampleResult(models.TextChoices):
    RIGHT = "right", "属实"
    NO_EVIDENCE = "no_evidence", "无签收凭证"
    WRONG = "wrong", "未发证或发错"


class SampledHome(TenantModel):
    """A home of a sample: who claimed that it was issued, on which day, and what was found."""

    scope_path = "unit__building__project"

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="homes")
    ordinal = models.PositiveSmallIntegerField("序号")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="samples")
    claimed_on = models.DateField("登记的发证日期")
    claimed_by = models.CharField("登记单位", max_length=120)
    result = models.CharField("核查结果", max_length=12, choices=SampleResult, blank=True)
    finding = models.CharField("核查情况", max_length=200, blank=True)
    checked_on = models.DateField("核查日期", null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "ordinal"], name="sampled_home_ordinal_once"),
            models.UniqueConstraint(fields=["sample", "unit"], name="sampled_home_once"),
            models.CheckConstraint(
                condition=models.Q(result="", checked_on__isnull=True)
                | (~models.Q(result="") & models.Q(checked_on__isnull=False)),
                name="sampled_home_result_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.ordinal}"
