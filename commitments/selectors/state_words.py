"""What a letter's state is called on a screen: derived from the state, its late promises and its lapsed clauses."""

from collections.abc import Iterable
from datetime import date

from commitments.choices import KEPT, RUNNING, InstrumentState
from commitments.models import Clause, Instrument, Obligation

Pill = tuple[str, str]  # the words and the class that colours them


def state_words(state: InstrumentState, *, is_in_force: bool, late: int, lapsed: int) -> list[Pill]:
    """Return the pills of an instrument: its state first, and red ones for what is not kept while it runs.

    A letter whose promises are late is not said to be simply performed (words §3.1).
    """
    tone = "red" if state is InstrumentState.BREACHED else "accent" if is_in_force else ""
    pills = [(state.label, tone)]
    if state in RUNNING and late:
        pills.append((f"{late}项承诺逾期", "red"))
    if state in RUNNING and lapsed:
        pills.append((f"{lapsed}条条款已失效", "red"))
    return pills


def is_late(promise: Obligation, on: date) -> bool:
    """Return whether a promise is past its day and neither verified nor waived."""
    return promise.due_on < on and promise.state not in KEPT


def pills_of(
    instrument: Instrument, *, promises: Iterable[Obligation], clauses: Iterable[Clause], on: date
) -> list[Pill]:
    """Return the pills of an instrument from its promises and clauses as of a day. No query of its own."""
    state = InstrumentState(instrument.state)
    in_force = instrument.effective_on is not None and instrument.ended_on is None
    late = sum(1 for promise in promises if is_late(promise, on))
    lapsed = sum(1 for clause in clauses if clause.lapses_on is not None and clause.lapses_on <= on)
    return state_words(state, is_in_force=in_force, late=late, lapsed=lapsed)
