"""The child process that parses: bounded in memory and time, its result as JSON on standard output."""

import json
import resource
import sys
from pathlib import Path
from typing import Final

from documents.intake.codes import FileRefused
from documents.intake.reader import read_here, to_data
from documents.intake.results import ReadResult

MEMORY: Final = 1024**3
CPU_SECONDS: Final = 60


def main(path: str, expected_project: str) -> None:
    """Read one file under limits and print what it says."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        result = read_here(Path(path), expected_project)
    except FileRefused as refusal:
        result = ReadResult(file_error=refusal.code, message=refusal.message)
    json.dump(to_data(result), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
