"""Writing months, imports and exports."""

from documents.services.closing import close_month
from documents.services.imports import accept_session, commit_session, expire_session, return_session, submit_session
from documents.services.staging import stage_import
from documents.services.undo import propose_undo, undo_session

__all__ = [
    "accept_session",
    "close_month",
    "commit_session",
    "expire_session",
    "propose_undo",
    "return_session",
    "stage_import",
    "submit_session",
    "undo_session",
]
