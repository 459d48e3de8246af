"""Import sessions: submitted, accepted by a second person, written in one transaction; returned, expired."""

import json
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q

from documents.intake.models import ImportSession, SessionState, SourceFile, StagedRow
from documents.intake.reading.results import UnitRow
from documents.intake.selectors.sessions import absent_columns, unanswered
from documents.intake.services.staging import COLUMN, placed_units
from projects.ledger.locks import lock_project
from projects.progress.services.place import place_units
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError
from registry.lists.kinds import list_called
from registry.store.acts import Row, current_act, within_act, write
from registry.store.crypto import decrypt
from registry.store.locks import lock
from registry.store.second import SecondPerson

KEPT_DAYS: Final = 7
MOST_NAME: Final = 120  # characters of a file's name in a title of 200: what is said behind it stays
OPEN_STATES: Final = (SessionState.STAGED, SessionState.SUBMITTED, SessionState.RETURNED, SessionState.REFUSED)


class ImportRefused(DomainError):
    """An import that can't go on."""


def lock_session(session: ImportSession) -> ImportSession:
    """Lock the project of a session, if it has one, then the session. Two queries."""
    if session.project_id is not None:
        lock_project(session.project_id)
    return lock(session, "project")


def locked_session(session: ImportSession, *states: SessionState) -> ImportSession:
    """Read a session anew under lock. Refused unless it is in one of the states."""
    current = lock_session(session)
    if current.state not in states:
        raise ImportRefused(f"这次导入现在是“{current.get_state_display()}”，不能办理该操作。请刷新页面后查看。")
    return current


@write(Permission.LIST_STAGE, on="session")
def submit_session(
    *, actor: Actor, session: ImportSession, all_or_nothing: bool = False, without: bool = True
) -> ImportSession:
    """Hand a staged file to the second person. Refused if it has errors and must be whole, or no good row.

    `without` agrees that the file lacks columns that say who and how large; a page asks.
    """
    kind = list_called(session.kind)
    actor.require(kind.sent_by)
    current = locked_session(session, SessionState.STAGED)
    require_something(current, all_or_nothing)
    _require_agreed(current, without)
    if current.project is None:
        raise ImportRefused("该种清单无需复核，直接写入。")
    current.state, current.all_or_nothing = SessionState.SUBMITTED, all_or_nothing
    current.save(update_fields=["state", "all_or_nothing"])
    good = current.added + current.changed
    inbox.deliver(
        role=Role.DISTRICT,
        not_for=current.uploaded_by_id,
        area_code=current.project.district_code,
        verb="复核导入",
        title=f"《{current.file_name[:MOST_NAME]}》{good}行，退回{current.refused}行",
        link=f"/documents/imports/{current.id}/",
        project_key=current.project_id,
        project_name=current.project.name,
        from_label=f"{actor.organisation_name} {actor.name}",
        source=f"documents_importsession:{current.id}",
    )

    record(
        event="import.submitted",
        subject=current,
        chain=current.project_id,
        facts={"file": current.file_name, "rows": good},
        rows=[Row.changed(current, {"state": SessionState.STAGED})],
    )
    return current


def _require_agreed(session: ImportSession, without: bool) -> None:
    """Refuse to write what a file without its important columns says until its sender has answered the question."""
    if not without and (lacking := absent_columns(session)):
        raise ImportRefused(unanswered(lacking), field="without")


def require_something(session: ImportSession, all_or_nothing: bool) -> None:
    """Refuse a session that has errors and was to be whole, or of which no row can be written."""
    if all_or_nothing and session.refused:
        raise ImportRefused(
            f"有{session.refused}行有错，选择“全部无误后导入”的，整份不予导入。请更正后重新上传，或改选“先导入无误的行”。"
        )
    if not session.added + session.changed + session.unchanged:
        raise ImportRefused("没有可导入的行。请按标注的错误更正后重新上传。")


ACCEPTING: Final = SecondPerson(
    "导入清单",
    ("session.uploaded_by_id",),
    needs=lambda given: given["session"].takes_two or given["session"].state == SessionState.SUBMITTED,
    of_row=True,
    same="上传人不得自行复核。请由区专班另一名人员复核。",
    legacy=lambda given: given["session"].uploaded_by_id is None,  # sent by the system
)


@write(Permission.IMPORT_ACCEPT, on="session", second_person=ACCEPTING)
def accept_session(*, actor: Actor, session: ImportSession, placed_on: date) -> ImportSession:
    """Write a submitted unit list into the ledger, by a second person, all good rows in one transaction."""
    current = locked_session(session, SessionState.SUBMITTED)
    ACCEPTING.require(actor, session=current)
    return _commit(actor, current, placed_on)


@write(Permission.IMPORT_ACCEPT, on="session")
def commit_session(
    *, actor: Actor, session: ImportSession, placed_on: date, all_or_nothing: bool = False, without: bool = True
) -> ImportSession:
    """Write a staged file of the task force's own; one sent in a role that takes two is submitted first.

    `without` agrees that the file lacks columns that say who and how large; a page asks.
    """
    current = locked_session(session, SessionState.STAGED)
    if current.takes_two:
        raise ImportRefused("这份清册须经复核后写入。请由上传单位提交复核。", code="second_person")
    _require_agreed(current, without)
    current.all_or_nothing = all_or_nothing or current.all_or_nothing
    return _commit(actor, current, placed_on)


def _commit(actor: Actor, session: ImportSession, placed_on: date) -> ImportSession:
    require_something(session, session.all_or_nothing)
    rows = [
        UnitRow.from_data(json.loads(decrypt(sealed, COLUMN)))
        for (sealed,) in session.staged_rows.filter(verdict__in=("added", "changed", "unchanged"))
        .order_by("row")
        .values_list("sealed")
    ]
    if session.project is None:
        raise ImportRefused("清册没有所属项目。")
    placement = place_units.within(
        actor=actor,
        project=session.project,
        rows=list(placed_units(rows).values()),
        placed_on=placed_on,
        source=f"导入《{session.file_name}》",
    )
    if placement.refused:
        row, _, reason = placement.refused[0]
        raise ImportRefused(f"预览之后台账有变动，第{row.row}行不能写入：{reason}请重新上传预览。")
    return close_session(actor, session)


@within_act
def close_session(actor: Actor, session: ImportSession) -> ImportSession:
    """Close a session whose rows are written, with the record of it. Inside the act that wrote them."""
    act, before = current_act(), {"state": session.state}
    session.state, session.decided_by_id = SessionState.COMMITTED, actor.person_id
    session.decided_at, session.commit_act_id = act.recorded_at, act.id
    session.save(update_fields=["state", "all_or_nothing", "decided_by", "decided_at", "commit_act_id", "params"])
    destroy_staged_rows(session, is_source_kept=session.refused > 0)
    inbox.settle(f"documents_importsession:{session.id}")

    record(
        event="import.committed",
        subject=session,
        chain=session.project_id,
        facts={
            "file": session.file_name,
            "added": session.added,
            "changed": session.changed,
            "unchanged": session.unchanged,
            "refused": session.refused,
        },
        rows=[Row.changed(session, before)],
    )
    return session


@write(Permission.IMPORT_ACCEPT, on="session")
def return_session(*, actor: Actor, session: ImportSession, reason: str) -> ImportSession:
    """Send a submitted file back, with the reason."""
    current = locked_session(session, SessionState.SUBMITTED)
    if not reason.strip():
        raise ImportRefused("未填写退回原因。", field="reason")
    act = current_act()
    current.state, current.message = SessionState.RETURNED, reason.strip()
    current.decided_by_id, current.decided_at = actor.person_id, act.recorded_at
    current.save(update_fields=["state", "message", "decided_by", "decided_at"])
    inbox.settle(f"documents_importsession:{current.id}")

    record(
        event="import.returned",
        subject=current,
        chain=current.project_id,
        facts={"file": current.file_name},
        reason=reason,
        rows=[Row.changed(current, {"state": SessionState.SUBMITTED})],
    )
    return current


@within_act
def destroy_staged_rows(session: ImportSession, *, is_source_kept: bool = False) -> None:
    """Destroy the personal data that an import staged: the sealed rows and the upload itself.

    Where rows were refused the upload is kept until it expires, so that the sender can fetch the marked copy.
    """
    StagedRow.objects.filter(session=session, sealed__isnull=False).update(sealed=None)
    if not is_source_kept:
        SourceFile.objects.filter(session=session).delete()
    if session.part_of_id is not None:
        _let_go(session)


def _let_go(part: ImportSession) -> None:
    """Destroy the file of several projects once its last part is decided and no row of it waits to be mended."""
    of_file = Q(pk=part.part_of_id) | Q(part_of=part.part_of_id)
    waiting = Q(refused__gt=0) | Q(state__in=(SessionState.READING, SessionState.STAGED, SessionState.SUBMITTED))
    if not ImportSession.objects.filter(of_file).filter(waiting).exists():
        SourceFile.objects.filter(session=part.part_of_id).delete()


def expires_at(session: ImportSession) -> datetime:
    """Return the moment from which what was staged is destroyed."""
    return session.uploaded_at + timedelta(days=KEPT_DAYS)


@write(Permission.IMPORT_STAGE, on="session")
def expire_session(*, actor: Actor, session: ImportSession) -> ImportSession:
    """Close an import that nobody finished in time and destroy what it staged; a written one stays written.

    Refused while its time is not over.
    """
    act = current_act()
    current = lock(session)
    if act.recorded_at < expires_at(current):
        raise ImportRefused(f"本次导入未到期，{KEPT_DAYS}日后才作废。")
    before = current.state
    if before in (SessionState.STAGED, SessionState.SUBMITTED, SessionState.READING):
        current.state = SessionState.EXPIRED
        current.save(update_fields=["state"])
        inbox.settle(f"documents_importsession:{current.id}")
    destroy_staged_rows(current)
    StagedRow.objects.filter(session=current).exclude(shown={}).update(shown={})

    record(
        event="import.expired",
        subject=current,
        chain=current.project_id,
        facts={"file": current.file_name},
        rows=Row.if_changed(current, {"state": before}),
    )
    return current
