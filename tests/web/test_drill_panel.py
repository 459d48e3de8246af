"""The red line on the administrators' desks: no backup was tried for more than 35 days."""

from datetime import date, timedelta

import pytest

from registry.accounts.services import record_restore_drill
from registry.kernel.authority import system_actor
from registry.store.guard import fixture_writes
from registry.store.models import DemoClock
from registry.web.drill_panel import drill_panel
from tests.factories.accounts import TODAY, Cast, sign_in
from tests.factories.projects import on_day

pytestmark = pytest.mark.django_db
BEGUN = TODAY - timedelta(days=100)


def tried(on: date, *, is_sound: bool = True) -> None:
    with on_day(on):
        record_restore_drill(actor=system_actor("演练"), file="备份.zip", is_sound=is_sound, said="")


def days(cast: Cast, on: date, who: str = "system_admin") -> int | None:
    panel = drill_panel(actor=getattr(cast, who).actor, on=on)
    return None if panel is None else panel["days"]


def test_it_turns_red_after_35_days_and_only_a_sound_drill_takes_it_away(cast: Cast) -> None:
    assert days(cast, TODAY) is None, "nothing was ever recorded: nothing to restore"
    tried(BEGUN, is_sound=False)
    assert [days(cast, BEGUN + timedelta(days=late)) for late in (35, 36)] == [None, 36]
    tried(TODAY - timedelta(days=36))
    assert (days(cast, TODAY), days(cast, TODAY, "security_admin"), days(cast, TODAY, "city")) == (36, 36, None)
    tried(TODAY, is_sound=False)
    assert days(cast, TODAY) == 36, "one that failed is none"
    tried(TODAY)
    assert days(cast, TODAY) is None


def test_the_desk_says_what_to_run(cast: Cast) -> None:
    tried(BEGUN)

    page = sign_in(cast.system_admin).get("/").content.decode()

    assert f"上次恢复演练是{BEGUN}" in page
    assert "manage.py restore 备份文件 --drill" in page
    assert "恢复演练" not in sign_in(cast.city).get("/").content.decode()


def test_a_demo_is_not_asked_for_drills(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tried(BEGUN)
    monkeypatch.setattr("registry.store.clock._is_demo", [])
    with fixture_writes():
        DemoClock.objects.create(seconds=0)

    assert days(cast, TODAY) is None
