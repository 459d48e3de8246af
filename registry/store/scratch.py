"""Temporary files that a killed process left behind."""

import shutil
from pathlib import Path

DAY = 86_400


def sweep(folder: Path, *, now: float, older_than: float = 0) -> int:
    """Remove what lies in this host's folder of temporary files for more than so many seconds; return how much.

    `serve` sweeps all: whatever it finds is nobody's, it starts the only processes of this host. A worker of its own
    takes what is older than a day.
    """
    limit, removed = now - older_than, 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.lstat().st_mtime > limit:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed += 1
    return removed
