"""What must always be true of the books: each app declares its invariants, `check_ledger` tries them all.

An invariant yields what violates it, set-based and read-only; nothing is mended here.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Mod

from registry.audit.anchors import anchor_faults
from registry.audit.selectors import chain_faults
from registry.audit.trail import TrailPart, part_faults, trail_parts
from registry.store.canary import wrong_keys
from registry.store.clock import ledger_today

WHOLE: Final = 300
ROUND: Final = 30
ROTATION: Final = f"{WHOLE}份以内每次全部核查，超过的每日核查其中三十分之一，{ROUND}日核查完毕"


@dataclass(frozen=True)
class Violation:
    """One object that breaks an invariant: what it is, what was expected, what was found."""

    subject: str
    expected: str
    found: str


Check = Callable[[int | None], Iterable[Violation]]


@dataclass(frozen=True)
class Invariant:
    """One sentence that must hold. `check` takes a project's key, or None for everything.

    A long one is tried in `parts`, each of which `check_part` tries by itself, in any order and process.
    """

    code: str
    sentence: str
    check: Check
    parts: Callable[[int | None], Iterable[Any]] | None = None
    check_part: Callable[[int | None, Any], Iterable[Violation]] | None = None

    def violations(self, project: int | None, part: Any = None) -> Iterator[Violation]:
        """Try the invariant, or a part of it; what stops it is named as a violation, and the others are tried."""
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                if part is None or self.check_part is None:
                    yield from self.check(project)
                else:
                    yield from self.check_part(project, part)
        except Exception as error:  # a damaged row may raise anything: it is what is looked for
            yield Violation("核对未能做完", "每一行都读得出来", f"{type(error).__name__}：{error}"[:300])


INVARIANTS: dict[str, Invariant] = {}


def declare_invariants(*invariants: Invariant) -> None:
    """Add an app's invariants; a code has exactly one sentence."""
    for invariant in invariants:
        if INVARIANTS.setdefault(invariant.code, invariant) != invariant:
            raise ValueError(f"two invariants {invariant.code}")


def in_rotation(rows: Any) -> Any:
    """Keep the rows whose files are opened today: all of a few, else a thirtieth, another each day. One query."""
    if rows.count() <= WHOLE:
        return rows
    turn = ledger_today().toordinal() % ROUND
    return rows.annotate(turn=Mod(F("pk"), ROUND)).filter(turn=turn)


def chains_hold(project: int | None) -> Iterator[Violation]:
    """Recompute the hash chain of a project, or every chain."""
    for fault in chain_faults(chain=project):
        yield Violation(f"链{fault.chain}第{fault.seq}条", "链条完整", fault.what)


def keys_fit(project: int | None) -> Iterator[Violation]:
    """Open what the database keeps to prove its key file by. One query or two."""
    what = wrong_keys()
    if what:
        yield Violation("密钥文件", "打开库里的校验内容", what)


def anchors_hold(project: int | None) -> Iterator[Violation]:
    """Hold the heads kept outside the database against the record."""
    for fault in anchor_faults(chain=project):
        yield Violation(f"链{fault.chain}第{fault.seq}条" if fault.seq else "锚点文件", "与库外锚点相符", fault.what)


def rows_equal_their_trail(project: int | None) -> Iterator[Violation]:
    """Hold every row against what its last writer left of it."""
    for part in trail_parts(chain=project):
        yield from part_equals_its_trail(project, part)


def part_equals_its_trail(project: int | None, part: TrailPart) -> Iterator[Violation]:
    """Hold the rows of one part of the trail against what their last writers left of them."""
    for fault in part_faults(part, chain=project):
        where = f"{fault.table} {fault.key} {fault.column}".rstrip()
        yield Violation(where, fault.expected, fault.actual)


OWN = (
    Invariant("I13", "操作记录的哈希链完整：改动、删除、插入、调换都会显出", chains_hold),
    Invariant("I41", "操作记录与库外的锚点相符：截去末尾、整链重做都会显出", anchors_hold),
    Invariant(
        "I42",
        "每一行的每一栏都等于最后一次写入它的操作留下的：改动、增行、删行都会显出",
        rows_equal_their_trail,
        parts=lambda project: trail_parts(chain=project),
        check_part=part_equals_its_trail,
    ),
    Invariant("I40", "密钥文件就是这个数据库的", keys_fit),
)
