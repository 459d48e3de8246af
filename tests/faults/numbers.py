"""Processes that take numbers of one series and are shot in the middle: what they leave has no gap and no double."""

import os
import random
import signal
from collections.abc import Callable
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connection, transaction

from documents.papers.models import NumberSeries, Paper
from documents.papers.services.issuing import next_serial
from projects.ledger.models import Project
from registry.audit.recording import record
from registry.kernel.authority import Permission, system_actor
from registry.kernel.errors import Refused
from registry.store.acts import WRITES, current_act, write
from tests.factories.projects import TODAY, on_day
from tests.faults.killing import Shot

PREFIX: Final = "号"
STATEMENTS: Final = 14  # of one number, about


def take_number(project: Project) -> None:
    """Take a number as issuing does: counter, paper and record in one transaction."""

    @write(Permission.DOCUMENT_ISSUE, on="project")
    def take_one_number(*, actor: Any, project: Project) -> Paper:
        series, serial = next_serial(PREFIX, TODAY.year)
        paper: Paper = Paper.objects.create(
            project=project, kind="brief", series=series, serial=serial, number=f"{PREFIX}{serial}", title="号",
            template_version="1", snapshot_sealed=b"", snapshot_hash="", issued_on=TODAY,
            issued_at=current_act().recorded_at, act_id=current_act().id,
        )  # fmt: skip
        record(event="paper.issued", subject=paper, chain=project.pk, facts={"kind": "号", "number": paper.number})
        return paper

    del WRITES["take_one_number"]
    with on_day(TODAY):
        take_one_number(actor=system_actor("试号"), project=project)


def taker(project: Project, count: int, shot_at: int | None) -> int:
    """Fork a process that takes so many numbers, and is shot at its n-th statement if one is named; gives its key."""
    child = os.fork()
    if child:
        return child
    connection.close()
    try:
        with connection.execute_wrapper(Shot(shot_at or -1)):
            for _ in range(count):
                try:
                    take_number(project)
                except (Refused, IntegrityError, OperationalError):
                    os._exit(3)
    finally:
        os._exit(0)


def storm(project: Project, *, wanted: int, processes: int, kills: int, seed: int) -> dict[str, int]:
    """Let processes take numbers until so many are taken, shooting some of them; gives how they ended."""
    connection.close()
    drawn, ended = random.Random(seed), {"killed": 0, "failed": 0, "done": 0}
    alive: dict[int, None] = {}
    each = max(1, wanted // (processes * 4))
    while (taken := _taken()) < wanted or alive:
        connection.close()
        while len(alive) < processes and taken < wanted and len(alive) * each < wanted - taken + each:
            is_shot = ended["killed"] + len(alive) < kills
            alive[taker(project, each, drawn.randint(1, each * STATEMENTS) if is_shot else None)] = None
        if alive:
            key, status = os.wait()
            alive.pop(key, None)
            word = "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else "done"
            ended["failed" if os.WIFEXITED(status) and os.WEXITSTATUS(status) else word] += 1
    return ended


def _taken() -> int:
    return int(Paper.objects.filter(series__prefix=PREFIX).count())


def faults() -> list[str]:
    """Say what is wrong with the series: gaps, doubles, a counter that says otherwise."""
    serials = list(Paper.objects.filter(series__prefix=PREFIX).order_by("serial").values_list("serial", flat=True))
    last = NumberSeries.objects.get(prefix=PREFIX).last
    wrong = [] if serials == list(range(1, len(serials) + 1)) else ["gap or double"]
    return wrong + ([] if last == len(serials) else [f"counter {last}, papers {len(serials)}"])


def without_lock(monkeypatch: Any) -> None:
    """Take the protection away: the counter is read without a lock."""

    def unlocked(model: Any, **key: Any) -> Any:
        return model.objects.get(**key)

    monkeypatch.setattr("documents.papers.services.issuing.lock_one", unlocked)


Work = Callable[[], None]


def seeded() -> None:
    """Lay the series, so that the first numbers are not a race for its row."""
    from registry.store.guard import fixture_writes

    with fixture_writes(), transaction.atomic():
        NumberSeries.objects.get_or_create(prefix=PREFIX, year=TODAY.year)
