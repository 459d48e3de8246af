"""Killing a process at its n-th statement: a fork of this one does the work and is shot from inside, with kill -9."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection

SURVIVED, KILLED = 0, -signal.SIGKILL


class Shot:
    """An execute wrapper that kills the process before its n-th statement."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


class Counter:
    """An execute wrapper that counts, savepoints left out: the fork has none around its work."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += not sql.startswith(("SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)


def killed_at(number: int, work: Callable[[], Any]) -> int:
    """Do the work in a fork that is killed before its n-th statement; gives how the fork ended."""
    connection.close()  # no two processes speak over one connection
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Shot(number)):
                work()
            os.kill(os.getpid(), signal.SIGKILL)  # done, and nobody was told
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def moments(total: int, most: int = 14) -> list[int]:
    """Return statements spread over the whole of a work, the first and the last among them."""
    step = max(1, total // most)
    return sorted({1, 2, *range(3, total, step), total - 1, total})
