"""What people do about blockers."""

from projects.casework.choices import CallState, DayKind, PolicyLevel, ProposalState, TurnKind
from projects.casework.models.calendar import Holiday
from projects.casework.models.leverage import LeverageMember, LeverageRow, LeverageRun
from projects.casework.models.policies import LiftProposal, Policy, PolicyLift
from projects.casework.models.turns import Turn, Whistle, WhistleCall, WhistleEvent

__all__ = [
    "CallState",
    "DayKind",
    "Holiday",
    "LeverageMember",
    "LeverageRow",
    "LeverageRun",
    "LiftProposal",
    "Policy",
    "PolicyLevel",
    "PolicyLift",
    "ProposalState",
    "Turn",
    "TurnKind",
    "Whistle",
    "WhistleCall",
    "WhistleEvent",
]
