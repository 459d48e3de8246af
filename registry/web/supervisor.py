"""Two or three processes kept together: started, watched, started again or stopped together, none left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass
class Child:
    """One process. A vital one takes the others with it when it ends; another is started again, ever more slowly."""

    name: str
    command: Sequence[str]
    vital: bool
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    next_start: float = 0.0


@dataclass
class Supervisor:
    """Keeps children until SIGINT or SIGTERM. `say` is told what a person should know."""

    say: Callable[[str], None]
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    patience: float = 20.0
    asked_to_stop: bool = False

    def add(self, name: str, command: Sequence[str], *, vital: bool) -> None:
        """Name a child; `start` starts it."""
        self.children.append(Child(name, command, vital))

    def start(self) -> None:
        """Start every child, and from now on stop at a signal instead of dying by it."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        for child in self.children:
            self._start(child)

    def watch(self) -> int:
        """Stay until told to stop or until a vital child ends; gives the exit code. The children are gone."""
        try:
            while not self.asked_to_stop:
                ended = next((child for child in self.children if child.vital and _has_ended(child)), None)
                if ended is not None:
                    self.say(f"{ended.name}意外结束，正在停止。原因见上面的输出。")
                    return 1
                self._start_again()
                time.sleep(0.2)
        finally:
            self.stop()
        return 0

    def all_running(self) -> bool:
        """Return whether every vital child is alive."""
        return not any(child.vital and _has_ended(child) for child in self.children)

    def stop(self) -> None:
        """End the children: asked first, killed when they take too long."""
        running = [child.process for child in self.children if child.process is not None and not _has_ended(child)]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + self.patience
        for process in running:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _start(self, child: Child) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the children in good order.
        child.process = subprocess.Popen(
            child.command, env=dict(self.environment), start_new_session=True, preexec_fn=_tied_to(os.getpid())
        )
        child.starts += 1

    def _start_again(self) -> None:
        for child in self.children:
            if not _has_ended(child):
                continue
            if child.next_start == 0.0:
                pause = PAUSES[min(child.starts, len(PAUSES)) - 1]
                child.next_start = time.monotonic() + pause
                self.say(f"{child.name}意外结束，{pause:.0f} 秒后重新启动。")
            elif time.monotonic() >= child.next_start:
                child.next_start = 0.0
                self._start(child)


def _has_ended(child: Child) -> bool:
    return child.process is not None and child.process.poll() is not None


def _tied_to(parent: int) -> Callable[[], None]:
    """In the child: end when the supervisor is killed outright, so that no server is left holding the port."""

    def tie() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the tie
            os.kill(os.getpid(), signal.SIGTERM)

    return tie
