"""How late: days up to three months, months and years beyond."""

import pytest

from registry.kernel.lateness import how_late, is_long


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "1日"), (90, "90日"), (91, "2个月"), (159, "5个月"), (366, "1年"), (400, "1年1个月"), (1893, "5年2个月")],
)
def test_days_late(days: int, said: str) -> None:
    assert how_late(days) == said
    assert is_long(days) == ("月" in said or "年" in said)


@pytest.mark.parametrize(("days", "said"), [(11, "11个工作日"), (66, "66个工作日"), (67, "3个月"), (534, "2年1个月")])
def test_working_days_late(days: int, said: str) -> None:
    assert how_late(days, working=True) == said
