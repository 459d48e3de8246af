"""Forms of letters and decisions."""

from commitments.forms.acts import ApproveForm, ExtendForm, ReportForm, SignForm, VerifyForm
from commitments.forms.drafting import DecisionForm, LetterForm

__all__ = ["ApproveForm", "DecisionForm", "ExtendForm", "LetterForm", "ReportForm", "SignForm", "VerifyForm"]
