"""Reading instruments: their list, their obligations, their reliefs, their effect."""

from commitments.selectors.effects import (
    IN_FORCE,
    Effect,
    ShutGroup,
    effect_of,
    effect_of_ending,
    effect_of_resolving,
    relief_of,
    reliefs,
)
from commitments.selectors.instruments import (
    clause_of,
    instrument_by_code,
    issuers_for,
    members_for,
    obligation_of,
    obligations_of,
    organisation_of,
    organisations_for,
    receivers_for,
    running_letters,
    setting_for,
    settings_in_force,
    verifiers_for,
)
from commitments.selectors.ladder import PromisePage, promise_page

__all__ = [
    "IN_FORCE",
    "Effect",
    "PromisePage",
    "ShutGroup",
    "clause_of",
    "effect_of",
    "effect_of_ending",
    "effect_of_resolving",
    "instrument_by_code",
    "issuers_for",
    "members_for",
    "obligation_of",
    "obligations_of",
    "organisation_of",
    "organisations_for",
    "promise_page",
    "receivers_for",
    "relief_of",
    "reliefs",
    "running_letters",
    "setting_for",
    "settings_in_force",
    "verifiers_for",
]
