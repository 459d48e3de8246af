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
from commitments.forms.drafting import DecisionForm
from commitments.forms.editing import BasicsForm, ClauseForm, PromiseForm
from commitments.forms.filters import InstrumentFilter
from commitments.forms.letter import LetterForm

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
