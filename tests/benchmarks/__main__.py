"""`python -m tests.benchmarks`: every benchmark, one table, exit 1 if a goal is missed."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.benchmarks import blockers, cityload, gates, intake, ledger, library  # noqa: E402  the settings come first
from tests.benchmarks.measure import report  # noqa: E402

if __name__ == "__main__":
    sys.exit(report([*gates.run(), *ledger.run(), *blockers.run(), *intake.run(), *library.run(), *cityload.run()]))
