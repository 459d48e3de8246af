"""kill -9 before any statement of a city load, again and again: what goes on after it ends with the same books."""

from datetime import timedelta
from pathlib import Path

import pytest

from projects.ledger.models import Move, Unit
from registry.audit.models import Act
from registry.jobs.lease import claim
from registry.jobs.models import Job, JobState
from registry.jobs.worker import Worker, run_job
from registry.store.guard import technical_writes
from tests.documents.intake.test_load_city_list import CODES, HOMES, begun, books, laid, lay_project
from tests.factories.accounts import lay_areas
from tests.factories.books import faults_in_the_books
from tests.factories.projects import PLACED, on_day
from tests.faults.killing import KILLED, killed_at

pytestmark = pytest.mark.django_db(transaction=True)


def load() -> None:
    lease = claim("gone:1", lease=timedelta(seconds=-1))
    assert lease is not None
    run_job(lease)


def test_city_load_killed_over_and_over_ends_with_each_home_once(transactional_db: None, tmp_path: Path) -> None:
    lay_areas()
    with on_day(PLACED):
        for code in CODES:
            lay_project(code)
    begun(laid(tmp_path))
    with technical_writes():
        Job.objects.update(max_attempts=1000)
    acts, seen = Act.objects.count(), set()

    for number in range(1, 400, 9):
        if killed_at(number, load) != KILLED or Job.objects.get().state == JobState.DONE:
            break
        units = Unit.objects.count()
        assert units % HOMES == 0, f"killed at statement {number}: a project is there by half"
        assert Act.objects.count() == acts + units // HOMES
        assert Job.objects.get().checkpoint.get("rows", 0) == units, "the checkpoint moves with the rows"
        seen.add(units)

    Worker("next").run(once=True)

    assert seen >= {0, HOMES, 2 * HOMES}
    assert Job.objects.get().state == JobState.DONE
    assert (len(books()), len(set(books())), Act.objects.count()) == (12, 12, acts + 3)
    assert Move.objects.count() == 36
    assert faults_in_the_books() == []
