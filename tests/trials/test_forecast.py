"""The back-test of the forecast on three thousand histories (features F10), of which the suite tries some."""

import pytest

from tests.kernel.test_simulation import back_test, require_better


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_it_beats_the_naive_bands_on_a_thousand_histories(seed: int) -> None:
    require_better(*back_test(seed, 1_000))
