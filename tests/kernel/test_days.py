"""What a day may be, by what it is the day of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.days import (
    FIRST_DAY,
    LAST_DAY,
    DayRefused,
    DayRule,
    DayWord,
    last_day,
    require_day,
    require_no_year_ahead,
    require_year_of,
    with_years,
)

TODAY = date(2022, 3, 8)


@pytest.mark.parametrize(
    ("rule", "day", "said"),
    [
        (DayRule.FACT, TODAY + timedelta(days=1), "签署日期2022-03-09尚未到来。请填写实际发生的日期。"),
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


@pytest.mark.parametrize("number", ["×政函〔2021〕18号", "×政函[2021]18号", "×政函（2021）18号", "×政函( 2021 )18号"])
def test_a_document_of_another_year_than_its_day_is_refused(number: str) -> None:
    require_year_of(number, date(2021, 12, 31))
    with pytest.raises(DayRefused, match="的年份2021与日期2022-01-01不符"):
        require_year_of(number, date(2022, 1, 1), field="number")


@pytest.mark.parametrize("number", ["95人防验007号", "京房权证朝字第20211号", "", "（试行）3号"])
def test_a_number_without_a_year_is_not_judged(number: str) -> None:
    require_year_of(number, TODAY)
    require_no_year_ahead(number, today=TODAY)


def test_a_text_names_no_document_of_a_year_to_come() -> None:
    require_no_year_ahead("依据×政函〔2021〕18号、×专班纪〔2022〕3号（2030年前完成）", today=TODAY)
    with pytest.raises(DayRefused, match="文号〔2023〕的年份尚未到来"):
        require_no_year_ahead("依据×政函〔2021〕18号、×专班纪〔2023〕3号", today=TODAY, field="basis")
    with pytest.raises(DayRefused, match="早于1949年"):
        require_no_year_ahead("〔1930〕1号", today=TODAY)


@pytest.mark.parametrize(
    ("text", "progress", "planned"),
    [
        ("3月1日进场", "2022年3月1日进场", "2023年3月1日进场"),
        ("3月8号进场", "2022年3月8号进场", "2022年3月8号进场"),
        ("去年12月20日停工，4月30日复工", "去年12月20日停工，2022年4月30日复工", "去年12月20日停工，2022年4月30日复工"),
        ("自12月20日停工", "自2021年12月20日停工", "自2022年12月20日停工"),
        ("2021年12月20日停工", "2021年12月20日停工", "2021年12月20日停工"),
        ("21年3月1日停工", "21年3月1日停工", "21年3月1日停工"),
        ("2月29日", "2024年2月29日", "2024年2月29日"),
        ("3月底前完成，共12月", "3月底前完成，共12月", "3月底前完成，共12月"),
    ],
)  # fmt: skip
def test_a_day_without_a_year_gets_the_one_that_is_meant(text: str, progress: str, planned: str) -> None:
    assert with_years(text, TODAY) == progress
    assert with_years(text, TODAY, is_ahead=True) == planned


def test_a_day_that_no_year_has_is_refused() -> None:
    for text in ("2月30日", "13月1日", "4月31日"):
        with pytest.raises(DayRefused, match=f"没有“{text}”这一天"):
            with_years(f"计划{text}完成", TODAY)


@given(st.dates(FIRST_DAY, LAST_DAY), st.dates(FIRST_DAY, LAST_DAY))
def test_what_has_its_years_is_left_alone(day: date, said_on: date) -> None:
    whole = with_years(f"{day.month}月{day.day}日开会", said_on)

    assert with_years(whole, said_on) == whole
    assert abs(date(int(whole[:4]), day.month, day.day) - said_on) <= timedelta(days=4 * 366)
