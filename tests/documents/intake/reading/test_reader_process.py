"""The child process: whatever happens to it, the answer is a refusal in Chinese."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from documents.intake.reading import reader, reader_process
from documents.intake.reading.reader import ROOT, Wanted, read_list
from documents.intake.reading.reader_process import read_in_process
from tests.documents.intake.reading.files import PROJECT, home, workbook

BOUNDED = "from documents.intake.reading.reader_process import limit_process; limit_process(); "


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

    assert (result.file_error, "超时" in result.message) == ("CORRUPT", True)


@pytest.mark.parametrize("program", ["/bin/false", "/bin/echo"], ids=["dies", "babbles"])
def test_reader_that_says_nothing_is_our_fault(
    program: str, upload: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", program)

    result = read_list(upload, expected_project=PROJECT, file_name="清册.xlsx")

    assert (result.file_error, "不是文件的问题" in result.message) == ("OUR_FAULT", True)
    assert "without a word" in caplog.text


def test_file_that_is_gone_is_a_refusal(tmp_path: Path) -> None:
    result = read_list(tmp_path / "none", expected_project=PROJECT, file_name="清册.xlsx")

    assert result.file_error == "CORRUPT"


def test_file_that_is_too_large_for_the_memory_is_refused_as_such(
    upload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(reader_process, "read_as_wanted", fall)

    assert read_in_process(str(upload), Wanted(PROJECT)).rest.file_error == "ZIP_BOMB"


NAME = "张测试"
FAULTY = """
import sys
import documents.intake.reading.unit_rows as rows
def fall(*_, **__):
    raise {error}
rows.unit_rows.__code__ = fall.__code__
"""


@pytest.mark.parametrize("error", ["ZeroDivisionError", "KeyError", "RecursionError"])
def test_accident_of_our_own_code_is_logged_without_values_and_told_with_a_number(
    error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug is planted in the reader's child by its `sitecustomize`; its message holds what stands in a cell."""
    path, planted = tmp_path / "upload.xlsx", tmp_path / "planted"
    path.write_bytes(workbook([home(1, holder=NAME)]))
    planted.mkdir()
    (planted / "fault_of_ours.py").write_text(FAULTY.format(error=f"{error}({NAME!r})"), encoding="utf-8")
    (planted / "sitecustomize.py").write_text("import fault_of_ours", encoding="utf-8")
    monkeypatch.setattr(reader, "ROOT", f"{planted}{os.pathsep}{ROOT}")

    result = read_list(path, expected_project=PROJECT, file_name="清册.xlsx")

    [record] = caplog.records
    number = re.search(r"number ([0-9A-F]{8}):", record.getMessage())
    assert number is not None
    assert (result.file_error, number[1] in result.message) == ("OUR_FAULT", True)
    assert f"{error} at " in record.getMessage()
    assert re.search(r"documents/intake/reading/reader_process\.py:\d+ read_in_process", record.getMessage())
    assert (NAME in record.getMessage(), record.exc_info) == (False, None), "what stands in the file is in no log"


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
        [sys.executable, "-c", "import sys, documents.intake.reading.reader_process; print('django' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "False"
