"""A backup tried as a real loss would try it: restored in a scratch place, brought up to date, counted, opened.

Each step is a process of its own with the data folder and the database of the scratch place, so that nothing of the
running installation can be touched; the key file is the one in use, for that is what a loss leaves.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.db import connection

from registry import env

PAPERS: Final = 50
STEPS: Final = (
    ("恢复到临时位置", ("restore", "{file}", "--json")),
    ("更新数据库结构", ("migrate", "--no-input", "--verbosity=0")),
    ("核对台账", ("check_ledger", "--json")),
    ("核验操作记录", ("verify_audit", "--json")),
    (f"打开最多{PAPERS}份存档文书", ("check_papers", f"--sample={PAPERS}", "--json")),
)


@dataclass(frozen=True)
class Step:
    """One step of a drill: what it was, whether it went well, and what it said."""

    name: str
    is_done: bool
    said: str


def drill(file: Path) -> list[Step]:
    """Try a backup, up to the first step that fails. Nothing of it is left behind."""
    steps = []
    with tempfile.TemporaryDirectory(prefix="drill-") as folder, _scratch_database(Path(folder)) as url:
        for name, command in STEPS:
            step = _step(name, [part.format(file=file.resolve()) for part in command], Path(folder), url)
            steps.append(step)
            if not step.is_done:
                break
    return steps


def _step(name: str, command: list[str], folder: Path, url: str) -> Step:
    place = {"DATA_DIR": str(folder), "DATABASE_URL": url, "KEY_FILE": str(settings.KEY_FILE)}
    done = subprocess.run(
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *command],
        env={**env.inherited(), **place, "DJANGO_SETTINGS_MODULE": "registry.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Step(name, done.returncode == 0, _said(done.stdout, done.stderr))


def _said(out: str, wrong: str) -> str:
    """The sentence of a step: the message of its JSON, or how many faults it counted."""
    try:
        facts = json.loads(out)
    except ValueError:
        return (wrong or out).strip()[-300:] or "完成"
    if "message" in facts:
        return str(facts["message"])
    if "violations" in facts:
        wrong_codes = [line["code"] for line in facts["invariants"] if line["violations"]]
        return f"{len(facts['invariants'])}条，{facts['violations']}处不符" + (
            f"（{'、'.join(wrong_codes)}）" if wrong_codes else ""
        )
    return f"{facts.get('acts', 0)}条操作记录，{len(facts.get('faults', ()))}处不符"


@contextmanager
def _scratch_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database of the engine in use, gone afterwards."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'drill.sqlite3'}"
        return
    given, name = connection.settings_dict, f"drill_{uuid4().hex[:12]}"
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0")
    secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    try:
        yield f"postgres://{given['USER']}{secret}@{given['HOST']}:{given['PORT']}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
