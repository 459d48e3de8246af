"""Jobs by name: each app declares its own in its `jobs.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.jobs.lease import Lease

Run = Callable[[Lease], dict[str, Any]]


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name, its label, the function that does it."""

    name: str
    label: str
    run: Run


KINDS: dict[str, JobKind] = {}


def job(name: str, *, label: str) -> Callable[[Run], Run]:
    """This will declare a function as the work of a kind of job."""

    def declare(run: Run) -> Run:
        if name in KINDS and KINDS[name].run is not run:
            raise ValueError(f"two jobs named {name}")
        KINDS[name] = JobKind(name, label, run)
        return run

    return declare
