"""manage.py backup FILE: database and files in one archive, each with its hash. The key file stays apart."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry.store.backup import write_backup
from registry.web.commands import LedgerCommand


class Command(LedgerCommand):
    help = "备份数据库和文件；密钥文件不在内，请另存"

    def add_own(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="写入的 .zip 文件")

    def run(self, options: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        out = Path(options["file"])
        entries = write_backup(out)
        message = f"已备份{len(entries)}个文件到{out}。密钥文件不在备份内，请与备份分开另存一份。"
        return {"file": str(out), "entries": len(entries), "message": message}, 0
