"""Columns: hundredths are exact on every database, in sums too."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from projects.ledger.models import Unit
from registry.store.fields import AreaField
from registry.store.guard import fixture_writes
from tests.factories.projects import lay_estate

FIELD = AreaField()


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_a_number_is_kept_as_hundredths_and_comes_back(value):
    stored = FIELD.get_prep_value(value)

    assert stored == int(value * 100)
    assert FIELD.from_db_value(stored, None, None) == value


@pytest.mark.parametrize("value", [Decimal("0.001"), "1.234", 1.005])
def test_a_third_decimal_is_refused_never_rounded(value):
    with pytest.raises(ValidationError, match="最多两位小数"):
        FIELD.get_prep_value(value)


def test_what_is_no_number_is_refused():
    with pytest.raises(ValidationError, match="请填数字"):
        FIELD.to_python("九十")


def test_nothing_stays_nothing():
    assert (FIELD.get_prep_value(None), FIELD.from_db_value(None, None, None)) == (None, None)


def test_a_sum_in_the_database_is_exact(cast):
    lay_estate(cast)
    with fixture_writes():
        Unit.objects.update(area=Decimal("70.07"))

    total = Unit.objects.aggregate(total=Sum("area"))["total"]

    assert total == Decimal("70.07") * Unit.objects.count()
