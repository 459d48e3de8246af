"""Every service of the leads: denied without the right, unknown to strangers, undone if its record fails."""

import pytest

from tests.factories.projects import Estate
from tests.factories.trials import (
    services_of,
    try_as_a_stranger,
    try_unrecorded_then_recorded,
    try_without_the_right,
)
from tests.projects.leads.trials import LEADS

STRANGERS = [name for name, trial in LEADS.items() if trial.stranger]


def test_every_service_is_tried() -> None:
    assert set(LEADS) == services_of("projects.leads.")


@pytest.mark.parametrize("name", LEADS)
def test_a_service_is_denied_without_the_right_and_writes_nothing(estate: Estate, name: str) -> None:
    try_without_the_right(LEADS[name], estate)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_service_is_unknown_to_a_stranger_and_writes_nothing(estate: Estate, name: str) -> None:
    try_as_a_stranger(LEADS[name], estate)


@pytest.mark.parametrize("name", LEADS)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_unrecorded_then_recorded(LEADS[name], estate, monkeypatch)
