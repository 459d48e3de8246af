"""Pages of papers, reports and imports."""

from documents.papers.views import brief, letter, notice, notices, paper_pdf, papers, void
from documents.reports.views import close, report, reports, workbook
from documents.views.exports import export_file, export_list, exports
from documents.views.imports import accept, import_session, marked, return_, submit, template, unit_list_file, upload
from documents.views.mending import choose_sheet, mapping, undo
from documents.views.stage_lists import stage_list, stage_template
from documents.views.work_lists import work_list, work_lists, work_template

__all__ = [
    "accept",
    "brief",
    "choose_sheet",
    "close",
    "export_file",
    "export_list",
    "exports",
    "import_session",
    "letter",
    "mapping",
    "marked",
    "notice",
    "notices",
    "paper_pdf",
    "papers",
    "report",
    "reports",
    "return_",
    "stage_list",
    "stage_template",
    "submit",
    "template",
    "undo",
    "unit_list_file",
    "upload",
    "void",
    "work_list",
    "work_lists",
    "work_template",
    "workbook",
]
