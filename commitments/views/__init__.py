"""Pages of letters and decisions: drafted, previewed, signed, approved, kept."""

from commitments.views.instruments import (
    approve,
    close,
    draft_decision,
    draft_letter,
    instrument,
    instruments,
    return_,
    revoke,
    sign,
    withdraw,
)
from commitments.views.obligations import obligation

__all__ = [
    "approve",
    "close",
    "draft_decision",
    "draft_letter",
    "instrument",
    "instruments",
    "obligation",
    "return_",
    "revoke",
    "sign",
    "withdraw",
]
