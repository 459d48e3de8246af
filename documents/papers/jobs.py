"""Long work of papers: notices to many families, resumable after any of them."""

from collections import deque
from concurrent.futures import Future
from typing import Any

from django.conf import settings
from django.db import transaction

from documents.papers.kinds import BY_CODE
from documents.papers.models import Outcome, PaperBatch
from documents.papers.powers import PaperRefused
from documents.papers.selectors.batches import JOB, tally_of
from documents.papers.services.batches import (
    Numbered,
    archive_portion,
    finish_batch,
    lay_batch,
    left_numbered,
    number_portion,
)
from documents.render.batch import Batch
from documents.render.checks import require_ready
from documents.render.press import Press
from registry.accounts.selectors import actor_as
from registry.jobs.lease import Lease
from registry.jobs.registry import job
from registry.kernel.authority import Actor, system_actor
from registry.store.clock import ledger_today


@job(JOB, label="批量出具文书", page="/documents/batches/")
def issue_batch(lease: Lease) -> dict[str, Any]:
    """Number, lay out and archive a batch, portion by portion; the next portion is numbered while one is laid out.

    The asker's rights are read anew at each portion, in the role and at the organisation in which they asked: who lost
    it since then issues nothing. Called off or told to stop, it archives what is numbered and numbers no more.
    """
    require_ready()
    batch: PaperBatch = PaperBatch.objects.get(pk=lease.job.params["batch"])
    template = BY_CODE[batch.kind].template
    if not batch.is_laid:
        with transaction.atomic():
            batch = lay_batch(actor=_asker(lease), batch=batch)
            lease.beat(done=0, checkpoint={"laid": batch.asked}, stage="排定名单", total=batch.asked)
    under_way: deque[tuple[Numbered, Future[Batch]]] = deque()
    with Press(settings.PAPER_PROCESSES) as press:
        try:
            while (left := left_numbered(batch)) is not None:
                _archive(batch, left, press.submit(template, left.contexts))
            while batch.lines.filter(outcome=Outcome.WAITING).exists():
                numbered = _number(lease, batch)
                if numbered.papers:
                    under_way.append((numbered, press.submit(template, numbered.contexts)))
                if len(under_way) > press.width:
                    _archive(batch, *under_way.popleft())
        finally:
            while under_way:
                _archive(batch, *under_way.popleft())
    tally = tally_of(batch)
    if batch.finished_at is None:
        with transaction.atomic():
            finish_batch(actor=_asker(lease), batch=batch)
            lease.beat(done=batch.asked, checkpoint={"issued": tally.issued}, stage="完成", total=batch.asked)
    return {"issued": tally.issued, "refused": tally.refused, "skipped": tally.skipped}


def _number(lease: Lease, batch: PaperBatch) -> Numbered:
    with transaction.atomic():
        numbered = number_portion(actor=_asker(lease), batch=batch)
        done = numbered.span[1]
        lease.beat(done=done, checkpoint={"numbered": done}, stage="编号、排版、存档", total=batch.asked)
    return numbered


def _archive(batch: PaperBatch, numbered: Numbered, drawn: "Future[Batch]") -> None:
    """Archive a portion; no beat: what is numbered is archived even if the job is called off meanwhile.

    Archiving is no decision of the asker's, who may have gone since. A worker that took over may have been faster.
    """
    try:
        archive_portion(actor=system_actor("文书存档"), batch=batch, numbered=numbered, drawn=drawn.result())
    except PaperRefused as refusal:
        if refusal.code != "archived":
            raise


def _asker(lease: Lease) -> Actor:
    params = lease.job.params
    return actor_as(
        person_key=lease.job.person_key,
        role=params["role"],
        organisation_id=params["organisation"],
        on=ledger_today(),
    )
