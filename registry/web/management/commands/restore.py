"""manage.py restore FILE: into an empty installation, every entry proven by its hash first."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry.store.backup import read_backup
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "从备份恢复到空的数据目录；恢复前逐个核对校验值"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="备份的 .zip 文件")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        count = read_backup(Path(options["file"]))
        return {
            "entries": count,
            "message": f"已恢复{count}个文件。请运行 check_ledger 核对，并确认密钥文件已放回。",
        }, 0
