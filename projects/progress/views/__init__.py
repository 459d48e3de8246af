"""Pages of buildings, units and their progress."""

from projects.progress.views.building import building, unit_panel
from projects.progress.views.lists import track_list
from projects.progress.views.unit import correct, reveal, standing, unit
from projects.progress.views.units import advance, progress, units

__all__ = [
    "advance",
    "building",
    "correct",
    "progress",
    "reveal",
    "standing",
    "track_list",
    "unit",
    "unit_panel",
    "units",
]
