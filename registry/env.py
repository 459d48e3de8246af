"""Every difference between deployments is one environment variable, read here and nowhere else."""

import os
import re
import secrets
import socket
import tempfile
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import dj_database_url
from environs import Env, EnvError

from registry.bad_setting import BadSetting

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
os.umask(0o077)  # what the registry writes is read by its own user alone
KINDS = {"bool": "1 或 0", "int": "整数"}
HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")  # as Django reads ALLOWED_HOSTS
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")


def _read(kind: str, name: str, default: Any) -> Any:
    """Read one variable; BadSetting says what it should be."""
    try:
        return getattr(env, kind)(name, default)
    except EnvError as fault:
        raise BadSetting(
            name, f"是“{os.environ.get(name, '')}”，应为 {KINDS.get(kind, '文字')}。请改正后再运行。"
        ) from fault


def _whole(name: str, default: int, least: int, most: int) -> int:
    number: int = _read("int", name, default)
    if not least <= number <= most:
        raise BadSetting(name, f"是 {number}，只能是 {least} 至 {most}。请改正后再运行。")
    return number


def _path(name: str, default: Path) -> Path:
    """Read a path; one left empty in a file of settings is none, not the folder in which the program was started."""
    return Path(_read("str", name, "").strip() or default).resolve()


def _hosts(default: list[str]) -> list[str]:
    """Read the names under which the registry is reached: names or addresses alone, without https:// or a port."""
    hosts = [part.strip() for part in _read("list", "ALLOWED_HOSTS", default) if part.strip()]
    if not hosts or not all(HOST.fullmatch(host) for host in hosts):
        words = (
            f"是“{os.environ.get('ALLOWED_HOSTS', '')}”，应为主机名或地址，用逗号隔开，不带 https:// 和端口，"
            "如 taizhang.example.gov.cn,10.2.3.4。请改正后再运行。"
        )
        raise BadSetting("ALLOWED_HOSTS", words)
    return hosts


def _public_address() -> str:
    """Read the address under which anybody proves a paper; it is printed on papers, so a wrong one stays for good."""
    given = str(_read("str", "PUBLIC_ADDRESS", "")).strip().rstrip("/")
    if given and not ADDRESS.fullmatch(given):
        raise BadSetting(
            "PUBLIC_ADDRESS", f"是“{given}”，应为公众打开的网址，如 https://taizhang.example.gov.cn。请改正后再运行。"
        )
    return given


def _networks(name: str, default: list[str]) -> list[IPv4Network | IPv6Network]:
    """Read addresses and networks: 10.2.3.4, 10.2.3.0/24."""
    try:
        return [ip_network(part.strip()) for part in _read("list", name, default) if part.strip()]
    except ValueError as fault:
        words = f"是“{os.environ.get(name, '')}”，应为地址或网段，用逗号隔开，如 10.2.3.4,10.2.4.0/24。请改正后再运行。"
        raise BadSetting(name, words) from fault


def _suite() -> str:
    named = str(_read("str", "CRYPTO_SUITE", "sm"))
    if named not in {"sm", "aes"}:
        raise BadSetting("CRYPTO_SUITE", f"是“{named}”，只能是 sm 或 aes。请改正后再运行。")
    return named


DATA_DIR = _path("DATA_DIR", BASE_DIR / "var")
KEY_FILE = _path("KEY_FILE", DATA_DIR / "keys" / "registry.keys")
DEBUG = _read("bool", "DEBUG", False)
CRYPTO_SUITE = _suite()
ALLOWED_HOSTS = _hosts(["localhost", "127.0.0.1", "[::1]"])
SECURE_COOKIES = _read("bool", "SECURE_COOKIES", False)
FORWARDED_PROTO = _read("bool", "FORWARDED_PROTO", False)  # only behind a proxy that sets or clears X-Forwarded-Proto
FORWARDED_HOST = _read("bool", "FORWARDED_HOST", False)  # only behind one that sets or clears X-Forwarded-Host
TRUSTED_PROXIES = _whole("TRUSTED_PROXIES", 0, 0, 9)  # how many proxies in front each add to X-Forwarded-For
PROXY_ADDRESSES = _networks("PROXY_ADDRESSES", ["127.0.0.1", "::1"])  # whose forwarding headers are believed
IDLE_MINUTES = _whole("IDLE_MINUTES", 15, 1, 1440)
PUBLIC_ADDRESS = _public_address()  # where papers are proven; "": no code is printed
PAPER_PROCESSES = _whole("PAPER_PROCESSES", min(2, os.cpu_count() or 1), 1, 64)  # that lay out the papers of one batch

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}
CONNECT_SECONDS = 10  # a host that doesn't answer is told, not waited for


def database() -> dict[str, Any]:
    """Return the database settings of DATABASE_URL; SQLite in the data folder when it is absent."""
    url = _read("str", "DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'registry.sqlite3'}"
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
        engine = settings["ENGINE"].rpartition(".")[2]
        if engine not in {"sqlite3", "postgresql"} or not settings["NAME"]:
            raise ValueError(engine)
    except (ValueError, KeyError) as fault:
        words = "写法不对（口令不在此显示）。应为 postgres://用户:口令@主机:端口/库名，端口 1 至 65535；不写则用本机 SQLite。"
        raise BadSetting("DATABASE_URL", words) from fault
    if engine == "sqlite3":
        settings["OPTIONS"] = SQLITE_OPTIONS
    else:
        settings["TEST"] = {"TEMPLATE": "template0"}
        settings["OPTIONS"] = {"connect_timeout": CONNECT_SECONDS, **settings.get("OPTIONS", {})}
    return settings


def secret_key() -> str:
    """Read the signing key of sessions, made at first start beside the data."""
    given: str = _read("str", "SECRET_KEY", "")
    if given:
        return given
    path = DATA_DIR / "keys" / "secret.key"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_text(secrets.token_urlsafe(50))
            path.chmod(0o600)
        return path.read_text().strip()
    except OSError as fault:
        raise BadSetting("DATA_DIR", f"所指目录里的 {path} 不能读写。请改正属主后再运行。") from fault


def made_dir(path: Path) -> Path:
    """Make a folder of the data if need be; BadSetting if it can't be made."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        words = f"所指目录 {path} 不能建立。请由管理员建好并把属主改为运行本系统的用户，或另指目录。"
        raise BadSetting("DATA_DIR", words) from fault
    return path


def scratch_dir() -> Path:
    """Return this host's folder of temporary files, made if need be; every temporary file of the program lies there.

    /tmp is other people's too, and what a killed process leaves there nobody removes: this folder is swept at start.
    """
    path = made_dir(DATA_DIR / "scratch" / socket.gethostname()[:60])
    tempfile.tempdir = str(path)
    return path


def inherited() -> dict[str, str]:
    """Return the whole environment, for programs that are started."""
    return dict(os.environ)
