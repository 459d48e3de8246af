"""A city load: one file of many projects, one act and one transaction a project, gone on with where it stopped."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from documents.intake.reading.city import MOST_ERRORS, City, read_city
from documents.intake.reading.codes import FileRefused
from documents.intake.services.staging import placed_units
from projects.ledger.models import Project
from projects.progress.services.place import place_units
from registry.accounts.selectors import actor_by_key
from registry.jobs.lease import Lease
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import DomainError
from registry.store.acts import batch
from registry.store.clock import ledger_today

KIND: Final = "units.load_city"
RULE: Final = "全市导入"
CHUNK: Final = 1 << 20
NAMED: Final = 200
Say = Callable[[str, int, int], None]


class CityRefused(DomainError):
    """A city load that can't begin; `rows` has the errors of its rows."""


@dataclass(frozen=True)
class Counts:
    """What a load has done so far."""

    done: int = 0
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def key_of(digest: str) -> str:
    """Return the key under which a file is loaded once and never again."""
    return f"{KIND}:{digest}"[:80]


def checked_city(path: Path, actor: Actor, pulse: Callable[[str, int], None]) -> City:
    """Read a whole file and refuse it unless every row is good and every project known and in reach.

    Nothing is written. One query beside the reading.
    """
    actor.require(Permission.UNIT_PLACE)
    try:
        city = read_city(path, pulse)
    except FileRefused as refusal:
        raise CityRefused(refusal.message, code=refusal.code) from refusal
    if city.error_count:
        shown = f"（列出前{MOST_ERRORS}处）" if city.error_count > MOST_ERRORS else ""
        raise CityRefused(
            f"有{city.error_count}处错误{shown}，整份未导入。请按所列行更正后重新导入。",
            code="ROW_ERRORS",
            rows=tuple((error.row, error.message) for error in city.errors),
        )
    known = _projects(actor)
    unknown = [code for code in city.packed if code not in known]
    if unknown:
        named = "、".join(unknown[:20]) + (f"等{len(unknown)}个" if len(unknown) > 20 else "")
        raise CityRefused(f"台账中没有这些项目编号：{named}。请先纳入项目，或改正编号。", code="UNKNOWN_PROJECT")
    return city


def _projects(actor: Actor) -> dict[str, Project]:
    return {project.code.upper(): project for project in Project.objects.visible_to(actor)}


def load_city(lease: Lease, *, city: City | None = None, say: Say | None = None) -> dict[str, Any]:
    """Place the projects of a file one by one, each with its checkpoint in one transaction.

    The asker's rights are read anew; the file is read anew unless it is given, and must still be the same.
    """
    params = lease.job.params
    actor = _actor_of(lease)
    if city is None:
        city = _reread(lease, Path(params["path"]), params["sha256"], actor)
    projects, source = _projects(actor), f"全市导入《{params['file']}》"
    counts = Counts(**{name: int(lease.checkpoint.get(name, 0)) for name in Counts.__dataclass_fields__})
    refusals: list[list[Any]] = list(lease.checkpoint.get("refusals", []))
    placed_on = date.fromisoformat(params["placed_on"])
    for code in list(city.packed)[counts.done :]:
        rows = list(placed_units(city.unpacked(code)).values())
        with transaction.atomic(), batch(f"city-{params['sha256'][:12]}"):
            placement = place_units(actor=actor, project=projects[code], rows=rows, placed_on=placed_on, source=source)
            counts = Counts(
                done=counts.done + 1,
                rows=counts.rows + city.counts[code],
                added=counts.added + len(placement.added),
                changed=counts.changed + len(placement.changed),
                unchanged=counts.unchanged + len(placement.unchanged),
                refused=counts.refused + len({row.row for row, _, _ in placement.refused}),
            )
            refusals += [[row.row, f"第 {row.row} 行：{why}"] for row, _, why in placement.refused]
            refusals = refusals[:NAMED]
            lease.beat(
                done=counts.rows, total=city.rows, stage=f"写入（第{counts.done}个项目，共{len(city.packed)}个）",
                checkpoint={**vars(counts), "refusals": refusals},
            )  # fmt: skip
        if say is not None:
            say("写入", counts.rows, city.rows)
    return {**vars(counts), "projects": counts.done, "refusals": refusals, "skipped": city.skipped}


def _actor_of(lease: Lease) -> Actor:
    if lease.job.person_key is None and lease.job.params["as_system"]:
        return system_actor(RULE)
    return actor_by_key(person_key=lease.job.person_key, on=ledger_today())


def _reread(lease: Lease, path: Path, digest: str, actor: Actor) -> City:
    """Read the file again for a job that was taken over, telling the lease that someone is at it."""

    def pulse(stage: str, done: int) -> None:
        with transaction.atomic():
            lease.beat(done=lease.job.done, checkpoint=lease.checkpoint, stage=stage)

    try:
        same = digest_of(path) == digest
    except OSError as error:
        raise CityRefused("未找到原文件，未继续导入。请恢复原文件后重试。", code="source_gone") from error
    if not same:
        raise CityRefused("文件和开始时的不一样，未继续导入。请放回原来的文件。", code="source_changed")
    return checked_city(path, actor, pulse)
