"""Forms of the queue: numbers, appointments, calls, homes that go before their turn."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms

from projects.office.choices import BookingEnd, CallResult, Precedence, TicketStep
from registry.kernel.days import DayRule
from registry.web.forms import DayField, FilterForm, ServiceForm


class QueueForm(ServiceForm):
    """Taking a number, or calling the next to a window."""

    required_if = {"window": "叫号时必填"}

    do = forms.ChoiceField(label="办理", choices=[("take", "取号"), ("call", "叫下一个"), ("serve", "叫下一个并办理")])
    window = forms.CharField(label="窗口号", max_length=10, required=False)


class DayForm(FilterForm):
    """Of which day a page is: its reminders, its tally."""

    on = DayField(rule=DayRule.ANY, label="日期", required=False)

    @property
    def day(self) -> date | None:
        """The day asked for; none if it is none."""
        return self.cleaned_data.get("on") if self.is_valid() else None


class StepForm(ServiceForm):
    """A transition of a ticket."""

    required_if = {"window": "叫号时必填"}

    step = forms.ChoiceField(label="办理", choices=TicketStep.choices, widget=forms.HiddenInput)
    window = forms.CharField(label="窗口号", max_length=10, required=False)


class EndBookingForm(ServiceForm):
    """Why an appointment is over."""

    ended_as = forms.ChoiceField(label="结果", choices=BookingEnd.choices[:0:-1])
    note = forms.CharField(label="原因", max_length=120)


class ShutForm(ServiceForm):
    """A day on which nobody is taken."""

    day = DayField(rule=DayRule.DUE, label="停办日期")
    reason = forms.CharField(label="原因", max_length=120)


class ReopenForm(ServiceForm):
    """Why families are taken again on a day that was shut."""

    reason = forms.CharField(label="原因", max_length=120)


class CallForm(ServiceForm):
    """What came of a call."""

    result = forms.ChoiceField(label="结果", choices=CallResult.choices)
    called_on = DayField(rule=DayRule.FACT, label="日期")
    note = forms.CharField(label="说明", max_length=120, required=False)


class BookForm(ServiceForm):
    """A day and a half hour."""

    day = DayField(rule=DayRule.DUE, label="日期")
    at = forms.TypedChoiceField(label="时段", coerce=time.fromisoformat)

    def __init__(self, *args: Any, slots: Sequence[time], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = [(f"{at:%H:%M}", f"{at:%H:%M}") for at in slots]  # type: ignore[attr-defined]


class PreferForm(ServiceForm):
    """On what ground a home goes before its turn, and what proves it."""

    ground = forms.ChoiceField(label="优先理由", choices=Precedence.choices)
    reason = forms.CharField(label="依据", max_length=200, help_text="如：入学通知书、残疾证编号。")


class EndPreferenceForm(ServiceForm):
    """Why a home goes before its turn no more."""

    reason = forms.CharField(label="撤销原因", max_length=200)
