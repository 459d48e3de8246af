"""The font files of this machine: which families they hold, which characters they cover, their hashes."""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.sfnt import readTTCHeader

SYSTEM_DIRS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
SUFFIXES = {".ttf", ".otf", ".ttc", ".otc"}
FAMILY_NAME_IDS = (1, 16)
UNREADABLE = (TTLibError, OSError, KeyError, ValueError, AssertionError, struct.error)  # what damaged fonts raise


@dataclass(frozen=True, slots=True)
class Face:
    """One face of one font file; a collection holds several."""

    path: Path
    index: int
    families: frozenset[str]
    weight: int

    @property
    def characters(self) -> frozenset[int]:
        """Return the code points that the face has a glyph for."""
        return _characters(self.path, self.index, self.path.stat().st_mtime_ns)

    @property
    def sha256(self) -> str:
        """Return the hash of the whole file."""
        return _sha256(self.path, self.path.stat().st_mtime_ns)


def fold(family: str) -> str:
    """Bring a family name into the form in which fontconfig compares it: no blanks, no case."""
    return "".join(family.split()).casefold()


def scan(directories: tuple[Path, ...]) -> tuple[Face, ...]:
    """List the faces of all font files below the directories; unreadable files are left out."""
    return tuple(
        face
        for directory in directories
        if directory.is_dir()
        for path in sorted(directory.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        for face in _faces(path, path.stat().st_mtime_ns)
    )


@lru_cache(maxsize=4096)
def _faces(path: Path, mtime: int) -> tuple[Face, ...]:
    try:
        return tuple(_read(path))
    except UNREADABLE:
        return ()


def _read(path: Path) -> Iterator[Face]:
    for index in range(_count(path)):
        with path.open("rb") as file, TTFont(file, fontNumber=index, lazy=True) as font:
            names = {record.toUnicode() for record in font["name"].names if record.nameID in FAMILY_NAME_IDS}
            yield Face(path, index, frozenset(map(fold, names)), font["OS/2"].usWeightClass)


def _count(path: Path) -> int:
    with path.open("rb") as file:
        if file.read(4) != b"ttcf":
            return 1
        file.seek(0)
        return int(readTTCHeader(file).numFonts)


@lru_cache(maxsize=64)
def _characters(path: Path, index: int, mtime: int) -> frozenset[int]:
    try:
        with path.open("rb") as file, TTFont(file, fontNumber=index, lazy=True) as font:
            return frozenset(font.getBestCmap() or {})
    except UNREADABLE:
        return frozenset()


@lru_cache(maxsize=64)
def _sha256(path: Path, mtime: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
