"""Lists of every kind as people send them: staged beside the ledger, then carried out."""

from datetime import date
from typing import Any, NamedTuple

from documents.intake.models import ImportSession
from documents.intake.services.list_sessions import carry_out_session, stage_list
from registry.lists.kinds import LISTS
from tests.factories.projects import TODAY, Estate, on_day


class Told(NamedTuple):
    """What a session says of a row."""

    row: int
    verdict: str
    text: str


def sent(
    estate: Estate, kind: str, content: bytes, who: str = "district", today: date = TODAY, **params: Any
) -> ImportSession:
    """Stage a list."""
    with on_day(today):
        return stage_list(
            actor=getattr(estate.cast, who).actor, project=estate.project if kind != "projects" else None,
            kind=LISTS[kind], content=content, file_name="清单.xlsx", params=params,
        )  # fmt: skip


def carried_out(estate: Estate, session: ImportSession, who: str = "district", today: date = TODAY) -> ImportSession:
    """Carry out what was staged."""
    with on_day(today):
        return carry_out_session(actor=getattr(estate.cast, who).actor, session=session)


def told(session: ImportSession) -> list[Told]:
    """Every row of a session: what it does or did, or all that is wrong with it."""
    rows = session.staged_rows.order_by("row").values_list("row", "verdict", "said", "errors")
    return [
        Told(row, verdict, said or " ".join(error["message"] for error in errors))
        for row, verdict, said, errors in rows
    ]


def taken(estate: Estate, kind: str, content: bytes, who: str = "district") -> list[Told]:
    """Stage a list and carry out its good rows."""
    session = sent(estate, kind, content, who)
    if session.added + session.changed:
        carried_out(estate, session, who)
    return told(session)
