"""Nightly work of left-over homes."""

from typing import Any

from django.db import transaction

from projects.ledger.models import Project
from projects.progress.selectors.zero import projects_with_lapsed
from projects.progress.services.residual import return_lapsed_residuals
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.kernel.authority import system_actor
from registry.store.clock import ledger_today


@daily("residuals.return", label="复查逾期余户重新计入未办")
def return_residuals(lease: Lease) -> dict[str, Any]:
    """Return what is past its review, project by project; a job taken over finds only what is left."""
    on = ledger_today()
    actor, returned = system_actor("余户复查"), 0
    projects = Project.objects.filter(id__in=projects_with_lapsed(on)).order_by("id")
    for done, project in enumerate(projects, start=1):
        with transaction.atomic():
            returned += return_lapsed_residuals(actor=actor, project=project, on=on)
            lease.beat(done=done, checkpoint={}, stage="重新计入未办", total=len(projects))
    return {"returned": returned}
