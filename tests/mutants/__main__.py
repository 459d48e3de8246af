"""Plant the bugs of the table one at a time in a copy of the checkout, run their tests, and say which survive.

`python -m tests.mutants [words …]` tries those whose place, text or tests hold one of the words; `--table files` those
of one part, `--portion 2/3` the second third; `--list` names them. `--together` plants all of them at once and runs
the tests of each: none may hide behind another. Ends with 1 if a bug survives, can't be planted, or time runs out. The
checkout itself is never touched, so that a run may be broken off at any moment.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.mutants.planting import Bug, NotPlanted, planted, tests_of
from tests.mutants.table import TABLES

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 180.0  # for one bug, on two busy cores
MINUTES: Final = 60.0  # for all
FAILED: Final = 1  # what pytest ends with where tests failed


class Copy:
    """A copy of the checkout as it stands, uncommitted work too, with a migrated database beside it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.base, self.database = folder / "checkout", folder / "base.sqlite3", folder / "test.sqlite3"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
        )  # fmt: skip
        for name in filter(None, listed.stdout.decode().split("\0")):
            source, target = ROOT / name, self.root / name
            if source.is_file() and not source.is_symlink():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        self._run(["manage.py", "migrate", "-v0"], 600, DATABASE_URL=f"sqlite:///{self.base}").check_returncode()

    def verdict(self, tests: Sequence[str], *, on_postgres: bool, seconds: float = SECONDS) -> int | None:
        """What pytest ends with; None if it had to be stopped."""
        shutil.copy2(self.base, self.database)
        for old in self.database.parent.glob("test.sqlite3-*"):
            old.unlink()
        options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--ds=tests.mutants.settings"]
        options += ["--create-db"] if on_postgres else ["--reuse-db"]
        more = {} if on_postgres else {"MUTANTS_DATABASE": str(self.database)}
        command = ["-m", "pytest", *options, *tests]
        try:
            return self._run(command, seconds, on_postgres=on_postgres, **more).returncode
        except subprocess.TimeoutExpired:
            return None

    def _run(
        self, command: Sequence[str], seconds: float, *, on_postgres: bool = False, **more: str
    ) -> "subprocess.CompletedProcess[bytes]":
        wrapper = [str(self.root / ".ci" / "with-postgres.sh")] if on_postgres else []
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "mutants", **more}
        env["DJANGO_SETTINGS_MODULE"] = "tests.mutants.settings"
        process = subprocess.Popen(
            [*wrapper, sys.executable, *command], cwd=self.root, env=env, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=seconds)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # the children of the tests too
            process.communicate()
            raise
        return subprocess.CompletedProcess(command, process.returncode, said)


def tried(bug: Bug, copy: Copy) -> str:
    """Plant a bug, run its tests, take it back. Nothing said means that it was caught."""
    try:
        place, tests = planted(bug, copy.root), tests_of(bug, copy.root)
        compile(place.after, place.path, "exec") if place.path.suffix == ".py" else None
    except (NotPlanted, SyntaxError) as fault:
        return f"can't be planted: {fault}"
    try:
        place.path.write_text(place.after, encoding="utf-8")
        code = copy.verdict(tests, on_postgres=bug.postgres)
    finally:
        place.path.write_text(place.before, encoding="utf-8")
    if code == FAILED:
        return ""
    if code is None:
        return f"undecided: its tests ran longer than {SECONDS:.0f} s"
    return "survives" if code == 0 else f"its tests did not run: pytest ended with {code}"


def tried_together(bugs: Sequence[Bug], copy: Copy) -> list[str]:
    """Plant all bugs at once and run the tests of each; what is wrong with each, nothing for one that was caught."""
    before: dict[Path, str] = {}
    said = []
    try:
        for bug in bugs:
            place = planted(bug, copy.root)
            before.setdefault(place.path, place.before)
            place.path.write_text(place.after, encoding="utf-8")
        for bug in bugs:
            code = copy.verdict(tests_of(bug, copy.root), on_postgres=bug.postgres)
            said.append("" if code == FAILED else f"pytest ended with {code}")
    finally:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")
    return said


def control(bugs: Sequence[Bug], copy: Copy) -> str:
    """The same tests without a bug pass: else every bug would seem caught."""
    for on_postgres in (False, True):
        wanted = [bug for bug in bugs if bug.postgres == on_postgres]
        tests = sorted({test for bug in wanted for test in _known(bug, copy)})
        if tests and copy.verdict(tests, on_postgres=on_postgres, seconds=MINUTES * 60) != 0:
            return "the tests fail without any bug; run them first"
    return ""


def _known(bug: Bug, copy: Copy) -> list[str]:
    try:
        return tests_of(bug, copy.root)
    except NotPlanted:
        return []


def chosen(table: str, words: Sequence[str], portion: str) -> list[Bug]:
    """The bugs of a table, or of all, that hold one of the words; of these the n-th part."""
    bugs = [bug for name, several in TABLES.items() if table in ("", name) for bug in several]
    found = [bug for bug in bugs if not words or any(word in f"{bug.where} {bug.old} {bug.tests}" for word in words)]
    number, _, parts = portion.partition("/")
    return found[int(number) - 1 :: int(parts)]


def main() -> int:
    """Try the chosen bugs and print what is not caught."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("words", nargs="*", help="try only bugs that hold one of these")
    parser.add_argument("--table", choices=list(TABLES), default="", help="only this part of the product")
    parser.add_argument("--portion", default="1/1", help="the second third of them: 2/3")
    parser.add_argument("--list", action="store_true", help="name them and plant none")
    parser.add_argument("--together", action="store_true", help="plant all of them at once")
    parser.add_argument("--no-control", action="store_true", help="don't run the tests without a bug first")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leave no copy behind
    bugs, left = chosen(asked.table, asked.words, asked.portion), []
    if asked.list:
        print("\n".join(f"{bug}   [{bug.tests}]" for bug in bugs))
        return 0
    ends = time.monotonic() + MINUTES * 60
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Copy(Path(folder))
        said = "" if asked.no_control else control(bugs, copy)
        if said:
            print(said)
            return 1
        all_at_once = tried_together(bugs, copy) if asked.together else []
        for number, bug in enumerate(bugs, start=1):
            began = time.monotonic()
            fault = all_at_once[number - 1] if all_at_once else "not tried: the time is over"
            if not all_at_once and began < ends:
                fault = tried(bug, copy)
            print(f"{number:3}/{len(bugs)} {time.monotonic() - began:5.1f} s  {fault or 'caught'}  {bug}", flush=True)
            left += [f"{bug}: {fault}"] if fault else []
    print(f"{len(bugs)} bugs, {len(left)} not caught", *left, sep="\n  ")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
