"""The form that drafts a commitment letter: one page, every section in sight, all that is wrong said at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from django import forms
from django.http import QueryDict

from commitments.forms.drafting import InstrumentForm
from commitments.models import Instrument, InstrumentKind
from commitments.services.drafting import ClauseDraft, LetterDraft, ObligationDraft, clause_faults
from projects.gates.forms import words_of_stored
from projects.gates.models import Blocker, LiftKind
from registry.accounts.forms import ONCE, RESUMED
from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.kernel.numerals import whole_number
from registry.kernel.stages import Use
from registry.store.once import new_key
from registry.web.forms import DayField

EVERY_MONTH: Final = 30  # days between inspections where the letter says nothing
MOST: Final = 12  # promises of one letter on the page; more go in on the page of the draft
KEYS: Final = ("end_state", "due_on", "proof", "verifier", "place", "measure", "responsible")
NEEDED: Final = {
    "end_state": "未填写承诺内容。请写成可以查验的结果。",
    "due_on": "未填写期限。请填写完成的日期。",
    "proof": "未填写凭证。请写明证明完成的材料。",
    "verifier": "未选择核验单位。请选择负责所解除环节的部门。",
}
PROOFS: Final = ("现场照片、复测报告", "现场照片、核验意见", "验收意见", "缴款凭证", "巡查记录")
GROUNDS: Final = ("issuer", "recipient", "supervisor", "inspect_every", "advance_source", "undertaking_no")
RARE: Final = ("policy", "basis", "liability", "supersedes", "title")
ADD, DROP, LOOK, ROWS = "add", "drop", "look", "rows"


@dataclass(frozen=True)
class Fault:
    """What a letter lacks before it can be handed in: at which field, in words."""

    id: str
    label: str
    text: str
    section: int


@dataclass(frozen=True)
class PromiseRow:
    """One promise on the page: its fields, and whether it says all that it must."""

    ordinal: int
    fields: dict[str, Any]
    draft: ObligationDraft
    is_started: bool
    is_whole: bool


class LetterForm(InstrumentForm):
    """A commitment letter: the blockers, the homes, the promises, the grounds. Only what is plausible is offered."""

    said_as: ClassVar[dict[str, str]] = {"clauses": "blockers", "obligations": "o1_end_state"}
    read_clauses: Sequence[ClauseDraft] = ()

    rows = forms.IntegerField(widget=forms.HiddenInput, required=False)
    recipient = forms.ModelChoiceField(label="主送单位", queryset=Organisation.objects.none(), empty_label="请选择")
    fault = forms.CharField(label="问题和成因", widget=forms.Textarea(attrs={"rows": 2}))
    liability = forms.CharField(label="责任", max_length=300, required=False)
    advance_source = forms.CharField(label="整改资金来源", max_length=200, required=False)
    inspect_every = forms.IntegerField(
        label="现场检查间隔（日）", initial=EVERY_MONTH, min_value=1, max_value=365, required=False,
        help_text="监管单位或核验单位按此检查；不填为30日",
    )  # fmt: skip
    supervisor = forms.ModelChoiceField(
        label="监管单位", queryset=Organisation.objects.none(), required=False, empty_label="不另设"
    )
    undertaking_no = forms.CharField(
        label="企业承诺书", max_length=80, required=False, help_text="整改主体（开发建设单位）出具的承诺书文号"
    )
    supersedes = forms.ModelChoiceField(
        label="替代", queryset=Instrument.objects.none(), required=False, empty_label="不替代",
        help_text="本函自生效之日起，被替代的承诺函终止",
    )  # fmt: skip

    def __init__(self, *args: Any, receivers: Any, verifiers: Any, running: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = kwargs["project"]
        self.performer = self.project.developer
        offered: dict[str, Any] = {"recipient": receivers, "supervisor": verifiers, "supersedes": running}
        for name, queryset in offered.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["blockers"].queryset = liftable(self.fields["blockers"].queryset)  # type: ignore[attr-defined]
        if not running.exists():
            del self.fields["supersedes"]
        for n in range(1, self.row_count + 1):
            self.fields.update(promise_fields(n, verifiers))
        asked = {f"o{n}_{key}": "" for n in range(1, self.row_count + 1) for key in NEEDED}  # once the promise is begun
        self.required_if = {**InstrumentForm.required_if, **asked}

    @property
    def row_count(self) -> int:
        """How many promises the page has room for."""
        asked = whole_number(str(self.data.get(ROWS, ""))) if self.is_bound else None
        return min(max(asked or 1, 1), MOST)

    def promises(self) -> Iterator[PromiseRow]:
        """Give the promises as they stand, those that lack something too."""
        cleaned = getattr(self, "cleaned_data", {})
        for n in range(1, self.row_count + 1):
            said = {key: cleaned.get(f"o{n}_{key}") for key in KEYS}
            is_started = any(str(self.data.get(f"o{n}_{key}", "")).strip() for key in KEYS)
            yield PromiseRow(
                ordinal=n,
                fields={key: self[f"o{n}_{key}"] for key in KEYS},
                draft=ObligationDraft(
                    end_state=said["end_state"] or "", due_on=said["due_on"], proof=said["proof"] or "",
                    verifier=said["verifier"], place=said["place"] or "", measure=said["measure"] or "",
                    responsible=said["responsible"] or "",
                ),
                is_started=is_started,
                is_whole=is_started and all(said[key] for key in NEEDED),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say all that is wrong at once: of each promise, and what the rules of clauses refuse."""
        cleaned = super().clean() or self.cleaned_data
        self.read_clauses = self._clauses_read()
        started = [row for row in self.promises() if row.is_started]
        if not started:
            self.add_error("o1_end_state", "未填写承诺事项。请至少填写一项，写明内容、期限、凭证和核验单位。")
        for row in started:
            for key, words in NEEDED.items():
                name = f"o{row.ordinal}_{key}"
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
            verifier = cleaned.get(f"o{row.ordinal}_verifier")
            if verifier is not None and verifier == cleaned.get("issuer"):
                self.add_error(f"o{row.ordinal}_verifier", "核验单位不得为承诺单位。请选择负责所解除环节的部门。")
        for refusal in clause_faults(self.project, InstrumentKind.LETTER, self.read_clauses):
            self.add_error("condition_met" if refusal.code == "condition_missing" else "blockers", refusal.message)
        return cleaned

    def clauses_so_far(self) -> list[ClauseDraft]:
        """Give the clauses as they stand, whatever the rules say of them; none while their scope cannot be read."""
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        return list(self.read_clauses)

    def _clauses_read(self) -> list[ClauseDraft]:
        scoped = [name for name in self.fields if name.startswith(("in_", "out_"))]
        if any(name not in self.cleaned_data for name in (*scoped, "blockers", "condition_met", "ends")):
            return []
        return self.clauses()

    def lacking(self) -> list[Fault]:
        """List what the letter still lacks, each with the place where it is put right."""
        return [
            Fault(self[name].id_for_label or self[name].auto_id, self._called(name), str(text), self.section_of(name))
            for name in self.fields
            for text in self.errors.get(name, ())
        ]

    def section_of(self, name: str) -> int:
        """Return the section of the page that a field stands in, counted from one."""
        if name in ("blockers", "condition_met"):
            return 1
        if name.startswith(("in_", "out_")) or name == "ends":
            return 2
        return 3 if name.startswith("o") and name[1:2].isdigit() else 4

    @property
    def scope_fields(self) -> list[Any]:
        """The fields of the second section."""
        return [self[name] for name in self.fields if self.section_of(name) == 2]

    @property
    def ground_fields(self) -> list[Any]:
        """The fields of the fourth section that most letters fill in."""
        return [self[name] for name in GROUNDS]

    @property
    def rare_fields(self) -> list[Any]:
        """The fields of the fourth section that few letters need."""
        return [self[name] for name in RARE if name in self.fields]

    @property
    def scope_words(self) -> str:
        """The scope in words; nothing while it cannot be read."""
        clauses = self.clauses_so_far()
        return words_of_stored(self.project, (clauses[0].scope_in - clauses[0].scope_out).to_data()) if clauses else ""

    def _called(self, name: str) -> str:
        label = str(self.fields[name].label)
        return f"第{name[1 : name.index('_')]}项{label}" if self.section_of(name) == 3 else label

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        cleaned = self.cleaned_data
        letter = LetterDraft(
            recipient=cleaned["recipient"],
            fault=cleaned["fault"],
            obligations=tuple(row.draft for row in self.promises() if row.is_started),
            liability=cleaned["liability"],
            advance_source=cleaned["advance_source"],
            performer=self.performer,
            supervisor=cleaned["supervisor"],
            undertaking_no=cleaned["undertaking_no"],
            inspect_every=cleaned["inspect_every"] or EVERY_MONTH,
        )
        return {
            **self.common(), "kind": InstrumentKind.LETTER, "letter": letter, "supersedes": cleaned.get("supersedes"),
        }  # fmt: skip


def liftable(blockers: Any) -> Any:
    """Return those of some blockers that a promise may lift. No query yet."""
    return blockers.filter(type__lift__in=(LiftKind.LETTER, LiftKind.CONDITIONAL))


def shut_out(blockers: Any) -> list[Blocker]:
    """List those that no promise lifts. One query."""
    return list(blockers.exclude(type__lift__in=(LiftKind.LETTER, LiftKind.CONDITIONAL)))


def promise_fields(n: int, verifiers: Any) -> dict[str, forms.Field]:
    """Return the fields of the n-th promise. What each needs is asked once the promise is begun."""
    return {
        f"o{n}_end_state": forms.CharField(label="承诺内容", max_length=200, required=False),
        f"o{n}_due_on": DayField(rule=DayRule.DUE, label="期限", required=False),
        f"o{n}_verifier": forms.ModelChoiceField(
            label="核验单位", queryset=verifiers, required=False, empty_label="请选择"
        ),
        f"o{n}_proof": forms.CharField(
            label="凭证", max_length=120, required=False, widget=forms.TextInput(attrs={"list": "proofs"})
        ),
        f"o{n}_responsible": forms.CharField(label="责任人", max_length=40, required=False),
        f"o{n}_place": forms.CharField(label="地点", max_length=120, required=False),
        f"o{n}_measure": forms.CharField(label="措施", max_length=200, required=False),
    }


def begun(form: LetterForm, issuer_key: int | None) -> QueryDict:
    """Return a letter as the page opens it: the blockers that a promise lifts, the homes, who issues and receives."""
    data = QueryDict(mutable=True)
    data[ONCE], data[RESUMED], data[ROWS] = new_key(), "1", "1"
    data.setlist("blockers", [str(row.pk) for row in form.fields["blockers"].queryset])  # type: ignore[attr-defined]
    data["in_uses"] = Use.DWELLING.value
    data["inspect_every"] = str(EVERY_MONTH)
    issuers = [row.pk for row in form.fields["issuer"].queryset]  # type: ignore[attr-defined]
    if issuer_key in issuers or len(issuers) == 1:
        data["issuer"] = str(issuer_key if issuer_key in issuers else issuers[0])
    receivers = list(form.fields["recipient"].queryset)  # type: ignore[attr-defined]
    first = next((row for row in receivers if row.kind == "district_task_force"), receivers[0] if receivers else None)
    if first is not None:
        data["recipient"] = str(first.pk)
    if form.initial.get("policy"):
        data["policy"] = str(form.initial["policy"])
    return data


def stepped(posted: QueryDict) -> QueryDict | None:
    """Return what was sent with a promise more or less, to be shown again; None if the letter is handed in."""
    if not {ADD, DROP, LOOK} & set(posted):
        return None
    data = posted.copy()
    count = min(max(whole_number(str(data.get(ROWS, ""))) or 1, 1), MOST)
    dropped = whole_number(str(data.get(DROP, "")))
    if dropped is not None and 1 <= dropped <= count:
        for n in range(dropped, count + 1):
            for key in KEYS:
                data.setlist(f"o{n}_{key}", data.getlist(f"o{n + 1}_{key}") if n < count else [])
        data[ROWS] = str(max(count - 1, 1))
    elif ADD in data and count < MOST and all(str(data.get(f"o{count}_{key}", "")).strip() for key in NEEDED):
        data[ROWS] = str(count + 1)
    for name in (ADD, DROP, LOOK):
        data.pop(name, None)
    data[RESUMED] = "1"
    return data
