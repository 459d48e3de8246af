"""The rule for passwords, and the one handed out."""

import pytest
from django.core.exceptions import ValidationError

from registry.accounts.passwords import MixedCharactersValidator, first_password, kinds_of


@pytest.mark.parametrize(
    ("password", "kinds"), [("abc", 1), ("abcA", 2), ("abcA1", 3), ("abcA1-", 4), ("密码", 1), ("密码a1", 3), ("", 0)]
)
def test_kinds_are_counted(password: str, kinds: int) -> None:
    assert kinds_of(password) == kinds


@pytest.mark.parametrize("password", ["onlylowercase", "lowerUPPER", "12345678-90"])
def test_two_kinds_are_too_plain(password: str) -> None:
    with pytest.raises(ValidationError, match="至少用三类"):
        MixedCharactersValidator().validate(password)


def test_three_kinds_will_do() -> None:
    MixedCharactersValidator().validate("lowerUPPER1")


def test_first_passwords_are_legible_and_never_the_same() -> None:
    made = {first_password() for _ in range(200)}

    assert len(made) == 200
    assert {len(password) for password in made} == {14}
    assert not set("".join(made)) & set("0Oo1Il")
    assert {kinds_of(password) for password in made} == {4}
