"""Writing imports."""

from documents.intake.services.sessions import (
    accept_session,
    commit_session,
    expire_session,
    return_session,
    submit_session,
)
from documents.intake.services.staging import stage_import
from documents.intake.services.take_back_units import propose_undo, undo_session

__all__ = [
    "accept_session",
    "commit_session",
    "expire_session",
    "propose_undo",
    "return_session",
    "stage_import",
    "submit_session",
    "undo_session",
]
