"""The detail export by its job against openpyxl's write-only workbook of the same rows; memory beside it.

Both read the same rows of the same database. The job runs in a process of its own, so that its peak is its own.
`python -m tests.benchmarks.export 600000` runs it at another size.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from django.db import connection
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from documents.exports.models import ExportFile
from documents.exports.services.export_jobs import path_of, request_export
from documents.render.xlsx_styles import body_style, register
from projects.ledger.models import Building, Unit
from projects.ledger.selectors.unit_details import detail_rows
from projects.ledger.unit_details import detail_columns
from registry.jobs.models import Job
from registry.kernel.authority import Actor
from registry.kernel.columns import Column
from registry.store.bulk import insert_rows
from registry.store.guard import fixture_writes
from registry.store.sealed_files import read_sealed
from tests.benchmarks.ledger import database, new_project
from tests.benchmarks.measure import Result, report
from tests.conftest import ROOT
from tests.factories.accounts import lay_cast

ROWS = 120_000
PER_PROJECT = 6_667
FIELDS = (
    "building_id", "entrance", "floor", "floor_order", "room", "use", "features", "standing", "certificate", "tax",
    "fund", "certificate_on", "unit_code", "area", "agreement_no", "holders_masked", "certificate_no", "remark",
    "version", "act_id",
)  # fmt: skip


def lay_units(count: int) -> None:
    """Homes in projects of a usual size, half of them issued."""
    with fixture_writes():
        for start in range(0, count, PER_PROJECT):
            project = new_project(f"CS-{start // PER_PROJECT + 1:04d}")
            size = min(PER_PROJECT, count - start)
            buildings = [
                Building.objects.create(project=project, number=str(n + 1), name=f"{n + 1}号楼", act_id=0).id
                for n in range(-(-size // 100))
            ]
            insert_rows(Unit, FIELDS, (_unit(start + n, n, buildings[n // 100]) for n in range(size)))


def _unit(n: int, at: int, building: int) -> tuple[Any, ...]:
    is_issued = n % 2 == 0
    return (
        building, str(at % 100 // 50 + 1), str(at % 50 // 4 + 1), 0, f"{at % 50 // 4 + 1}{at % 4 + 1:02d}", "dwelling",
        0, "active", "issued" if is_issued else "waiting", "settled" if is_issued else "unassessed", "unpaid",
        date(2021, 1 + n % 12, 1 + n % 28) if is_issued else None, f"110105002017GB{n:014d}", (4500 + n % 9000) / 100,
        f"XY-{n:06d}", "演*示", f"京（2021）朝不动产权第{n:07d}号" if is_issued else "", "", 1, 0,
    )  # fmt: skip


def openpyxl_seconds(actor: Actor, path: Path, *, is_styled: bool) -> float:
    """Seconds of a write-only workbook of the same rows: bare values, or each cell in the looks of its column."""
    columns = detail_columns(with_people=False)
    started = perf_counter()
    book = Workbook(write_only=True)
    register(book)
    sheet = book.create_sheet("明细")
    sheet.append([column.header for column in columns])
    for row in detail_rows(actor, {}, with_people=False):
        sheet.append(_styled(sheet, columns, row) if is_styled else row)
    book.save(path)
    return perf_counter() - started


def _styled(sheet: Any, columns: Sequence[Column], row: Sequence[Any]) -> list[WriteOnlyCell]:
    cells = []
    for column, value in zip(columns, row, strict=True):
        cell = WriteOnlyCell(sheet, value)
        cell.style = body_style(column.kind)
        cells.append(cell)
    return cells


def job_in_a_process(rows: int) -> tuple[float, float]:
    """Seconds of the job, and peak megabytes of the worker that did it: `manage.py worker`, a process of its own."""
    given = connection.settings_dict
    url = f"sqlite:///{given['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "worker", "--once"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "registry.settings"},
        stdout=subprocess.DEVNULL,
    )
    peak = 0.0
    while worker.poll() is None:
        peak = max(peak, _high_water(worker.pid))
        sleep(0.02)
    export, job = ExportFile.objects.get(), Job.objects.get()
    if export.rows != rows or not next(read_sealed(path_of(export), f"export.{export.number}")).startswith(b"PK"):
        raise RuntimeError(f"the benchmark is wrong: {export.rows} rows, {job.error}")
    return (job.finished_at - job.started_at).total_seconds(), peak


def _high_water(process: int) -> float:
    """The most megabytes that a process has held; its own, where getrusage gives those of who started it."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0.0)


def run(count: int = ROWS) -> list[Result]:
    """The job from the asking to the sealed file; the plain way from the same rows to a file."""
    with database(), tempfile.TemporaryDirectory() as folder:
        actor = lay_cast().city.actor
        lay_units(count)
        request_export(actor=actor, words={}, filters="全部")
        ours, peak = job_in_a_process(count)
        plain, styled = (
            openpyxl_seconds(actor, Path(folder) / "plain.xlsx", is_styled=is_styled) for is_styled in (False, True)
        )
    return [
        Result(
            f"detail export of {count:,}: openpyxl write_only, same looks / ours", styled / ours, "×", 8,
            f"{styled:.1f} s / {ours:.1f} s", is_floor=True,
        ),
        Result("the same against bare values without any looks", plain / ours, "×", 5, f"{plain:.1f} s", is_floor=True),
        Result("peak memory of the worker that exports", peak, "MB", 150),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(report(run(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)))
