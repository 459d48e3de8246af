"""Every service of the record itself: denied without the right, undone if its record fails."""

from pathlib import Path
from typing import Any

import pytest

from registry.audit.models import Act, RowSnapshot
from registry.audit.services import bind_rows, keep_rows_as_they_stand, seal_record
from registry.store.guard import fixture_writes
from tests.audit.test_anchors import unseal
from tests.factories.projects import Estate
from tests.factories.trials import (
    Prepared,
    Trial,
    services_of,
    try_unrecorded_then_recorded,
    try_without_the_right,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # no anchors


def sealed(estate: Estate) -> Prepared:
    unseal()
    return lambda actor: seal_record(actor=actor)


def kept(estate: Estate) -> Prepared:
    with fixture_writes():
        RowSnapshot.objects.all().delete()
        Act.objects.update(snapshots="")
    return lambda actor: keep_rows_as_they_stand(actor=actor)


def bound(estate: Estate) -> Prepared:
    return lambda actor: bind_rows(actor=actor)


TRIALS: dict[str, Trial] = {
    "seal_record": Trial("audit.sealed", "system", "", sealed, denied="district"),
    "bind_rows": Trial("audit.rows_bound", "system", "", bound, denied="district"),
    "keep_rows_as_they_stand": Trial("audit.rows_kept", "system", "", kept, denied="district"),
}


def test_every_service_is_tried() -> None:
    assert set(TRIALS) == services_of("registry.audit.")


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_is_denied_without_the_right_and_writes_nothing(estate: Estate, name: str) -> None:
    try_without_the_right(TRIALS[name], estate)


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_unrecorded_then_recorded(TRIALS[name], estate, monkeypatch)
