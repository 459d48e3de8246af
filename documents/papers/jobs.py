"""Long work of papers: notices to many families, numbered one by one, resumable after any of them."""

from datetime import date
from typing import Any

from django.db import transaction

from documents.papers.powers import PaperRefused
from documents.papers.selectors.papers import homes_to_notify, notice_snapshot
from documents.papers.services import issue_paper
from projects.ledger.models import Project
from registry.accounts.selectors import actor_as, actor_by_key
from registry.jobs.lease import Lease
from registry.jobs.models import Job
from registry.jobs.registry import job
from registry.kernel.authority import Actor
from registry.store.clock import ledger_today


@job("notices.issue", label="批量出办证通知书")
def issue_notices(lease: Lease) -> dict[str, Any]:
    """Issue a notice to each home that waits for one; number, paper and checkpoint in one transaction.

    The asker's rights are read anew, in the role and at the organisation in which they asked: who lost it since then
    issues nothing. A home that meanwhile has a notice, or has gone on, is left out.
    """
    params = lease.job.params
    project = Project.objects.get(pk=params["project"])
    done = int(lease.checkpoint.get("done", 0))
    units = homes_to_notify(project.id, limit=int(params["limit"]) - done)
    total, left_out = done + len(units), 0
    for unit in units:
        today: date = ledger_today()
        actor = _asker(lease.job, today)
        try:
            with transaction.atomic():
                snapshot, masked = notice_snapshot(
                    project=project,
                    unit=unit,
                    place=params["place"],
                    phone=params["phone"],
                    issued_on=today,
                )
                issue_paper(
                    actor=actor,
                    project=project,
                    kind="cert_notice",
                    snapshot=snapshot,
                    issued_on=today,
                    addressee_masked=masked,
                    unit=unit,
                )
                done += 1
                lease.beat(done=done, checkpoint={"done": done}, stage="编号、排版、存档", total=total)
        except PaperRefused as refusal:
            if refusal.code not in ("in_force", "state", "changed"):
                raise
            left_out += 1
    return {"issued": done, "left_out": left_out}


def _asker(job: Job, on: date) -> Actor:
    params = job.params
    if "role" not in params:  # asked for before it was kept
        return actor_by_key(person_key=job.person_key, on=on)
    return actor_as(person_key=job.person_key, role=params["role"], organisation_id=params["organisation"], on=on)
