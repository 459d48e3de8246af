"""What must always be true of the books: each app declares its invariants, `check_ledger` tries them all.

An invariant yields what violates it, set-based and read-only; nothing is mended here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from registry.audit.anchors import anchor_faults
from registry.audit.selectors import chain_faults
from registry.store.canary import wrong_keys


@dataclass(frozen=True)
class Violation:
    """One object that breaks an invariant: what it is, what was expected, what was found."""

    subject: str
    expected: str
    found: str


Check = Callable[[int | None], Iterable[Violation]]


@dataclass(frozen=True)
class Invariant:
    """One sentence that must hold. `check` takes a project's key, or None for everything."""

    code: str
    sentence: str
    check: Check


INVARIANTS: dict[str, Invariant] = {}


def declare_invariants(*invariants: Invariant) -> None:
    """Add an app's invariants; a code has exactly one sentence."""
    for invariant in invariants:
        if INVARIANTS.setdefault(invariant.code, invariant) != invariant:
            raise ValueError(f"two invariants {invariant.code}")


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


OWN = (
    Invariant("I13", "操作记录的哈希链完整：改动、删除、插入、调换都会显出", chains_hold),
    Invariant("I41", "操作记录与库外的锚点相符：截去末尾、整链重做都会显出", anchors_hold),
    Invariant("I40", "密钥文件就是这个数据库的", keys_fit),
)
