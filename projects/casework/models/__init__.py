"""What people do about blockers."""

from projects.casework.choices import CallState, DayKind, PolicyLevel, ProposalState, TaskEventKind, TaskState, TurnKind
from projects.casework.models.calendar import Holiday
from projects.casework.models.leverage import LeverageMember, LeverageRow, LeverageRun
from projects.casework.models.policies import LiftProposal, Policy, PolicyLift
from projects.casework.models.tasks import Meeting, Task, TaskEvent
from projects.casework.models.turns import Turn, Whistle, WhistleCall, WhistleEvent

__all__ = [
    "CallState",
    "DayKind",
    "Holiday",
    "LeverageMember",
    "LeverageRow",
    "LeverageRun",
    "LiftProposal",
    "Meeting",
    "Policy",
    "PolicyLevel",
    "PolicyLift",
    "ProposalState",
    "Task",
    "TaskEvent",
    "TaskEventKind",
    "TaskState",
    "Turn",
    "TurnKind",
    "Whistle",
    "WhistleCall",
    "WhistleEvent",
]
