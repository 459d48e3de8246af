"""Backup and restore: the database by its own means, the files as they are, every entry with its hash.

SQLite is copied by its backup interface (a plain copy of a live file is wrong: half of it stands in the WAL);
PostgreSQL by pg_dump and pg_restore.
"""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from registry import env
from registry.kernel.errors import DomainError

MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"


class BackupRefused(DomainError):
    """A backup that can't be made or restored."""


def write_backup(out: Path) -> dict[str, str]:
    """Write the archive and return its entries with their hashes. The key file is left out on purpose."""
    if out.exists():
        raise BackupRefused(f"{out}已经存在。请换一个文件名，备份不覆盖旧备份。")
    with tempfile.TemporaryDirectory(prefix="backup-") as folder:
        copy = Path(folder) / DATABASE
        _dump(copy)
        entries = {DATABASE: _sha256(copy)}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            for path in _files():
                name = f"files/{path.relative_to(settings.FILES_DIR)}"
                entries[name] = _sha256(path)
                archive.write(path, name)
            archive.writestr(MANIFEST, json.dumps({"engine": connection.vendor, "entries": entries}, indent=1))
    out.chmod(0o600)
    return entries


def read_backup(source: Path) -> int:
    """Prove every entry by its hash, then restore database and files. Refused over existing projects."""
    if not source.is_file():
        raise BackupRefused(f"找不到备份文件{source}。")
    try:
        with zipfile.ZipFile(source) as archive, tempfile.TemporaryDirectory(prefix="restore-") as folder:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["engine"] != connection.vendor:
                raise BackupRefused(f"备份来自{manifest['engine']}，现在的数据库是{connection.vendor}，不能直接恢复。")
            _require_empty()
            archive.extractall(folder)
            for name, digest in manifest["entries"].items():
                if _sha256(Path(folder) / name) != digest:
                    raise BackupRefused(f"备份里的{name}与校验值不符，没有恢复任何内容。请换一份备份。")
            _load(Path(folder) / DATABASE)
            _put_files(Path(folder) / "files", settings.FILES_DIR)
            return len(manifest["entries"])
    except (zipfile.BadZipFile, KeyError, ValueError, FileNotFoundError) as error:
        raise BackupRefused("备份文件损坏或不完整，没有恢复任何内容。请换一份备份。") from error


def _files() -> Iterator[Path]:
    root = Path(settings.FILES_DIR)
    return (path for path in sorted(root.rglob("*")) if path.is_file()) if root.exists() else iter(())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_empty() -> None:
    if "ledger_project" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ledger_project")
            if cursor.fetchone()[0]:
                raise BackupRefused("现在的数据库里已有项目，恢复会盖掉它们。请换空的 DATA_DIR 或空数据库再恢复。")


def _dump(copy: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        target = sqlite3.connect(copy)
        with target:
            connection.connection.backup(target)
        target.close()
        return
    _run(["pg_dump", "-Fc", "-f", str(copy)])


def _load(copy: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        source = sqlite3.connect(copy)
        source.backup(connection.connection)
        source.close()
        return
    _run(["pg_restore", "--clean", "--if-exists", "--no-owner", "-d", str(connection.settings_dict["NAME"]), str(copy)])


def _run(command: list[str]) -> None:
    database: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(database[key]) for variable, key in names.items() if database.get(key)}
    if shutil.which(command[0]) is None:
        raise BackupRefused(
            f"本机没有 {command[0]}，没有执行。请由管理员安装与数据库同版本的客户端："
            "apt-get install -y postgresql-client"
        )
    done = subprocess.run(command, env={**env.inherited(), **given}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupRefused(f"{command[0]}没有成功：{done.stderr.strip()[:300]}")


def _put_files(source: Path, target: Path) -> None:
    if not source.exists():
        return
    for path in source.rglob("*"):
        if path.is_file():
            place = Path(target) / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
            place.chmod(0o600)
