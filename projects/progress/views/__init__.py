"""Pages of buildings, units and their progress."""

from projects.progress.views.building import building, unit_panel
from projects.progress.views.bulk import bulk, undo_bulk_moves
from projects.progress.views.lists import track_list
from projects.progress.views.merge_split import apart, duplicates, merge, split, take_back
from projects.progress.views.unit import correct, reveal, standing, unit
from projects.progress.views.units import advance, progress, units
from projects.progress.views.zero import close, residual, zero

__all__ = [
    "advance",
    "apart",
    "building",
    "bulk",
    "close",
    "correct",
    "duplicates",
    "merge",
    "progress",
    "residual",
    "reveal",
    "split",
    "standing",
    "take_back",
    "track_list",
    "undo_bulk_moves",
    "unit",
    "unit_panel",
    "units",
    "zero",
]
