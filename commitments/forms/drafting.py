"""Forms that draft letters and decisions."""

from typing import Any

from django import forms
from django.db.models import Q

from commitments.models import InstrumentKind
from commitments.services.drafting import DECISION_LIFTS, ClauseDraft
from projects.casework.models import Policy
from projects.gates.forms import ScopeFields
from projects.gates.models import Blocker, LiftKind
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.kernel.scope import EVERYTHING, NOTHING
from registry.web.forms import DayField, RowsField, ServiceForm

DECISIONS = [(kind.value, kind.label) for kind in InstrumentKind if kind != InstrumentKind.LETTER]


def open_blockers(project: Project) -> Any:
    """Return the blockers of a project that still stand. No query yet."""
    rows = Blocker.objects.filter(project=project, resolved_on__isnull=True, withdrawn_reason="")
    return rows.select_related("type").order_by("number")


class InstrumentForm(ServiceForm):
    """What every instrument has: title, issuer, blockers, scope, dates."""

    required_if = {"condition_met": "附条件必填"}
    said_as = {"clauses": "blockers"}

    title = forms.CharField(label="标题", max_length=120, required=False, help_text="不填的由系统拟定")
    issuer = forms.ModelChoiceField(label="出具单位", queryset=Organisation.objects.none())
    policy = forms.ModelChoiceField(
        label="所依据的政策", queryset=Policy.objects.none(), required=False, empty_label="不依据台账里的政策",
        help_text="选择政策的，只能解除该政策列明的堵点，并须写明条件已满足的依据",
    )  # fmt: skip
    basis = forms.CharField(label="政策依据", max_length=300, required=False, help_text="选了政策可以不填")
    blockers = RowsField(
        label="解除的堵点", queryset=Blocker.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="过错户由系统排除，不得移出",
    )  # fmt: skip
    condition_met = forms.CharField(
        label="条件已满足的依据", max_length=300, required=False, help_text="附条件的堵点必填，如安全鉴定文号"
    )
    ends = DayField(rule=DayRule.DUE, label="有效至", required=False, help_text="不填为至承诺兑现之日")

    def __init__(self, *args: Any, project: Project, issuers: Any, policies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy"].queryset = policies  # type: ignore[attr-defined]
        self.fields["issuer"].queryset = issuers  # type: ignore[attr-defined]
        self.open_blockers = open_blockers(project)
        self.fields["blockers"].queryset = self.open_blockers  # type: ignore[attr-defined]
        self.inside = ScopeFields("in", "适用", project)
        self.outside = ScopeFields("out", "除外", project)
        self.fields.update(self.inside.fields())
        self.fields.update(self.outside.fields(buildings=False))

    def clauses(self) -> list[ClauseDraft]:
        """The clauses that the form says: one a blocker, all with the same scope."""
        scope_in = self.inside.scope(self.cleaned_data, empty=EVERYTHING)
        scope_out = self.outside.scope(self.cleaned_data, empty=NOTHING)
        return [
            ClauseDraft(
                blocker,
                scope_in,
                scope_out,
                None,
                self.cleaned_data["ends"],
                self.cleaned_data["condition_met"],
            )
            for blocker in self.cleaned_data["blockers"]
        ]

    def common(self) -> dict[str, Any]:
        """What the service is told, whatever the kind."""
        return {name: self.cleaned_data[name] for name in ("title", "issuer", "policy", "basis")} | {
            "clauses": self.clauses()
        }


class DecisionForm(InstrumentForm):
    """A decision: 证缴分离 and the like."""

    field_order = ["kind"]
    kind = forms.ChoiceField(label="种类", choices=DECISIONS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {code for codes in DECISION_LIFTS.values() for code in codes}
        offered = self.open_blockers.filter(Q(type__code__in=named) | ~Q(type__lift=LiftKind.NOTHING))
        self.fields["blockers"].queryset = offered  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {**self.common(), "kind": InstrumentKind(self.cleaned_data["kind"])}
