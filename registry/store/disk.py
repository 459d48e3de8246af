"""A full disk, by whatever name the system or the database calls it."""

import errno
from typing import Final

FULL_ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
SQLITE_FULL: Final = 13
DISK_FULL_STATE: Final = "53100"  # what PostgreSQL answers
SAID: Final = "磁盘已满，本次未保存，原来的内容没有变。请联系系统管理员腾出空间后重试。"


def is_disk_full(error: BaseException | None) -> bool:
    """Return whether an error, or what it was raised from, means that the disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL_ERRNOS:
            return True
        if (
            getattr(error, "sqlite_errorcode", None) == SQLITE_FULL
            or getattr(error, "sqlstate", None) == DISK_FULL_STATE
        ):
            return True
        error = error.__cause__
    return False
