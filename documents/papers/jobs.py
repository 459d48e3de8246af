"""Long work of papers: notices to many families, numbered one by one, resumable after any of them."""

from datetime import date
from typing import Any

from django.db import transaction

from documents.papers.selectors.papers import homes_to_notify, notice_snapshot
from documents.papers.services import issue_paper
from projects.ledger.models import Project
from registry.accounts.selectors import actor_by_key
from registry.jobs.lease import Lease
from registry.jobs.registry import job
from registry.store.clock import shanghai_day, true_now


@job("notices.issue", label="批量出办证通知书")
def issue_notices(lease: Lease) -> dict[str, Any]:
    """Issue a notice to each home that waits for one; number, paper and checkpoint in one transaction.

    The asker's rights are read anew: who lost the role since then issues nothing.
    """
    params = lease.job.params
    project = Project.objects.get(pk=params["project"])
    done = int(lease.checkpoint.get("done", 0))
    units = homes_to_notify(project.id, limit=int(params["limit"]) - done)
    total = done + len(units)
    for unit in units:
        today: date = shanghai_day(true_now())
        actor = actor_by_key(person_key=lease.job.person_key, on=today)
        snapshot, masked = notice_snapshot(
            project=project,
            unit=unit,
            issuer=params["issuer"],
            place=params["place"],
            phone=params["phone"],
            issued_on=today,
        )
        with transaction.atomic():
            issue_paper(
                actor=actor,
                project=project,
                kind="cert_notice",
                prefix=params["series"],
                snapshot=snapshot,
                issued_on=today,
                addressee_masked=masked,
                unit=unit,
            )
            done += 1
            lease.beat(done=done, checkpoint={"done": done}, stage="编号、排版、存档", total=total)
    return {"issued": done}
