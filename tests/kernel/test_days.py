"""What a day may be, by what it is the day of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.days import FIRST_DAY, LAST_DAY, DayRefused, DayRule, DayWord, last_day, require_day

TODAY = date(2022, 3, 8)


@pytest.mark.parametrize(
    ("rule", "day", "said"),
    [
        (DayRule.FACT, TODAY + timedelta(days=1), "签署日期2022-03-09还没到。请填写实际发生的日期。"),
        (DayRule.FACT, date(1949, 9, 30), "签署日期1949-09-30早于1949年10月1日。请核对年份。"),
        (DayRule.START, date(2028, 1, 1), "签署日期2028-01-01晚于2027-12-31，过远。请核对年份。"),
        (DayRule.DUE, date(2043, 1, 1), "签署日期2043-01-01晚于2042-12-31，过远。请核对年份。"),
        (DayRule.ANY, date(2100, 1, 1), "签署日期2100-01-01晚于2099-12-31，过远。请核对年份。"),
    ],
)
def test_a_day_out_of_bounds_is_refused_with_the_remedy(rule: DayRule, day: date, said: str) -> None:
    with pytest.raises(DayRefused) as refusal:
        require_day(day, DayWord(rule, "签署日期"), today=TODAY, field="signed_on")
    assert (refusal.value.message, refusal.value.field) == (said, "signed_on")


@given(st.sampled_from(DayRule), st.dates(FIRST_DAY, date(2090, 12, 31)))
def test_the_day_itself_and_every_one_before_it_may_be_stated(rule: DayRule, today: date) -> None:
    assert today <= last_day(rule, today) <= LAST_DAY
    require_day(today, DayWord(rule), today=today)
    require_day(FIRST_DAY, DayWord(rule), today=today)
