"""The key file: outside the database and its backups, made at first start, rotated by adding a key."""

import base64
import json
import logging
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from registry.kernel.errors import DomainError

log = logging.getLogger(__name__)


class KeyFileError(DomainError):
    """The key file is missing or can't be read."""


@dataclass(frozen=True)
class Key:
    """One key: its number, its suite, and the secrets for columns and for blind indexes."""

    number: int
    suite: str
    column: bytes
    index: bytes


@dataclass(frozen=True)
class KeyRing:
    """All keys by number; new data is sealed with the active one, indexes always with the first."""

    keys: dict[int, Key]
    active: int

    @property
    def current(self) -> Key:
        """The key that seals new data."""
        return self.keys[self.active]

    @property
    def indexing(self) -> Key:
        """The key of the blind indexes: it stays, or every index would have to be made anew."""
        return self.keys[min(self.keys)]


def new_key(number: int, suite: str) -> dict[str, object]:
    """Make a fresh key as it stands in the file."""
    return {
        "number": number,
        "suite": suite,
        "column": base64.b64encode(secrets.token_bytes(32)).decode(),
        "index": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def make_key_file(path: Path, suite: str) -> None:
    """Make the key file with one key, readable by its owner only, and warn that it must be kept."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"active": 1, "keys": [new_key(1, suite)]}, file, indent=1)
    log.warning("已生成密钥文件 %s。请另存一份，与数据库备份分开保管：丢失后个人信息无法恢复。", path)


def read_key_file(path: Path) -> KeyRing:
    """Read the key file; raises KeyFileError in Chinese if it can't be used."""
    try:
        stored = json.loads(path.read_text())
        keys = {
            int(key["number"]): Key(
                int(key["number"]),
                str(key["suite"]),
                base64.b64decode(key["column"]),
                base64.b64decode(key["index"]),
            )
            for key in stored["keys"]
        }
        return KeyRing(keys, int(stored["active"]))
    except FileNotFoundError as error:
        raise KeyFileError(f"找不到密钥文件{path}。请把备份的密钥文件放回原处。") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileError(f"密钥文件{path}读不出来。请用备份的密钥文件替换，不要自行修改。") from error


def rotate(path: Path, suite: str) -> KeyRing:
    """Add a key and make it the active one; older data stays readable with the older keys."""
    stored = json.loads(path.read_text())
    number = max(int(key["number"]) for key in stored["keys"]) + 1
    stored["keys"].append(new_key(number, suite))
    stored["active"] = number
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(stored, indent=1))
    fresh.chmod(0o600)
    fresh.replace(path)
    key_ring.cache_clear()
    return read_key_file(path)


def key_numbered(number: int) -> Key | None:
    """Return the key of a number; one that another process added meanwhile is read from the file. None: no such key."""
    key = key_ring().keys.get(number)
    if key is None:
        key_ring.cache_clear()
        key = key_ring().keys.get(number)
    return key


SEALED: Final = {  # with a row in one of these, a key file was there before
    "store_keycanary": "SELECT 1 FROM store_keycanary LIMIT 1",
    "ledger_holder": "SELECT 1 FROM ledger_holder LIMIT 1",
}


def _has_sealed_data() -> bool:
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, question in SEALED.items():
            if table in there:
                cursor.execute(question)
                if cursor.fetchone() is not None:
                    return True
    return False


@cache
def key_ring() -> KeyRing:
    """Return the key ring of this installation, making the key file at first start."""
    path = Path(settings.KEY_FILE)
    if not path.exists():
        if _has_sealed_data():
            raise KeyFileError(f"数据库里已有加密的内容，却找不到密钥文件{path}。请把原密钥文件放回，不要生成新的。")
        make_key_file(path, settings.CRYPTO_SUITE)
    return read_key_file(path)
