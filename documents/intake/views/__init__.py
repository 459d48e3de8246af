"""Pages of imports."""

from documents.intake.views.imports import (
    accept,
    import_session,
    marked,
    return_,
    submit,
    template,
    unit_list_file,
    upload,
)
from documents.intake.views.mending import choose_sheet, mapping, undo
from documents.intake.views.stage_lists import stage_list, stage_template
from documents.intake.views.work_lists import work_list, work_lists, work_template

__all__ = [
    "accept",
    "choose_sheet",
    "import_session",
    "mapping",
    "marked",
    "return_",
    "stage_list",
    "stage_template",
    "submit",
    "template",
    "undo",
    "unit_list_file",
    "upload",
    "work_list",
    "work_lists",
    "work_template",
]
