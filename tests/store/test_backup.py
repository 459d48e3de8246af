"""Backup and restore on SQLite: proven by hashes, refused over data, the key file left out."""

import json
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from registry.audit.models import Act
from registry.store import backup
from registry.store.backup import BackupRefused, read_backup, write_backup
from registry.store.keys import make_key_file
from registry.web.drill import STEPS
from tests.factories.accounts import lay_cast
from tests.factories.projects import lay_estate
from tests.store.test_commands import in_process

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

    assert read_backup(tmp_path / "b.zip").entries >= 2
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
    with pytest.raises(BackupRefused, match="备份文件不完整"):
        read_backup(tmp_path / "torn.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"engine": "postgresql", "entries": {}}))
    with pytest.raises(BackupRefused, match="备份来自postgresql，现在的数据库是sqlite"):
        read_backup(tmp_path / "other.zip")


def test_restore_refuses_a_database_that_has_projects(tmp_path):
    write_backup(tmp_path / "b.zip")
    lay_estate(lay_cast())

    with pytest.raises(BackupRefused, match=r"已有人员\d+条，恢复会盖掉它们"):
        read_backup(tmp_path / "b.zip")


def test_a_cut_tail_is_named(filed, tmp_path):
    write_backup(tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:-100])

    with pytest.raises(BackupRefused, match="末尾的目录缺失（多因复制中断）。没有恢复任何内容"):
        read_backup(tmp_path / "cut.zip")


def test_a_flipped_byte_is_named_with_its_entry(filed, tmp_path):
    write_backup(tmp_path / "b.zip")
    flipped = bytearray((tmp_path / "b.zip").read_bytes())
    flipped[5000] ^= 0xFF  # in the database, the first entry
    (tmp_path / "flipped.zip").write_bytes(bytes(flipped))

    with pytest.raises(BackupRefused, match=r"备份里的database(缺失或被改动|与校验值不符)。没有恢复任何内容"):
        read_backup(tmp_path / "flipped.zip")


def test_another_key_file_and_none_are_named_after_a_restore(tmp_path):
    """As an operator has it: the backup of one machine restored on two others."""
    own = {"DATA_DIR": str(tmp_path / "own")}
    assert in_process(own, "manage.py", "migrate", "--verbosity=0").returncode == 0
    assert in_process(own, "manage.py", "seal_audit").returncode == 0  # the canary of its keys
    assert in_process(own, "manage.py", "backup", str(tmp_path / "b.zip")).returncode == 0
    make_key_file(tmp_path / "wrong" / "keys" / "registry.keys", "sm")

    for machine, words in (("wrong", "打不开库里的校验内容"), ("none", "registry.keys不存在")):
        done = in_process({"DATA_DIR": str(tmp_path / machine)}, "manage.py", "restore", str(tmp_path / "b.zip"))

        assert done.returncode == 1
        assert words in done.stdout
        assert "请先放回备份时的密钥文件" in done.stdout


def test_a_drill_restores_aside_counts_opens_and_is_recorded(manage, tmp_path):
    assert manage("backup", str(tmp_path / "b.zip")).returncode == 0

    done = manage("restore", str(tmp_path / "b.zip"), "--drill", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["sound"]) == (0, True), told
    assert [step["step"] for step in told["steps"]] == [name for name, _ in STEPS]
    assert Act.objects.get(event="restore.drilled").facts["file"] == "b.zip"


def test_a_drill_of_a_damaged_backup_fails_and_says_so(manage, tmp_path):
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04")

    done = manage("restore", str(tmp_path / "b.zip"), "--drill", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["sound"], len(told["steps"])) == (1, False, 1)
    assert "备份文件不完整" in told["steps"][0]["said"]
    assert Act.objects.filter(event="restore.failed").count() == 1


def test_server_program_that_fails_is_told():
    with pytest.raises(BackupRefused, match="false没有成功"):
        backup._run(["false"])
