"""A disk that is full while a file is staged or written: told in words, everything as before, and then it goes through.

The database itself refuses to grow: SQLite is held to the pages that it has, as a full disk would hold it.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client

from documents.intake.models import ImportSession
from documents.intake.services.sessions import commit_session
from registry.jobs.models import Job, JobState
from registry.jobs.registry import KINDS, job
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.store.disk import SAID, is_disk_full
from registry.store.faults import refusal_of
from registry.web.doctor import machine_checks
from tests.documents.intake.reading.files import workbook
from tests.documents.intake.services.lists import DAY, listed, staged, with_buildings
from tests.factories.accounts import sign_in
from tests.factories.books import faults_in_the_books
from tests.factories.projects import Estate, on_day
from tests.faults.test_intake import state_of

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = 900  # homes: more than fits into four pages


@pytest.fixture(autouse=True)
def sqlite_only(transactional_db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's data directory is not ours to fill")


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the database grow no further."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests freed inside is given back
        cursor.execute("PRAGMA max_page_count")
        most = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 4}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {most}")


def upload(client: Client, estate: Estate, count: int = LARGE) -> tuple[int, str]:
    file = SimpleUploadedFile("清册.xlsx", workbook(listed(estate, count)))
    with on_day(DAY):
        answer = client.post(f"/documents/imports/{estate.project.code}/new/", {"file": file})
    return answer.status_code, answer.content.decode()


def test_disk_full_while_staging_is_told_and_nothing_is_staged(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    before = state_of(estate)

    with full_disk():
        status, page = upload(client, estate)

    assert (status, SAID in page) == (507, True)
    assert state_of(estate) == before
    assert faults_in_the_books() == []
    assert upload(client, estate)[0] == 302, "with room again it goes through"
    with on_day(DAY):
        assert with_buildings(estate.cast.district.actor, ImportSession.objects.get()).added == LARGE


def test_disk_full_while_writing_is_told_and_the_ledger_is_as_it_was(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    session = staged(estate, listed(estate, LARGE))
    before = state_of(estate)
    url, said = f"/documents/imports/{session.pk}/accept/", {"placed_on": DAY.isoformat()}

    with full_disk(), on_day(DAY):
        refused = client.post(url, said)

    assert (refused.status_code, SAID in refused.content.decode()) == (507, True)
    assert state_of(estate) == before
    assert faults_in_the_books() == []
    with on_day(DAY):
        assert client.post(url, said).status_code == 302
    assert state_of(estate)["sessions"] == ["committed"]
    assert faults_in_the_books() == []


def test_disk_full_in_a_service_is_the_databases_own_refusal(estate: Estate) -> None:
    session = staged(estate, listed(estate, LARGE))

    with full_disk(), on_day(DAY), pytest.raises(DatabaseError) as caught:
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)
    assert is_disk_full(caught.value)


def test_job_on_a_full_disk_says_so(estate: Estate) -> None:
    def fill(lease: object) -> dict[str, int]:
        with open("/dev/full", "wb") as out:
            out.write(b"x" * 100_000)
        return {}

    job("test.fill", label="写满")(fill)
    try:
        enqueue(actor=estate.cast.district.actor, kind="test.fill", key="f", params={})
        Worker("w").run(once=True)
    finally:
        del KINDS["test.fill"]

    assert (Job.objects.get().state, Job.objects.get().error) == (JobState.FAILED, SAID)


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "x"), DatabaseError("database is locked"), ValueError(), None])
def test_other_faults_are_not_taken_for_a_full_disk(error: BaseException | None) -> None:
    assert not is_disk_full(error)


def test_a_backup_on_a_full_disk_is_refused_in_words() -> None:
    """The driver itself copies the database: what it says is told as what Django says."""
    fault = sqlite3.OperationalError("database or disk is full")
    fault.sqlite_errorcode = 13

    refusal = refusal_of(fault)

    assert refusal is not None
    assert (refusal.code, refusal.message) == ("disk_full", SAID)


@pytest.mark.parametrize(("left", "state"), [(2000, "ok"), (900, "warning"), (40, "missing"), (0, "missing")])
def test_doctor_says_how_much_is_left_and_no_start_is_made_on_a_full_disk(
    left: int, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=left << 20))

    [finding] = [finding for finding in machine_checks() if finding.name == "数据目录"]

    assert finding.state.value == state
    assert (f"只剩 {left} MiB" in finding.detail) is (state != "ok")
