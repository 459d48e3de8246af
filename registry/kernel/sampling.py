"""A sample that anybody can draw again: the same seed over the same keys gives the same ones, in the same order."""

import hashlib
from collections.abc import Iterable


def drawn(keys: Iterable[int], *, seed: int, size: int) -> list[int]:
    """Return so many of the keys, or all if there are fewer: those of which the hash with the seed is the smallest."""
    ranked = sorted(set(keys), key=lambda key: (hashlib.sha256(f"{seed}:{key}".encode()).digest(), key))
    return ranked[:size]
