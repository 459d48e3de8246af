"""Processes that lay out papers: each takes a portion, draws it, gives it back. They know no database and no key.

A process is talked to through its own pipes; one whose master is gone, however it went, reads the end of its input and
ends. `python -m documents.render.press` is such a process.
"""

import pickle
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

from documents.render.batch import Batch, render_batch
from documents.render.pdf import PaperError, Snapshot
from registry.kernel.errors import DomainError

ROOT: Final = Path(__file__).resolve().parents[2]
SIZE: Final = struct.Struct(">Q")
GONE: Final = "排版进程中断，本批没有排完。已编号的文书保留，重试后自下一份继续。"


class PressGone(DomainError):
    """A process that lays out papers ended in the middle."""


class Press:
    """Some processes that lay out papers; with one, the work is done in this process."""

    def __init__(self, processes: int) -> None:
        self.width = processes
        self._stack = ExitStack()
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()

    def __enter__(self) -> "Press":
        self._threads = self._stack.enter_context(ThreadPoolExecutor(max_workers=self.width))
        for _ in range(self.width if self.width > 1 else 0):
            self._idle.put(self._stack.enter_context(_process()))
        return self

    def __exit__(self, *fault: object) -> None:
        while not self._idle.empty():
            _hang_up(self._idle.get())
        self._stack.__exit__(*fault)  # type: ignore[arg-type]

    def submit(self, template: str, contexts: Sequence[Snapshot]) -> "Future[Batch]":
        """Hand a portion over; the future has its papers."""
        if self.width == 1:
            done: Future[Batch] = Future()
            done.set_result(render_batch(template, contexts))
            return done
        return self._threads.submit(self._printed, template, list(contexts))

    def peaks(self) -> list[float]:
        """Return the most memory that each idle process has held, in MB."""
        processes = [self._idle.get() for _ in range(self._idle.qsize())]
        for process in processes:
            self._idle.put(process)
        status = [Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8") for process in processes]
        return [int(text.split("VmHWM:")[1].split()[0]) / 1024 for text in status]

    def _printed(self, template: str, contexts: list[Snapshot]) -> Batch:
        process = self._idle.get()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            _put(process.stdin, (template, contexts))
            answer = _take(process.stdout)
        except (OSError, EOFError) as fault:
            raise PressGone(GONE, code="press_gone") from fault
        finally:
            self._idle.put(process)
        if isinstance(answer, BaseException):
            raise answer
        batch: Batch = answer
        return batch


def _process() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "documents.render.press"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def _hang_up(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()


def _put(pipe: IO[bytes], thing: Any) -> None:
    data = pickle.dumps(thing)
    pipe.write(SIZE.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _take(pipe: IO[bytes]) -> Any:
    head = pipe.read(SIZE.size)
    if len(head) < SIZE.size:
        raise EOFError
    (size,) = SIZE.unpack(head)
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)  # noqa: S301  # our own child, through its own pipe


def serve(inward: IO[bytes], outward: IO[bytes]) -> None:
    """Lay out what comes in until nothing comes any more; a refusal is an answer."""
    while True:
        try:
            template, contexts = _take(inward)
        except EOFError:
            return
        try:
            _put(outward, render_batch(template, contexts))
        except (PaperError, DomainError) as refusal:
            _put(outward, refusal)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
