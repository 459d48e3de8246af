"""Acts that are stored together stand in the trail as if each had been stored by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.gates.models import Blocker, BlockerType
from projects.gates.services import describe_blocker, raise_blocker
from registry.audit import recording, together
from registry.audit.models import Act, RowSnapshot
from registry.audit.recording import stored_together
from registry.audit.services import chain_faults
from registry.audit.snapshots import unpack
from registry.audit.trail import trail_faults
from registry.kernel.scope import NOTHING, scope_of
from registry.store.guard import fixture_writes
from registry.store.once import new_key, once
from tests.factories.projects import TODAY, Estate, on_day

DAY = date(2021, 1, 1)
CHAINED = ("seq", "event", "subject_label", "rows_count", "facts", "backfilled")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with on_day(TODAY):
        yield


def blocker(estate: Estate, title: str) -> Blocker:
    raised: Blocker = raise_blocker(
        actor=estate.cast.district.actor, project=estate.project, type=BlockerType.objects.get(code="P03"), title=title,
        scope=scope_of(buildings={estate.buildings[0].id}), at_fault=NOTHING, found_on=DAY,
    )  # fmt: skip
    return raised


def describe(estate: Estate, raised: Blocker, title: str) -> None:
    describe_blocker(actor=estate.cast.district.actor, blocker=raised, words={"title": title})


def faults(estate: Estate) -> list[Any]:
    return [*chain_faults(chain=estate.project.id), *trail_faults()]


def titles_kept() -> list[list[str]]:
    """The titles of blockers that each snapshot kept, in the order in which they are believed."""
    kept = []
    for content in RowSnapshot.objects.filter(table="gates_blocker").order_by("id").values_list("content", flat=True):
        told = unpack(content)
        at = told["columns"].index("title") + 1
        kept.append([row[at] for row in told["rows"]])
    return kept


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def chain_of(estate: Estate) -> list[tuple[Any, ...]]:
    return list(Act.objects.filter(chain=estate.project.id).order_by("seq").values_list(*CHAINED))


def test_the_chain_is_as_if_each_act_were_stored_by_itself(estate: Estate) -> None:
    def acts() -> None:
        describe(estate, blocker(estate, "甲"), "乙")
        blocker(estate, "丙")

    with taken_back():
        acts()
        singly, kept_singly = chain_of(estate), titles_kept()
    with transaction.atomic(), stored_together():
        acts()
    assert (chain_of(estate), titles_kept()) == (singly, kept_singly)
    assert kept_singly == [["甲"], ["乙"], ["丙"]]
    assert faults(estate) == []


def test_nothing_stands_in_the_trail_before_the_last_act(estate: Estate) -> None:
    before = Act.objects.count()
    with transaction.atomic(), stored_together():
        blocker(estate, "甲")
        blocker(estate, "乙")
        assert Act.objects.count() == before
    assert Act.objects.count() == before + 2


def test_an_act_taken_back_with_its_savepoint_is_not_stored(estate: Estate) -> None:
    before = Act.objects.count()
    with transaction.atomic(), stored_together():
        blocker(estate, "甲")
        with taken_back():
            blocker(estate, "乙")
        blocker(estate, "丙")
    assert Act.objects.count() == before + 2
    assert set(Blocker.objects.values_list("title", flat=True)) == {"甲", "丙"}
    assert faults(estate) == []


def test_a_change_taken_back_leaves_what_the_act_before_left(estate: Estate) -> None:
    with transaction.atomic(), stored_together():
        raised = blocker(estate, "甲")
        with taken_back():
            describe(estate, raised, "乙")
        describe(estate, Blocker.objects.get(pk=raised.pk), "丙")
    assert titles_kept() == [["甲"], ["丙"]]
    assert faults(estate) == []


def test_what_is_laid_without_an_act_keeps_its_place(estate: Estate) -> None:
    with transaction.atomic(), stored_together():
        raised = blocker(estate, "甲")
        with fixture_writes():
            Blocker.objects.filter(pk=raised.pk).update(title="乙")
        describe(estate, Blocker.objects.get(pk=raised.pk), "丙")
    assert titles_kept() == [["甲"], ["乙"], ["丙"]]
    assert faults(estate) == []


def test_rows_overwritten_unannounced_would_be_read_too_late(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: without a word ahead, the snapshot of the first act has what the second wrote."""
    monkeypatch.setattr(together.Together, "read_ahead", lambda self, model, keys: None)
    with transaction.atomic(), stored_together():
        describe(estate, blocker(estate, "甲"), "乙")
    assert titles_kept() == [["乙"], ["乙"]]


def test_nothing_is_stored_if_the_work_fails(estate: Estate) -> None:
    before = Act.objects.count()

    def fail() -> None:
        with transaction.atomic(), stored_together():
            blocker(estate, "甲")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (Act.objects.count(), Blocker.objects.count()) == (before, 0)


def test_a_stretch_within_another_waits_for_its_end(estate: Estate) -> None:
    before = Act.objects.count()
    with transaction.atomic(), stored_together():
        with stored_together():
            blocker(estate, "甲")
        assert Act.objects.count() == before
    assert Act.objects.count() == before + 1


def test_an_act_under_the_key_of_a_form_is_by_itself(estate: Estate) -> None:
    """A second one under the same key must be told at once, not when the list is stored."""
    with pytest.raises(RuntimeError, match="key of a form"), transaction.atomic(), stored_together(), once(new_key()):
        blocker(estate, "甲")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_act_waits() -> None:
    with pytest.raises(transaction.TransactionManagementError), stored_together(), fixture_writes():
        BlockerType.objects.create(code="X01", label="试", gate="land_supply")


def test_storing_asks_as_much_for_many_acts_as_for_two(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(*given: Any) -> None:
        with CaptureQueriesContext(connection) as captured:
            store(*given)
        asked.append(len(captured))

    store = recording.store_writers
    monkeypatch.setattr(recording, "store_writers", counted)
    for count in (2, 12):
        with transaction.atomic(), stored_together():
            for n in range(count):
                blocker(estate, f"{count}之{n}")
    assert len(asked) == 2
    assert asked[0] == asked[1]
