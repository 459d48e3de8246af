"""Exports that take long, and those whose time is over."""

from typing import Any

from django.db import transaction

from documents.exports.selectors.exports import exports_to_destroy
from documents.exports.services.export_jobs import JOB as MAKE_EXPORT
from documents.exports.services.export_jobs import destroy_export, remove_leftovers, write_export
from registry.jobs.lease import Lease
from registry.jobs.registry import daily, job
from registry.kernel.authority import system_actor
from registry.store.clock import ledger_now


@job(MAKE_EXPORT, label="导出房屋明细", page="/documents/exports/")
def export_details(lease: Lease) -> dict[str, Any]:
    """Write the workbook of an export that was asked for."""
    return write_export(lease)


@daily("exports.destroy", label="到期导出销毁")
def destroy_exports(lease: Lease) -> dict[str, Any]:
    """Destroy the files of exports whose time is over, one by one, and what a killed run left of them."""
    now, actor, destroyed = ledger_now(), system_actor("到期销毁"), 0
    exports = exports_to_destroy(now)
    for export in exports:
        with transaction.atomic():
            destroy_export(actor=actor, export=export, now=now)
            destroyed += 1
            lease.beat(done=destroyed, checkpoint={}, stage="销毁", total=len(exports))
    remove_leftovers()
    return {"destroyed": destroyed}
