"""Writing what readiness hangs on."""

from projects.gates.services.blockers import describe_blocker, raise_blocker, resolve_blocker, withdraw_blocker
from projects.gates.services.conditions import check_condition
from projects.gates.services.pauses import end_pause, pause_acceptances
from projects.gates.services.readiness import refresh_readiness
from projects.gates.services.scopes import change_scope, reopen_blocker
from projects.gates.services.steps import record_steps, revoke_document

__all__ = [
    "change_scope",
    "check_condition",
    "describe_blocker",
    "end_pause",
    "pause_acceptances",
    "raise_blocker",
    "record_steps",
    "refresh_readiness",
    "reopen_blocker",
    "resolve_blocker",
    "revoke_document",
    "withdraw_blocker",
]
