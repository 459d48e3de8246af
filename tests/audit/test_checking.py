"""The books are checked by several processes as by one: the same sentences, the same violations, in the same order."""

import json
from collections.abc import Callable
from dataclasses import asdict
from subprocess import CompletedProcess

import pytest
from django.db import connection

from projects.ledger.models import Project
from registry.audit.checking import check_books
from registry.audit.invariants import INVARIANTS
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY, Estate, bring_to


@pytest.mark.django_db(transaction=True)
def test_several_processes_name_what_one_names(estate: Estate, manage: Callable[..., CompletedProcess[str]]) -> None:
    with fixture_writes():
        Project.objects.filter(pk=estate.project.pk).update(name="改了名的项目")

    done = manage("check_ledger", "--json")

    told = json.loads(done.stdout)["invariants"]
    here = [json.loads(json.dumps(asdict(checked))) for checked in check_books(None, processes=1)]
    for each in (*told, *here):
        del each["seconds"]
    assert told == here
    assert [each["code"] for each in told if each["violations"]] == ["I44"]
    assert [each["code"] for each in told] == sorted(INVARIANTS, key=lambda code: int(code[1:]))


@pytest.mark.django_db
def test_what_a_transaction_has_not_committed_is_checked_in_its_state(estate: Estate) -> None:
    with fixture_writes():
        Project.objects.filter(pk=estate.project.pk).update(name="改了名的项目")

    assert [checked.code for checked in check_books(None, processes=2) if checked.violations] == ["I44"]


@pytest.mark.django_db
def test_parts_of_the_trail_name_together_what_it_names_whole(story: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.audit.trail.PORTION", 1)
    bring_to(story, story.homes[:3], "collected", TODAY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_unit SET remark = '改' WHERE id = %s", [story.homes[1]])
    trail = INVARIANTS["I42"]
    assert trail.parts is not None

    parts = list(trail.parts(None))

    apart = [violation for part in parts for violation in trail.violations(None, part)]
    assert [violation.subject for violation in apart] == [f"ledger_unit {story.homes[1]} remark"]
    assert apart == list(trail.violations(None))
    units = [part for part in parts if part.table == "ledger_unit"]
    assert units
    assert all(part.first == part.last for part in units)
