"""What every test stands on: no network, fixed hypothesis profiles, the laid states, the command line as a process."""

import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from tests.factories.accounts import Cast
    from tests.factories.projects import Estate

pytest_plugins = ["tests.plugins.selection", "tests.plugins.times", "tests.plugins.refusals"]

ROOT = Path(__file__).resolve().parent.parent

hypothesis.settings.register_profile(
    "ci",
    deadline=None,  # two shared cores: a slow moment is no fault
    derandomize=True,  # the same examples in each run; `search` looks for new ones
    database=None,
    max_examples=100,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "search", hypothesis.settings.get_profile("ci"), derandomize=False, max_examples=3000
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


class NetworkUsed(RuntimeError):
    """A test reached for another host. The registry works in a closed network, and so do its tests."""


def _refuse_strangers(family: int, address: Any) -> None:
    if family == socket.AF_UNIX:
        return
    host = str(address[0])
    if host in {"localhost", ""}:
        return
    try:
        if ipaddress.ip_address(host.split("%")[0]).is_loopback:
            return
    except ValueError:
        pass
    raise NetworkUsed(f"a test tried to reach {host}")


class GuardedSocket(socket.socket):
    """A socket that connects to this machine only."""

    def connect(self, address: Any) -> None:
        _refuse_strangers(self.family, address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        _refuse_strangers(self.family, address)
        return super().connect_ex(address)

    def sendto(self, *args: Any) -> int:
        _refuse_strangers(self.family, args[-1])
        return super().sendto(*args)


def pytest_configure(config: pytest.Config) -> None:
    socket.socket = GuardedSocket  # type: ignore[misc]


@pytest.fixture(scope="session", autouse=True)
def key_file() -> None:
    """The key file, made before any test: which test comes first must not decide what asks the database for it."""
    from django.conf import settings

    from registry.store.keys import make_key_file

    if settings.configured and not Path(settings.KEY_FILE).exists():
        make_key_file(Path(settings.KEY_FILE), settings.CRYPTO_SUITE)


@pytest.fixture(autouse=True)
def no_demo() -> None:
    """The tests' database is no demo: which test comes first must not decide what asks the database for it."""
    clock = sys.modules.get("registry.store.clock")
    if clock is not None and not clock._is_demo:
        clock._is_demo.append(False)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """A copy of the migrated database instead of migrating in every process; it goes with the run."""
    from django.db import connection

    from tests.plugins.template import serve_database

    with django_db_blocker.unblock():
        before = serve_database(connection, ROOT / ".pytest_cache" / "migrated")
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)


# --- laid states: Django is imported when the first is asked for, the kernel's tests never ask ---


@pytest.fixture
def cast(db: None) -> "Cast":
    """One person per role, and strangers of the other district."""
    from tests.factories.accounts import lay_cast
    from tests.factories.laid import laid

    made: Cast = laid("cast", lay_cast)
    return made


@pytest.fixture
def estate(cast: "Cast") -> "Estate":
    """Units placed, nothing else."""
    from tests.factories.laid import laid
    from tests.factories.projects import lay_estate

    made: Estate = laid("estate", lay_estate, cast)
    return made


@pytest.fixture
def stranger(cast: "Cast") -> "Estate":
    """The same in the other district."""
    from tests.factories.laid import laid
    from tests.factories.projects import lay_strange_estate

    made: Estate = laid("stranger", lay_strange_estate, cast)
    return made


@pytest.fixture
def promised(estate: "Estate") -> "Estate":
    """The letter is in force: homes are cleared, none is ready."""
    from tests.factories.laid import laid
    from tests.factories.projects import lay_letter

    made: Estate = laid("promised", lay_letter, estate)
    return made


@pytest.fixture
def story(cast: "Cast") -> "Estate":
    """First registration is made for the homes: all twelve are ready."""
    from tests.factories.laid import laid
    from tests.factories.projects import lay_story

    made: Estate = laid("story", lay_story, cast)
    return made


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The test database as a URL, for a process of its own. The rows laid must be committed: hence transactional."""
    from django.db import connection

    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{secret}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


@pytest.fixture
def manage(database_url: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `manage.py …` as an operator does: a process of its own, on the test database."""

    def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, ROOT / "manage.py", *arguments],
            env={**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "registry.settings"},
            capture_output=True,
            text=True,
            timeout=more.pop("timeout", 120),
            check=False,
            **more,
        )

    return run
