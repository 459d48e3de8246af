"""What a machine needs to run the registry: each finding says what is there, or what is missing and how to get it.

Apps above declare what they know of (`declare_check("字体", check)`); nothing here imports them.
"""

import ctypes
import importlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from registry.jobs.selectors import is_worker_alive
from registry.store.canary import wrong_keys
from registry.store.faults import database_words, refusal_of
from registry.store.keys import KeyFileError
from registry.web.structure import differences

LIBRARIES = {
    "libpango-1.0.so.0": ("pango（PDF 排版）", "libpango-1.0-0"),
    "libpangoft2-1.0.so.0": ("pangoft2（PDF 字形）", "libpangoft2-1.0-0"),
    "libharfbuzz-subset.so.0": ("harfbuzz-subset（PDF 字体子集）", "libharfbuzz-subset0"),
}
APT = "请由管理员执行：apt-get install -y --no-install-recommends "
FREE_MIB = 1024
LEAST_MIB = 50  # below that no start: the next list or paper would be the one that fails


class State(StrEnum):
    """How a finding stands."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """One line of the report. `remedy` is empty when there is nothing to do."""

    group: str
    name: str
    state: State
    detail: str
    remedy: str = ""

    def to_data(self) -> dict[str, str]:
        """Return the finding as plain data for `--json`."""
        return {key: str(value) for key, value in asdict(self).items()}


class Line(Protocol):
    """What an app's own check gives: with nothing found it counts as missing, with a stand-in as a warning."""

    @property
    def label(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def found(self) -> str: ...
    @property
    def advice(self) -> str: ...


Check = Callable[[], Iterable[Line]]
_declared: dict[str, Check] = {}


def declare_check(group: str, check: Check) -> None:
    """Add an app's own check, shown under `group`; called once in ready()."""
    if _declared.get(group, check) is not check:
        raise ValueError(f"two checks for {group}")
    _declared[group] = check


def examine() -> list[Finding]:
    """Run every check. Some 10 queries; a check that fails is itself a finding, never an exception."""
    return [*machine_checks(), *database_checks(), *_of_apps()]


def _guarded(group: str, *checks: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Run checks; one that fails is a finding, so that the others are still said."""
    for check in checks:
        try:
            yield from check()
        except Exception as fault:  # whatever it is: who asks doctor asks because something is wrong
            name = check.__name__.strip("_")
            known = refusal_of(fault)
            detail = known.message if known else f"没有查成（{type(fault).__name__}）"
            yield Finding(
                group, name, State.WARNING, detail, "请先处理上面各项，再运行一次；仍不行请把日志交给开发人员。"
            )


def machine_checks() -> list[Finding]:
    """Run the checks that need no database."""
    return [
        *_guarded("程序", _python, _versions),
        *_guarded("排版", _libraries),
        *_guarded("安全", _xml, _time_zone, _key_file),
        *_guarded("数据", _data_folder),
    ]


def is_sound(findings: Iterable[Finding]) -> bool:
    """Return whether nothing is missing."""
    return all(finding.state is not State.MISSING for finding in findings)


def _python() -> Iterator[Finding]:
    running = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        yield Finding("程序", "Python", State.OK, running)
    else:
        yield Finding(
            "程序", "Python", State.MISSING, running, "需要 Python 3.11 至 3.13，安装后删除 .venv 再运行 make run。"
        )


def _versions() -> Iterator[Finding]:
    floor = Path(settings.BASE_DIR) / "requirements.floor"
    wanted = re.findall(r"^([a-z0-9-]+)>=([\d.]+)", floor.read_text(encoding="utf-8"), flags=re.MULTILINE)
    behind = [
        f"{name} {there or '未安装'}（至少 {least}）"
        for name, least in wanted
        if (there := _behind(name, least)) is not None
    ]
    if behind:
        yield Finding(
            "程序",
            "软件包版本",
            State.MISSING,
            "低于安全底线：" + "、".join(behind),
            "请运行 make setup 按锁定版本重装。",
        )
    else:
        yield Finding("程序", "软件包版本", State.OK, f"{len(wanted)} 个软件包都不低于安全底线")


def _behind(name: str, least: str) -> str | None:
    """The installed version if it is below the floor ("" if there is none), else None."""
    try:
        there = version(name)
    except PackageNotFoundError:
        return ""
    return there if _numbers(there) < _numbers(least) else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:4])


def _libraries() -> Iterator[Finding]:
    for file, (name, package) in LIBRARIES.items():
        try:
            ctypes.CDLL(file)
        except OSError:
            yield Finding("排版", name, State.MISSING, f"找不到 {file}，不能生成 PDF", f"{APT}{package}")
        else:
            yield Finding("排版", name, State.OK, file)


def _xml() -> Iterator[Finding]:
    active = bool(getattr(importlib.import_module("openpyxl"), "DEFUSEDXML", False))
    if active:
        yield Finding("安全", "defusedxml", State.OK, "读取上传的Excel时已启用")
    else:
        remedy = "请运行 make setup 重装软件包，并去掉环境变量 OPENPYXL_DEFUSEDXML。"
        yield Finding("安全", "defusedxml", State.MISSING, "未启用，读取上传的Excel不安全", remedy)


def _time_zone() -> Iterator[Finding]:
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        yield Finding("安全", "时区", State.MISSING, "系统没有时区数据", f"{APT}tzdata")
        return
    if settings.TIME_ZONE == "Asia/Shanghai" and settings.USE_TZ:
        yield Finding("安全", "时区", State.OK, settings.TIME_ZONE)
    else:
        yield Finding(
            "安全",
            "时区",
            State.MISSING,
            str(settings.TIME_ZONE),
            "请把 TIME_ZONE 改回 Asia/Shanghai，USE_TZ 改回 True。",
        )


def _data_folder() -> Iterator[Finding]:
    folder = Path(settings.DATA_DIR)
    if not os.access(folder, os.W_OK):
        yield Finding(
            "数据",
            "数据目录",
            State.MISSING,
            f"{folder} 不能写入",
            "请把目录的属主改为运行本系统的用户，或用 DATA_DIR 另指目录。",
        )
        return
    free = shutil.disk_usage(folder).free >> 20
    if free < LEAST_MIB:
        remedy = "请先清理磁盘或换更大的磁盘：满了就什么也保存不了。"
        yield Finding("数据", "数据目录", State.MISSING, f"{folder} 只剩 {free} MiB", remedy)
    elif free < FREE_MIB:
        yield Finding("数据", "数据目录", State.WARNING, f"{folder} 只剩 {free} MiB", "请清理磁盘或换更大的磁盘。")
    else:
        yield Finding("数据", "数据目录", State.OK, f"{folder}，剩余 {free >> 10} GiB")


def _key_file() -> Iterator[Finding]:
    path = Path(settings.KEY_FILE)
    if not path.exists():
        remedy = "新装的系统运行 make run 会自动生成；已有数据的，请从备份中取回原密钥文件，切勿新建。"
        yield Finding("安全", "密钥文件", State.MISSING, f"{path} 不存在", remedy)
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding(
            "安全", "密钥文件", State.MISSING, f"{path} 权限为 {mode:o}，别人也能读", f"请执行：chmod 600 {path}"
        )
    elif path.stat().st_size == 0:
        yield Finding("安全", "密钥文件", State.MISSING, f"{path} 是空的", "请从备份中取回原密钥文件。")
    else:
        yield Finding("安全", "密钥文件", State.OK, f"{path}，请与数据库分开备份，遗失后加密内容无法恢复")


def database_checks() -> list[Finding]:
    """Tell engine, version, settings, unapplied migrations and the worker. 5 to 7 queries."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        remedy = "请核对环境变量 DATABASE_URL、数据库服务是否启动、账号口令是否正确。"
        return [Finding("数据", "数据库", State.MISSING, database_words(error) or "连接不上", remedy)]
    engine = (_sqlite,) if connection.vendor == "sqlite" else (_postgresql, _backup_programs)
    structure = list(_guarded("数据", *engine, _migrations))
    if any(finding.name == "数据库结构" and finding.state is State.OK for finding in structure):
        return [*structure, *_guarded("数据", _as_modelled), *_guarded("安全", _keys_fit), *_guarded("后台", _worker)]
    return structure


def _asked(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def _sqlite() -> Iterator[Finding]:
    yield Finding(
        "数据",
        "数据库",
        State.OK,
        f"SQLite {_asked('SELECT sqlite_version()')}，单机使用；全市正式使用请改用 PostgreSQL",
    )
    mode = _asked("PRAGMA journal_mode").lower()
    kind = str(connection.settings_dict.get("OPTIONS", {}).get("transaction_mode", ""))
    keys = _asked("PRAGMA foreign_keys")
    if (mode, kind, keys) in {("wal", "IMMEDIATE", "1"), ("memory", "IMMEDIATE", "1")}:
        yield Finding("数据", "SQLite 方式", State.OK, "WAL，IMMEDIATE，外键检查已开")
    else:
        detail = f"journal_mode={mode}，transaction_mode={kind or '无'}，foreign_keys={keys}"
        remedy = "请把数据目录放在本机磁盘（网络盘不支持 WAL），并恢复 env.py 中的 SQLITE_OPTIONS。"
        yield Finding("数据", "SQLite 方式", State.MISSING, detail, remedy)


def _postgresql() -> Iterator[Finding]:
    running = _asked("SHOW server_version")
    if _numbers(running)[0] >= 14:
        yield Finding("数据", "数据库", State.OK, f"PostgreSQL {running}")
    else:
        yield Finding("数据", "数据库", State.MISSING, f"PostgreSQL {running}", "需要 PostgreSQL 14 以上，建议 15。")
    encoding = _asked("SHOW server_encoding")
    if encoding == "UTF8":
        yield Finding("数据", "数据库编码", State.OK, encoding)
    else:
        yield Finding("数据", "数据库编码", State.MISSING, encoding, "请另建编码为 UTF8 的数据库。")


def _backup_programs() -> Iterator[Finding]:
    absent = [program for program in ("pg_dump", "pg_restore") if shutil.which(program) is None]
    if absent:
        yield Finding(
            "数据", "备份程序", State.WARNING, f"没有{'、'.join(absent)}，不能备份和恢复", f"{APT}postgresql-client"
        )
    else:
        yield Finding("数据", "备份程序", State.OK, "pg_dump、pg_restore")


def _as_modelled() -> Iterator[Finding]:
    """The marks of the migrations say what was run, not what stands: tables are compared with the models."""
    wrong = differences()
    if wrong:
        told = "；".join(wrong[:5]) + (f"；共{len(wrong)}处" if len(wrong) > 5 else "")
        remedy = "迁移标记齐全而表不符，多因用了改过的旧迁移。请停用，从升级前的备份恢复后再升级，勿手工改表。"
        yield Finding("数据", "表与程序", State.MISSING, told, remedy)
    else:
        yield Finding("数据", "表与程序", State.OK, "各表的列、约束、索引与程序相符")


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        yield Finding(
            "数据", "数据库结构", State.MISSING, f"有 {waiting} 项更新未执行", "请运行 make run，或 manage.py migrate。"
        )
    else:
        yield Finding("数据", "数据库结构", State.OK, "与程序一致")


def _keys_fit() -> Iterator[Finding]:
    if not Path(settings.KEY_FILE).exists():
        return  # said by the machine's own check
    try:
        what = wrong_keys()
    except KeyFileError as refusal:
        what = refusal.message
    if what:
        remedy = "请放回建库时的密钥文件。在此之前不要启动：用别的密钥写入的内容以后无法读出。"
        yield Finding("安全", "密钥与数据库", State.MISSING, what, remedy)
    else:
        yield Finding("安全", "密钥与数据库", State.OK, "密钥文件就是这个数据库的")


def _worker() -> Iterator[Finding]:
    try:
        alive = is_worker_alive()
    except DatabaseError as error:
        yield Finding(
            "后台",
            "后台任务进程",
            State.WARNING,
            f"无法检查：{database_words(error) or '数据库没有回答'}",
            "请运行 manage.py migrate 后再查。",
        )
        return
    if alive:
        yield Finding("后台", "后台任务进程", State.OK, "正在运行")
    else:
        remedy = "make run 会一并启动；单独启动请执行 manage.py worker。"
        yield Finding("后台", "后台任务进程", State.WARNING, "没有在运行，导入、报表等任务会排队等待", remedy)


def _of_apps() -> Iterator[Finding]:
    for group, check in _declared.items():
        try:
            for line in check():
                state = State.OK if line.ok else State.WARNING if line.found else State.MISSING
                yield Finding(group, line.label, state, line.found or "没有", line.advice)
        except Exception as error:
            known = refusal_of(error)
            detail = f"无法检查：{known.message if known else type(error).__name__}"
            yield Finding(group, group, State.WARNING, detail, "先处理上面各项，再运行一次。")
