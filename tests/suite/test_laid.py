"""A state that is laid from what was kept is the state that the services laid, and is used on its own ground only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from projects.ledger.models import Project, Unit
from registry.accounts.models import Organisation, Person
from registry.audit.models import Act
from registry.store.guard import fixture_writes
from tests.factories.accounts import Cast, lay_organisation
from tests.factories.histories import undone
from tests.factories.laid import LaysFiles, every_row, forget, laid
from tests.factories.projects import Estate, lay_blocker, lay_estate, lay_letter

NAME = "a state of these tests"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    forget(NAME)
    yield
    forget(NAME)


def first_and_second(lay: Any, *parents: Any) -> list[tuple[Any, Any]]:
    """What stands in the database and what is returned, when the services lay the state and when it is kept."""
    found = []
    for _ in range(2):
        with undone():
            made = laid(NAME, lay, *parents)
            found.append((every_row(), made))
    return found


class Counted:
    """A way of laying that counts how often it was gone."""

    def __init__(self, lay: Any) -> None:
        self.lay, self.times = lay, 0

    def __call__(self, *parents: Any) -> Any:
        self.times += 1
        return self.lay(*parents)


def test_the_second_use_gives_every_row_of_the_first_without_the_services(cast: Cast) -> None:
    lay = Counted(lay_estate)

    (rows, estate), (rows_again, estate_again) = first_and_second(lay, cast)

    assert (lay.times, len(rows[Unit]), estate) == (1, 15, estate_again)
    assert rows == rows_again


def test_rows_that_laying_changed_are_changed_again(estate: Estate) -> None:
    lay = Counted(lay_letter)

    (rows, promised), (rows_again, promised_again) = first_and_second(lay, estate)

    assert (lay.times, promised) == (1, promised_again)
    assert rows == rows_again
    assert [model for model, had in every_row().items() if had.items() - rows[model].items()] != []


def test_rows_that_laying_took_away_are_gone_again(cast: Cast) -> None:
    def lay() -> None:
        with fixture_writes():
            Person.objects.filter(pk=gone).update(organisation=None)
            Organisation.objects.filter(code="A row to go").delete()

    gone = cast.auditor.person.pk
    lay_organisation(code="A row to go")

    (rows, _), (rows_again, _) = first_and_second(lay)

    assert rows == rows_again
    assert len(rows[Organisation]) == Organisation.objects.count() - 1


def test_keys_run_on_behind_what_is_kept(cast: Cast) -> None:
    with undone():
        laid(NAME, lay_estate, cast)
    estate = laid(NAME, lay_estate, cast)
    last_act, last_unit = Act.objects.latest("id").pk, max(estate.homes + estate.shops)

    lay_blocker(estate)

    assert Act.objects.latest("id").pk > last_act
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_unit', 'id'))")
        else:
            cursor.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'ledger_unit'")
        assert cursor.fetchone()[0] > last_unit


def test_what_is_returned_holds_the_parents_themselves(cast: Cast) -> None:
    (_, first), (_, second) = first_and_second(lay_estate, cast)

    assert first.cast is second.cast is cast
    assert first.project is not second.project
    assert second.project.code == "CY-9001"


@pytest.mark.parametrize("moved", ["a row more", "a row changed", "another parent"])
def test_on_another_ground_the_services_lay_anew(moved: str, estate: Estate) -> None:
    def step(on: Estate) -> None:
        times.append(on)
        with fixture_writes():
            Project.objects.filter(pk=estate.project.pk).update(name="laid")
            lay_organisation(code="laid")

    times: list[Estate] = []
    with undone():
        laid(NAME, step, estate)

    if moved == "a row more":
        lay_organisation(code="moved")
    elif moved == "a row changed":
        with fixture_writes():
            Project.objects.filter(pk=estate.project.pk).update(name="moved")
    with undone():
        laid(NAME, step, estate.cast if moved == "another parent" else estate)

    assert len(times) == 2


def test_another_key_file_lays_anew(cast: Cast, settings: Any, tmp_path: Path) -> None:
    """What is sealed with a key can be opened with no other."""
    lay = Counted(lay_estate)
    with undone():
        laid(NAME, lay, cast)

    settings.KEY_FILE = tmp_path / "registry.keys"
    with undone():
        laid(NAME, lay, cast)

    assert lay.times == 2


def test_a_state_that_writes_files_is_refused(db: None, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path

    with pytest.raises(LaysFiles, match=NAME):
        laid(NAME, lambda: (tmp_path / "a file").touch())


@pytest.mark.django_db(transaction=True)
def test_with_real_commits_a_state_comes_back_as_it_was(cast: Cast) -> None:
    lay = Counted(lay_estate)

    (rows, _), (rows_again, _) = first_and_second(lay, cast)

    assert (lay.times, len(rows[Unit])) == (1, 15)
    assert rows == rows_again


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_after_real_commits_were_cleared_away_a_state_is_whole(turn: int, story: Estate) -> None:
    assert (len(story.homes), len(story.shops), story.unit().certificate) == (12, 3, "waiting")
    assert Person.objects.count() == 15
