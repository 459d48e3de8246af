"""`make run`, from its first start in an empty folder to Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.once  # it makes a SQLite file of its own, whatever the tests run on
Serve = Callable[[Path, int], "subprocess.Popen[str]"]
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts `manage.py serve`; whatever is left at the end of the test is killed."""
    started = []

    def start(data: Path, port: int) -> "subprocess.Popen[str]":
        unwanted = {"DATABASE_URL", "KEY_FILE", "DJANGO_SETTINGS_MODULE"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--no-demo", "--port", str(port)],
            cwd=ROOT,
            env={**{k: v for k, v in os.environ.items() if k not in unwanted}, "DATA_DIR": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def lines_until(process: "subprocess.Popen[str]", wanted: str) -> list[str]:
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line.strip())
        if wanted in line:
            return seen
    pytest.fail("serve ended early:\n" + "\n".join(seen))


def finish(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert "已停止" in rest
    return process.returncode


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_first_start_second_start_and_a_lost_key_file(tmp_path: Path, serve: Serve) -> None:
    """One story in one folder: prepared once, served twice, and refused when the key file is gone."""
    port = free_port()
    process = serve(tmp_path, port)
    first = lines_until(process, "Ctrl-C")
    answer = status(f"http://127.0.0.1:{port}/")

    assert finish(process) == 0
    assert any(f"http://127.0.0.1:{port}/" in line for line in first)
    assert {"已完成25项", "准备页面文件……"} <= set(first), "it says how far it is"
    assert any(re.fullmatch("更新数据库结构，共[0-9]+项……", line) for line in first)
    assert answer == 200  # redirected to the sign-in page
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))

    process = serve(tmp_path, free_port())
    second = lines_until(process, "Ctrl-C")

    assert finish(process) == 0
    assert [line for line in second if "更新数据库结构" in line or "准备页面文件" in line] == []

    key_file = tmp_path / "keys" / "registry.keys"
    key_file.unlink()
    process = serve(tmp_path, free_port())
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 2
    assert "数据库已有数据，但找不到密钥文件" in said
    assert not key_file.exists()


def test_a_port_in_use_is_refused_with_what_to_do(tmp_path: Path, serve: Serve) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        process = serve(tmp_path, port)
        said, _ = process.communicate(timeout=30)

    assert process.returncode == 2
    assert f"端口 {port} 不能使用" in said
    assert "PORT=8001 make run" in said
    assert not (tmp_path / "registry.sqlite3").exists()
