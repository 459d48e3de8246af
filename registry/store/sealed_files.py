"""Files sealed piece by piece: written and read as a stream, so that a large one needs little memory.

A file is its magic, then pieces: length, sealed content. Each piece is sealed for its place in its file, the last one
as the last, so that pieces can't be moved, repeated, left out or cut off unseen.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from registry.store.crypto import SealBroken, decrypt_bytes, encrypt_bytes

MAGIC: Final = b"RGS1"
PIECE: Final = 1 << 20
BROKEN: Final = "文件不完整或被改动，不能打开。请重新生成。"


class SealedWriter(io.RawIOBase):
    """A file to write to that seals what it is given. It can't seek; Only `end` makes it whole."""

    def __init__(self, out: BinaryIO, place: str) -> None:
        super().__init__()
        self._out, self._place = out, place
        self._held, self._number, self._is_ended = bytearray(), 0, False
        self.size = 0
        out.write(MAGIC)

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; whole pieces go to the file at once."""
        self._held += data
        self.size += len(data)
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]
        return len(data)

    def end(self) -> None:
        """Write the last piece. Without it the file never opens."""
        if not self._is_ended:
            self._put(bytes(self._held), is_last=True)
            self._held.clear()
            self._is_ended = True

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        sealed = encrypt_bytes(piece, _place(self._place, self._number, is_last=is_last))
        self._out.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


def read_sealed(path: Path, place: str) -> Iterator[bytes]:
    """Return what was sealed, piece by piece; raises SealBroken as soon as something is amiss."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise SealBroken(BROKEN)
        number = 0
        length = file.read(4)
        while length:
            sealed = file.read(int.from_bytes(length, "big"))
            length = file.read(4)
            if len(length) not in (0, 4):
                raise SealBroken(BROKEN)
            yield decrypt_bytes(sealed, _place(place, number, is_last=not length))
            number += 1
        if number == 0:
            raise SealBroken(BROKEN)


def _place(place: str, number: int, *, is_last: bool) -> str:
    return f"{place}.{number}{'.end' if is_last else ''}"
