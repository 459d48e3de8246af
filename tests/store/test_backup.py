"""Backup and restore on SQLite: proven by hashes, refused over data, the key file left out."""

import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from registry.store import backup
from registry.store.backup import BackupRefused, read_backup, write_backup
from tests.factories.accounts import lay_cast
from tests.factories.projects import lay_estate

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="pg_dump is tried by hand: it needs the server's own version"
    ),
]


@pytest.fixture
def filed():
    """A sealed file in the archive of papers."""
    path = Path(settings.FILES_DIR) / "papers" / "aa" / "one"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sealed")
    yield path
    path.unlink(missing_ok=True)


def test_backup_holds_database_and_files_and_not_the_keys(filed, tmp_path):
    entries = write_backup(tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        names = set(archive.namelist())
        assert json.loads(archive.read("manifest.json"))["entries"] == entries
    assert {"database", "files/papers/aa/one", "manifest.json"} <= names
    assert not any("key" in name for name in names)


def test_backup_never_overwrites_an_older_one(tmp_path):
    (tmp_path / "b.zip").write_bytes(b"old")
    with pytest.raises(BackupRefused, match="已经存在"):
        write_backup(tmp_path / "b.zip")


def test_restore_puts_files_back(filed, tmp_path):
    write_backup(tmp_path / "b.zip")
    filed.unlink()

    assert read_backup(tmp_path / "b.zip") >= 2
    assert filed.read_bytes() == b"sealed"


def test_restore_refuses_a_damaged_backup_and_restores_nothing(filed, tmp_path):
    write_backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["files/papers/aa/one"] = b"changed"
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    filed.unlink()

    with pytest.raises(BackupRefused, match="校验值不符"):
        read_backup(tmp_path / "c.zip")
    assert not filed.exists()


def test_restore_refuses_what_is_no_backup_of_this_database(tmp_path):
    with pytest.raises(BackupRefused, match="找不到备份文件"):
        read_backup(tmp_path / "none.zip")
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(BackupRefused, match="损坏或不完整"):
        read_backup(tmp_path / "torn.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"engine": "postgresql", "entries": {}}))
    with pytest.raises(BackupRefused, match="备份来自postgresql，现在的数据库是sqlite"):
        read_backup(tmp_path / "other.zip")


def test_restore_refuses_a_database_that_has_projects(tmp_path):
    write_backup(tmp_path / "b.zip")
    lay_estate(lay_cast())

    with pytest.raises(BackupRefused, match="已有项目，恢复会盖掉它们"):
        read_backup(tmp_path / "b.zip")


def test_server_program_that_fails_is_told():
    with pytest.raises(BackupRefused, match="false没有成功"):
        backup._run(["false"])
