"""How often somebody may ask within a minute: one count that every process of a host shares. No fact of the ledger."""

import fcntl
import os
from pathlib import Path
from typing import Final

from django.conf import settings

MINUTE: Final = 60


def seconds_to_wait(name: str, *, most: int, now: float) -> int:
    """Count one more request under a name; 0, or, past `most` of a minute, the seconds until the next begins.

    `name` is ours (a kind and a key), never what somebody sent. A count that can't be read begins anew.
    """
    folder = Path(settings.DATA_DIR) / "cache"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    minute, passed = divmod(int(now), MINUTE)
    with open(os.open(folder / f"pace-{name}", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = file.read(64).split()
        known = int(kept[1]) if len(kept) == 2 and kept[0] == str(minute) and kept[1].isdecimal() else 0
        if known >= most:
            return MINUTE - passed
        file.seek(0)
        file.truncate()
        file.write(f"{minute} {known + 1}")
    return 0
