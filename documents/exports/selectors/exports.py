"""Reading exports: one's own, and those whose time is over."""

from datetime import datetime

from documents.exports.models import ExportFile, ExportState
from projects.ledger.selectors.projects import projects_visible_to
from registry.accounts.models import Approval
from registry.jobs.models import Job
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound

SHOWN = 30


def exports_of(actor: Actor) -> list[ExportFile]:
    """List the actor's own exports, newest first. One query."""
    if actor.person_id is None:
        return []
    return list(
        ExportFile.objects.filter(asked_by_id=actor.person_id).select_related("agreed_by").order_by("-id")[:SHOWN]
    )


def export_by_id(actor: Actor, pk: int) -> ExportFile:
    """Find an export of the actor's own. One query."""
    export_file: ExportFile | None = ExportFile.objects.filter(pk=pk, asked_by_id=actor.person_id or 0).first()
    if export_file is None:
        raise NotFound("没有这份导出，或不是您要的。请在导出页核对。")
    return export_file


def exports_to_destroy(now: datetime) -> list[ExportFile]:
    """List the exports whose file has been kept long enough. One query."""
    return list(ExportFile.objects.filter(state=ExportState.READY, expires_at__lte=now).order_by("id"))


def personal_exports_waiting(actor: Actor) -> list[Approval]:
    """List the actor's own exports with people in clear that nobody has decided yet. One query."""
    mine = Approval.objects.filter(kind="export.personal", status="waiting", proposed_by_id=actor.person_id or 0)
    return list(mine.order_by("-id")[:SHOWN])


def jobs_by_number(exports: list[ExportFile]) -> dict[str, Job]:
    """Return the jobs that make some exports, by export number. One query."""
    keys = {f"exports.make:{export.number}": export.number for export in exports}
    return {keys[job.idempotency_key]: job for job in Job.objects.filter(idempotency_key__in=list(keys))}


def districts_of(actor: Actor) -> list[tuple[str, str]]:
    """List the districts of the projects in reach: code and name. One query."""
    pairs = projects_visible_to(actor).order_by("district_code").values_list("district_code", "district_name")
    return list(dict(pairs.distinct()).items())
