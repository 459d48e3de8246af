"""A migration that has landed never changes: installations have carried it out.

`migrations.sha256` holds every migration in the form of sha256sum. A new one is added when it is finished:
`sha256sum APP/migrations/NAME.py >> tests/architecture/migrations.sha256`. A line is never changed or taken out.
"""

import hashlib

from tests.architecture.source import PACKAGES, ROOT

LISTED = {
    name: digest
    for digest, name in (
        line.split()
        for line in (ROOT / "tests/architecture/migrations.sha256").read_text(encoding="utf-8").splitlines()
    )
}
PRESENT = {
    path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
    for package in PACKAGES
    for path in (ROOT / package).rglob("migrations/[0-9]*.py")
}


def test_no_landed_migration_is_changed_or_gone() -> None:
    assert {name: PRESENT.get(name) for name in LISTED} == LISTED


def test_every_migration_is_listed() -> None:
    assert sorted(set(PRESENT) - set(LISTED)) == []
