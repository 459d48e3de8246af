"""Nightly work of units: left-over homes, the tracks of the maintenance fund."""

from typing import Any

from django.db import transaction

from projects.ledger.models import Project
from projects.progress.selectors.zero import projects_with_lapsed
from projects.progress.services.fund import FUND_ACTOR, open_fund_tracks, without_fund
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


@daily("fund.open", label="应交维修资金的户开设台账")
def open_funds(lease: Lease) -> dict[str, Any]:
    """Open the fund's track where a setting holds from today on; a job taken over finds only what is left."""
    actor, opened = system_actor(FUND_ACTOR), 0
    projects = Project.objects.filter(id__in=without_fund(ledger_today())).order_by("id")
    for done, project in enumerate(projects, start=1):
        with transaction.atomic():
            opened += open_fund_tracks(actor=actor, project=project)
            lease.beat(done=done, checkpoint={}, stage="开设维修资金台账", total=len(projects))
    return {"opened": opened}
