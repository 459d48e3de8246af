"""Files sealed piece by piece: whole they open, cut or mixed they don't."""

from pathlib import Path

import pytest

from registry.store import sealed_files
from registry.store.crypto import SealBroken
from registry.store.sealed_files import PIECE, SealedWriter, read_sealed

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * (3 * PIECE // 256) + b"tail"


def sealed(path: Path, content: bytes = CONTENT, place: str = "export.1", *, is_ended: bool = True) -> Path:
    with path.open("wb") as out:
        writer = SealedWriter(out, place)
        for start in range(0, len(content), 300_000):
            writer.write(content[start : start + 300_000])
        if is_ended:
            writer.end()
    return path


def pieces(data: bytes) -> list[bytes]:
    found, at = [], len(sealed_files.MAGIC)
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        found.append(data[at:end])
        at = end
    return found


def opened(path: Path, place: str = "export.1") -> bytes:
    return b"".join(read_sealed(path, place))


@pytest.mark.parametrize("content", [b"", b"x", b"x" * PIECE, CONTENT])
def test_sealed_file_opens_to_what_was_written(content: bytes, tmp_path: Path) -> None:
    assert opened(sealed(tmp_path / "f", content)) == content


def test_nothing_of_the_content_stands_in_the_file(tmp_path: Path) -> None:
    assert b"110105190101010009" not in sealed(tmp_path / "f", b"110105190101010009" * 9).read_bytes()


def test_file_without_its_end_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(SealBroken):
        opened(sealed(tmp_path / "f", is_ended=False))


def test_file_that_was_cut_swapped_or_moved_does_not_open(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f")
    parts = pieces(path.read_bytes())
    assert len(parts) == 4
    for mixed in (parts[:3], [parts[1], parts[0], *parts[2:]], [parts[0], *parts], parts[1:], []):
        path.write_bytes(sealed_files.MAGIC + b"".join(mixed))
        with pytest.raises(SealBroken):
            opened(path)
    for end in (2, 6, 1000):
        path.write_bytes((sealed_files.MAGIC + b"".join(parts))[:-end])
        with pytest.raises(SealBroken):
            opened(path)


def test_file_of_another_place_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(SealBroken):
        opened(sealed(tmp_path / "f"), place="export.2")


@pytest.mark.parametrize("content", [b"", b"RGS", b"RGS2", sealed_files.MAGIC])
def test_file_without_a_single_piece_does_not_open(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(SealBroken):
        opened(path)
