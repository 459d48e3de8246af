"""Where an uploaded table waits for its confirmation: sealed, for its uploader alone, for an hour."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from import_export.tmp_storages import BaseStorage

from registry.kernel.errors import Refused
from registry.store.crypto import decrypt_bytes, encrypt_bytes

HOUR: Final = 3600
GONE: Final = "上传的文件已超过保留期限，或不是本人上传。请重新上传。"
_owner: ContextVar[tuple[str, float]] = ContextVar("import_owner", default=("", 0.0))


@contextmanager
def owned_by(person_id: int | None, *, now: float) -> Iterator[None]:
    """Name the person whose files are written and read inside, and the moment (seconds of the epoch)."""
    token = _owner.set((str(person_id or ""), now))
    try:
        yield
    finally:
        _owner.reset(token)


class SealedStorage(BaseStorage):  # type: ignore[misc]
    """The library's temporary storage, replaced: its own would leave the upload readable by everybody in /tmp."""

    def save(self, data: bytes) -> None:
        """Keep the upload; what lies there too long is removed first."""
        folder = _folder()
        owner, now = _owner.get()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep(folder, now=now)
        self.name = f"{owner}-{secrets.token_hex(16)}"
        (folder / self.name).write_bytes(encrypt_bytes(_bytes(data), _place(self.name)))

    def read(self) -> Any:
        """Open the upload of this person."""
        content = decrypt_bytes(self._path().read_bytes(), _place(str(self.name)))
        return content if "b" in self.read_mode else content.decode(self.encoding or "utf-8-sig")

    def remove(self) -> None:
        """Destroy it."""
        self._path().unlink()

    def _path(self) -> Path:
        owner, _, token = str(self.name).partition("-")
        path = _folder() / f"{owner}-{token}"
        mine, now = _owner.get()
        fits = owner and owner == mine and len(token) == 32 and token.isalnum()
        if not fits or not path.is_file() or now - path.stat().st_mtime > HOUR:
            raise Refused(GONE)
        return path


def sweep(folder: Path, *, now: float) -> int:
    """Destroy the uploads that nobody confirmed within the hour, and say how many."""
    old = [path for path in folder.iterdir() if now - path.stat().st_mtime > HOUR]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.FILES_DIR) / "uploads"


def _place(name: str) -> str:
    return f"upload.{name}"


def _bytes(data: Any) -> bytes:
    return data if isinstance(data, bytes) else str(data).encode()
