"""Gates: why a home can or cannot go on. The definitions are those of docs/architecture.md, §2."""

from registry.kernel.gates.calls import Appointment, Call, Desk, Papers
from registry.kernel.gates.facts import (
    BarFact,
    BlockerFact,
    BuildingState,
    PauseFact,
    ProjectFacts,
    ReliefFact,
    StepFact,
)
from registry.kernel.gates.grouped import GateTable, compute_gates
from registry.kernel.gates.reasons import Line, Reason, ReasonKind, why
from registry.kernel.gates.scripts import closing_words, telephone_words
from registry.kernel.gates.spans import (
    FIGURES,
    ISSUED_UNREADY,
    Span,
    change_dates,
    issued_unready,
    readiness,
    stay_ready,
    stretches,
)
from registry.kernel.gates.table import GATES, Gate, GateSpec, Mark, Organ, StepStatus
from registry.kernel.gates.words import not_ready_words, render_why, shut_by

__all__ = [
    "FIGURES",
    "GATES",
    "ISSUED_UNREADY",
    "Appointment",
    "BarFact",
    "BlockerFact",
    "BuildingState",
    "Call",
    "Desk",
    "Gate",
    "GateSpec",
    "GateTable",
    "Line",
    "Mark",
    "Organ",
    "Papers",
    "PauseFact",
    "ProjectFacts",
    "Reason",
    "ReasonKind",
    "ReliefFact",
    "Span",
    "StepFact",
    "StepStatus",
    "change_dates",
    "closing_words",
    "compute_gates",
    "issued_unready",
    "not_ready_words",
    "readiness",
    "render_why",
    "shut_by",
    "stay_ready",
    "stretches",
    "telephone_words",
    "why",
]
