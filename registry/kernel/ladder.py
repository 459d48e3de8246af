"""The ladder of an obligation: reminded, reminded again, supervised, circulated, summoned, by working days around it.

Pure rule: from a due date, a calendar, a district's offsets and the rungs already sent come the days of the rungs to
come and what is due on a day. What is sent stays sent: a due date moved later never repeats it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from registry.kernel.errors import DomainError
from registry.kernel.workdays import Calendar

FURTHEST: Final = 250  # working days: about a year


class Rung(StrEnum):
    """The five rungs, from the mildest."""

    REMINDER = "reminder"
    SECOND = "second"
    SUPERVISION = "supervision"
    CIRCULAR = "circular"
    SUMMONS = "summons"

    @property
    def label(self) -> str:
        """Return the rung as the office says it."""
        return LABELS[self]

    @property
    def height(self) -> int:
        """Return its place from the bottom, from 0."""
        return list(Rung).index(self)


LABELS: Final = MappingProxyType(
    {
        Rung.REMINDER: "催办", Rung.SECOND: "再催", Rung.SUPERVISION: "督办", Rung.CIRCULAR: "通报",
        Rung.SUMMONS: "约谈",
    }
)  # fmt: skip
OFFSETS: Final[Mapping[Rung, int]] = MappingProxyType(
    {Rung.REMINDER: -30, Rung.SECOND: -7, Rung.SUPERVISION: 1, Rung.CIRCULAR: 6, Rung.SUMMONS: 15}
)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung and the working day from which it is to be sent."""

    rung: Rung
    due_on: date


@dataclass(frozen=True, slots=True)
class Due:
    """What a day asks for: rungs to be sent, and rungs that a later one has overtaken and nobody sends any more."""

    to_send: tuple[Step, ...] = ()
    overtaken: tuple[Step, ...] = ()


def check_offsets(offsets: Mapping[str, int]) -> Mapping[Rung, int]:
    """Return the offsets by rung, or refuse them: all five, rising, the reminders before the day, the rest after it."""
    try:
        found = {rung: int(offsets[rung]) for rung in Rung}
    except (KeyError, TypeError, ValueError) as error:
        raise DomainError("五级督促的日数要填全：催办、再催、督办、通报、约谈。", field="offsets") from error
    days = list(found.values())
    if days != sorted(set(days)):
        raise DomainError("五级督促的日数要逐级往后，不得相同或倒置。", field="offsets")
    if not (found[Rung.SECOND] < 0 < found[Rung.SUPERVISION]):
        raise DomainError("催办、再次催办的日期须在期限以前，督办、通报、约谈的日期须在期限以后。", field="offsets")
    if max(abs(days[0]), abs(days[-1])) > FURTHEST:
        raise DomainError(f"日数不得超过{FURTHEST}个工作日。", field="offsets")
    return found


def plan(
    due_on: date,
    calendar: Calendar,
    offsets: Mapping[Rung, int] = OFFSETS,
    sent: Collection[Rung] = (),
    since: date = date.min,
) -> tuple[Step, ...]:
    """Return the rungs still to be sent with their days, from the mildest. A rung below one that was sent is gone.

    `since` is the day from which the promise binds: a reminder of a day before it reminds of nothing.
    """
    reached = max((rung.height for rung in sent), default=-1)
    steps = (Step(rung, calendar.add_workdays(due_on, offsets[rung])) for rung in Rung if rung.height > reached)
    return tuple(step for step in steps if offsets[step.rung] > 0 or step.due_on >= since)


def due_by(
    on: date,
    due_on: date,
    calendar: Calendar,
    offsets: Mapping[Rung, int] = OFFSETS,
    sent: Collection[Rung] = (),
    since: date = date.min,
) -> Due:
    """Return what is to be sent on a day: of the reminders the last one reached only, after the day each one reached.

    A reminder that a later rung has overtaken says nothing any more; what comes after the due date is never left out.
    """
    steps = [step for step in plan(due_on, calendar, offsets, sent, since) if step.due_on <= on]
    overtaken = tuple(step for step in steps[:-1] if offsets[step.rung] < 0)
    return Due(tuple(step for step in steps if step not in overtaken), overtaken)
