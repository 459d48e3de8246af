"""Forms of letters and decisions."""

from commitments.forms.acts import (
    AnswerForm,
    ApproveForm,
    ClosingCheckForm,
    ClosingForm,
    CountersignForm,
    ExtendForm,
    ReportForm,
    SettingForm,
    SignForm,
    VerifyForm,
)
from commitments.forms.drafting import DecisionForm, LetterForm
from commitments.forms.editing import BasicsForm, ClauseForm, PromiseForm

__all__ = [
    "AnswerForm",
    "ApproveForm",
    "BasicsForm",
    "ClauseForm",
    "ClosingCheckForm",
    "ClosingForm",
    "CountersignForm",
    "DecisionForm",
    "ExtendForm",
    "LetterForm",
    "PromiseForm",
    "ReportForm",
    "SettingForm",
    "SignForm",
    "VerifyForm",
]
