"""What goes wrong around the registry, in one Chinese sentence with its remedy: files, databases, refusals.

`refusal_of` is the one place that knows; every command asks it (`store/commands.py`), and the command line itself for
what happens before a command begins. What it does not know is a fault of the program, and keeps its traceback.
"""

import errno
import re
import sqlite3
from dataclasses import dataclass
from typing import Final

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from registry.kernel.errors import DomainError
from registry.store.disk import SAID as DISK_FULL
from registry.store.disk import is_disk_full

FILES: Final = {
    errno.ENOENT: "没有这个文件或文件夹，请核对路径",
    errno.EACCES: "没有读写权限，请另选位置或请系统管理员授权",
    errno.EPERM: "没有读写权限，请另选位置或请系统管理员授权",
    errno.EROFS: "所在磁盘只读，请另选位置",
    errno.EISDIR: "这是文件夹，请写明文件名",
    errno.ENOTDIR: "路径中有一段不是文件夹，请核对路径",
    errno.EEXIST: "已经存在，请另选名字",
    errno.ENAMETOOLONG: "名字太长，请另选短的",
    errno.ENOSPC: "磁盘已满，请腾出空间后重试；未填写成的部分不作数",
    errno.EDQUOT: "磁盘配额已满，请腾出空间后重试；未填写成的部分不作数",
}
UNMIGRATED: Final = "数据库结构与程序不一致，没有执行。请先运行 manage.py migrate（make run 会自动更新），再重试。"
CHECK_URL: Final = "核对环境变量 DATABASE_URL "
SQLITE: Final = {  # by the primary result code
    8: "数据库文件不能写入。请把数据目录的属主改为运行本系统的用户。",
    10: "数据库文件读写出错。请检查磁盘，再运行 manage.py doctor。",
    11: "数据库文件已损坏。请停止使用，从备份恢复。",
    14: "数据库文件打不开。请核对环境变量 DATABASE_URL 或 DATA_DIR 所指位置，以及读写权限。",
    26: "所指的文件不是数据库。请核对环境变量 DATABASE_URL，或从备份恢复。",
}
STATES: Final = {  # by the state that PostgreSQL answers
    "42P01": UNMIGRATED,
    "42703": UNMIGRATED,
    "25006": "数据库只读，没有写入。请连接主库，或请数据库管理员解除只读。",
    "42501": "数据库账号没有权限。请让数据库的属主账号运行本系统。",
    "53300": "数据库的连接已满。请稍后再试，或请数据库管理员调高 max_connections。",
}
CONNECTING: Final = (  # libpq gives no state while connecting: by its words
    (re.compile(r'database "(.+)" does not exist'), "没有数据库“{0}”。请先建库（编码 UTF8），或改正环境变量 DATABASE_URL。"),
    (re.compile(r"password authentication failed|no password supplied|role \".+\" does not exist"),
     f"数据库不接受这个账号或口令。请{CHECK_URL}中的用户和口令。"),
    (re.compile(r"no pg_hba.conf entry"), "数据库不许这台机器或这个账号连接。请在 pg_hba.conf 中放行。"),
    (re.compile(r"could not translate host name|Name or service not known|resolve host"), f"找不到数据库主机。请{CHECK_URL}中的主机名。"),
    (re.compile(r"starting up|shutting down"), "数据库正在启动或停止。请稍后再试。"),
    (re.compile(r"Connection refused|timeout|timed out|No such file|unreachable"),
     f"连接不上数据库，服务没有启动或地址不对。请启动数据库服务，{CHECK_URL}中的主机和端口。"),
)  # fmt: skip
NO_TABLE: Final = re.compile(r"no such (?:table|column)|has no column named")


@dataclass(frozen=True)
class Refusal:
    """Why a command does nothing: a code for programs, a sentence for whoever typed it."""

    code: str
    message: str


class DatabaseNotReady(DomainError):
    """A database that answers and can't be worked with: of another encoding, or of another version's structure."""


def refusal_of(fault: BaseException) -> Refusal | None:
    """Say a fault that isn't the program's own; None for one that is."""
    if isinstance(fault, DomainError):
        return Refusal(fault.code, fault.message)
    if isinstance(fault, CommandError):
        return Refusal("arguments", str(fault))
    if isinstance(fault, DatabaseError | sqlite3.Error):  # the driver's own: a backup speaks to it past Django
        words = database_words(fault)
        return Refusal("disk_full" if words == DISK_FULL else "database", words) if words else None
    return Refusal("file", file_words(fault)) if isinstance(fault, OSError) else None


def file_words(fault: OSError) -> str:
    """Say in words what is wrong with a file or folder."""
    return f"{fault.filename or '文件'}：{FILES.get(fault.errno or 0, '读写失败，请检查磁盘和权限')}。"


def database_words(fault: DatabaseError | sqlite3.Error) -> str:
    """Say in words what is wrong with the database; nothing for a fault of a statement, which is the program's."""
    if is_disk_full(fault):
        return DISK_FULL
    cause, told = fault.__cause__ or fault, str(fault)
    code, state = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    if code is not None:
        return UNMIGRATED if NO_TABLE.search(told) else SQLITE.get(code & 0xFF, "")
    if state is not None:
        return STATES.get(state, f"连接不上数据库。请{CHECK_URL}是否正确。" if state.startswith(("08", "57P")) else "")
    for tell, words in CONNECTING:
        if match := tell.search(told):
            return words.format(*match.groups())
    return f"连接不上数据库。请{CHECK_URL}是否正确，并查看数据库的日志。" if "connect" in told else ""


def require_ready_database() -> None:
    """Refuse a database of another encoding, or one whose structure is not this code's. Reads one table."""
    require_encoding()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise DatabaseNotReady(UNMIGRATED, code="unmigrated")


def require_encoding() -> None:
    """Refuse a PostgreSQL database that can't hold every Chinese character."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        named = connection.connection.info.parameter_status("server_encoding")
        if named != "UTF8":
            raise DatabaseNotReady(
                f"数据库的编码是 {named}，存不下全部汉字。请另建编码为 UTF8 的数据库（createdb -E UTF8 -T template0），"
                "再改环境变量 DATABASE_URL。",
                code="encoding",
            )
