"""Pages of buildings, units and their progress."""

from projects.progress.views.building import building, unit_panel
from projects.progress.views.bulk import bulk_moves, undo_bulk_moves
from projects.progress.views.lists import track_list
from projects.progress.views.merge_split import (
    duplicates,
    mark_distinct_page,
    merge_projects_page,
    split_project_page,
    unmark_distinct_page,
)
from projects.progress.views.queues import pace, queue, rest
from projects.progress.views.submissions import hand_in_page, return_page, take_back_submission_page
from projects.progress.views.unit import change_standing_page, propose_correction, reveal_holder_page, unit
from projects.progress.views.units import advance_units_page, progress, units
from projects.progress.views.zero import close_out_page, propose_residual_page, zero_check

__all__ = [
    "advance_units_page",
    "building",
    "bulk_moves",
    "change_standing_page",
    "close_out_page",
    "duplicates",
    "hand_in_page",
    "mark_distinct_page",
    "merge_projects_page",
    "pace",
    "progress",
    "propose_correction",
    "propose_residual_page",
    "queue",
    "rest",
    "return_page",
    "reveal_holder_page",
    "split_project_page",
    "take_back_submission_page",
    "track_list",
    "undo_bulk_moves",
    "unit",
    "unit_panel",
    "units",
    "unmark_distinct_page",
    "zero_check",
]
