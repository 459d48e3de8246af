"""Forms of the office."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from projects.ledger.models import Project, Unit
from projects.office.choices import CHECKLISTS, ExtraTrip, FamilyFact
from projects.office.selectors.families import FamilyHome
from projects.office.services.finding import find_families
from projects.office.services.visits import Shown
from registry.kernel.authority import Actor
from registry.kernel.days import DayRule
from registry.kernel.numerals import whole_number
from registry.web.forms import DayField, EditForm, ServiceForm


class ChecklistForm(forms.Form):
    """Whose list, as of when; `use` is that of a unit, which may have a list of its own."""

    of = forms.ChoiceField(choices=CHECKLISTS, required=False)
    use = forms.CharField(max_length=12, required=False)
    on = DayField(rule=DayRule.ANY, label="适用日期", required=False)


class FindForm(forms.Form):
    """The one field of the counter."""

    text = forms.CharField(label="查找", max_length=60, required=False)


class Ticks(forms.MultipleChoiceField):
    """Boxes ticked on a card that may have changed since: what of them still stands is the service's to say."""

    def __init__(self, pattern: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pattern = re.compile(pattern)

    def valid_value(self, value: Any) -> bool:
        """Whether a box of the card can have this value at all."""
        return bool(self._pattern.fullmatch(str(value)))


class VisitForm(ServiceForm):
    """A visit: the homes it is about, the papers on the counter, why the family came again."""

    came_on = DayField(rule=DayRule.FACT, label="来访日期")
    again = forms.ChoiceField(label="再次来访原因", choices=ExtraTrip.choices, required=False)
    again_note = forms.CharField(label="说明", max_length=120, required=False)
    sheet_no = forms.CharField(
        label="停网登记表号", max_length=20, required=False, help_text="补录停网当日来访的填写；平时不填。"
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    home = Ticks("[0-9]{1,18}", label="办理的户", error_messages={"required": "未选择办理的户。请至少勾选一户。"})
    paper = Ticks("[0-9]{1,18}:.{1,60}", label="材料", required=False)

    def __init__(self, *args: Any, has_come: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_come:
            del self.fields["again"], self.fields["again_note"]

    def clean(self) -> dict[str, Any]:
        """Give the words of the service: by home, the names of the papers on the counter; what the card showed."""
        words = dict(self.cleaned_data)
        handed: dict[int, list[str]] = {int(key): [] for key in words.pop("home", ())}
        for text in words.pop("paper", ()):
            key, name = text.split(":", 1)
            if int(key) in handed:
                handed[int(key)].append(name)
        stages, last = self.unmark(words.pop("shown", ""))
        return {**words, "handed": handed, "shown": Shown(stages, last)}

    @staticmethod
    def mark(homes: Sequence[FamilyHome], last: int) -> str:
        """Write what the card shows: the last visit, and the stage of each home."""
        return f"{last};" + ",".join(f"{home.unit.pk}={home.unit.certificate}" for home in homes)

    @staticmethod
    def unmark(text: str) -> tuple[dict[int, str], int | None]:
        """Read it again; what is no mark says nothing."""
        head, _, tail = text.partition(";")
        pairs = (part.split("=", 1) for part in tail.split(",") if "=" in part)
        stages = {key: stage for text, stage in pairs if (key := whole_number(text)) is not None}
        return stages, whole_number(head)


class JoinForm(ServiceForm):
    """Another home of the same family, and on what ground."""

    other = forms.CharField(label="另一户", max_length=40, help_text="户号，如9-3-502。")
    reason = forms.CharField(label="依据", max_length=200, help_text="如：户口簿载明夫妻；结婚证编号。")

    def __init__(self, *args: Any, actor: Actor, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._actor, self._project = actor, project

    def clean_other(self) -> Unit:
        """Give the home that is meant."""
        text = self.cleaned_data["other"]
        answer = find_families(actor=self._actor, project=self._project, text=text)
        if len(answer.homes) != 1:
            said = f"“{text}”对应{len(answer.homes)}户" if answer.homes else f"本项目未找到“{text}”"
            raise forms.ValidationError(f"{said}。请按楼-单元-户号填写，如9-3-502。")
        return answer.homes[0]


class PartForm(ServiceForm):
    """Why two homes are not one family's."""

    reason = forms.CharField(label="撤销原因", max_length=200)


class FactsForm(EditForm):
    """What is so of the people of a home; two clerks on it are told of each other."""

    not_shown = frozenset({"effective_on"})

    facts = forms.MultipleChoiceField(
        label="情形", choices=FamilyFact.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    effective_on = DayField(rule=DayRule.FACT, label="起始日期")
