"""Shares as people write them."""

from fractions import Fraction

import pytest

from registry.kernel.errors import DomainError
from registry.kernel.shares import read_share


@pytest.mark.parametrize(
    ("text", "share"),
    [("1/2", "1/2"), ("50%", "1/2"), ("５０％".replace("５０", "50"), "1/2"), ("二分之一", "1/2"), ("百分之二十五", "1/4"),
    ("百分之33.5", "67/200"),
     ("0.25", "1/4"), ("½", "1/2"), ("33.33%", "3333/10000"), ("100%", "1"), ("一半", "1/2"), ("全部份额", "1")],
)  # fmt: skip
def test_share_is_an_exact_fraction(text: str, share: str) -> None:
    assert read_share(text) == Fraction(share)


@pytest.mark.parametrize("text", ["0/2", "3/2", "0%", "101%", "1/0", "二分之三"])
def test_share_beyond_the_whole_is_refused(text: str) -> None:
    with pytest.raises(DomainError, match="份额") as refusal:
        read_share(text)
    assert refusal.value.code == "NAME_SHARES"
