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
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from registry import env
from registry.kernel.errors import DomainError

MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
ANCHORS: Final = "anchors/heads.jsonl"
NOTHING: Final = "没有恢复任何内容。请换一份备份。"
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
WORKED_ON: Final = {"accounts_person": "人员", "ledger_project": "项目", "audit_act": "操作记录"}


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
            if _anchors().is_file():
                content = _anchors().read_bytes()  # may grow meanwhile
                entries[ANCHORS] = hashlib.sha256(content).hexdigest()
                archive.writestr(ANCHORS, content)
            archive.writestr(MANIFEST, json.dumps({"engine": connection.vendor, "entries": entries}, indent=1))
    out.chmod(0o600)
    return entries


@dataclass(frozen=True)
class Restored:
    """What came out of a backup, and what it took the place of."""

    entries: int
    replaced: str


def read_backup(source: Path) -> Restored:
    """Prove every entry by its hash, then restore database and files. Only where nobody has worked yet."""
    if not source.is_file():
        raise BackupRefused(f"找不到备份文件{source}。")
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        entries = _proven(source, Path(folder))
        replaced = _require_empty()
        _load(Path(folder) / DATABASE)
        _put_files(Path(folder) / "files", settings.FILES_DIR)
        if not _anchors().exists():  # those that are there may go further than the backup: they name what it lost
            _put_files(Path(folder) / ANCHORS.partition("/")[0], _anchors().parent)
    return Restored(entries, replaced)


def _proven(source: Path, folder: Path) -> int:
    """Unpack a backup, each entry held against its hash; name what is wrong with it."""
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise BackupRefused("备份文件不完整，末尾的目录缺失（多因复制中断）。" + NOTHING) from error
    with archive:
        try:
            manifest = json.loads(archive.read(MANIFEST))
            engine, entries = str(manifest["engine"]), dict(manifest["entries"])
        except (*DAMAGED, KeyError, ValueError, TypeError) as error:
            raise BackupRefused("备份里的清单缺失或被改动。" + NOTHING) from error
        if engine != connection.vendor:
            raise BackupRefused(f"备份来自{engine}，现在的数据库是{connection.vendor}，不能直接恢复。")
        for name, digest in entries.items():
            try:
                is_whole = _sha256(Path(archive.extract(name, folder))) == digest
            except (*DAMAGED, KeyError) as error:
                raise BackupRefused(f"备份里的{name}缺失或被改动。" + NOTHING) from error
            if not is_whole:
                raise BackupRefused(f"备份里的{name}与校验值不符。" + NOTHING)
    return len(entries)


def _files() -> Iterator[Path]:
    root = Path(settings.FILES_DIR)
    return (path for path in sorted(root.rglob("*")) if path.is_file()) if root.exists() else iter(())


def _anchors() -> Path:
    return Path(settings.DATA_DIR) / ANCHORS


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_empty() -> str:
    """Refuse an installation with people, projects, or acts; say what stands there and will be replaced."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, label in WORKED_ON.items():
            if table not in tables:
                continue
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  a name of ours
            count = cursor.fetchone()[0]
            if count:
                raise BackupRefused(
                    f"现在的数据库里已有{label}{count}条，恢复会盖掉它们，没有恢复任何内容。"
                    "请换空的 DATA_DIR 或空数据库再恢复。"
                )
    files = sum(1 for _ in _files())
    return (
        f"替换了原有的{len(tables)}张表，其中没有人员、项目和操作记录" + (f"，原有的{files}个文件未删" if files else "")
        if tables
        else "原来没有数据"
    )


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
