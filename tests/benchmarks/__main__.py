"""`python -m tests.benchmarks`: every benchmark, one table, exit 1 if a goal is missed."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from registry.store.start import settle_memory  # noqa: E402
from tests.benchmarks import (  # noqa: E402  the settings come first
    blockers,
    bomb,
    cityload,
    export,
    gates,
    intake,
    ledger,
    letters,
    leverage,
    library,
    lists,
    matching,
    notices,
)
from tests.benchmarks.measure import report  # noqa: E402

if __name__ == "__main__":
    settle_memory()  # as every process that serves or works does
    every = (
        gates,
        ledger,
        blockers,
        letters,
        leverage,
        intake,
        lists,
        library,
        cityload,
        export,
        bomb,
        notices,
        matching,
    )
    sys.exit(report([result for one in every for result in one.run()]))
