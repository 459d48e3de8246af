"""What counts as a reason: four characters or words that say something."""

import pytest

from registry.kernel.reasons import is_substantial


@pytest.mark.parametrize(
    "text", ["核对身份", "窗口核对身份证", "12345工单回访", "check the identity card", "核对ID原件"]
)
def test_what_says_something(text: str) -> None:
    assert is_substantial(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1",
        "1111111111",
        "。。。。。。",
        "查一查",
        "查查查查查",
        "核对核对核对",
        "aaaa aaaa aaaa aaaa",
        "a b c d",
        "𠀀" * 9,
    ],
)
def test_what_says_nothing(text: str) -> None:
    assert not is_substantial(text)
