"""The base of forms that edit what stands: each carries the version that it was opened on, field by field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from django import forms
from django.db import models
from django.http import QueryDict

from registry.accounts.forms import OrganisationForm, ServiceForm
from registry.audit.selectors import Happening, last_change
from registry.kernel.days import DayRule
from registry.kernel.errors import DomainError
from registry.kernel.settings import SettingKind, SettingSpec
from registry.store.form_fields import DayField
from registry.store.versions import Clash, Overtaken, Seen, mark_of, pack, unpack

SEEN: Final = "seen"
PICK: Final = "pick_"
MINE: Final = "mine."
THEIRS: Final = "theirs"


@dataclass(frozen=True)
class ShownClash:
    """A clash ready to show: what the field is called, both values in words, and who changed it when."""

    name: str
    label: str
    theirs: str
    mine: str
    take_mine: str
    change: Happening | None


class EditForm(ServiceForm):
    """A form that begins with what stands. Its `initial` is the stored values; `seen` goes to the service with them.

    `parts` names what several fields say together (a scope): the service knows it by that name, `whole` holds its
    stored value, and it is chosen as one.
    """

    parts: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # name to label, then its fields or their prefixes
    not_shown: ClassVar[frozenset[str]] = frozenset()  # fields that say why or from when, not what stands
    in_words: Mapping[str, Callable[[Any], str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clashes: Sequence[ShownClash] = ()
        self.whole: dict[str, Any] = {}
        self._picks_taken = False

    @property
    def seen_mark(self) -> str:
        """The version for the hidden field: of what stands when first shown, then what came back with the form."""
        return pack(self._posted if self.is_bound else self._standing())

    def seen(self) -> Seen:
        """Return the marks that the form was opened with, and what of it the poster changed."""
        marks = self._posted
        touched = {name for name, mark in marks.items() if name in self.cleaned_data and self._differs(name, mark)}
        for name in self.parts:
            if marks.get(f"{name}_fields") != mark_of(self._sent(name)):
                touched.add(name)
        shown = {name: mark for name, mark in marks.items() if name in self._named}
        return Seen(shown, frozenset(touched))

    def carry_out(self, service: Callable[..., Any], **kwargs: Any) -> bool:
        """Hand over with what was seen; a clash stands on the form with both values and the choice."""
        overtaken: list[Overtaken] = []

        def guarded(**words: Any) -> Any:
            try:
                return service(**words)
            except Overtaken as refusal:
                overtaken.append(refusal)
                raise

        if super().carry_out(guarded, seen=self.seen(), **kwargs):
            return True
        for refusal in overtaken:
            self.clashes = [self._shown(refusal, clash) for clash in refusal.clashes]
        return False

    def full_clean(self) -> None:
        """Take the choices that came back from a clash before anything is read."""
        if self.is_bound and not self._picks_taken:
            self._picks_taken = True
            self._take_picks()
        super().full_clean()

    @property
    def _named(self) -> set[str]:
        grouped = {name for part in self.parts for name in self._fields_of(part)}
        return {*(set(self.fields) - grouped - self.not_shown), *self.parts}

    @property
    def _posted(self) -> dict[str, str]:
        if not hasattr(self, "_marks"):
            self._marks = unpack(str(self.data.get(SEEN, "")))
        return self._marks

    def _standing(self) -> dict[str, str]:
        """Mark every field that shows a stored value."""
        marks = {
            name: mark_of(self.get_initial_for_field(self.fields[name], name))
            for name in self.fields
            if name in self._named and (name in self.initial or self.fields[name].initial is not None)
        }
        for name in self.parts:
            if name in self.whole:
                marks[name] = mark_of(self.whole[name])
                marks[f"{name}_fields"] = mark_of(self._begun(name))
        return marks

    @property
    def _query(self) -> QueryDict:
        return cast(QueryDict, self.data)

    def _fields_of(self, part: str) -> list[str]:
        _, *said_in = self.parts[part]
        return [name for name in self.fields if any(name == own or name.startswith(f"{own}_") for own in said_in)]

    def _begun(self, part: str) -> dict[str, list[str]]:
        """What the fields of a part say when the form is opened, as a browser would send it."""
        return {name: values for name in self._fields_of(part) if (values := self._as_sent(name))}

    def _sent(self, part: str) -> dict[str, list[str]]:
        sent = {name: [value.strip() for value in self._query.getlist(name)] for name in self._fields_of(part)}
        return {name: values for name, values in sent.items() if any(values)}

    def _as_sent(self, name: str) -> list[str]:
        """What a browser sends of a field that is left as it stands: nothing for an empty one."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(value, models.QuerySet | list | tuple | set):
            return [str(field.prepare_value(part)) for part in value]
        return [] if value in (None, False, "") else ["on" if value is True else str(value)]

    def _differs(self, name: str, mark: str) -> bool:
        return mark_of(self.cleaned_data[name]) != mark

    def _take_picks(self) -> None:
        """Mine: over the value that was shown beside it, no other. Theirs: the field says what stands, unchanged."""
        standing, taken = self._standing(), self._query.copy()
        for name in sorted(self._named):
            pick = str(self.data.get(f"{PICK}{name}", ""))
            if pick.startswith(MINE):
                self._posted.update(unpack(f"{name}={pick.removeprefix(MINE)}"))
            elif pick == THEIRS and name in standing:
                members = self._fields_of(name) if name in self.parts else [name]
                for member in members:
                    self._say(taken, member)
                self._posted.update({kept: standing[kept] for kept in (name, f"{name}_fields") if kept in standing})
        self.data = taken

    def _say(self, data: Any, name: str) -> None:
        """Put what stands into what was posted."""
        data.pop(name, None)
        if values := self._as_sent(name):
            data.setlist(name, values)

    def _shown(self, refusal: Overtaken, clash: Clash) -> ShownClash:
        label = self.parts[clash.name][0] if clash.name in self.parts else str(self.fields[clash.name].label)
        change = last_change(refusal.subjects, clash.name)
        words = (self._words(clash.name, clash.theirs), self._words(clash.name, clash.mine))
        return ShownClash(clash.name, label, *words, f"{MINE}{mark_of(clash.theirs)}", change)

    def _words(self, name: str, value: Any) -> str:
        if name in self.in_words:
            return self.in_words[name](value) or "（空）"
        field = self.fields[name]
        if isinstance(value, bool):
            return "是" if value else "否"
        if (
            isinstance(field, forms.ModelChoiceField)
            and value not in (None, "")
            and not isinstance(value, models.Model)
        ):
            value = cast("models.QuerySet[Any]", field.queryset).model._default_manager.filter(pk=value).first()
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            labels = {str(key): str(label) for key, label in cast("list[tuple[Any, Any]]", field.choices)}
            chosen = value if isinstance(value, list | tuple) else [value]
            return "、".join(labels.get(str(part), str(part)) for part in chosen) or "（空）"
        return str(value) if value not in (None, "") else "（空）"


class ChangeOrganisationForm(EditForm, OrganisationForm):
    """An organisation, changed; code, kind and area stay, because rights hang on them."""

    is_active = forms.BooleanField(label="在用", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fixed in ("code", "kind", "area_code"):
            del self.fields[fixed]


class SettingValueForm(EditForm):
    """The value of one setting from a day on; its field follows from what the setting is."""

    not_shown = frozenset({"effective_on", "reason"})

    value = forms.CharField(label="改为", max_length=200)
    effective_on = DayField(rule=DayRule.START, label="起始日期")
    reason = forms.CharField(label="原因", max_length=200, help_text="依据的文件文号或会议")

    def __init__(self, *args: Any, spec: SettingSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if spec.kind is SettingKind.YES_NO:
            self.fields["value"] = forms.ChoiceField(label=spec.label, choices=(("yes", "是"), ("no", "否")))
        else:
            self.fields["value"].label = f"{spec.label}（{spec.unit}）" if spec.unit else spec.label
            self.fields["value"].help_text = spec.hint
        self.spec = spec

    def clean_value(self) -> str:
        """Hold the value against what the setting may be."""
        value = str(self.cleaned_data["value"])
        try:
            self.spec.parse(value)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return value
