"""Columns of the store: exact areas and money as integers, sealed texts, blind indexes."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

HUNDRED = Decimal(100)


class HundredthsField(models.BigIntegerField):
    """A number with two decimals kept as an integer of hundredths: sums are exact on every database."""

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise ValidationError("请填数字，最多两位小数。") from error

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        scaled = self.to_python(value) * HUNDRED
        if scaled != scaled.to_integral_value():
            raise ValidationError("最多两位小数。")
        return int(scaled)


class AreaField(HundredthsField):
    """An area in m², kept in 0.01 m²."""


class MoneyField(HundredthsField):
    """An amount in 元, kept in 分."""


class EncryptedField(models.BinaryField):
    """A sealed text: bytes made by crypto.encrypt, opened by crypto.decrypt alone."""


class IndexField(models.BinaryField):
    """A blind index of 16 bytes, searched by equality."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 16)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)
