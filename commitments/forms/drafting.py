"""Forms that draft letters and decisions."""

from typing import Any

from django import forms

from commitments.models import Instrument, InstrumentKind
from commitments.services.drafting import ClauseDraft, LetterDraft, ObligationDraft
from projects.casework.models import Policy
from projects.gates.forms import ScopeFields
from projects.gates.models import Blocker
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.kernel.scope import EVERYTHING, NOTHING
from registry.web.forms import DayField, RowsField, ServiceForm

EVERY_MONTH = 30  # days between inspections where the letter says nothing
OBLIGATIONS = 5
DECISIONS = [(kind.value, kind.label) for kind in InstrumentKind if kind != InstrumentKind.LETTER]


def open_blockers(project: Project) -> Any:
    """Return the blockers of a project that still stand. No query yet."""
    rows = Blocker.objects.filter(project=project, resolved_on__isnull=True, withdrawn_reason="")
    return rows.select_related("type").order_by("number")


class InstrumentForm(ServiceForm):
    """What every instrument has: title, issuer, blockers, scope, dates."""

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
        self.fields["blockers"].queryset = open_blockers(project)  # type: ignore[attr-defined]
        self.inside = ScopeFields("in", "适用", project)
        self.outside = ScopeFields("out", "除外", project)
        self.fields.update(self.inside.fields())
        self.fields.update(self.outside.fields())

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

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {**self.common(), "kind": InstrumentKind(self.cleaned_data["kind"])}


class LetterForm(InstrumentForm):
    """A commitment letter with up to five obligations."""

    recipient = forms.ModelChoiceField(label="主送单位", queryset=Organisation.objects.none())
    fault = forms.CharField(label="问题和成因", widget=forms.Textarea(attrs={"rows": 3}))
    liability = forms.CharField(label="责任", max_length=300, required=False)
    advance_source = forms.CharField(label="垫付资金来源", max_length=200, required=False)
    inspect_every = forms.IntegerField(
        label="现场检查间隔（日）",
        initial=EVERY_MONTH,
        min_value=1,
        max_value=365,
        required=False,
        help_text="监管单位或核验单位按此巡查",
    )
    supervisor = forms.ModelChoiceField(
        label="监管单位", queryset=Organisation.objects.none(), required=False, empty_label="—"
    )
    undertaking_no = forms.CharField(
        label="企业承诺书", max_length=80, required=False, help_text="整改主体（开发建设单位）出具的承诺书文号"
    )
    supersedes = forms.ModelChoiceField(
        label="替代", queryset=Instrument.objects.none(), required=False, empty_label="不替代",
        help_text="本函生效之日，被替代的函同时终止",
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: Any, running: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.performer = kwargs["project"].developer
        self.fields["recipient"].queryset = self.fields["supervisor"].queryset = organisations  # type: ignore[attr-defined]
        self.fields["supersedes"].queryset = running  # type: ignore[attr-defined]
        for n in range(1, OBLIGATIONS + 1):
            self.fields.update(obligation_fields(n, organisations))

    def obligations(self) -> tuple[ObligationDraft, ...]:
        """The obligations that were filled in."""
        found = []
        for n in range(1, OBLIGATIONS + 1):
            value = {
                key: self.cleaned_data.get(f"o{n}_{key}")
                for key in ("end_state", "due_on", "proof", "verifier", "place", "measure", "responsible")
            }
            if any(value.values()):
                found.append(
                    ObligationDraft(
                        end_state=value["end_state"] or "",
                        due_on=value["due_on"],
                        proof=value["proof"] or "",
                        verifier=value["verifier"],
                        place=value["place"] or "",
                        measure=value["measure"] or "",
                        responsible=value["responsible"] or "",
                    )
                )
        return tuple(found)

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        cleaned = self.cleaned_data
        letter = LetterDraft(
            recipient=cleaned["recipient"],
            fault=cleaned["fault"],
            obligations=self.obligations(),
            liability=cleaned["liability"],
            advance_source=cleaned["advance_source"],
            performer=self.performer,
            supervisor=cleaned["supervisor"],
            undertaking_no=cleaned["undertaking_no"],
            inspect_every=cleaned["inspect_every"] or EVERY_MONTH,
        )
        return {
            **self.common(), "kind": InstrumentKind.LETTER, "letter": letter, "supersedes": cleaned["supersedes"],
        }  # fmt: skip


def obligation_fields(n: int, organisations: Any) -> dict[str, forms.Field]:
    """Return the fields of the n-th obligation."""
    return {
        f"o{n}_end_state": forms.CharField(label=f"承诺事项{n}：内容", max_length=200, required=False),
        f"o{n}_place": forms.CharField(label=f"承诺{n}：地点", max_length=120, required=False),
        f"o{n}_measure": forms.CharField(label=f"承诺{n}：措施", max_length=200, required=False),
        f"o{n}_responsible": forms.CharField(label=f"承诺{n}：责任人", max_length=40, required=False),
        f"o{n}_due_on": DayField(rule=DayRule.DUE, label=f"承诺{n}：期限", required=False),
        f"o{n}_proof": forms.CharField(label=f"承诺{n}：凭证", max_length=120, required=False),
        f"o{n}_verifier": forms.ModelChoiceField(
            label=f"承诺事项{n}：核验单位", queryset=organisations, required=False, empty_label="—"
        ),
    }
