"""A server of verdicts in a fork of its own: no database, no network; a file that hangs it or fells it is a finding."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.reader_process import limit_process
from documents.intake.reading.results import ReadResult
from tests.documents.intake.reading.files import PROJECT

HANG_SECONDS = 20


class Fell(AssertionError):
    """The server died or hung over a file."""


class Server:
    """Gives the verdict on one file after another."""

    def __init__(self, ours: Connection) -> None:
        self._ours = ours

    def verdict(self, content: bytes) -> ReadResult:
        """What the reader says of a file; raises Fell if it says nothing, or something that is no verdict."""
        self._ours.send_bytes(content or b" ")
        if not self._ours.poll(HANG_SECONDS):
            raise Fell(f"no verdict within {HANG_SECONDS} s")
        try:
            read_result = self._ours.recv()
        except EOFError as error:
            raise Fell("the reader's process died") from error
        if not isinstance(read_result, ReadResult):
            raise Fell(str(read_result))
        return read_result


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A server that is gone afterwards, whatever it was doing."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, folder / "upload"), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Server(ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection, path: Path) -> None:
    limit_process(files=64 << 20)
    while True:
        path.write_bytes(pipe.recv_bytes())
        try:
            found: object = read_in_place(path, PROJECT)
        except FileRefused as refusal:
            found = ReadResult(file_error=refusal.code, message=refusal.message)
        except Exception as accident:  # what it was is the finding
            found = f"{type(accident).__name__}: {accident}"
        pipe.send(found)
