"""Writing instruments and obligations."""

from commitments.services.drafting import ClauseDraft, LetterDraft, ObligationDraft, draft_instrument
from commitments.services.lapsing import apply_lapse_rule, decide_lapse_rule, run_lapse_rules
from commitments.services.obligations import extend_obligation, report_obligation, verify_obligation
from commitments.services.signing import (
    approve_instrument,
    close_letter,
    return_instrument,
    revoke_instrument,
    sign_instrument,
    withdraw_draft,
)

__all__ = [
    "ClauseDraft",
    "LetterDraft",
    "ObligationDraft",
    "apply_lapse_rule",
    "approve_instrument",
    "close_letter",
    "decide_lapse_rule",
    "draft_instrument",
    "extend_obligation",
    "report_obligation",
    "return_instrument",
    "revoke_instrument",
    "run_lapse_rules",
    "sign_instrument",
    "verify_obligation",
    "withdraw_draft",
]
