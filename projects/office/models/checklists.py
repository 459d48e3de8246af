"""The papers that a family hands in for its certificate (办证材料清单)."""

from collections.abc import Collection

from django.db import models

from projects.office.choices import CHECKLISTS, FACTS_OF_CONDITION, FamilyFact, PaperForm, Supplier
from registry.store.guard import GuardedModel

FORM_WORDS = {
    PaperForm.ORIGINAL: "原件{copies}份",
    PaperForm.COPY: "复印件{copies}份",
    PaperForm.BOTH: "原件核验，复印件{copies}份",
    PaperForm.SEEN: "原件核验",
}


class ChecklistItem(GuardedModel):
    """Reference data: one paper of a checklist, as asked for from a day on; a later line of the paper replaces it."""

    applies_to = models.CharField("适用", max_length=20, choices=CHECKLISTS)
    ordinal = models.PositiveSmallIntegerField("序号")
    name = models.CharField("材料", max_length=60)
    form = models.CharField("收取方式", max_length=8, choices=PaperForm)
    copies = models.PositiveSmallIntegerField("份数")
    condition = models.CharField("适用情形", max_length=40, blank=True, help_text="empty: always asked for")
    fact = models.CharField(
        "对应情形", max_length=12, choices=FamilyFact, blank=True, help_text="the condition as the counter knows it"
    )
    supplier = models.CharField("由谁提供", max_length=10, choices=Supplier)
    note = models.CharField("说明", max_length=80, blank=True)
    effective_on = models.DateField("起始日期")
    is_active = models.BooleanField("在用", default=True, help_text="no: not asked for from that day on")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applies_to", "name", "effective_on"], name="checklist_states_a_paper_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(form=PaperForm.SEEN, copies=0)
                | (~models.Q(form=PaperForm.SEEN) & models.Q(copies__gte=1, copies__lte=9)),
                name="checklist_paper_is_kept_unless_only_seen",
                violation_error_message="只核验原件的，份数填0；要收的，份数填1—9。",
            ),
            models.CheckConstraint(
                condition=models.Q(ordinal__gte=1, ordinal__lte=99),
                name="checklist_counts_from_one",
                violation_error_message="序号填1—99的整数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_applies_to_display()} {self.name}"

    def wanted_for(self, facts: Collection[str]) -> bool | None:
        """Return whether the line asks for its paper where these facts hold: yes, perhaps (the counter decides), or
        not at all (None)."""
        if not self.condition and not self.fact:
            return True
        own = (self.fact,) if self.fact else FACTS_OF_CONDITION.get(self.condition, ())
        if not own:
            return False
        return True if any(fact in facts for fact in own) else None

    @property
    def form_words(self) -> str:
        """What of it is kept, as the notice has it: 原件核验，复印件1份."""
        return FORM_WORDS[PaperForm(self.form)].format(copies=self.copies)

    @property
    def note_words(self) -> str:
        """Who else gives it, and what to do without it: one sentence."""
        given = f"由{self.get_supplier_display()}出具" if self.supplier != Supplier.OWNER else ""
        return "；".join(filter(None, (given, self.note)))
