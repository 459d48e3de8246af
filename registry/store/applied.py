"""Which migrations this installation went through, and when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from registry.store.clock import true_now

SLACK: Final = timedelta(minutes=10)  # a clock set back between two migrations


def applied_at(app: str, name: str) -> datetime | None:
    """Return when a migration was applied here; None if it was not. One query."""
    record: Any = MigrationRecorder(connection).applied_migrations().get((app, name))
    return record.applied if record else None


def applied_wrongly() -> Iterator[str]:
    """Name each migration whose record is missing, of none of the program, ahead, or older than one it stands on."""
    loader = MigrationLoader(connection)
    applied: dict[tuple[str, str], Any] = dict(loader.applied_migrations)
    for app, name in sorted(loader.disk_migrations.keys() - applied.keys()):
        yield f"缺少迁移记录 {app} {name}"
    for app, name in sorted(applied.keys() - loader.disk_migrations.keys()):
        yield f"多出迁移记录 {app} {name}"
    now = true_now()
    for key in sorted(loader.disk_migrations.keys() & applied.keys()):
        if applied[key].applied > now + SLACK:
            yield f"迁移记录 {key[0]} {key[1]} 的时间{applied[key].applied:%Y-%m-%d}尚未到"
        for parent in loader.graph.node_map[key].parents:
            before = applied.get(parent.key)
            if before is not None and applied[key].applied < before.applied - SLACK:
                yield f"迁移记录 {key[0]} {key[1]} 的时间早于它所依据的 {parent.key[0]} {parent.key[1]}"
