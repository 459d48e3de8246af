"""What the leads do by themselves each day: whom to tell of a building that has opened goes to its township."""

from typing import Any

from projects.leads.services.openings import run_openings
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.clock import ledger_today


@daily("leads.openings", label="楼栋可以办证后的告知名单")
def lay_openings(lease: Lease) -> dict[str, Any]:
    """Lay the call lists of projects on the desks of their townships; safe to repeat: what lies there stays."""
    return {"projects": run_openings(on=ledger_today())}
