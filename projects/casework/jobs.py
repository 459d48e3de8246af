"""Nightly and asked-for work of casework."""

from typing import Any

from django.db import transaction

from projects.casework.services.leverage import count_leverage
from projects.casework.services.policies import run_policy_rules
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.store.clock import ledger_today


@daily("casework.policies", label="政策适用建议")
def policies(lease: Lease) -> dict[str, Any]:
    """Propose the policies in force for blockers raised since the last night."""
    return {"proposed": run_policy_rules()}


@daily("casework.leverage", label="计算优先化解次序")
def leverage(lease: Lease) -> dict[str, Any]:
    """Rank the blockers of every project and keep the count; one taken over counts again from the start."""

    def tell(done: int, total: int) -> None:
        with transaction.atomic():
            lease.beat(done=done, checkpoint={}, stage="逐个项目计算", total=total)

    run = count_leverage(on=ledger_today(), told=tell)
    return {"run": run.pk, "projects": run.projects, "blockers": run.blockers}
