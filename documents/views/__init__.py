"""Pages of papers, reports and imports."""

from documents.views.imports import accept, import_session, return_, submit, template, upload
from documents.views.papers import letter, notice, notices, paper_pdf, papers, void
from documents.views.reports import close, report, reports, workbook

__all__ = [
    "accept",
    "close",
    "import_session",
    "letter",
    "notice",
    "notices",
    "paper_pdf",
    "papers",
    "report",
    "reports",
    "return_",
    "submit",
    "template",
    "upload",
    "void",
    "workbook",
]
