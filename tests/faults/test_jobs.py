"""kill -9 in the middle of a job, then tried anew by a person: nothing is lost, nothing doubled, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from documents.exports.models import ExportFile
from documents.exports.services.export_jobs import open_export, path_of, request_export
from documents.papers.models import Paper, PaperBatch
from documents.papers.services import read_pdf
from documents.papers.services.batches import request_batch
from registry.audit.models import Act
from registry.jobs.lease import LOST, claim
from registry.jobs.models import Job, JobState
from registry.jobs.services import retry
from registry.jobs.worker import Worker, run_job
from registry.kernel.authority import Actor
from registry.store.clock import true_now
from registry.store.guard import technical_writes
from tests.factories.projects import TODAY, Estate, on_day
from tests.faults.killing import KILLED, killed_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.FILES_DIR = tmp_path
    return tmp_path


def work() -> None:
    lease = claim("gone:1", lease=timedelta(seconds=-1))
    assert lease is not None
    run_job(lease)


def failed_and_tried_anew(asker: Actor) -> None:
    """The last allowed worker is gone too: the job fails with a reason that can be read, and its asker tries again."""
    with technical_writes():
        Job.objects.filter(state=JobState.RUNNING).update(max_attempts=1)
    assert claim("next") is None
    found = Job.objects.get()
    assert (found.state, found.error) == (JobState.FAILED, LOST)
    retry(actor=asker, job=found, now=true_now())


@pytest.mark.parametrize("statement", [9, 25, 45, 62])
def test_notices_killed_half_way_and_tried_anew_are_each_issued_once(
    estate: Estate, folder: Path, statement: int
) -> None:
    with on_day(TODAY):
        batch: PaperBatch = request_batch(
            actor=estate.cast.township.actor,
            project=estate.project,
            kind="cert_notice",
            words={"use": "dwelling", "place": "现场", "phone": "19900000000"},
            filters="住宅",
        )

    assert killed_at(statement, work) == KILLED
    half = Paper.objects.count()
    assert half in (0, 12), "the checkpoint moves with the papers"
    failed_and_tried_anew(estate.cast.township.actor)
    Worker("next").run(once=True)

    papers = list(Paper.objects.order_by("serial").values_list("serial", "unit_id"))
    assert Job.objects.get().state == JobState.DONE
    assert [serial for serial, _ in papers] == list(range(1, 13))
    assert len({unit for _, unit in papers}) == 12
    assert all(read_pdf(paper).startswith(b"%PDF") for paper in Paper.objects.all())
    batch.refresh_from_db()
    assert (batch.finished_at is not None, [part[:2] for part in batch.parts]) == (True, [[1, 12]])


@pytest.mark.parametrize("statement", [8, 14, 20])
def test_export_killed_half_way_and_tried_anew_is_one_file_with_each_home_once(
    estate: Estate, folder: Path, statement: int
) -> None:
    export: ExportFile = request_export(actor=estate.cast.district.actor, words={}, filters="全部")

    assert killed_at(statement, work) == KILLED
    assert not path_of(export).exists() or ExportFile.objects.get().state == "waiting"
    failed_and_tried_anew(estate.cast.district.actor)
    Worker("next").run(once=True)

    export.refresh_from_db()
    assert (export.state, export.rows) == ("ready", 15)
    assert [file.name for file in (folder / "exports").iterdir()] == [export.number]
    assert Act.objects.filter(event="export.made").count() == 1
    assert b"".join(open_export(actor=estate.cast.district.actor, export=export)).startswith(b"PK")
