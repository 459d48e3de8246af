"""The life of a ticket: one state at every moment, and which event leads from which to which.

A return leads back to whoever dispatches and keeps the deadline; 剔除 is a state with a way back to the one before.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from registry.kernel.errors import Refused


class TicketRefused(Refused):
    """An event that cannot happen to a ticket as it stands, or that is told wrongly."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    IN_HAND = "in_hand"
    RETURNED = "returned"
    ANSWERED = "answered"
    DONE = "done"
    OUT = "out"
    EXCLUDED = "excluded"

    @property
    def label(self) -> str:
        """The state as the office says it."""
        return LABELS[self]


LABELS: Final[Mapping[TicketState, str]] = {
    TicketState.WAITING: "待派单",
    TicketState.IN_HAND: "办理中",
    TicketState.RETURNED: "退回待派",
    TicketState.ANSWERED: "待回访",
    TicketState.DONE: "已办结",
    TicketState.OUT: "非本事项",
    TicketState.EXCLUDED: "已剔除",
}
OPEN: Final = (TicketState.WAITING, TicketState.IN_HAND, TicketState.RETURNED, TicketState.ANSWERED)
CLOSED: Final = (TicketState.DONE, TicketState.OUT, TicketState.EXCLUDED)


class TicketEvent(StrEnum):
    """What may happen to a ticket."""

    DISPATCH = "dispatch"
    CONTACT = "contact"
    RETURN = "return"
    ANSWER = "answer"
    NOT_REACHED = "not_reached"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    KEEP_OUT = "keep_out"
    TAKE_UP = "take_up"
    EXCLUDE = "exclude"
    RESTORE = "restore"

    @property
    def label(self) -> str:
        """The event as the office says it."""
        return EVENT_LABELS[self]


EVENT_LABELS: Final[Mapping[TicketEvent, str]] = {
    TicketEvent.DISPATCH: "派单",
    TicketEvent.CONTACT: "联系诉求人",
    TicketEvent.RETURN: "退回",
    TicketEvent.ANSWER: "反馈",
    TicketEvent.NOT_REACHED: "回访未接通",
    TicketEvent.SOLVED: "回访：已解决",
    TicketEvent.NOT_SOLVED: "回访：未解决",
    TicketEvent.KEEP_OUT: "认定为非本事项",
    TicketEvent.TAKE_UP: "改认定为本事项",
    TicketEvent.EXCLUDE: "剔除",
    TicketEvent.RESTORE: "恢复考核",
}

S, E = TicketState, TicketEvent
EDGES: Final[Mapping[tuple[TicketState, TicketEvent], TicketState]] = {
    (S.WAITING, E.DISPATCH): S.IN_HAND,
    (S.RETURNED, E.DISPATCH): S.IN_HAND,
    (S.IN_HAND, E.CONTACT): S.IN_HAND,
    (S.IN_HAND, E.RETURN): S.RETURNED,
    (S.IN_HAND, E.ANSWER): S.ANSWERED,
    (S.ANSWERED, E.NOT_REACHED): S.ANSWERED,
    (S.ANSWERED, E.SOLVED): S.DONE,
    (S.ANSWERED, E.NOT_SOLVED): S.IN_HAND,
    (S.DONE, E.NOT_SOLVED): S.IN_HAND,
    (S.OUT, E.TAKE_UP): S.WAITING,
    **{(state, E.KEEP_OUT): S.OUT for state in (S.WAITING, S.IN_HAND, S.RETURNED)},
    **{(state, E.EXCLUDE): S.EXCLUDED for state in (S.WAITING, S.IN_HAND, S.RETURNED, S.ANSWERED, S.DONE)},
}


def next_state(state: TicketState, event: TicketEvent, *, before: TicketState | None = None) -> TicketState:
    """Return where an event leads; `before` is the state that an excluded ticket had, to which it is restored.

    Raises TicketRefused, with the state in words, for what cannot happen.
    """
    if (state, event) == (S.EXCLUDED, E.RESTORE) and before is not None:
        return before
    following = EDGES.get((state, event))
    if following is None:
        raise TicketRefused(f"工单现为“{state.label}”，不能办理“{event.label}”。请刷新页面后核对状态。", code="state")
    return following
