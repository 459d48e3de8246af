"""Models of the books, one file per aggregate."""

from projects.ledger.models.books import Move, ProjectTally, Tally
from projects.ledger.models.building import (
    IN_THE_BOOKS,
    Building,
    BuildingPlacement,
    FeatureChange,
    Unit,
    UnitCodeHistory,
    UnitName,
    UnitRight,
)
from projects.ledger.models.certificate import UnitCertificate
from projects.ledger.models.holding import Agreement, AgreementUnit, Holder, HolderChange, UnitHolder
from projects.ledger.models.participation import Participation
from projects.ledger.models.project import (
    DATED,
    Alias,
    Applicant,
    Developer,
    ProgressNote,
    Project,
    ProjectVersion,
)

__all__ = [
    "DATED",
    "IN_THE_BOOKS",
    "Agreement",
    "AgreementUnit",
    "Alias",
    "Applicant",
    "Building",
    "BuildingPlacement",
    "Developer",
    "FeatureChange",
    "Holder",
    "HolderChange",
    "Move",
    "Participation",
    "ProgressNote",
    "Project",
    "ProjectTally",
    "ProjectVersion",
    "Tally",
    "Unit",
    "UnitCertificate",
    "UnitCodeHistory",
    "UnitHolder",
    "UnitName",
    "UnitRight",
]
