"""Passwords: the rule beyond Django's own, and the first password that is handed out once."""

import secrets
import string
from typing import Any, Final

from django.core.exceptions import ValidationError

KINDS_NEEDED: Final = 3
# What people misread on paper or on the phone is left out: 0 O o, 1 I l.
LOWER: Final = "abcdefghijkmnpqrstuvwxyz"
UPPER: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS: Final = "23456789"


class MixedCharactersValidator:
    """At least three of the four kinds (lower, upper, digits, signs), and not the password in use."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that is too plain, or the one in use."""
        if kinds_of(password) < KINDS_NEEDED:
            raise ValidationError(
                "密码太单一：小写字母、大写字母、数字、符号四类中至少用三类。", code="password_too_plain"
            )
        if user is not None and user.pk and user.has_usable_password() and user.check_password(password):
            raise ValidationError("新密码与当前密码相同。请换一个。", code="password_unchanged")

    def get_help_text(self) -> str:
        """Say the rule under the field."""
        return "小写字母、大写字母、数字、符号四类中至少用三类，且不与当前密码相同。"


def kinds_of(password: str) -> int:
    """Count the kinds of characters: lower, upper, digit, anything else."""
    kinds = {
        "lower" if character in string.ascii_lowercase
        else "upper" if character in string.ascii_uppercase
        else "digit" if character in string.digits
        else "sign"
        for character in password
    }  # fmt: skip
    return len(kinds)


def first_password() -> str:
    """Make a password to be read out once: three groups of four, 70 bits, all three kinds and a sign."""
    while True:
        groups = ["".join(secrets.choice(LOWER + UPPER + DIGITS) for _ in range(4)) for _ in range(3)]
        password = "-".join(groups)
        if kinds_of(password) == KINDS_NEEDED + 1:
            return password
