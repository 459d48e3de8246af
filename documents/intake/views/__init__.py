"""Pages of imports."""

from documents.intake.views.across_lists import across_list, across_lists, across_template, write_across
from documents.intake.views.imports import (
    accept_import,
    import_session,
    marked_file,
    return_import,
    submit_import,
    unit_list_file,
    unit_template,
    upload_units,
)
from documents.intake.views.mending import choose_sheet, map_columns, new_buildings, undo_import
from documents.intake.views.stage_lists import stage_list, stage_template
from documents.intake.views.work_lists import work_list, work_lists, work_template

__all__ = [
    "accept_import",
    "across_list",
    "across_lists",
    "across_template",
    "choose_sheet",
    "import_session",
    "map_columns",
    "marked_file",
    "new_buildings",
    "return_import",
    "stage_list",
    "stage_template",
    "submit_import",
    "undo_import",
    "unit_list_file",
    "unit_template",
    "upload_units",
    "work_list",
    "work_lists",
    "work_template",
    "write_across",
]
