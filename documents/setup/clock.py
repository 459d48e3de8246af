"""The clock of a demo: laid by its loader alone, so that the story's day is today. Source: decisions, 19."""

from datetime import datetime
from typing import Final

from registry.store.clock import SHANGHAI, forget_demo, true_now
from registry.store.guard import fixture_writes
from registry.store.models import DemoClock

STARTS: Final = datetime(2022, 3, 8, 9, 0, tzinfo=SHANGHAI)  # the morning after the last day of the story


def start_clock() -> None:
    """Set the clock to the morning of the story's day, until the demo is loaded whole."""
    seconds = int((STARTS - true_now()).total_seconds())
    with fixture_writes():
        if not DemoClock.objects.filter(is_loaded=False).update(seconds=seconds):
            DemoClock.objects.create(seconds=seconds)
    forget_demo()


def finish_clock() -> None:
    """Say that the demo is loaded whole: from now on its clock is moved by people."""
    with fixture_writes():
        DemoClock.objects.update(is_loaded=True)
