"""The questions that the ledger asks of those above it, answered in their `ready()`, exactly once each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from registry.kernel.gates import Appointment, Desk, ReliefFact

IssuePaper = Callable[..., Any]

_answers: dict[str, Callable[..., Any]] = {}


class PortTaken(RuntimeError):
    """Two apps answer one port."""


def answer_port(port: str, function: Callable[..., Any]) -> None:
    """Name the function that answers a port; a second, different answer is a fault of the program."""
    if _answers.get(port, function) is not function:
        raise PortTaken(port)
    _answers[port] = function


PORTS = frozenset(
    {
        "reliefs",
        "appointment",
        "assessed_projects",
        "issue_paper",
        "issue_types",
        "names_changed",
        "papers_in_force",
        "preview_paper",
        "blocker_copied",
        "blocker_ended",
        "blocker_reopened",
        "building_leaves",
        "call_order",
        "counter_reveals",
        "desk",
        "certificates_kept",
        "plan_changed",
        "promises_due",
        "tickets_join",
        "tickets_part",
        "project_leaves",
    }
)


def reliefs(project_ids: Iterable[int], *, known_at: datetime | None = None) -> Mapping[int, list[ReliefFact]]:
    """Return, per project, every relief that clauses of instruments give its blockers, past and to come.

    As known at a moment (None: as known now). Answered by commitments. One query for any number of projects; two more
    with `known_at`.
    """
    answers: Mapping[int, list[ReliefFact]] = _answers["reliefs"](list(project_ids), known_at=known_at)
    return answers


def appointment(unit: Any) -> Appointment | None:
    """Return when and where the notice in force of a unit's stage asks its family to come; None without one.

    Answered by papers. One query.
    """
    answer: Appointment | None = _answers["appointment"](unit)
    return answer


def assessed_projects(project_ids: Iterable[int], *, on: date) -> frozenset[int]:
    """Return the projects that somebody has assessed by a day (研判). Answered by gates. One query."""
    answers: frozenset[int] = _answers["assessed_projects"](list(project_ids), on=on)
    return answers


def issue_types(*, retired: bool = False) -> list[tuple[str, str]]:
    """Return what the main issue of a project may be: code and word of each type. Answered by gates. One query.

    `retired` adds the types no longer in use: what a project was said to be stuck on keeps its words.
    """
    answers: list[tuple[str, str]] = _answers["issue_types"](retired=retired)
    return answers


def issue_paper(
    *,
    actor: Any,
    project: Any,
    kind: str,
    subject: Any,
    snapshot: Mapping[str, Any],
    issued_on: date,
    addressee: str = "",
) -> Any:
    """Issue a numbered paper inside the open act. Answered by documents.

    `snapshot` holds the words that the kind's own `snapshot` takes. Head and number are the actor's organisation's.
    """
    return _answers["issue_paper"](
        actor=actor,
        project=project,
        kind=kind,
        subject=subject,
        snapshot=snapshot,
        issued_on=issued_on,
        addressee=addressee,
    )


def preview_paper(*, actor: Any, kind: str, snapshot: Mapping[str, Any], on: date) -> bytes:
    """Return a paper of no one project as it would be issued, without a number. Answered by papers.

    Refused: who does not issue the kind.
    """
    content: bytes = _answers["preview_paper"](actor=actor, kind=kind, snapshot=snapshot, on=on)
    return content


def papers_in_force(keys: Iterable[int]) -> frozenset[int]:
    """Return which of these papers are not void. Answered by papers. One query."""
    answer: frozenset[int] = _answers["papers_in_force"](list(keys))
    return answer


def blocker_copied(*, blocker: Any, copy: Any) -> None:
    """Return a blocker that a split copied the life of its origin so far, inside the act. By casework."""
    _answers["blocker_copied"](blocker=blocker, copy=copy)


def blocker_ended(*, blocker: Any, on: date) -> None:
    """Settle the clock of a blocker that is resolved, inside the open act. Answered by casework."""
    _answers["blocker_ended"](blocker=blocker, on=on)


def blocker_reopened(*, blocker: Any, ended_on: date, on: date) -> None:
    """Start the clock of a reopened blocker anew, inside the open act. Answered by casework."""
    _answers["blocker_reopened"](blocker=blocker, ended_on=ended_on, on=on)


def building_leaves(building: Any) -> None:
    """Part with a building that leaves the ledger, inside the open act. By gates, which refuse if a scope names it."""
    _answers["building_leaves"](building)


def call_order(project: Any, *, on: date) -> list[int]:
    """Return the keys of the homes of a project that may go on, in the order in which to tell them. Answered by leads.

    An order of homes alone: nothing in it says who rang, or that anybody did.
    """
    keys: list[int] = _answers["call_order"](project, on=on)
    return keys


def names_changed() -> None:
    """Have whatever is found by the names of projects looked for anew, inside the open act. Answered by leads."""
    _answers["names_changed"]()


def tickets_part(*, source: Any, made: Any, building_ids: Sequence[int]) -> None:
    """Let what hangs on buildings go with them into a new project, inside the open act. Answered by leads."""
    _answers["tickets_part"](source=source, made=made, building_ids=building_ids)


def tickets_join(*, project: Any) -> None:
    """Settle what callers of two projects that are one now rang about, inside the open act. Answered by leads."""
    _answers["tickets_join"](project=project)


def counter_reveals(*, person_id: int, on: date) -> int:
    """Return how many reveals of a person on a day the counter accounts for. Answered by the office."""
    return int(_answers["counter_reveals"](person_id=person_id, on=on))


def certificates_kept(unit_ids: Iterable[int]) -> Mapping[int, str]:
    """Return, by home, the number of a certificate that was made and not handed over. Answered by the office.

    One query for each 800 homes.
    """
    answer: Mapping[int, str] = _answers["certificates_kept"](list(unit_ids))
    return answer


def desk(unit: Any, *, on: date) -> Desk:
    """Return what the service point of a unit's district says of itself, and asks of the unit. Answered by the office.

    Three queries.
    """
    answer: Desk = _answers["desk"](unit, on=on)
    return answer


def plan_changed(project_ids: Iterable[int]) -> None:
    """Count what is ready anew where the gates that apply have changed, inside the open act. Answered by gates."""
    _answers["plan_changed"](project_ids)


def promises_due(project_ids: Iterable[int], *, on: date, until: date) -> Mapping[int, list[str]]:
    """Return, by project, the promises that are late or fall due by a day, in words. Answered by commitments."""
    answer: Mapping[int, list[str]] = _answers["promises_due"](list(project_ids), on=on, until=until)
    return answer


def project_leaves(project: Any) -> None:
    """Part with a project that leaves as if never taken in. By reports, which refuse once a month was closed."""
    _answers["project_leaves"](project)
