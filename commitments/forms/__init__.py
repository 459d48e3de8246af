"""Forms of letters and decisions."""

from commitments.forms.acts import (
    AnswerForm,
    ApproveForm,
    CapForm,
    ClosingCheckForm,
    ClosingForm,
    CountersignForm,
    ExtendForm,
    ReportForm,
    SettingForm,
    SignForm,
    VerifyForm,
    WaiverForm,
)
from commitments.forms.drafting import DecisionForm, LetterForm
from commitments.forms.editing import BasicsForm, ClauseForm, PromiseForm
from commitments.forms.filters import InstrumentFilter

__all__ = [
    "AnswerForm",
    "ApproveForm",
    "BasicsForm",
    "CapForm",
    "ClauseForm",
    "ClosingCheckForm",
    "ClosingForm",
    "CountersignForm",
    "DecisionForm",
    "ExtendForm",
    "InstrumentFilter",
    "LetterForm",
    "PromiseForm",
    "ReportForm",
    "SettingForm",
    "SignForm",
    "VerifyForm",
    "WaiverForm",
]
