"""Visits of families: which homes they were about, what was handed in, what lacked, why they had to come again."""

from django.db import models

from projects.ledger.models import Unit
from projects.office.choices import ExtraTrip, PaperState
from projects.office.models.checklists import ChecklistItem
from registry.accounts.models import Person
from registry.kernel.identifiers.scans import ScanCode, ScanKind
from registry.store.scoping import TenantModel


class Visit(TenantModel):
    """One family at the counter, one act for all of its homes. `unit` is the home whose card was open.

    `again` says why the family had to come once more, from its second visit on; `is_own_fault` is what we would have
    spared it. The receipt says what was taken in, the notice what lacks: papers of their own, by key and number.
    """

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits")
    came_on = models.DateField("来访日期")
    recorded_at = models.DateTimeField("登记时间")
    clerk = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ordinal = models.PositiveSmallIntegerField("第几次来访")
    again = models.CharField("再次来访原因", max_length=16, choices=ExtraTrip, blank=True)
    again_note = models.CharField("说明", max_length=120, blank=True)
    is_own_fault = models.BooleanField("本可一次告知", default=False)
    receipt_key = models.BigIntegerField(null=True)
    receipt_no = models.CharField("材料接收清单", max_length=80, blank=True)
    notice_key = models.BigIntegerField(null=True)
    notice_no = models.CharField("材料补充告知单", max_length=80, blank=True)
    sheet_no = models.CharField("停网登记表号", max_length=20, blank=True, help_text="typed in afterwards from paper")
    act_id = models.BigIntegerField()
    withdrawn_act_id = models.BigIntegerField(null=True, help_text="taken back as a slip: it took nothing in")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ordinal=1, again="", is_own_fault=False)
                | (models.Q(ordinal__gt=1) & ~models.Q(again="")),
                name="a_later_visit_says_why",
            ),
        ]
        indexes = [models.Index(fields=["came_on"], name="visit_by_day")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.came_on}"

    @property
    def code(self) -> str:
        """What the scanner reads off its receipt."""
        return ScanCode(ScanKind.RECEIPT, self.pk).format()

    @property
    def notice_code(self) -> str:
        """What the scanner reads off its notice."""
        return ScanCode(ScanKind.NOTICE, self.pk).format()


class VisitHome(TenantModel):
    """A home that a visit was about: where it stood, and whether the visit moved it to 已收材料."""

    scope_path = "unit__building__project"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="homes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits_about")
    was = models.CharField("来访时阶段", max_length=12)
    is_moved = models.BooleanField("已收齐", default=False)
    why_not = models.CharField("未收齐原因", max_length=300, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "unit"], name="a_visit_is_about_a_home_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.unit_id}"


class VisitPaper(TenantModel):
    """A paper of a home at a visit: taken in, seen, or lacking. `was_foreseeable`: lacking, and we should have said so
    at the first visit."""

    scope_path = "home__unit__building__project"

    home = models.ForeignKey(VisitHome, on_delete=models.PROTECT, related_name="papers")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField("材料", max_length=60)
    what = models.CharField("原件、复印件", max_length=30)
    supplier = models.CharField("由谁提供", max_length=10)
    state = models.CharField("情况", max_length=8, choices=PaperState)
    was_foreseeable = models.BooleanField("首次来访应告知", default=False)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home", "name"], name="a_visit_has_a_paper_once"),
            models.CheckConstraint(
                condition=models.Q(was_foreseeable=False) | models.Q(state=PaperState.LACKS),
                name="only_a_lacking_paper_was_foreseeable",
            ),
        ]

    def __str__(self) -> str:
        return self.name
