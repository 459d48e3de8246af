"""What an actor may do with an instrument as it stands: the buttons of its page."""

from typing import Any

from commitments.choices import InstrumentState
from commitments.services.countersigning import current_round
from commitments.services.ending import LIVE, is_kept
from registry.kernel.authority import Actor, Permission, Role

S = InstrumentState


def permissions_of(instrument: Any, actor: Actor) -> dict[str, bool]:
    """Tell, by name, each act that is open to the actor. The services check again."""
    state, is_letter = instrument.state, hasattr(instrument, "letter")
    is_own = actor.organisation_id == instrument.issuer_id
    asked = [answer.organisation_id for answer in current_round(instrument)] if state == S.COUNTERSIGN else []
    promises = list(instrument.letter.obligations.all()) if is_letter else []
    verifiers = {promise.verifier_id for promise in promises}
    may_draft = state == S.DRAFT and is_own and actor.can(Permission.INSTRUMENT_DRAFT)
    may_manage = actor.can(Permission.INSTRUMENT_APPROVE) and not is_own
    performs = state in (S.PERFORMING, S.CLOSING, S.BREACHED)
    kept = bool(promises) and all(is_kept(promise) for promise in promises)
    return {
        "is_live": state in LIVE,
        "may_edit": may_draft,
        "may_countersign": may_draft and is_letter,
        "may_answer": actor.organisation_id in asked and actor.can(Permission.INSTRUMENT_COUNTERSIGN),
        "may_sign": state in (S.DRAFT, S.COUNTERSIGN) and is_own and actor.can(Permission.INSTRUMENT_SIGN),
        "may_approve": state == S.SIGNED
        and actor.can(Permission.INSTRUMENT_APPROVE)
        and actor.person_id not in (instrument.signed_by_id, instrument.drafted_by_id),
        "may_return": state == S.COUNTERSIGN and actor.can(Permission.INSTRUMENT_APPROVE),
        "may_withdraw": state == S.DRAFT
        and actor.can(Permission.INSTRUMENT_DRAFT)
        and (is_own or actor.role in (Role.CITY, Role.DISTRICT)),
        "may_revoke": state in LIVE and actor.can(Permission.INSTRUMENT_REVOKE),
        "may_report": performs and is_own and actor.can(Permission.OBLIGATION_REPORT),
        "may_extend": performs and actor.can(Permission.INSTRUMENT_DRAFT) and (is_own or actor.role == Role.DISTRICT),
        "may_breach": state in (S.PERFORMING, S.CLOSING) and is_letter and may_manage,
        "may_cure": state == S.BREACHED and may_manage,
        "may_ask_closing": state == S.PERFORMING and is_own and kept and actor.can(Permission.OBLIGATION_REPORT),
        "may_check_closing": state == S.CLOSING and not is_own and actor.organisation_id in verifiers,
        "may_close": state == S.VERIFIED and may_manage,
    }
