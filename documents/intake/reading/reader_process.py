"""The child process that parses: bounded in memory and time, without network, its result as JSON on standard output.

What our own code dies of is said on standard error as class and frames, never with the text of the exception: that may
hold what stands in the file.
"""

import contextlib
import io
import json
import resource
import socket
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, Final, NoReturn

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.list_shape import UNIT_SHAPE, ListShape
from documents.intake.reading.reader import read_in_place, refused, to_data
from documents.intake.reading.results import Reading, ReadResult

MEMORY: Final = 1024**3
CPU_SECONDS: Final = 60
OUTPUT: Final = 1024**2
FELL: Final = 3
FRAMES: Final = 12
ROOT: Final = str(Path(__file__).resolve().parents[3])
TOO_LARGE: Final = "文件内容过大，读取所需内存超过上限，未作任何处理。请按楼栋拆成几个文件。"


def limit_process(*, files: int = OUTPUT) -> None:
    """Take from the process what a parser has no need of: memory, time, files, core dumps, the network."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (files, files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    socket.socket.connect = _no_network  # type: ignore[method-assign]


def _no_network(*_: Any) -> NoReturn:
    raise OSError("a reader of files has no business on the network")


def read_in_process(
    path: str, expected_project: str, reading: Reading | None = None, shape: ListShape = UNIT_SHAPE
) -> ReadResult:
    """Read one file or say why it is refused. Any other exception is a fault of our own: readers refuse what is odd."""
    try:
        return read_in_place(Path(path), expected_project, reading, shape)
    except FileRefused as found:
        refusal = found
    except MemoryError:
        refusal = FileRefused("ZIP_BOMB", TOO_LARGE)
    return refused(refusal)


def main(path: str, expected_project: str, reading: str, shape: str) -> None:
    """Read one file under limits and print what it says."""
    warnings.simplefilter("ignore")
    limit_process()
    with contextlib.redirect_stdout(io.StringIO()):  # openpyxl prints what it finds odd; the answer is JSON alone
        how, what = Reading(**json.loads(reading)), ListShape.from_data(json.loads(shape))
        result = read_in_process(path, expected_project, how, what)
    json.dump(to_data(result), sys.stdout, ensure_ascii=False)


def accident_of(error: BaseException) -> dict[str, Any]:
    """Return what may be known of a fault outside: its class and where it happened, nothing of the file."""
    frames = [
        f"{frame.filename.removeprefix(ROOT).lstrip('/')}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"class": type(error).__qualname__, "frames": frames[-FRAMES:]}


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as fault:
        sys.stderr.write(json.dumps(accident_of(fault)))
        sys.exit(FELL)
