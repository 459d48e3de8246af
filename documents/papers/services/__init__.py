"""Issuing papers, one or many; opening, delivering and voiding them."""

from documents.papers.selectors.archive import read_pdf
from documents.papers.services.issuing import (
    issue_for_lower_app,
    issue_paper,
    next_serial,
    open_paper,
    print_first_passwords,
    sign_paper,
    void_paper,
)

__all__ = [
    "issue_for_lower_app",
    "issue_paper",
    "next_serial",
    "open_paper",
    "print_first_passwords",
    "read_pdf",
    "sign_paper",
    "void_paper",
]
