"""The child process that parses: bounded in memory and time, without network, its result as JSON on standard output.

What our own code dies of is said on standard error as class and frames, never with the text of the exception: that may
hold what stands in the file.
"""

import contextlib
import gc
import io
import json
import resource
import socket
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from documents.intake.reading.across import Across, across_to_data
from documents.intake.reading.codes import FileRefused
from documents.intake.reading.list_shape import UNIT_SHAPE, ListShape
from documents.intake.reading.reader import Wanted, read_as_wanted, refused, to_data
from documents.intake.reading.results import Reading

MEMORY: Final = 1024**3
CPU_SECONDS: Final = 60
OUTPUT: Final = 1024**2
FELL: Final = 3
PLAIN: Final = Reading()
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


def read_in_process(path: str, wanted: Wanted, reading: Reading = PLAIN, shape: ListShape = UNIT_SHAPE) -> Across:
    """Read one file or say why it is refused. Any other exception is a fault of our own: readers refuse what is odd."""
    try:
        return read_as_wanted(Path(path), wanted, reading, shape)
    except FileRefused as found:
        refusal = found
    except MemoryError:
        refusal = FileRefused("ZIP_BOMB", TOO_LARGE)
    return Across(refused(refusal))


def main(path: str, asked: BinaryIO) -> None:
    """Read one file under limits and print what it says; `asked` has a line each: how, which list, whose."""
    warnings.simplefilter("ignore")
    gc.disable()  # one file and the process is gone: looking for cycles among its rows takes a tenth of the time
    limit_process()
    with contextlib.redirect_stdout(io.StringIO()):  # openpyxl prints what it finds odd; the answer is JSON alone
        reading, shape, wanted = (json.loads(line) for line in asked)
        result = read_in_process(path, Wanted(**wanted), Reading(**reading), ListShape.from_data(shape))
    json.dump(across_to_data(result, to_data), sys.stdout, ensure_ascii=False)


def accident_of(error: BaseException) -> dict[str, Any]:
    """Return what may be known of a fault outside: its class and where it happened, nothing of the file."""
    frames = [
        f"{frame.filename.removeprefix(ROOT).lstrip('/')}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {"class": type(error).__qualname__, "frames": frames[-FRAMES:]}


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.stdin.buffer)
    except Exception as fault:
        sys.stderr.write(json.dumps(accident_of(fault)))
        sys.exit(FELL)
