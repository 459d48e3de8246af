"""Forms that change a draft: what it says, one clause, one promise."""

from functools import partial
from typing import Any

from django import forms
from django.db.models import Q

from commitments.forms.drafting import open_blockers
from commitments.services.drafting import ClauseDraft, ObligationDraft
from projects.gates.forms import ScopeFields, said_by, words_of_stored
from projects.gates.models import Blocker
from projects.ledger.models import Developer, Project
from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.kernel.scope import EVERYTHING, NOTHING, Scope
from registry.web.forms import DayField, EditForm

NONE = "—"


def with_kept(offered: Any, key: int | None) -> Any:
    """Return the organisations offered, and the one that stands. No query yet."""
    return offered if key is None else Organisation.objects.filter(Q(pk__in=offered.values("pk")) | Q(pk=key))


class BasicsForm(EditForm):
    """Title and basis of an instrument; the parties, fault and liability of a letter."""

    title = forms.CharField(label="标题", max_length=120)
    basis = forms.CharField(label="政策依据", max_length=300, required=False)
    recipient = forms.ModelChoiceField(label="主送单位", queryset=Organisation.objects.none())
    performer = forms.ModelChoiceField(
        label="整改主体", queryset=Developer.objects.none(), required=False, empty_label=NONE,
        help_text="实施整改的企业，一般为开发建设单位",
    )  # fmt: skip
    undertaking_no = forms.CharField(
        label="企业承诺书",
        max_length=80,
        required=False,
        help_text="整改主体向承诺单位出具的承诺书文号；扫描件挂在本函下",
    )
    supervisor = forms.ModelChoiceField(
        label="监管单位", queryset=Organisation.objects.none(), required=False, empty_label=NONE
    )
    fault = forms.CharField(label="问题和成因", widget=forms.Textarea(attrs={"rows": 4}))
    liability = forms.CharField(label="责任", max_length=300, required=False)
    advance_source = forms.CharField(label="垫付资金来源", max_length=200, required=False)
    inspect_every = forms.IntegerField(
        label="现场检查间隔（日）",
        min_value=1,
        max_value=365,
        required=False,
        help_text="不填不变；监管单位或核验单位按此巡查",
    )

    def __init__(self, *args: Any, instrument: Any, receivers: Any, verifiers: Any, **kwargs: Any) -> None:
        letter = getattr(instrument, "letter", None)
        start = {name: getattr(instrument, name) for name in ("title", "basis")}
        if letter is not None:
            start |= {name: getattr(letter, name) for name in self.base_fields if name not in start}
        super().__init__(*args, **{**kwargs, "initial": start})
        if letter is None:
            for name in [name for name in self.fields if name not in ("title", "basis")]:
                del self.fields[name]
            return
        self.fields["recipient"].queryset = with_kept(receivers, letter.recipient_id)  # type: ignore[attr-defined]
        self.fields["supervisor"].queryset = with_kept(verifiers, letter.supervisor_id)  # type: ignore[attr-defined]
        key = instrument.project.developer_id
        self.fields["performer"].queryset = Developer.objects.filter(pk__in=[key, letter.performer_id])  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        kept = {
            name: value for name, value in self.cleaned_data.items() if name != "inspect_every" or value is not None
        }
        return {"words": kept}


class ClauseForm(EditForm):
    """One clause: which blocker, for which units, except which, from when until when."""

    required_if = {"condition_met": "附条件必填"}
    parts = {"scope_in": ("适用范围", "in"), "scope_out": ("除外范围", "out")}

    blocker = forms.ModelChoiceField(label="解除的堵点", queryset=Blocker.objects.none(), empty_label="请选择")
    condition_met = forms.CharField(
        label="条件已满足的依据", max_length=300, required=False, help_text="附条件的堵点必填，如安全鉴定文号"
    )
    starts = DayField(rule=DayRule.START, label="自", required=False, help_text="不填为生效之日")
    ends = DayField(rule=DayRule.DUE, label="至", required=False, help_text="不填为至承诺兑现之日")

    def __init__(self, *args: Any, project: Project, clause: Any = None, **kwargs: Any) -> None:
        start: dict[str, Any] = {}
        if clause is not None:
            start = {name: getattr(clause, name) for name in ("blocker", "condition_met", "starts", "ends")}
            start |= said_by(Scope.from_data(clause.scope_in), "in") | said_by(Scope.from_data(clause.scope_out), "out")
        super().__init__(*args, **{**kwargs, "initial": start})
        if clause is not None:
            self.whole = {"scope_in": clause.scope_in, "scope_out": clause.scope_out}
        self.in_words = dict.fromkeys(self.parts, partial(words_of_stored, project))
        self.fields["blocker"].queryset = open_blockers(project)  # type: ignore[attr-defined]
        self.inside = ScopeFields("in", "适用", project)
        self.outside = ScopeFields("out", "除外", project)
        self.fields.update(self.inside.fields())
        self.fields.update(self.outside.fields())

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        cleaned = self.cleaned_data
        scope_in = self.inside.scope(cleaned, empty=EVERYTHING)
        scope_out = self.outside.scope(cleaned, empty=NOTHING)
        own = {name: cleaned[name] for name in ("blocker", "starts", "ends", "condition_met")}
        return {"draft": ClauseDraft(scope_in=scope_in, scope_out=scope_out, **own)}


class PromiseForm(EditForm):
    """One promise: what is done by when, where, how and by whom, its proof, its verifier, the clauses it backs."""

    end_state = forms.CharField(
        label="任务内容", max_length=200, help_text="填写可核查的结果，如“拆除底商夹层12间，恢复规划用途”"
    )
    place = forms.CharField(label="地点", max_length=120, required=False)
    measure = forms.CharField(label="措施", max_length=200, required=False)
    responsible = forms.CharField(label="责任人", max_length=40, required=False)
    due_on = DayField(rule=DayRule.DUE, label="期限")
    proof = forms.CharField(label="凭证", max_length=120, help_text="如现场照片、验收意见文号")
    verifier = forms.ModelChoiceField(
        label="核验单位", queryset=Organisation.objects.none(), empty_label="请选择",
        help_text="负责所解除环节的部门，不能是承诺单位",
    )  # fmt: skip
    backs = forms.MultipleChoiceField(
        label="对应条款", required=False, widget=forms.CheckboxSelectMultiple, help_text="不选就是全部条款"
    )

    def __init__(self, *args: Any, clauses: Any, verifiers: Any, promise: Any = None, **kwargs: Any) -> None:
        start: dict[str, Any] = {}
        if promise is not None:
            start = {name: getattr(promise, name) for name in self.base_fields if name != "backs"}
            start["backs"] = [str(one.clause.ordinal) for one in promise.backs.all()]
        super().__init__(*args, **{**kwargs, "initial": start})
        kept = promise.verifier_id if promise is not None else None
        self.fields["verifier"].queryset = with_kept(verifiers, kept)  # type: ignore[attr-defined]
        choices = [(str(one["ordinal"]), f"第{one['ordinal']}条 {one['blocker']} {one['label']}") for one in clauses]
        self.fields["backs"].choices = choices  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        cleaned = self.cleaned_data
        own = {name: cleaned[name] for name in self.base_fields if name != "backs"}
        return {"draft": ObligationDraft(backs=tuple(int(one) for one in cleaned["backs"]), **own)}
