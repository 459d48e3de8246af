"""Keeping a file in the sealed archive: written once, under a name that says nothing."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from documents.papers.selectors.archive import PLACE
from registry.store.crypto import encrypt_bytes


def keep(content: bytes, folder: str = "papers") -> str:
    """Seal a file, on disk when this returns; gives its path below the folder of files."""
    name = secrets.token_hex(16)
    path = Path(settings.FILES_DIR) / folder / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(encrypt_bytes(content, PLACE))
        out.flush()
        os.fsync(out.fileno())
    return f"{folder}/{name[:2]}/{name}"
