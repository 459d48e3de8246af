"""A city load of 60,000 homes against the bare rows: executemany or COPY of all the rows that it leaves behind.

`python -m tests.benchmarks.cityload 600000` runs the same at another size.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from django.core.management import call_command
from django.db import models, transaction

from documents.intake.reading.unit_columns import UNIT_COLUMNS
from documents.render.xlsx import Sheet
from documents.render.xlsx_stream import write_stream
from projects.ledger.models import Agreement, AgreementUnit, Building, Holder, Move, Unit, UnitHolder
from projects.ledger.pinyin import person_initials
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.kernel.masking import mask_identity, mask_name, mask_phone
from registry.store.bulk import insert_rows
from registry.store.crypto import blind_index, encrypt
from registry.store.guard import fixture_writes
from tests.benchmarks.ledger import database, new_project
from tests.benchmarks.measure import Result, peak_mb, report

ROWS = 60_000
PER_PROJECT = 667
DAY = date(2020, 2, 1)
TABLES: tuple[type[models.Model], ...] = (Building, Unit, Holder, UnitHolder, Agreement, AgreementUnit, Move)
PEOPLE = tuple(f"演示{n}" for n in range(1000))


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """Homes as a file states them, in the order of the columns."""
    for n in range(count):
        project, at = divmod(n, PER_PROJECT)
        yield (
            f"CS-{project + 1:04d}", f"{at // 56 + 1}号楼", str(at % 56 // 28 + 1), str(at % 28 // 4 + 1),
            f"{at % 28 // 4 + 1}{at % 4 + 1:02d}", None, "住宅", Decimal(4500 + n % 9000) / 100, f"{PEOPLE[n % 1000]}",
            "居民身份证", synthetic_identity(n % 1_000_000), synthetic_phone(n), f"XY-{n:06d}", None, None, None,
        )  # fmt: skip


def write_file(path: Path, count: int) -> None:
    """The workbook of the load."""
    columns = [replace(column, kind="code") if column.personal else column for column in UNIT_COLUMNS]
    with path.open("wb") as out:
        write_stream(out, Sheet(title="全市清册", columns=columns, rows=(), totals=None), rows(count))


def bare(count: int) -> float:
    """Seconds to seal the holders anew and put every row of the tables back, table by table, and nothing else."""
    names = {model: [field.attname for field in model._meta.concrete_fields] for model in TABLES}
    kept = {model: list(model._default_manager.order_by("pk").values_list(*names[model])) for model in TABLES}
    people = [(row[8], row[10], row[11]) for row in rows(count)]
    at = {name: place for place, name in enumerate(names[Holder])}
    with transaction.atomic(), fixture_writes():
        for model in reversed(TABLES):
            model._default_manager.all()._raw_delete("default")
        started = perf_counter()
        with transaction.atomic():
            for model in TABLES:
                made = kept[model] if model is not Holder else _sealed(kept[Holder], people, at)
                insert_rows(model, names[model], made)
        seconds = perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def _sealed(kept: list[tuple[Any, ...]], people: list[tuple[str, str, str]], at: dict[str, int]) -> Iterator[list[Any]]:
    for row, (name, identity, phone) in zip(kept, people, strict=True):
        made = list(row)
        for field, value in (
            ("name", encrypt(name, "holder.name")), ("name_masked", mask_name(name)),
            ("name_index", blind_index("name", name)),
            ("initials_index", blind_index("initials", person_initials(name))),
            ("identity", encrypt(identity, "holder.identity")), ("identity_masked", mask_identity(identity)),
            ("identity_index", blind_index("identity", identity)), ("phone", encrypt(phone, "holder.phone")),
            ("phone_masked", mask_phone(phone)), ("phone_index", blind_index("phone", phone)),
            ("phone_tail_index", blind_index("phone_tail", phone[-4:])),
        ):  # fmt: skip
            made[at[field]] = value
        yield made


def run(count: int = ROWS) -> list[Result]:
    """The command as an operator gives it, file and all; then its rows bare, in the same run."""
    with database(), tempfile.TemporaryDirectory() as folder:
        for n in range(-(-count // PER_PROJECT)):
            new_project(f"CS-{n + 1:04d}")
        path = Path(folder) / "全市.xlsx"
        write_file(path, count)
        started = perf_counter()
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            call_command("load_city_list", str(path), "--json", stdout=nowhere, stderr=nowhere)
        loaded, peak = perf_counter() - started, peak_mb()
        if Unit.objects.count() != count or Holder.objects.count() != count:
            raise RuntimeError(
                f"the benchmark is wrong: {Unit.objects.count()} units, {Holder.objects.count()} holders"
            )
        seconds = bare(count)
    said = f"{loaded:.1f} s / {seconds:.1f} s"
    return [
        Result(f"city load of {count:,} rows / their bare rows", loaded / seconds, "×", 4, said),
        Result("its peak memory", peak, "MB", 1536),
    ]


if __name__ == "__main__":
    sys.exit(report(run(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)))
