"""Which acts to list."""

from typing import Any

from django import forms

from registry.audit.messages import EVENT_MESSAGES
from registry.kernel.authority import Actor
from registry.kernel.days import DayRule
from registry.store.form_fields import DayField
from registry.store.project_field import ProjectField


class ActFilter(forms.Form):
    """Filters of the record: nothing required; fields of the model are named here, never taken from the request."""

    use_required_attribute = False

    project = ProjectField(required=False, as_it_was=True)
    event = forms.CharField(label="事项", required=False, max_length=60)
    who = forms.CharField(label="办理人、单位", required=False, max_length=40)
    starts = DayField(rule=DayRule.ANY, label="自", required=False)
    ends = DayField(rule=DayRule.ANY, label="至", required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].actor = actor  # type: ignore[attr-defined]
        self._project: Any = None

    @property
    def project_named(self) -> str:
        """The number and name of the project whose record is meant, once the form is valid."""
        return f"{self._project.code} {self._project.name}" if self._project is not None else ""

    def clean_event(self) -> list[str]:
        """The event names whose sentences hold the words: people search by what they read."""
        words = str(self.cleaned_data["event"]).strip()
        return [event for event, text in EVENT_MESSAGES.items() if words in text] if words else []

    def clean_project(self) -> int | None:
        """The key of the project."""
        project = self._project = self.cleaned_data["project"]
        return None if project is None else int(project.pk)
