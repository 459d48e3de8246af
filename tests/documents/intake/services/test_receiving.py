"""Uploads: read at once, or by a job when large; a job killed half-way stages once; a day's quota."""

from typing import Any

import pytest

from documents.intake.models import ImportSession, SourceFile, StagedRow
from documents.intake.services import quota, receiving
from documents.intake.services.read_jobs import read_received
from documents.intake.services.receiving import take_upload
from documents.intake.services.sessions import commit_session, expire_session
from registry.audit.models import Act
from registry.jobs.lease import JobCancelled, claim
from registry.jobs.models import Job, JobState
from registry.jobs.services import cancel
from tests.documents.intake.reading.files import workbook
from tests.documents.intake.services.lists import DAY, LATER, ledger_of, listed, with_buildings
from tests.documents.intake.services.sessions import sent
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, on_day
from tests.factories.trials import refused


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a large one."""
    monkeypatch.setattr(receiving, "AT_ONCE", 10)


def upload(estate: Estate, content: bytes) -> ImportSession:
    with on_day(DAY):
        return take_upload(
            actor=estate.cast.district.actor, project=estate.project, content=content, file_name="清册.xlsx"
        )


def work() -> Any:
    lease = claim("w")
    assert lease is not None
    with on_day(DAY):
        lease.finish(read_received(lease))
    return lease


def test_a_small_file_is_staged_at_once(estate: Estate) -> None:
    content = workbook(listed(estate))
    session = upload(estate, content)
    assert (session.state, session.refused, Job.objects.count()) == ("staged", 3, 0), "building 9 waits for a tick"
    assert session.file_size == len(content)


def test_a_large_file_is_read_by_a_job_and_its_page_says_so(estate: Estate, small: None) -> None:
    before, content = ledger_of(estate), workbook(listed(estate))
    session = upload(estate, content)
    assert (session.state, StagedRow.objects.count()) == ("reading", 0)
    page = sign_in(estate.cast.district).get(f"/documents/imports/{session.pk}/").content.decode()
    assert "正在后台检查" in page
    assert "后台任务进程未运行" in page

    work()

    session.refresh_from_db()
    with on_day(DAY):
        session = with_buildings(estate.cast.district.actor, session)
    assert (session.state, session.added, session.rows_present) == ("staged", 3, 3)
    assert Act.objects.filter(event="import.staged").count() == 1
    assert ledger_of(estate) == before
    with on_day(DAY):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
    assert len(ledger_of(estate)["units"]) == len(before["units"]) + 3


def test_a_job_taken_over_stages_once(estate: Estate, small: None) -> None:
    session = upload(estate, workbook(listed(estate)))
    lease = work()
    with on_day(DAY):
        assert read_received(lease) == {"session": session.pk}
    assert (StagedRow.objects.count(), Act.objects.filter(event="import.staged").count()) == (3, 1)


def test_a_refused_file_says_why_and_is_not_kept(estate: Estate, small: None) -> None:
    session = upload(estate, b"%PDF-1.4 nothing at all")
    work()
    session.refresh_from_db()
    assert (session.state, session.file_error) == ("refused", "NOT_A_SPREADSHEET")
    assert not SourceFile.objects.exists()


def test_a_cancelled_job_stages_nothing_and_what_was_kept_expires(estate: Estate, small: None) -> None:
    session = upload(estate, workbook(listed(estate)))
    lease = claim("w")
    assert lease is not None
    cancel(actor=estate.cast.district.actor, job=Job.objects.get())
    with pytest.raises(JobCancelled), on_day(DAY):
        read_received(lease)
    session.refresh_from_db()
    assert (session.state, StagedRow.objects.count()) == ("reading", 0)
    assert Job.objects.get().state == JobState.CANCELLED
    page = sign_in(estate.cast.district).get(f"/documents/imports/{session.pk}/").content.decode()
    assert "检查未完成" in page
    with on_day(LATER):
        done = expire_session(actor=estate.cast.district.actor, session=session)
    assert (done.state, SourceFile.objects.count()) == ("expired", 0)


def test_more_than_a_days_quota_is_refused_for_every_kind(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook(listed(estate))
    monkeypatch.setattr(quota, "MOST_FILES", 2)
    upload(estate, content)
    sent(estate, "buildings", laid("buildings", {"number": "7"}), today=DAY)
    with refused("今日已上传2份文件", code="quota"):
        upload(estate, content)
    with refused("今日已上传2份文件", code="quota"):
        sent(estate, "buildings", laid("buildings", {"number": "8"}), today=DAY)
    sent(estate, "buildings", laid("buildings", {"number": "8"}), today=LATER)
    monkeypatch.setattr(quota, "MOST_FILES", 99)
    monkeypatch.setattr(quota, "MOST_BYTES", 2 * len(content))
    with refused("上限", code="quota"):
        upload(estate, content)
