"""Writing papers, months and imports."""

from documents.services.closing import close_month
from documents.services.imports import accept_session, commit_session, return_session, stage_import, submit_session
from documents.services.papers import issue_paper, void_paper

__all__ = [
    "accept_session",
    "close_month",
    "commit_session",
    "issue_paper",
    "return_session",
    "stage_import",
    "submit_session",
    "void_paper",
]
