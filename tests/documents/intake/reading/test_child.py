"""The child process: whatever happens to it, the answer is a refusal in Chinese."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from documents.intake.reading import child, reader
from documents.intake.reading.child import read_bounded
from documents.intake.reading.reader import ROOT, read_list
from tests.documents.intake.reading.files import PROJECT, workbook

BOUNDED = "from documents.intake.reading.child import bound; bound(); "


def in_bounds(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BOUNDED + code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(workbook())
    return path


def test_reader_that_takes_too_long_is_stopped(upload: Path) -> None:
    result = read_list(upload, expected_project=PROJECT, file_name="清册.xlsx", wall_seconds=0.01)

    assert (result.file_error, "太久" in result.message) == ("CORRUPT", True)


def test_reader_that_dies_is_a_refusal(upload: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    assert read_list(upload, expected_project=PROJECT, file_name="清册.xlsx").file_error == "CORRUPT"


def test_reader_that_babbles_is_a_refusal(upload: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/echo")

    assert read_list(upload, expected_project=PROJECT, file_name="清册.xlsx").file_error == "CORRUPT"


def test_file_that_is_gone_is_a_refusal(tmp_path: Path) -> None:
    result = read_list(tmp_path / "none", expected_project=PROJECT, file_name="清册.xlsx")

    assert result.file_error == "CORRUPT"


@pytest.mark.parametrize("error", [MemoryError, RecursionError, ZeroDivisionError])
def test_accident_of_a_parser_is_a_refusal(error: type, upload: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: object) -> None:
        raise error

    monkeypatch.setattr(child, "read_here", fall)
    result = read_bounded(str(upload), PROJECT)

    assert result.file_error == ("ZIP_BOMB" if error is MemoryError else "CORRUPT")
    assert result.message


def test_memory_is_bounded() -> None:
    assert "MemoryError" in in_bounds("bytearray(2 << 30)").stderr


def test_network_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = in_bounds(f"import socket; socket.create_connection(('127.0.0.1', {port}))")

    assert "no business on the network" in done.stderr


def test_files_beyond_a_megabyte_can_not_be_written(tmp_path: Path) -> None:
    done = in_bounds(f"open({str(tmp_path / 'x')!r}, 'wb').write(b'x' * (2 << 20))")

    assert done.returncode != 0
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size <= 1 << 20


def test_processor_time_is_bounded() -> None:
    done = in_bounds("import resource; print(resource.getrlimit(resource.RLIMIT_CPU))")

    assert done.stdout.strip() == "(60, 62)"


def test_nothing_is_left_behind(upload: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader.tempfile, "tempdir", str(tmp_path))
    before = sorted(os.listdir(tmp_path))
    read_list(upload, expected_project=PROJECT, file_name="清册.xlsx")

    assert sorted(os.listdir(tmp_path)) == before


def test_child_knows_no_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, documents.intake.reading.child; print('django' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "False"
