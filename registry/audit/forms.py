"""Which acts to list."""

from django import forms

from registry.audit.messages import EVENT_MESSAGES
from registry.kernel.days import DayRule
from registry.store.form_fields import DayField
from registry.store.root import project_by_code_unscoped


class ActFilter(forms.Form):
    """Filters of the record: nothing required; fields of the model are named here, never taken from the request."""

    use_required_attribute = False

    project = forms.CharField(label="项目编号", required=False, max_length=20)
    event = forms.CharField(label="事项", required=False, max_length=60)
    who = forms.CharField(label="办理人、单位", required=False, max_length=40)
    starts = DayField(rule=DayRule.ANY, label="自", required=False)
    ends = DayField(rule=DayRule.ANY, label="至", required=False)

    def clean_event(self) -> list[str]:
        """The event names whose sentences hold the words: people search by what they read."""
        words = str(self.cleaned_data["event"]).strip()
        return [event for event, text in EVENT_MESSAGES.items() if words in text] if words else []

    def clean_project(self) -> int | None:
        """The key of the project; −1, which is no chain, for a number that isn't one."""
        code = str(self.cleaned_data["project"]).strip()
        project = project_by_code_unscoped(code) if code else None
        return None if not code else -1 if project is None else int(project.pk)
