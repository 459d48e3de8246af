"""Sessions of lists that are not the unit list: tried beside the ledger, carried out from what was staged."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from documents.intake.models import ImportSession, SessionState, StagedRow
from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_list
from documents.intake.reading.results import Reading, ReadResult
from documents.intake.services.quota import require_quota
from documents.intake.services.receiving import hand_to_job
from documents.intake.services.sessions import (
    ACCEPTING,
    ImportRefused,
    close_session,
    locked_session,
    require_something,
)
from documents.intake.services.staging import (
    COLUMN,
    StagedTuple,
    code_words,
    create_session,
    normalised_by_row,
    taken_over,
    write_staged_rows,
)
from documents.intake.services.uploads import as_file, reading_of
from projects.ledger.models import Project
from registry.audit.recording import stored_together
from registry.kernel.authority import Actor, Permission
from registry.lists.kinds import ListKind, list_called
from registry.lists.rows import GOOD, REFUSED, Apart, Check, Fault, ListInput, ListRow, RowResult, refused
from registry.store.acts import batch, require_reach, within_act, write
from registry.store.bulk import update_rows
from registry.store.crypto import decrypt, encrypt
from registry.store.month import MonthGate, enter_month
from registry.store.once import once

ROW: Final = re.compile("^第 [0-9]+ 行：?")  # which row of a file stands for nothing once the file is gone
TRIED_AT_ONCE: Final = 100  # rows that are acts, each a few milliseconds of the one writer


def stage_list(
    *,
    actor: Actor,
    project: Project | None,
    kind: ListKind,
    content: bytes,
    file_name: str,
    params: Mapping[str, Any] | None = None,
    reading: Reading | None = None,
    may_wait: bool = False,
) -> ImportSession:
    """Read a list, try it beside the ledger and stage what it would do. The trial is taken back whole.

    `may_wait`: the trial of many acts is a job's, and the session says that it is being read.
    """
    actor.require(kind.sent_by)
    require_quota(actor, len(content))
    name, how = Path(file_name).name, reading or reading_of(actor, kind.name)
    said = {**(params or {}), "file": name}
    with as_file(content, file_name) as path:
        result = read_list(
            path,
            shape=ListShape.of(kind),
            expected_project=project.code if project else "",
            file_name=name,
            reading=how,
        )
    if may_wait and kind.plan is not None and len(result.rows) > TRIED_AT_ONCE:
        return hand_to_job(actor=actor, project=project, kind=kind, content=content, file_name=name, params=said)
    results = [] if result.file_error else tried_beside(actor, project, kind, result, said)
    return stage_list_rows(
        actor=actor,
        project=project,
        kind=kind,
        file_name=name,
        result=result,
        found=results,
        content=content,
        params=said,
    )


def tried_beside(
    actor: Actor, project: Project | None, kind: ListKind, result: ReadResult, params: Mapping[str, Any]
) -> list[RowResult]:
    """Try a read list beside the ledger, and tell of each row; all of it is taken back."""
    bad: dict[str, int] = {}
    for row, shown in sorted(result.shown.items()):
        bad.setdefault(shown.get(kind.together, ""), row)
    unread = [ListRow(row, texts) for row, texts in result.texts.items()]
    taken = ListInput(actor, project, result.rows, params, bad if kind.together else {}, unread)
    with once(""), kind.during():  # the key of the form is for the session, not for an act that is taken back
        beside = kind.carry_out(taken, is_trial=True)
        return [*from_reading(result, kind.check(project), taken.report.pop("further", {})), *beside]


def from_reading(
    result: ReadResult, check: Check, further: Mapping[int, Sequence[Fault]] | None = None
) -> list[RowResult]:
    """Return the rows that the reader refused, each with all its faults: those beside the ledger too."""
    by_row: dict[int, list[Fault]] = {}
    for error in result.errors:
        said = error.message.removeprefix(f"第 {error.row} 行")
        by_row.setdefault(error.row, []).append(Fault(error.code, said, error.column))
    for row, texts in result.texts.items():
        named = {fault.header for fault in by_row[row]}
        found = check(ListRow(row, defaultdict(str, texts)))
        by_row[row] += [fault for fault in found if fault.header not in named]
        by_row[row] += (further or {}).get(row, [])
    return [refused((row,), faults) for row, faults in by_row.items()]


@write(Permission.LIST_STAGE, on="project", once=True)
def stage_list_rows(
    *,
    actor: Actor,
    project: Project | None,
    kind: ListKind,
    file_name: str,
    result: ReadResult,
    found: Sequence[RowResult],
    content: bytes,
    params: Mapping[str, Any],
    whole: ImportSession | None = None,
) -> ImportSession:
    """Lay a tried list beside the ledger, each row with its verdict. Nothing enters the ledger.

    `whole` is the session of a file of several projects, of which this is the part of one.
    """
    actor.require(kind.sent_by)
    digest = hashlib.sha256(content).hexdigest() if whole is None else whole.file_sha256
    session = create_session(
        actor=actor, project=project, kind=kind.name, file_name=file_name, file_sha256=digest, result=result
    )
    session.params, session.file_size, session.part_of = {**params, **session.params}, len(content), whole
    return _stage_rows(session, result, found, content)


@write(Permission.LIST_STAGE, on="session")
def stage_received_rows(
    *, actor: Actor, session: ImportSession, result: ReadResult, results: Sequence[RowResult]
) -> ImportSession:
    """Lay a list that a job has read and tried beside the ledger, as the session that its upload made."""
    return _stage_rows(taken_over(actor, session, result), result, results, b"")


@within_act
def _stage_rows(
    session: ImportSession, result: ReadResult, results: Sequence[RowResult], content: bytes
) -> ImportSession:
    rows = {row.row: row for row in result.rows}
    changed = normalised_by_row(result)
    staged = [_staged(number, one, rows.get(number), result, changed) for one in results for number in one.rows]
    skipped = [_skipped(number, reason) for number, reason in result.skipped]
    ordered = sorted([*staged, *skipped], key=lambda row: row[0])
    return write_staged_rows(session, result=result, staged=ordered, content=content)


def _staged(
    number: int, outcome: RowResult, row: ListRow | None, result: ReadResult, changed: Mapping[int, list[Any]]
) -> StagedTuple:
    shown = dict(row.shown if row is not None else result.shown.get(number, {}))
    is_good = outcome.verdict in GOOD and row is not None
    sealed = encrypt(json.dumps(row.to_data(), ensure_ascii=False), COLUMN) if is_good and row is not None else None
    faults = [fault.at(number) for fault in outcome.faults]
    changes = [list(change) for change in outcome.changes] if number == outcome.rows[0] else []
    said = "" if faults else outcome.said[:300] if number == outcome.rows[0] else f"与第 {outcome.rows[0]} 行一并办理"
    return (
        number, outcome.verdict, None, shown, sealed, changes, faults, code_words(result.row_warnings.get(number, ())),
        code_words(dict.fromkeys(fault.code for fault in outcome.faults)), (outcome.label or " ".join(shown.values()))[:120], said, [],
        changed.get(number, []),
    )  # fmt: skip


def _skipped(number: int, reason: str) -> StagedTuple:
    fault = {"column": "", "code": "", "message": reason}
    return (number, "skipped", None, {}, None, [], [fault], "", "", reason, "", [], [])


def carry_out_session(*, actor: Actor, session: ImportSession, all_or_nothing: bool = False) -> ImportSession:
    """Carry out the good rows of a staged list, or of one that a firm submitted, in one transaction.

    Each row is the act that the form would have made, all of them of one batch. Refused, and nothing done: the sender
    itself where a second person is needed; rows that the ledger now refuses.
    """
    kind = list_called(session.kind)
    actor.require(kind.sent_by)
    with transaction.atomic(), batch(batch_of(session)), stored_together():
        enter_month(MonthGate.SHARED)  # before the session: the acts inside hold the gate already
        require_reach(actor, session)
        current = locked_session(session, SessionState.STAGED, SessionState.SUBMITTED)
        _require_right(actor, kind, current)
        current.all_or_nothing = all_or_nothing or current.all_or_nothing
        set_apart = refused_apart(kind, current)
        if not set_apart or current.all_or_nothing:
            require_something(current, current.all_or_nothing)
        rows = [
            ListRow.from_data(json.loads(decrypt(sealed, COLUMN)))
            for (sealed,) in current.staged_rows.filter(verdict__in=GOOD).order_by("row").values_list("sealed")
        ]
        taken = ListInput(actor, current.project, rows, current.params)
        with kind.during() as settle:
            results = kind.carry_out(taken, is_trial=False)
            for outcome in results:
                if outcome.verdict == REFUSED:
                    raise ImportRefused(
                        f"预览之后台账有变动，第{outcome.rows[0]}行不能写入：{outcome.said}请重新上传预览。"
                    )
            done: ImportSession = close_list_session(
                actor=actor, session=current, found=results, report=taken.report, settle=settle
            )
        if kind.apart is not None and set_apart:
            kind.apart(actor, current.project, current.params, set_apart)
    return done


def refused_apart(kind: ListKind, session: ImportSession) -> list[Apart]:
    """Return the rows refused beside the ledger that the kind keeps to be settled. One query, none for most kinds."""
    if kind.apart is None:
        return []
    rows = session.staged_rows.filter(verdict=REFUSED).order_by("row").values_list("codes", "place", "errors")
    return [
        Apart(codes, place, " ".join(ROW.sub("", error["message"]) for error in errors))
        for codes, place, errors in ((frozenset(words.split()), *rest) for words, *rest in rows)
        if codes & kind.apart_codes
    ]


def batch_of(session: ImportSession) -> str:
    """Return the batch of the acts that a session's rows became."""
    return f"import-{session.pk}"


def _require_right(actor: Actor, kind: ListKind, session: ImportSession) -> None:
    if session.state == SessionState.SUBMITTED:
        actor.require(Permission.IMPORT_ACCEPT)
        ACCEPTING.require(actor, session=session)
    elif session.takes_two or kind.takes_two(actor):
        raise ImportRefused("开发建设单位的清单须由区专班复核后写入。请提交复核。", code="second_person")


@write(Permission.LIST_STAGE, on="session", second_person=ACCEPTING)
def close_list_session(
    *,
    actor: Actor,
    session: ImportSession,
    found: Sequence[RowResult],
    report: Mapping[str, Any],
    settle: Callable[[], None] = lambda: None,
) -> ImportSession:
    """Close a list carried out just now, in the same transaction, with what each row made, for undoing.

    `settle` counts what all acts of the list changed together.
    """
    ACCEPTING.require(actor, session=session)
    settle()
    keys = dict(session.staged_rows.filter(verdict__in=GOOD).values_list("row", "id"))
    rows = ((one.said[:300], [vars(made) for made in one.made], keys[one.rows[0]]) for one in found)
    update_rows(StagedRow, ("said", "made"), rows)
    session.params = {**session.params, **report}
    return close_session(actor, session)
