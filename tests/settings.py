"""The registry's settings for the tests: data, keys and the SQLite file in a folder that dies with the run."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_ROOT = Path(tempfile.mkdtemp(prefix="registry-tests-"))
atexit.register(shutil.rmtree, _ROOT, ignore_errors=True)
os.environ["DATA_DIR"] = str(_ROOT)
os.environ["KEY_FILE"] = str(_ROOT / "keys" / "registry.keys")
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ.setdefault("DATABASE_URL", "")

from registry.settings import *  # noqa: E402, F403  the environment must be laid before it is read
from registry.settings import DATABASES, STORAGES  # noqa: E402

# A file, not memory: WAL and IMMEDIATE are then those of the product, and threads and processes are real ones.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_ROOT / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = "template0"
DATABASES["default"]["CONN_MAX_AGE"] = 0

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
PAPER_PROCESSES = 1  # the press has its own tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; nothing here is worth guarding
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
