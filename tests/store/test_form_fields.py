"""Days that a form may take."""

from datetime import date

import pytest
from django.forms import ValidationError

from registry.store.form_fields import DayField


@pytest.mark.parametrize("text", ["1949-10-01", "2022-03-08", "2099-12-31"])
def test_a_day_that_can_be_meant_is_read(text: str) -> None:
    assert DayField().clean(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["0022-03-07", "1949-09-30", "2100-01-01", "9999-12-31"])
def test_a_year_typed_wrong_is_asked_back(text: str) -> None:
    with pytest.raises(ValidationError, match="1949年10月1日至2099年12月31日"):
        DayField().clean(text)


@pytest.mark.parametrize("text", ["2022-02-30", "²", "22.3.7", "\0", "9" * 40])
def test_what_is_no_day_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match="如2022-03-08"):
        DayField().clean(text)


def test_nothing_is_nothing_where_it_may_be() -> None:
    assert DayField(required=False).clean("") is None
