"""Writing progress."""

from projects.progress.services.advance import Outcome, advance_units
from projects.progress.services.corrections import correct_unit
from projects.progress.services.place import PlacedCertificate, PlacedHolder, PlacedUnit, Placement, place_units
from projects.progress.services.standing import change_standing

__all__ = [
    "Outcome",
    "PlacedCertificate",
    "PlacedHolder",
    "PlacedUnit",
    "Placement",
    "advance_units",
    "change_standing",
    "correct_unit",
    "place_units",
]
