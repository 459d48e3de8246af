"""serve: everything that `make run` starts, in one process that keeps the others."""

import errno
import hashlib
import http.client
import io
import math
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from registry.accounts.selectors.first import has_admins
from registry.accounts.services.approvals import withdraw_all_unseen
from registry.audit.anchors import anchor_heads
from registry.audit.services import keep_rows_as_they_stand, seal_record, unsealed_acts
from registry.audit.trail import is_before_snapshots
from registry.kernel.authority import system_actor
from registry.store.canary import require_right_keys
from registry.store.clock import true_now
from registry.store.commands import RegistryCommand, a_port
from registry.store.faults import require_encoding
from registry.store.keys import key_ring
from registry.store.scratch import sweep
from registry.web import doctor
from registry.web.supervisor import Supervisor

SLOW_SECONDS: Final = 20
STEP_TOLD: Final = 25  # so many changes of the structure between two lines of progress


class Command(RegistryCommand):
    """Brings the database and the static files up to date, then keeps web server and worker until told to stop."""

    help = "启动网站和后台任务，按 Ctrl-C 停止"
    requires_system_checks: list[str] = []
    needs_database = False  # it brings it up to date

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="服务地址")
        parser.add_argument("--port", type=a_port, default=8000, help="端口，1 至 65535")
        parser.add_argument("--no-demo", action="store_true", help="数据库为空时不装入演示数据")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        _require_free(host, port)
        sweep(Path(settings.SCRATCH_DIR), now=time.time())
        self._require([finding for finding in doctor.machine_checks() if finding.name != "密钥文件"], "安全", "程序")
        self._bring_up_to_date(demo=not options["no_demo"])
        self._require([finding for finding in doctor.database_checks() if finding.group != "后台"], "数据")
        supervisor = Supervisor(say=self._say, environment=dict(os.environ))
        supervisor.add("网站", _gunicorn(host, port), vital=True)
        supervisor.add("后台任务", [sys.executable, "manage.py", "worker"], vital=False)
        connections.close_all()
        supervisor.start()
        if _answers(host, port, supervisor, say=self._say):
            self._greet(host, port, demo=not options["no_demo"])
        code = supervisor.watch()
        self._say("已停止。")
        raise SystemExit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _require(self, findings: list[doctor.Finding], *groups: str) -> None:
        """Say what isn't as it should be; refuse to start where a group that safety hangs on lacks something."""
        wrong = [finding for finding in findings if finding.state is not doctor.State.OK]
        for finding in wrong:
            self._say(f"{finding.name}：{finding.detail}。{finding.remedy}")
        if any(finding.group in groups and finding.state is doctor.State.MISSING for finding in wrong):
            raise CommandError("缺少运行条件，没有启动。处理后再运行；全部检查项见 make doctor。")

    def _require_key_of_these_data(self, executor: MigrationExecutor) -> None:
        """A key made anew beside data sealed with another would make both unreadable together."""
        if executor.loader.applied_migrations and not Path(settings.KEY_FILE).exists():
            raise CommandError(
                f"数据库已有数据，但找不到密钥文件 {settings.KEY_FILE}，没有启动。"
                "请把备份的密钥文件放回原处；切勿新建，否则已加密的内容无法恢复。"
            )
        key_ring()

    def _migrate(self, executor: MigrationExecutor) -> None:
        """Apply what is missing, and say how far it is: a first start takes some tens of seconds."""
        count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        self._say(f"更新数据库结构，共{count}项……")
        call_command("migrate", interactive=False, verbosity=1, no_color=True, stdout=_Applied(count, self._say))

    def _bring_up_to_date(self, *, demo: bool) -> None:
        require_encoding()
        executor = MigrationExecutor(connection)
        self._require_key_of_these_data(executor)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._migrate(executor)
        require_right_keys()
        if unsealed_acts():
            self._say(f"给以前的{seal_record(actor=system_actor('启动'))}条操作记录加封。")
        if is_before_snapshots():
            self._say(f"给现有的{keep_rows_as_they_stand(actor=system_actor('启动'))}行留下行照，今后逐行核对。")
        anchor_heads(at=true_now())
        if count := withdraw_all_unseen():
            self._say(f"撤回了{count}件升级前提请、没有记下所依据情况的事项，确需办理的请重新提请。")
        if "load_reference" in get_commands():
            call_command("load_reference", stdout=self.stdout)
        if "recount_figures" in get_commands():
            call_command("recount_figures", if_due=True, stdout=self.stdout)
        if demo and "load_demo" in get_commands():
            call_command("load_demo", if_empty=True, stdout=self.stdout)
        stamp, now = Path(settings.STATIC_ROOT) / ".stamp", _static_digest()
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != now:
            self._say("准备页面文件……")
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            stamp.write_text(now, encoding="utf-8")

    def _greet(self, host: str, port: int, *, demo: bool) -> None:
        shown = f"[{host}]" if ":" in host else host
        self._say(f"\n  已启动：  http://{shown}:{port}/")
        if demo and "load_demo" in get_commands():
            accounts = io.StringIO()
            call_command("load_demo", accounts=True, stdout=accounts)
            self._say("".join(f"  {line}\n" for line in accounts.getvalue().rstrip().splitlines()))
        if not has_admins():
            self._say(
                "  尚无管理员，任何人不能登录：请另开一个终端运行 .venv/bin/python manage.py create_admin，初始密码只打印一次。"
            )
        self._say(f"  数据目录：{settings.DATA_DIR}")
        self._say(f"  密钥文件：{settings.KEY_FILE}（请与数据库分开备份，遗失后加密内容无法恢复）")
        self._say("  按 Ctrl-C 停止。\n")


class _Applied(io.StringIO):
    """Takes what `migrate` prints, and says in our words how many are done."""

    def __init__(self, count: int, say: Callable[[str], None]) -> None:
        super().__init__()
        self.count, self.done, self.say = count, 0, say

    def write(self, text: str) -> int:
        """Count what was applied."""
        if text.strip() == "OK":
            self.done += 1
            if self.done % STEP_TOLD == 0 and self.done < self.count:
                self.say(f"  已完成{self.done}项")
        return len(text)


def _gunicorn(host: str, port: int) -> list[str]:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *(sys.executable, "-m", "gunicorn", "registry.wsgi:application", "--bind", address),
        *("--workers", "2", "--threads", "4", "--timeout", "120", "--graceful-timeout", "10"),
        *("--forwarded-allow-ips", ""),  # what a proxy says is judged by `registry.web.proxy` alone
        *("--no-control-socket", "--log-level", "warning"),
    ]


_REASONS = {
    errno.EADDRINUSE: "已被占用",
    errno.EACCES: "没有权限（1024 以下要管理员）",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port)
    except OSError as error:
        raise CommandError(f"没有“{host}”这个地址。请改正 HOST：本机为 127.0.0.1，全部网卡为 0.0.0.0。") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"端口 {port} 不能使用：{_REASONS.get(error.errno or 0, '地址不可用')}。"
                "请停掉占用它的程序，或换一个端口：PORT=8001 make run"
            ) from error


def _answers(host: str, port: int, supervisor: Supervisor, *, say: Callable[[str], None]) -> bool:
    """Wait until the server answers, and say that it takes long; False if it ended or a stop was asked."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    patience = time.monotonic() + SLOW_SECONDS
    asked = http.client.HTTPConnection(target, port, timeout=5)
    while not supervisor.asked_to_stop and supervisor.all_running():
        if time.monotonic() > patience:
            say("网站还在启动，机器较忙，请稍候……")
            patience = math.inf
        try:
            asked.request("GET", "/healthz")
            asked.getresponse()
            return True
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            asked.close()
    return False


def _static_digest() -> str:
    """A digest over name, size and time of every static file, and the versions of the packages that bring some."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
