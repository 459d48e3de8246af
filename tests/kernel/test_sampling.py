"""A sample is drawn again by its seed."""

from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.sampling import drawn


@given(st.sets(st.integers(1, 10_000), max_size=200), st.integers(0, 9_999), st.integers(1, 60))
def test_the_same_seed_gives_the_same_sample_whatever_the_order(keys: set[int], seed: int, size: int) -> None:
    once = drawn(sorted(keys), seed=seed, size=size)
    assert once == drawn(sorted(keys, reverse=True), seed=seed, size=size)
    assert len(once) == len(set(once)) == min(size, len(keys))
    assert set(once) <= keys


def test_each_home_is_as_likely_as_any_other_and_another_seed_draws_others() -> None:
    counts = [0] * 50
    for seed in range(2_000):
        for key in drawn(range(50), seed=seed, size=5):
            counts[key] += 1
    assert all(150 < count < 255 for count in counts)
    assert drawn(range(1_000), seed=1, size=5) != drawn(range(1_000), seed=2, size=5)
