"""The supervisor: real processes, started, started again, stopped together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from registry.web.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]
PARENT = """
import sys
from registry.web.supervisor import Supervisor
import os
supervisor = Supervisor(say=lambda text: print(text, flush=True), environment=dict(os.environ))
for name, vital in (("网站", True), ("后台任务", False)):
    supervisor.add(name, [sys.executable, "-c", "import time; time.sleep(60)"], vital=vital)
supervisor.start()
print(*(child.process.pid for child in supervisor.children), flush=True)
sys.exit(supervisor.watch())
"""


def supervisor(said: list[str], patience: float = 5.0) -> Supervisor:
    return Supervisor(say=said.append, environment=dict(os.environ), patience=patience)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pids: list[int], within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def parent() -> "tuple[subprocess.Popen[str], list[int]]":
    process = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, [int(pid) for pid in process.stdout.readline().split()]


def end(process: "subprocess.Popen[str]", number: int) -> int:
    process.send_signal(number)
    code = process.wait(timeout=10)
    assert process.stdout is not None
    process.stdout.close()
    return code


def test_interrupt_stops_every_child_and_exits_with_zero() -> None:
    process, pids = parent()

    code = end(process, signal.SIGINT)

    assert code == 0
    assert gone(pids)


def test_term_stops_every_child_and_exits_with_zero() -> None:
    process, pids = parent()

    code = end(process, signal.SIGTERM)

    assert code == 0
    assert gone(pids)


def test_children_end_when_the_supervisor_is_killed_outright() -> None:
    process, pids = parent()

    end(process, signal.SIGKILL)

    assert gone(pids)


def test_end_of_a_vital_child_stops_the_others() -> None:
    process, pids = parent()

    os.kill(pids[0], signal.SIGKILL)
    code = process.wait(timeout=10)
    assert process.stdout is not None
    said = process.stdout.read()
    process.stdout.close()

    assert code == 1
    assert "网站意外结束" in said
    assert gone(pids)


def test_another_child_is_started_again_after_a_pause() -> None:
    said: list[str] = []
    kept = supervisor(said)
    kept.add("后台任务", SLEEP, vital=False)
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    kept.start()
    first = kept.children[0].process
    assert first is not None

    first.kill()
    first.wait()
    deadline = time.monotonic() + 5
    while kept.children[0].process is first and time.monotonic() < deadline:
        kept._start_again()
        time.sleep(0.05)
    kept.stop()
    for number, handler in zip((signal.SIGINT, signal.SIGTERM), handlers, strict=True):
        signal.signal(number, handler)

    assert said == ["后台任务意外结束，1 秒后重新启动。"]
    assert kept.children[0].starts == 2
    assert kept.children[0].process is not first


def test_a_child_that_does_not_listen_is_killed() -> None:
    kept = supervisor([], patience=0.3)
    kept.add("网站", STUBBORN, vital=True)
    child = kept.children[0]
    child.process = subprocess.Popen(child.command, stdout=subprocess.PIPE)
    assert child.process.stdout is not None
    child.process.stdout.readline()

    kept.stop()
    child.process.stdout.close()

    assert child.process.returncode == -signal.SIGKILL
