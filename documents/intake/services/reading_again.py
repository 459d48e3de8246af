"""The same upload read once more: by another mapping of its columns, or another of its sheets."""

from dataclasses import replace
from typing import Any

from documents.intake.models import ACROSS, ImportSession
from documents.intake.services.across import take_across
from documents.intake.services.list_sessions import stage_list
from documents.intake.services.uploads import reading_of, source_of, stage_upload
from registry.kernel.authority import Actor
from registry.lists.kinds import list_called
from registry.store.once import each_once


def read_every_sheet(*, actor: Actor, session: ImportSession) -> list[ImportSession]:
    """Stage each sheet of an upload that holds several lists, as a session of its own each."""
    staged = []
    for number, sheet in enumerate(session.sheets, start=1):
        with each_once(number):
            staged.append(read_again(actor=actor, session=session, sheet=sheet))
    return staged


def read_again(*, actor: Actor, session: ImportSession, sheet: str = "") -> ImportSession:
    """Stage the same upload anew, by the mapping kept for the sender and the sheet that was chosen."""
    kind = list_called(session.kind)
    chosen = sheet or (session.sheet if session.sheets else "")
    reading = replace(reading_of(actor, kind.name), sheet=chosen)
    what: dict[str, Any] = {"content": source_of(session), "file_name": session.file_name, "reading": reading}
    if session.params.get(ACROSS):
        return take_across(actor=actor, kind=kind, params=session.params, **what)
    if session.project is not None and kind.is_placed:
        again: ImportSession = stage_upload(actor=actor, project=session.project, **what)
        return again
    return stage_list(actor=actor, project=session.project, kind=kind, params=session.params, **what)
