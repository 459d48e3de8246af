"""Days and rows that a form may take."""

from datetime import UTC, date, datetime

import pytest
from django.forms import ValidationError

from registry.accounts.models import Organisation
from registry.kernel.days import DayRule
from registry.store.clock import stated
from registry.store.form_fields import DayField, RowsField
from tests.architecture.source import sources
from tests.factories.accounts import Cast

NOW = datetime(2022, 3, 8, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2022/3/8", "2022年3月8日", "20220308", "２０２２．３．８", " 2022-03-08 00:00:00"])
def test_a_form_reads_a_day_as_lists_do(text: str) -> None:
    assert DayField(rule=DayRule.ANY).clean(text) == date(2022, 3, 8)


@pytest.mark.parametrize("text", ["1949-10-01", "2022-03-08", "2099-12-31"])
def test_a_day_that_can_be_meant_is_read(text: str) -> None:
    assert DayField(rule=DayRule.ANY).clean(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["0022-03-07", "1949-09-30", "2100-01-01", "9999-12-31"])
def test_a_year_typed_wrong_is_asked_back(text: str) -> None:
    with pytest.raises(ValidationError, match="1949年10月1日至2099年12月31日"):
        DayField().clean(text)


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        (DayRule.FACT, "2022-03-09", "签署日期2022-03-09尚未到来"),
        (DayRule.START, "2030-01-01", "签署日期2030-01-01晚于2027-12-31"),
        (DayRule.DUE, "2050-01-01", "签署日期2050-01-01晚于2042-12-31"),
    ],
)
def test_a_day_is_held_against_what_it_is_the_day_of(rule: DayRule, text: str, said: str) -> None:
    with stated(NOW), pytest.raises(ValidationError, match=said):
        DayField(label="签署日期", rule=rule).clean(text)


@pytest.mark.parametrize(
    ("rule", "text"), [(DayRule.FACT, "2022-03-08"), (DayRule.START, "2023-01-01"), (DayRule.DUE, "2040-01-01")]
)
def test_a_day_within_its_bounds_is_taken(rule: DayRule, text: str) -> None:
    with stated(NOW):
        assert DayField(rule=rule).clean(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["2022-02-30", "²", "22.3.7", "\0", "9" * 40])
def test_what_is_no_day_is_said_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match="2022-03-07"):
        DayField().clean(text)


def test_nothing_is_nothing_where_it_may_be() -> None:
    assert DayField(required=False).clean("") is None


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["9" * 30, "²", "-1", "x", "1.5", "", "\0"])
def test_a_key_that_no_row_can_have_is_no_choice(cast: Cast, key: str) -> None:
    """Django asks the database for `IN (…)` with whatever was sent, and SQLite raises at 30 digits."""
    field = RowsField(queryset=Organisation.objects.all())

    with pytest.raises(ValidationError):
        field.clean([str(cast.tax.organisation.pk), key])

    assert list(field.clean([str(cast.tax.organisation.pk)])) == [cast.tax.organisation]


def test_rows_are_chosen_through_the_field_that_knows_keys() -> None:
    named = {source.name for source in sources() if "ModelMultipleChoiceField" in source.text}

    assert named == {"registry/store/form_fields.py"}
