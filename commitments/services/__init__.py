"""Writing instruments and obligations."""

from commitments.services.closing import close_letter, request_closing, return_closing, verify_closing
from commitments.services.countersigning import answer_countersign, open_countersign
from commitments.services.credit import grant_waiver, set_exposure_cap
from commitments.services.drafting import ClauseDraft, LetterDraft, ObligationDraft, draft_instrument
from commitments.services.editing import change_draft, drop_clause, drop_promise, put_clause, put_promise
from commitments.services.ending import cure_breach, declare_breach, revoke_instrument
from commitments.services.escalation import send_rung
from commitments.services.exposure import count_exposure, keep_exposure
from commitments.services.inspecting import record_inspection
from commitments.services.ladder import apply_ladder, run_ladder
from commitments.services.lapsing import apply_lapse_rule, run_lapse_rules
from commitments.services.obligations import extend_obligation, report_obligation, verify_obligation
from commitments.services.settings import decide_ladder_rule, decide_lapse_rule
from commitments.services.signing import approve_instrument, return_instrument, sign_instrument, withdraw_draft

__all__ = [
    "ClauseDraft",
    "LetterDraft",
    "ObligationDraft",
    "answer_countersign",
    "apply_ladder",
    "apply_lapse_rule",
    "approve_instrument",
    "change_draft",
    "close_letter",
    "count_exposure",
    "cure_breach",
    "decide_ladder_rule",
    "decide_lapse_rule",
    "declare_breach",
    "draft_instrument",
    "drop_clause",
    "drop_promise",
    "extend_obligation",
    "grant_waiver",
    "keep_exposure",
    "open_countersign",
    "put_clause",
    "put_promise",
    "record_inspection",
    "report_obligation",
    "request_closing",
    "return_closing",
    "return_instrument",
    "revoke_instrument",
    "run_ladder",
    "run_lapse_rules",
    "send_rung",
    "set_exposure_cap",
    "sign_instrument",
    "verify_closing",
    "verify_obligation",
    "withdraw_draft",
]
