"""Forms of steps and blockers; the scope builder speaks Chinese and previews what it catches."""

import re
from collections.abc import Collection
from functools import partial
from typing import Any

from django import forms

from projects.gates.models import BlockerType
from projects.gates.selectors.organ_words import organ_called
from projects.gates.selectors.powers import Powers
from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit
from projects.ledger.selectors.participation import organisations_near
from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.numerals import whole_number
from registry.kernel.scope import EVERYTHING, NOTHING, Clause, Scope, Term
from registry.kernel.stages import FEATURE_LABELS, Feature, Part, Use
from registry.store.form_fields import RangeTicks
from registry.web.forms import DayField, EditForm, RowsField, ServiceForm

EMPTY = [("", "—")]
USES = [(use.value, use.label) for use in Use]
FEATURES = [(str(flag.value), label) for flag, label in FEATURE_LABELS.items()]
GATES = [(gate.value, gate.label) for gate in Gate if not gate.is_unit_level]
STATUSES = [(status.value, status.label) for status in StepStatus]
PARTS = [("", "全部"), *((part.value, part.label) for part in Part)]


def words_in(text: str) -> list[str]:
    """Split a list typed by hand; a range of numbers is written out."""
    found: list[str] = []
    for part in filter(None, re.split(r"[、，,;；\s]+", text)):
        first, dash, last = re.sub(r"[—–~～至]+", "-", part).partition("-")
        start, end = whole_number(first), whole_number(last)
        is_range = dash and start is not None and end is not None and start <= end <= start + 199
        found += _written_out(start or 0, end or 0) if is_range else [part]
    return found


def _written_out(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last + 1)]


class ScopeField(forms.CharField):
    """Entrances, floors or single units of a project, typed as a list; each must be there."""

    def __init__(self, *, project: Project, what: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.project, self.what = project, what

    def clean(self, value: Any) -> frozenset[Any]:
        """The entrances, floors or unit keys; what is not there is refused by name."""
        text = str(super().clean(value) or "")
        if self.what == "units":
            return frozenset(units_in(text, self.project))
        name, unit = ("entrance", "单元") if self.what == "entrances" else ("floor", "层")
        words = [word.removesuffix(unit) or word for word in words_in(text)]
        if not words:
            return frozenset()
        rows = Unit.objects.filter(IN_THE_BOOKS, building__project=self.project, **{f"{name}__in": words})
        known = set(rows.values_list(name, flat=True).distinct())
        missing = [word for word in words if word not in known]
        if missing:
            raise forms.ValidationError(f"本项目没有{'、'.join(missing)}{unit}。请核对，如1-3、5。")
        return frozenset(words)


def units_in(text: str, project: Project) -> list[int]:
    """Find single units typed as 9-1-502 or 9-S04: building, entrance if any, room."""
    found: list[int] = []
    for word in filter(None, re.split(r"[、，,;；\s]+", text)):
        number, _, rest = word.partition("-")
        entrance, _, room = rest.rpartition("-")
        rows = Unit.objects.filter(IN_THE_BOOKS, building__project=project, building__number=number)
        hits = list(rows.filter(entrance=entrance, room=room or rest).values_list("pk", flat=True)[:2])
        if len(hits) != 1:
            why = "对应多户" if hits else "未找到该户"
            raise forms.ValidationError(f"“{word}”{why}。请写成 楼号-单元-户号，没有单元的写 楼号-户号。")
        found.append(hits[0])
    return found


class ScopeFields:
    """The fields of a scope builder under a prefix, and the scope that they say."""

    def __init__(self, prefix: str, label: str, project: Project) -> None:
        self.prefix, self.label, self.project = prefix, label, project

    def fields(self, *, buildings: bool = True) -> dict[str, forms.Field]:
        """Return the form fields: buildings, uses, features, entrances, floors."""
        found: dict[str, forms.Field] = {}
        if buildings:
            numbers = Building.objects.filter(project=self.project).order_by("number_order", "id")
            found[f"{self.prefix}_buildings"] = forms.MultipleChoiceField(
                label=f"{self.label}：楼栋",
                choices=[(str(building.id), building.name) for building in numbers],
                required=False,
                widget=RangeTicks,
                help_text="不选就是全部楼栋",
            )
        found[f"{self.prefix}_uses"] = forms.MultipleChoiceField(
            label=f"{self.label}：用途", choices=USES, required=False, widget=forms.CheckboxSelectMultiple,
            help_text="不选就是全部用途",
        )  # fmt: skip
        found[f"{self.prefix}_features"] = forms.MultipleChoiceField(
            label=f"{self.label}：特征", choices=FEATURES, required=False, widget=forms.CheckboxSelectMultiple,
            help_text="可多选；具有其中任一特征的户均列入",
        )  # fmt: skip
        for what, label, hint in (
            ("entrances", "单元", "如1、2；不填就是全部单元"),
            ("floors", "楼层", "如1-3、B1；不填就是全部楼层"),
            ("units", "单独的户", "如9-1-502、9-S04；仅列入所填的户"),
        ):
            found[f"{self.prefix}_{what}"] = ScopeField(
                project=self.project, what=what, label=f"{self.label}：{label}", help_text=hint
            )
        return found

    def scope(self, cleaned: dict[str, Any], *, empty: Scope) -> Scope:
        """Return the scope that the fields say; `empty` if nothing is chosen."""
        buildings = frozenset(int(one) for one in cleaned.get(f"{self.prefix}_buildings", ()))
        uses = frozenset(Use(one) for one in cleaned.get(f"{self.prefix}_uses", ()))
        features = [Feature(int(one)) for one in cleaned.get(f"{self.prefix}_features", ())]
        entrances, floors, units = (cleaned.get(f"{self.prefix}_{one}") for one in ("entrances", "floors", "units"))
        if not (buildings or uses or features or entrances or floors or units):
            return empty
        return Scope(
            tuple(
                Term(
                    Clause(
                        buildings=buildings or None,
                        entrances=entrances or None,
                        floors=floors or None,
                        uses=uses or None,
                        features=feature,
                        units=units or None,
                    )
                )
                for feature in features or [Feature(0)]
            )
        )


def said_by(scope: Scope, prefix: str) -> dict[str, Any]:
    """Return what the fields of a builder would say for a scope; nothing for one that they can't say."""
    clauses = [term.clause for term in scope.terms]
    alike = {(c.buildings, c.uses, c.entrances, c.floors, c.units) for c in clauses}
    if len(alike) != 1 or any(term.minus for term in scope.terms):
        return {}
    first = clauses[0]
    return {
        f"{prefix}_buildings": [str(key) for key in sorted(first.buildings or ())],
        f"{prefix}_uses": [use.value for use in first.uses or ()],
        f"{prefix}_features": [str(c.features.value) for c in clauses if c.features],
        f"{prefix}_entrances": "、".join(sorted(first.entrances or ())),
        f"{prefix}_floors": "、".join(sorted(first.floors or ())),
        f"{prefix}_units": unit_words(first.units or ()),
    }


def words_of_stored(project: Project, data: Any) -> str:
    """Say a scope as it is stored in words. One query."""
    scope = Scope.from_data(data)
    names = dict(Building.objects.filter(project=project).values_list("id", "name"))
    return scope.describe(names) if scope.terms else "没有"


def unit_words(keys: Collection[int]) -> str:
    """Write single units as the builder takes them."""
    if not keys:
        return ""
    rows = Unit.objects.filter(pk__in=keys).order_by("building__number_order", "entrance", "room")
    parts = rows.values_list("building__number", "entrance", "room")
    return "、".join("-".join(filter(None, one)) for one in parts)


class BlockerForm(ServiceForm):
    """A blocker: its type, its facts, the units it catches and those at fault."""

    type = forms.ModelChoiceField(label="堵点类型", queryset=BlockerType.objects.none(), empty_label="请选择")
    title = forms.CharField(label="事由", max_length=120, required=False, help_text="不填的使用类型名称")
    found_on = DayField(label="发现日期")
    responsible = forms.ModelChoiceField(
        label="责任单位",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="堵点类型的牵头单位",
    )
    cause = forms.CharField(label="成因", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    public_text = forms.CharField(
        label="对外说明", max_length=300, required=False, help_text="供权利人和开发建设单位查看的说明"
    )

    def __init__(self, *args: Any, project: Project, powers: Powers | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        types = BlockerType.objects.filter(is_active=True).order_by("code")
        own = [each for each in types if powers is None or powers.may_raise(each, Gate(each.gate))]
        self.fields["type"].queryset = types.filter(pk__in=[each.pk for each in own])  # type: ignore[attr-defined]
        self.fields["responsible"].queryset = responsible_for(project)  # type: ignore[attr-defined]
        self.caught = ScopeFields("scope", "涉及范围", project)
        self.fault = ScopeFields("fault", "过错范围", project)
        self.fields.update(self.caught.fields())
        self.fields.update(self.fault.fields())

    @property
    def scopes(self) -> tuple[Scope, Scope]:
        """The affected scope and the part of it that is at fault."""
        cleaned = self.cleaned_data
        scope = self.caught.scope(cleaned, empty=EVERYTHING)
        fault = self.fault.scope(cleaned, empty=NOTHING)
        is_within = not cleaned.get("fault_buildings")  # buildings are ticked once: those that the blocker catches
        return scope, fault & scope if is_within else fault

    def clean(self) -> dict[str, Any]:
        """Give the blocker to the organ that leads on its type, if nobody was named."""
        cleaned = super().clean() or self.cleaned_data
        if (type := cleaned.get("type")) and not cleaned.get("responsible"):
            cleaned["responsible"] = organ_called(type.lead, responsible_for(self.project))
        return cleaned

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        scope, fault = self.scopes
        own = ("type", "title", "found_on", "responsible", "cause", "public_text")
        return {**{name: self.cleaned_data[name] for name in own}, "scope": scope, "at_fault": fault}


def responsible_for(project: Project) -> Any:
    """Return the organisations that may have the ball in a project."""
    return organisations_near(project)


class StepForm(ServiceForm):
    """One document that makes a gate for several buildings."""

    gate = forms.ChoiceField(label="环节", choices=GATES)
    status = forms.ChoiceField(label="结果", choices=STATUSES)
    buildings = RowsField(
        label="楼栋", queryset=Building.objects.none(), required=False, widget=RangeTicks,
        help_text="不选就是全部楼栋",
    )  # fmt: skip
    part = forms.ChoiceField(label="部分", choices=PARTS, required=False)
    document_no = forms.CharField(label="文号", max_length=80)
    title = forms.CharField(label="文件名称", max_length=120, required=False)
    organ = forms.CharField(label="机关", max_length=80)
    issued_on = DayField(label="文件日期", is_of_paper=True)
    effective_on = DayField(label="办理日期")

    def __init__(self, *args: Any, project: Project, powers: Powers | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        own = [gate for gate in Gate.building_gates() if powers is None or powers.makes(gate)]
        self.fields["gate"].choices = [(gate.value, gate.label) for gate in own]  # type: ignore[attr-defined]
        if own and powers is not None and not powers.has_all:
            actor = powers.actor
            self.fields["gate"].initial, self.fields["organ"].initial = own[0].value, actor.organisation_name
        chosen = Building.objects.filter(project=project).order_by("number_order", "id")
        self.fields["buildings"].queryset = chosen  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        cleaned = dict(self.cleaned_data)
        cleaned["gate"] = Gate(cleaned["gate"])
        cleaned["status"] = StepStatus(cleaned["status"])
        cleaned["part"] = Part(cleaned["part"]) if cleaned["part"] else None
        cleaned["buildings"] = list(cleaned["buildings"])
        return cleaned


class RescopeForm(EditForm):
    """The scope of a blocker from a day on, and why it changes. Begins with the scope as it is."""

    parts = {"scope": ("涉及范围", "scope"), "at_fault": ("过错范围", "fault")}
    not_shown = frozenset({"effective_on", "reason"})

    effective_on = DayField(label="起始日期")
    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, project: Project, scope: Scope, at_fault: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole = {"scope": scope.to_data(), "at_fault": at_fault.to_data()}
        self.in_words = dict.fromkeys(self.parts, partial(words_of_stored, project))
        self.initial = said_by(scope, "scope") | said_by(at_fault, "fault")
        self.caught = ScopeFields("scope", "涉及范围", project)
        self.fault = ScopeFields("fault", "过错范围", project)
        self.fields.update(self.caught.fields())
        self.fields.update(self.fault.fields())

    @property
    def scopes(self) -> tuple[Scope, Scope]:
        """The affected scope and the part of it that is at fault."""
        scope = self.caught.scope(self.cleaned_data, empty=EVERYTHING)
        return scope, self.fault.scope(self.cleaned_data, empty=NOTHING)

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        scope, fault = self.scopes
        own = {name: self.cleaned_data[name] for name in ("effective_on", "reason")}
        return {**own, "scope": scope, "at_fault": fault}


class ReopenForm(ServiceForm):
    """A resolved blocker is opened again."""

    reopened_on = DayField(label="起始日期")
    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ConditionForm(ServiceForm):
    """The condition of a C type is met: by which paper, on which day."""

    checked_on = DayField(label="核查日期")
    document = forms.CharField(label="依据", max_length=120, help_text="文件名称和文号")
    finding = forms.CharField(label="核查情况", max_length=300, required=False)


class ResolveForm(ServiceForm):
    """How and when a blocker was resolved."""

    resolved_on = DayField(label="解决日期")
    resolution = forms.CharField(label="解决依据", max_length=300, help_text="文号或办理结果")


class ReasonForm(ServiceForm):
    """An act that needs a reason and nothing else."""

    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}))


class RevokeForm(ServiceForm):
    """A document is revoked from a day on."""

    revoked_on = DayField(label="失效日期")
    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}))


class EndPauseForm(ServiceForm):
    """A pause ends on a day, for a reason."""

    ends = DayField(rule=DayRule.DUE, label="恢复受理日期", help_text="自当日起可以受理")
    reason = forms.CharField(
        label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="写明所依据的文件或事实"
    )
