"""Long work of papers: notices to many families, numbered one by one, resumable after any of them. What expires."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from documents.selectors.exports import exports_to_destroy
from documents.selectors.imports import sessions_to_expire
from documents.selectors.papers import homes_to_notify, notice_snapshot
from documents.services.city import KIND as LOAD_CITY
from documents.services.city import load_city
from documents.services.imports import KEPT_DAYS, expire_session
from documents.services.papers import issue_paper
from documents.services.receiving import JOB as READ_UPLOAD
from documents.services.receiving import read_received
from documents.services.takeouts import JOB as MAKE_EXPORT
from documents.services.takeouts import destroy_export, make_export, remove_leftovers
from projects.ledger.models import Project
from registry.accounts.selectors import actor_by_key
from registry.jobs.lease import Lease
from registry.jobs.registry import daily, job
from registry.kernel.authority import system_actor
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


@job(READ_UPLOAD, label="检查上传的清册")
def read_upload(lease: Lease) -> dict[str, Any]:
    """Read and stage a large upload; taken over, it is read again, and staged once."""
    return read_received(lease)


@daily("imports.expire", label="到期导入作废")
def expire_imports(lease: Lease) -> dict[str, Any]:
    """Destroy what abandoned imports staged, one by one; a job taken over finds only what is left."""
    actor, expired = system_actor("到期作废"), 0
    sessions = sessions_to_expire(actor, true_now() - timedelta(days=KEPT_DAYS))
    for session in sessions:
        with transaction.atomic():
            expire_session(actor=actor, session=session)
            expired += 1
            lease.beat(done=expired, checkpoint={}, stage="作废", total=len(sessions))
    return {"expired": expired}


@job(LOAD_CITY, label="全市清册载入")
def load_city_list(lease: Lease) -> dict[str, Any]:
    """Go on with a city load at the first project that is not there yet."""
    return load_city(lease)


@job(MAKE_EXPORT, label="导出房屋明细")
def export_details(lease: Lease) -> dict[str, Any]:
    """Write the workbook of an export that was asked for."""
    return make_export(lease)


@daily("exports.destroy", label="到期导出销毁")
def destroy_exports(lease: Lease) -> dict[str, Any]:
    """Destroy the files of exports whose time is over, one by one, and what a killed run left of them."""
    now, actor, destroyed = true_now(), system_actor("到期销毁"), 0
    exports = exports_to_destroy(now)
    for export in exports:
        with transaction.atomic():
            destroy_export(actor=actor, export=export, now=now)
            destroyed += 1
            lease.beat(done=destroyed, checkpoint={}, stage="销毁", total=len(exports))
    remove_leftovers()
    return {"destroyed": destroyed}
