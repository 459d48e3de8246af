"""What the leads do by themselves each day: who is told of a building that has opened, what the rule can match."""

from typing import Any

from django.db import transaction

from projects.leads.services.openings import run_openings
from projects.leads.services.proposing import match_what_waits
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.clock import ledger_today


@daily("leads.openings", label="楼栋可以办证后的告知名单")
def lay_openings(lease: Lease) -> dict[str, Any]:
    """Lay the call lists of projects on the desks of their townships; safe to repeat: what lies there stays."""
    return {"projects": run_openings(on=ledger_today())}


@daily("leads.matching", label="匹配工单和项目")
def matching(lease: Lease) -> dict[str, Any]:
    """Match what nobody decided on by the names known now; one taken over goes on behind the last ticket."""
    after = int(lease.checkpoint.get("after", 0))
    seen = matched = 0
    while True:
        count, done, last = match_what_waits(after)
        if not count:
            return {"seen": seen, "matched": matched}
        after, seen, matched = last, seen + count, matched + done
        with transaction.atomic():
            lease.beat(done=seen, checkpoint={"after": after}, stage="逐件匹配", total=None)
