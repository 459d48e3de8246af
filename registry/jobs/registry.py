"""Jobs by name: each app declares its own in its `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from registry.jobs.lease import Lease

JOBS_PAGE: Final = "/jobs/"
AFTER_MIDNIGHT: Final = time(1, 0)
Run = Callable[[Lease], dict[str, Any]]


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name, its label, the function that does it; for a daily one, when it is due in Shanghai.

    `is_repeatable`: one that failed may be tried anew by a person; it goes on at its checkpoint. `page` is the address
    where its asker sees what became of it.
    """

    name: str
    label: str
    run: Run
    daily_at: time | None = None
    is_repeatable: bool = True
    page: str = JOBS_PAGE


KINDS: dict[str, JobKind] = {}


def job(
    name: str, *, label: str, daily_at: time | None = None, is_repeatable: bool = True, page: str = JOBS_PAGE
) -> Callable[[Run], Run]:
    """Declare a function as the work of a kind of job."""

    def declare(run: Run) -> Run:
        if name in KINDS and KINDS[name].run is not run:
            raise ValueError(f"two jobs named {name}")
        KINDS[name] = JobKind(name, label, run, daily_at, is_repeatable, page)
        return run

    return declare


def daily(name: str, *, label: str, at: time = AFTER_MIDNIGHT) -> Callable[[Run], Run]:
    """Declare work that the worker asks for by itself once a day, from a time of day on."""
    return job(name, label=label, daily_at=at)


DUE_WORK: Final[list[Callable[[datetime], None]]] = []


def declare_due_work(ask: Callable[[datetime], None]) -> None:
    """Name what asks for the work of an app that falls due at moments of its own; asked each minute."""
    if ask not in DUE_WORK:
        DUE_WORK.append(ask)
