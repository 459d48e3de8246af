"""The floor below which no deployment may run: versions whose faults we know."""

import re
from importlib.metadata import version

import pytest
from packaging.version import Version

from tests.architecture.source import ROOT, pyproject

FLOOR = dict(
    re.findall(
        r"^([a-z0-9-]+)>=([\d.]+)", (ROOT / "requirements.floor").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
)


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_installed_and_locked_stand_on_the_floor(name: str) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.search(rf"^{re.escape(name)}==([\w.]+)", lock, flags=re.MULTILINE)

    assert locked is not None, f"{name} isn't in requirements.lock"
    assert Version(locked[1]) >= Version(FLOOR[name])
    assert Version(version(name)) >= Version(FLOOR[name])


def test_every_direct_dependency_has_a_floor() -> None:
    direct = {re.split(r"[\[>=<]", line)[0] for line in pyproject()["project"]["dependencies"]}

    assert direct <= set(FLOOR)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9-]+==", text, flags=re.MULTILINE)

    assert len(pinned) > 30
    assert text.count("--hash=sha256:") >= len(pinned)
    assert "://" not in text


def test_the_development_lock_holds_the_run_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==[\w.]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
