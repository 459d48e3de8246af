"""Names that name nothing (`found`, `one`): their count only falls, and a new file holds none.

`local_names.json` says how many times each file binds them today. After a file was renamed, or lost some:
`python -m tests.architecture.test_names` writes it anew, and refuses if a folder would gain any.
"""

import ast
import json
import re
import sys
from collections import Counter
from pathlib import Path

from tests.architecture.source import Source, files_of_tests, sources

WORDS = frozenset({"found", "one"})
RECORD = Path(__file__).with_name("local_names.json")


def bound(source: Source) -> int:
    """How many times a file binds one of the words: by assignment, loop, comprehension or as an argument."""
    return sum(
        (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in WORDS)
        or (isinstance(node, ast.arg) and node.arg in WORDS)
        for node in ast.walk(source.tree)
    )


def counted() -> dict[str, int]:
    """The files that bind any, with how many."""
    return {source.name: count for source in (*sources(), *files_of_tests()) if (count := bound(source))}


def by_folder(counts: dict[str, int]) -> Counter[str]:
    """The counts of each of the five trees."""
    folders: Counter[str] = Counter()
    for name, count in counts.items():
        folders[name.split("/")[0]] += count
    return folders


def recorded() -> dict[str, int]:
    """The counts kept."""
    counts: dict[str, int] = json.loads(RECORD.read_text(encoding="utf-8"))
    return counts


def test_names_that_name_nothing_only_grow_fewer() -> None:
    allowed = recorded()
    more = {name: (count, allowed.get(name, 0)) for name, count in counted().items() if count > allowed.get(name, 0)}

    assert more == {}, "call a local by the singular of what it holds: blocker, row, session"


def test_the_record_of_names_holds_no_slack() -> None:
    """Of a tree as a whole: what fell by a tenth takes its record down with it."""
    now, allowed = by_folder(counted()), by_folder(recorded())

    assert {folder: (now[folder], allowed[folder]) for folder in allowed if now[folder] < allowed[folder] * 0.9} == {}


def test_a_binding_is_counted_wherever_it_stands(tmp_path: Path) -> None:
    """Negative control: assignments, loops, comprehensions and arguments are all seen, mere uses are not."""
    path = tmp_path / "planted.py"
    path.write_text("def f(one):\n    found = [one for one in x]\n    for one in found:\n        print(one)\n")

    assert bound(Source(path)) == 4


def test_docstrings_are_in_the_imperative() -> None:
    """No docstring begins \"This will\": it says `Move units along a track.`"""
    begins = re.compile(r"this will\b", re.IGNORECASE)
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    kept = [
        f"{source.name}:{getattr(node, 'lineno', 1)}"
        for source in (*sources(), *files_of_tests())
        for node in ast.walk(source.tree)
        if isinstance(node, documented) and begins.match(ast.get_docstring(node) or "")
    ]

    assert kept == []


def main() -> int:
    """Write the record anew, if no tree gains any."""
    now = counted()
    gained = by_folder(now) - by_folder(recorded()) if RECORD.exists() else Counter()
    if gained:
        print(f"more than before: {dict(gained)}")
        return 1
    RECORD.write_text(json.dumps(now, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(dict(by_folder(now)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
