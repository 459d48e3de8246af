"""manage.py worker: does the jobs that users asked for."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.jobs.worker import Worker, run_until_signal
from registry.store.commands import RegistryCommand
from registry.store.scratch import DAY, sweep
from registry.store.start import require_right_keys_at_start, settle_memory


class Command(RegistryCommand):
    help = "运行后台任务，收到 TERM 或 Ctrl-C 后做完当前一步再停"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="做完排队的任务就退出")

    def handle(self, *args: Any, **options: Any) -> None:
        require_right_keys_at_start()
        settle_memory()
        sweep(Path(settings.SCRATCH_DIR), now=time.time(), older_than=DAY)
        done = run_until_signal(Worker(), once=options["once"])
        if options["once"]:
            self.stdout.write(f"完成{done}个任务。")
