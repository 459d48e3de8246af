"""The pace of who asks by a token: one count of a minute for every process of the host."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from registry.store.pace import seconds_to_wait

NOON = 1_646_712_000.0  # a whole minute


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_each_name_has_a_count_of_its_own_and_each_minute_begins_anew() -> None:
    asked = [seconds_to_wait("a", most=2, now=NOON + second) for second in (0, 10, 20, 59)]

    assert asked == [0, 0, 40, 1]
    assert seconds_to_wait("b", most=2, now=NOON + 20) == 0
    assert seconds_to_wait("a", most=2, now=NOON + 60) == 0


def test_of_many_at_a_time_no_more_than_the_most_go_through() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: seconds_to_wait("a", most=20, now=NOON), range(60)))

    assert waits.count(0) == 20


@pytest.mark.parametrize("text", ["", "x y", "27445200", "27445200 -9"])
def test_a_count_that_cannot_be_read_begins_anew(tmp_path: Path, text: str) -> None:
    seconds_to_wait("a", most=1, now=NOON)
    (tmp_path / "cache" / "pace-a").write_text(text)

    assert seconds_to_wait("a", most=1, now=NOON) == 0
    assert (tmp_path / "cache" / "pace-a").stat().st_mode & 0o777 == 0o600
