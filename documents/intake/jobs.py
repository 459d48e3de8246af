"""Long work of imports, and what expires."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from documents.intake.selectors.sessions import sessions_to_expire
from documents.intake.services.city import KIND as LOAD_CITY
from documents.intake.services.city import load_city
from documents.intake.services.read_jobs import read_received
from documents.intake.services.receiving import JOB as READ_UPLOAD
from documents.intake.services.sessions import KEPT_DAYS, expire_session
from registry.jobs.lease import Lease
from registry.jobs.registry import daily, job
from registry.kernel.authority import system_actor
from registry.store.clock import ledger_now


@job(READ_UPLOAD, label="检查上传的清册")
def read_upload(lease: Lease) -> dict[str, Any]:
    """Read and stage a large upload; taken over, it is read again, and staged once."""
    return read_received(lease)


@daily("imports.expire", label="到期导入作废")
def expire_imports(lease: Lease) -> dict[str, Any]:
    """Destroy what abandoned imports staged, one by one; a job taken over finds only what is left."""
    actor, expired = system_actor("到期作废"), 0
    sessions = sessions_to_expire(actor, ledger_now() - timedelta(days=KEPT_DAYS))
    for session in sessions:
        with transaction.atomic():
            expire_session(actor=actor, session=session)
            expired += 1
            lease.beat(done=expired, checkpoint={}, stage="作废", total=len(sessions))
    return {"expired": expired}


@job(LOAD_CITY, label="全市清册导入")
def load_city_list(lease: Lease) -> dict[str, Any]:
    """Go on with a city load at the first project that is not there yet."""
    return load_city(lease)
