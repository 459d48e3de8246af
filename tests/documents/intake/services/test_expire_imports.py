"""Abandoned imports: when they expire, and that nothing of people is left of them."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from documents.intake.models import ImportSession, SourceFile, StagedRow
from documents.intake.services.sessions import commit_session, expire_session
from registry.jobs.models import Job
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.store.clock import true_now
from registry.store.guard import fixture_writes
from tests.documents.intake.services.lists import DAY, listed, staged, written
from tests.factories.projects import Estate, on_day
from tests.factories.trials import refused


def made_days_ago(session: ImportSession, days: int) -> None:
    with fixture_writes():
        ImportSession.objects.filter(pk=session.pk).update(uploaded_at=true_now() - timedelta(days=days))


def expired(capsys: pytest.CaptureFixture[str]) -> int:
    capsys.readouterr()
    call_command("expire_imports", "--json")
    return int(json.loads(capsys.readouterr().out)["expired"])


def test_abandoned_import_expires_and_leaves_nothing_of_people(
    estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    session = staged(estate, listed(estate, r2={"use": "怪"}))
    made_days_ago(session, 8)

    assert expired(capsys) == 1

    session.refresh_from_db()
    assert session.state == "expired"
    assert not SourceFile.objects.exists()
    assert set(StagedRow.objects.values_list("sealed", flat=True)) == {None}
    assert all(row == {} for row in StagedRow.objects.values_list("shown", flat=True))
    assert expired(capsys) == 0
    with on_day(DAY), refused("现在是“已作废（超过保留期限）”"):
        commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)


def test_import_within_its_time_is_left_alone(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    session = staged(estate, listed(estate))
    made_days_ago(session, 6)

    assert expired(capsys) == 0

    session.refresh_from_db()
    assert (session.state, SourceFile.objects.count()) == ("staged", 1)


def test_import_within_its_time_is_not_expired_by_anybody(estate: Estate) -> None:
    session = staged(estate, listed(estate))
    made_days_ago(session, 6)

    with refused("本次导入未到期，7日后才作废"):
        expire_session(actor=system_actor("到期作废"), session=session)


def test_written_import_stays_written_when_its_leftovers_go(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    session = written(estate, listed(estate, r2={"use": "怪"}))
    assert SourceFile.objects.count() == 1, "kept for the marked copy of the refused row"
    made_days_ago(session, 8)

    assert expired(capsys) == 1

    session.refresh_from_db()
    assert (session.state, SourceFile.objects.count()) == ("committed", 0)


@pytest.mark.django_db(transaction=True)
def test_nightly_job_expires_abandoned_imports_only(estate: Estate) -> None:
    old, young = staged(estate, listed(estate, r2={"use": "怪"})), staged(estate, listed(estate))
    made_days_ago(old, 8)
    made_days_ago(young, 6)
    enqueue(actor=system_actor("每日任务"), kind="imports.expire", key="e", params={})

    Worker("w").run(once=True)

    assert Job.objects.get().result == {"expired": 1}
    assert list(ImportSession.objects.order_by("id").values_list("state", flat=True)) == ["expired", "staged"]
    assert SourceFile.objects.get().session_id == young.id
