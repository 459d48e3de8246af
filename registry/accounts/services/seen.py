"""What a proposal rests on: the stored state that its proposer saw, held against the present one when it is decided."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist

from registry.accounts.models import Approval
from registry.audit.recording import canonical, plain
from registry.kernel.errors import DomainError, Refused

Pairs = Sequence[tuple[str, str]]
RestsOn = Callable[[Approval], Pairs]
Difference = tuple[str, str, str]
GONE: Final = "已不存在，或不能再办理"


class SubjectChanged(Refused):
    """What a proposal rests on is no longer what its proposer saw: each difference as label, then, now."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        told = "；".join(f"{label}：提请时“{then}”，现在“{now}”" for label, then, now in differences[:5])
        super().__init__(
            f"提请以后情况有变，不能按原提请办理（{told}）。请退回，由提请人核对后重新提请。", code="subject_changed"
        )
        self.differences = tuple(differences)


def state_of(rests_on: RestsOn, approval: Approval) -> list[list[str]]:
    """Read what a proposal rests on, as stored values; a subject that is gone reads as such."""
    try:
        lines: list[list[str]] = plain([[label, str(value)] for label, value in rests_on(approval)])
    except (ObjectDoesNotExist, DomainError, IndexError):
        return [["事项", GONE]]
    return lines


def differences(seen: Iterable[Sequence[str]], now: Iterable[Sequence[str]]) -> tuple[Difference, ...]:
    """Pair what was seen with what is: label, then, now, for each that is not equal. A label may stand twice."""
    then, present = _numbered(seen), _numbered(now)
    keys = list(dict.fromkeys([*then, *present]))
    return tuple(
        (key[0], then.get(key, "（无）"), present.get(key, "（无）"))
        for key in keys
        if then.get(key) != present.get(key)
    )


def _numbered(pairs: Iterable[Sequence[str]]) -> dict[tuple[str, int], str]:
    seen: dict[tuple[str, int], str] = {}
    times: Counter[str] = Counter()
    for label, value in pairs:
        seen[label, times[label]] = value
        times[label] += 1
    return seen


def check_mark(values: Any) -> str:
    """Return a short mark of many stored values: equal values, equal mark."""
    return hashlib.new("sm3", canonical(values).encode()).hexdigest()[:12]
