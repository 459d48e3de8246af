"""What a letter's state is called: no pill contradicts what stands beside it."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from commitments.choices import RUNNING, InstrumentState
from commitments.models import Instrument
from commitments.selectors.state_words import state_words
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate


@pytest.mark.parametrize(("late", "lapsed", "is_in_force"), list(product((0, 2), (0, 1), (True, False))))
@pytest.mark.parametrize("state", list(InstrumentState))
def test_a_letter_that_runs_late_is_never_said_to_be_performed_alone(
    state: InstrumentState, late: int, lapsed: int, is_in_force: bool
) -> None:
    pills = state_words(state, is_in_force=is_in_force, late=late, lapsed=lapsed)

    assert pills[0][0] == state.label
    runs = state in RUNNING
    assert [words for words, _ in pills[1:]] == [
        *(["2项承诺逾期"] if runs and late else []),
        *(["1条条款已失效"] if runs and lapsed else []),
    ]
    assert all(tone == "red" for _, tone in pills[1:])
    assert (pills[0][1] == "red") == (state is InstrumentState.BREACHED)


def test_the_pages_of_a_late_letter_say_so(promised: Estate) -> None:
    assert promised.letter is not None
    letter = Instrument.objects.get(pk=promised.letter.pk)
    client = sign_in(promised.cast.district)  # today is years after the promise of 2022

    for address in (
        reverse("commitments:instrument", args=[letter.code]),
        reverse("ledger:project", args=[promised.project.code]),
    ):
        assert "1项承诺逾期" in client.get(address).content.decode(), address
    assert letter.letter.obligations.get().due_on + timedelta(days=1) > letter.signed_on
