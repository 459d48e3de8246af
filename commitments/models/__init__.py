"""Instruments that lift blockers for a scope; the letter is the instrument with obligations."""

from commitments.choices import Answer, InstrumentKind, InstrumentState, ObligationState
from commitments.models.countersign import Countersign
from commitments.models.credit import CreditWaiver, ExposureCap, ExposurePoint, ExposureRun
from commitments.models.instrument import Clause, Instrument
from commitments.models.ladder import LadderStep
from commitments.models.letter import Letter, Obligation, ObligationClause, ObligationEvent
from commitments.models.setting import LadderRule, LapseRule
from commitments.models.succession import Succession, SuccessorKind

__all__ = [
    "Answer",
    "Clause",
    "Countersign",
    "CreditWaiver",
    "ExposureCap",
    "ExposurePoint",
    "ExposureRun",
    "Instrument",
    "InstrumentKind",
    "InstrumentState",
    "LadderRule",
    "LadderStep",
    "LapseRule",
    "Letter",
    "Obligation",
    "ObligationClause",
    "ObligationEvent",
    "ObligationState",
    "Succession",
    "SuccessorKind",
]
