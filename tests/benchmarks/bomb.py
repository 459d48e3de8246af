"""The guard before a bomb: an archive that inflates to 512 MB, whether it says so or lies. In a process of its own."""

import os
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.benchmarks.measure import Result
from tests.conftest import ROOT

MEGABYTES = 512
WORK = """
import resource, sys, time
from pathlib import Path
from documents.intake.reading.codes import FileRefused
from documents.intake.reading.file_guard import inspect_file
def high():
    lines = Path("/proc/self/status").read_text().splitlines()
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
before, started = high(), time.perf_counter()
try:
    inspect_file(Path(sys.argv[1]))
except FileRefused as refusal:
    print(refusal.code, time.perf_counter() - started, high() - before, high())
"""


def lay(path: Path, *, is_honest: bool) -> None:
    """A workbook whose second part is 512 MB of nothing; one that lies states a kilobyte in both its headers."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "spreadsheetml.sheet.main")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(MEGABYTES):
                part.write(bytes(1 << 20))
    if not is_honest:
        data, size = path.read_bytes(), struct.pack("<I", MEGABYTES << 20)
        path.write_bytes(data.replace(size, struct.pack("<I", 1024)))


def refused(path: Path) -> tuple[float, float]:
    """Seconds and megabytes of the refusal."""
    said = subprocess.run(
        [sys.executable, "-c", WORK, str(path)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    if said[0] not in ("ZIP_BOMB", "CORRUPT"):
        raise RuntimeError(f"the benchmark is wrong: {said}")
    return float(said[1]), float(said[3])


def run() -> list[Result]:
    """Both kinds; the slower and the larger count."""
    with tempfile.TemporaryDirectory() as folder:
        figures = []
        for is_honest in (True, False):
            path = Path(folder) / f"bomb{is_honest}.xlsx"
            lay(path, is_honest=is_honest)
            figures.append(refused(path))
    return [
        Result("guard refuses a bomb of 512 MB", max(seconds for seconds, _ in figures), "s", 1),
        Result("peak memory of the process that refuses it", max(memory for _, memory in figures), "MB", 50),
    ]
