"""Every difference between deployments is one environment variable, read here and nowhere else."""

import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
os.umask(0o077)  # what the registry writes is read by its own user alone

DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
KEY_FILE = Path(env.str("KEY_FILE", str(DATA_DIR / "keys" / "registry.keys"))).resolve()
DEBUG = env.bool("DEBUG", False)
CRYPTO_SUITE = env.str("CRYPTO_SUITE", "sm")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SECURE_COOKIES = env.bool("SECURE_COOKIES", False)
FORWARDED_PROTO = env.bool("FORWARDED_PROTO", False)  # only behind a proxy that sets or clears X-Forwarded-Proto
IDLE_MINUTES = env.int("IDLE_MINUTES", 15)
CITY_NAME = env.str("CITY_NAME", "")

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}


def database() -> dict[str, Any]:
    """Return the database settings of DATABASE_URL; SQLite in the data folder when it is absent."""
    url = env.str("DATABASE_URL", "") or f"sqlite:///{DATA_DIR / 'registry.sqlite3'}"
    settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = SQLITE_OPTIONS
    else:
        settings["TEST"] = {"TEMPLATE": "template0"}
    return settings


def secret_key() -> str:
    """Read the signing key of sessions, made at first start beside the data."""
    given: str = env.str("SECRET_KEY", "")
    if given:
        return given
    path = DATA_DIR / "keys" / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text().strip()


def scratch_dir() -> Path:
    """Return this host's folder of temporary files, made if need be; every temporary file of the program lies there.

    /tmp is other people's too, and what a killed process leaves there nobody removes: this folder is swept at start.
    """
    path = DATA_DIR / "scratch" / socket.gethostname()[:60]
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    tempfile.tempdir = str(path)
    return path


def inherited() -> dict[str, str]:
    """Return the whole environment, for programs that are started."""
    return dict(os.environ)
